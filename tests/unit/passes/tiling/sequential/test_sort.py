"""Runs and merges of a sort."""

from __future__ import annotations

import pytest

from zellige.dialects.linalg_ext import RUN
from zellige.passes.tiling.sequential.sort import plan_merges


@pytest.mark.parametrize("length", [0, 1, 2, RUN])
def test_a_short_row_is_one_run(length: int):
    assert plan_merges(length) == (max(1, length), 0)


@pytest.mark.parametrize("length", [RUN + 1, 2 * RUN, 2 * RUN + 1, 100, 1000, 4096, 4097, 10**6, 2**30])
def test_merges_make_one_run_and_come_in_pairs(length: int):
    run, merges = plan_merges(length)
    assert run in (RUN // 2, RUN)
    assert merges % 2 == 0
    assert run << merges >= length
    assert run << (merges - 1) < length
