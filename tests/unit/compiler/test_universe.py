"""The table of dialects and passes, and what of it plain `xdsl-opt` gets."""

import pytest
from xdsl.universe import XDSL_UNIVERSE

from zellige.compiler.universe import DIALECTS, PASSES, ZELLIGE, context, known_passes


@pytest.mark.parametrize("name", DIALECTS)
def test_each_dialect_loads(name: str) -> None:
    assert context().get_dialect(name).name == name


@pytest.mark.parametrize("name", PASSES)
def test_each_pass_loads(name: str) -> None:
    assert known_passes()[name]().name == name


def test_nothing_is_loaded_before_it_is_needed() -> None:
    assert not list(context().loaded_dialects)


def test_names_do_not_clash_with_those_of_xdsl() -> None:
    assert not ZELLIGE.all_dialects.keys() & XDSL_UNIVERSE.all_dialects.keys()
    assert not ZELLIGE.all_passes.keys() & XDSL_UNIVERSE.all_passes.keys()


def test_our_dialects_and_passes_are_offered() -> None:
    assert {"flow", "hal"} <= ZELLIGE.all_dialects.keys()
    assert "plan-memory" in ZELLIGE.all_passes
