"""Loops that do not run: what they carry is what it was, and nothing is appended."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import parser

import zellige
from zellige.support.errors import RuntimeTrap

BODY = """body = b (int64 i, bool c, float[2] s) => (bool d, float[2] t, float[2] row)
    { d = Identity(c) t = Add(s, s) row = Neg(t) }"""
SCANNED = """num_scan_inputs = 1, body = b (float[2] s, float[2] r) => (float[2] t, float[2] row)
    { t = Add(s, r) row = Neg(t) }"""
X = np.array([1, 2], np.float32)


def program(text: str) -> zellige.Program:
    model = parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17]> {text}')
    return zellige.load(zellige.compile(model.SerializeToString()), cache=False)


def test_a_loop_that_never_runs() -> None:
    text = f"g (float[2] x) => (float[2] y, float[n,2] z) <int64 k = {{0}}> {{ y, z = Loop <{BODY}> (k, , x) }}"
    with program(text) as loaded:
        carried, rows = loaded["main"](X)
    np.testing.assert_array_equal(carried, X)
    assert rows.shape == (0, 2)


def test_a_loop_that_is_declared_not_to_run_is_stopped_when_it_does() -> None:
    text = f"g (float[2] x, int64 k) => (float[2] y, float[0,2] z) {{ [l] y, z = Loop <{BODY}> (k, , x) }}"
    with program(text) as loaded:
        assert loaded["main"](X, np.array(0))[1].shape == (0, 2)
        with pytest.raises(RuntimeTrap, match="Loop 'l': expected 0 iterations"):
            loaded["main"](X, np.array(1))


def test_a_scan_of_nothing() -> None:
    text = f"g (float[2] x, float[0,2] w) => (float[2] y, float[n,2] z) {{ y, z = Scan <{SCANNED}> (x, w) }}"
    with program(text) as loaded:
        carried, rows = loaded["main"](X, np.zeros((0, 2), np.float32))
    np.testing.assert_array_equal(carried, X)
    assert rows.shape == (0, 2)
