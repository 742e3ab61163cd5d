"""Generics evaluated with numpy, against numpy's own functions."""

import numpy as np
import pytest

from tests.interpreter import AssertionFailed, Interpreter
from tests.programs import parse
from zellige.maths.numerics import Array


def run(text: str, *arguments: Array) -> tuple[Array, ...]:
    return Interpreter(parse(text)).call("main", *arguments)


def generic(maps: str, iterators: str, ins: str, out: str, body: str) -> str:
    values, types = zip(*(part.split(":") for part in ins.split()), strict=True)
    names = ", ".join(f"%x{i}: {t.split('x')[-1].rstrip('>').removeprefix('tensor<')}" for i, t in enumerate(types))
    element = out.rsplit("x", maxsplit=1)[-1].rstrip(">").removeprefix("tensor<")
    kinds = ", ".join(f'"{"parallel" if c == "p" else "reduction"}"' for c in iterators)
    affine = ", ".join(f"affine_map<{m}>" for m in maps.split(";"))
    arguments = ", ".join(f"%{v}: {t}" for v, t in zip(values, types, strict=True))
    return f"""
    func.func @main({arguments}, %init: {out}) -> {out} {{
      %r = linalg.generic {{indexing_maps = [{affine}], iterator_types = [{kinds}]}}
             ins({", ".join(f"%{v}" for v in values)} : {", ".join(types)}) outs(%init : {out}) {{
      ^bb0({names}, %o: {element}):
        {body}
      }} -> {out}
      return %r : {out}
    }}"""


def test_matmul_accumulates_in_order() -> None:
    text = generic(
        "(i, j, k) -> (i, k);(i, j, k) -> (k, j);(i, j, k) -> (i, j)",
        "ppr",
        "a:tensor<3x5xf32> b:tensor<5x2xf32>",
        "tensor<3x2xf32>",
        "%m = arith.mulf %x0, %x1 : f32\n %s = arith.addf %o, %m : f32\n linalg.yield %s : f32",
    )
    rng = np.random.default_rng(0)
    a, b, c = (rng.standard_normal(s, np.float32) for s in ((3, 5), (5, 2), (3, 2)))
    expected = c.copy()
    for k in range(5):
        expected += a[:, k : k + 1] * b[k]
    assert run(text, a, b, c)[0].tobytes() == expected.tobytes()


def test_windows_with_steps() -> None:
    text = generic(
        "(x, k) -> (x * 2 + k);(x, k) -> (k);(x, k) -> (x)",
        "pr",
        "a:tensor<9xi32> w:tensor<3xi32>",
        "tensor<4xi32>",
        "%m = arith.muli %x0, %x1 : i32\n %s = arith.addi %o, %m : i32\n linalg.yield %s : i32",
    )
    a, w = np.arange(9, dtype=np.int32) ** 2, np.array([1, 10, 100], np.int32)
    expected = [int(a[2 * x : 2 * x + 3] @ w) for x in range(4)]
    assert run(text, a, w, np.zeros(4, np.int32))[0].tolist() == expected


def test_a_loop_that_runs_backwards() -> None:
    text = generic("(i) -> (-i + 3);(i) -> (i)", "p", "a:tensor<4xi32>", "tensor<4xi32>", "linalg.yield %x0 : i32")
    assert run(text, np.array([1, 2, 3, 4], np.int32), np.zeros(4, np.int32))[0].tolist() == [4, 3, 2, 1]


def test_a_dimension_read_at_one_place_and_a_transpose() -> None:
    text = generic(
        "(i, j) -> (j, i);(i, j) -> (i, 1);(i, j) -> (i, j)",
        "pp",
        "a:tensor<3x2xf64> b:tensor<2x4xf64>",
        "tensor<2x3xf64>",
        "%s = arith.subf %x0, %x1 : f64\n linalg.yield %s : f64",
    )
    a, b = np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(2, 4)
    assert np.array_equal(run(text, a, b, np.zeros((2, 3)))[0], a.T - b[:, 1:2])


def test_floordiv_in_a_map() -> None:
    text = generic(
        "(i) -> (i floordiv 2);(i) -> (i)",
        "p",
        "a:tensor<3xi32>",
        "tensor<6xi32>",
        "linalg.yield %x0 : i32",
    )
    assert run(text, np.array([5, 6, 7], np.int32), np.zeros(6, np.int32))[0].tolist() == [5, 5, 6, 6, 7, 7]


def test_counters_and_extract() -> None:
    text = """
    func.func @main(%t: tensor<4xf32>, %i: tensor<3xindex>) -> tensor<3xf32> {
      %e = tensor.empty() : tensor<3xf32>
      %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
             iterator_types = ["parallel"]} ins(%i : tensor<3xindex>) outs(%e : tensor<3xf32>) {
      ^bb0(%x: index, %o: f32):
        %d = linalg.index 0 : index
        %p = arith.subi %x, %d : index
        %v = tensor.extract %t[%p] : tensor<4xf32>
        linalg.yield %v : f32
      } -> tensor<3xf32>
      return %r : tensor<3xf32>
    }"""
    t = np.array([1, 2, 3, 4], np.float32)
    assert run(text, t, np.array([3, 1, 2]))[0].tolist() == [4.0, 1.0, 1.0]


def test_an_assertion_in_a_body_stops() -> None:
    text = generic(
        "(i) -> (i);(i) -> (i)",
        "p",
        "a:tensor<3xi1>",
        "tensor<3xi1>",
        'cf.assert %x0, "all of them"\n linalg.yield %x0 : i1',
    )
    assert run(text, np.array([True] * 3), np.zeros(3, bool))[0].all()
    with pytest.raises(AssertionFailed, match="all of them"):
        run(text, np.array([True, False, True]), np.zeros(3, bool))


def test_nothing_is_computed_for_empty_tensors() -> None:
    text = generic(
        "(i, j) -> (i, j);(i, j) -> (i)",
        "pr",
        "a:tensor<3x0xf32>",
        "tensor<3xf32>",
        "%s = arith.addf %x0, %o : f32\n linalg.yield %s : f32",
    )
    init = np.array([1, 2, 3], np.float32)
    assert run(text, np.zeros((3, 0), np.float32), init)[0].tolist() == [1.0, 2.0, 3.0]
