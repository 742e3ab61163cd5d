"""Ops and control flow on tensors of dynamic size, beside numpy at several sizes each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Case:
    """A program, and what numpy makes of arguments of these shapes; an empty shape is a number of 0 to 3."""

    name: str
    text: str
    compute: Callable[[Sequence[Array]], tuple[Array, ...]]
    shapes: Sequence[tuple[tuple[int, ...], ...]]
    dtype: str = "f4"


ROWS = [((0, 8),), ((1, 8),), ((37, 8),)]
SIZE = """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>"""
ADD = "linalg.add ins(%x, %a : tensor<?x8xf32>, tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) -> tensor<?x8xf32>"

CASES = [
    Case(
        "loop",
        f"""func.func @main(%a: tensor<?x8xf32>, %count: index) -> tensor<?x8xf32> {{{SIZE}
  %r = scf.for %i = %c0 to %count step %c1 iter_args(%x = %a) -> (tensor<?x8xf32>) {{
    %y = {ADD}
    scf.yield %y : tensor<?x8xf32>
  }}
  return %r : tensor<?x8xf32>
}}""",
        lambda given: (given[0] * (1 + given[1]),),
        [((0, 8), ()), ((1, 8), ()), ((9, 8), ())],
    ),
    Case(
        "while",
        f"""func.func @main(%a: tensor<?x8xf32>, %count: index) -> tensor<?x8xf32> {{{SIZE}
  %r:2 = scf.while (%x = %a, %i = %c0) : (tensor<?x8xf32>, index) -> (tensor<?x8xf32>, index) {{
    %more = arith.cmpi slt, %i, %count : index
    scf.condition(%more) %x, %i : tensor<?x8xf32>, index
  }} do {{
  ^bb0(%x: tensor<?x8xf32>, %i: index):
    %y = {ADD}
    %next = arith.addi %i, %c1 : index
    scf.yield %y, %next : tensor<?x8xf32>, index
  }}
  return %r#0 : tensor<?x8xf32>
}}""",
        lambda given: (given[0] * (1 + given[1]),),
        [((0, 8), ()), ((1, 8), ()), ((9, 8), ())],
    ),
    Case(
        "branch",
        f"""func.func @main(%a: tensor<?x8xf32>, %count: index) -> tensor<?x8xf32> {{{SIZE}
  %is_more = arith.cmpi sgt, %count, %c1 : index
  %r = scf.if %is_more -> (tensor<?x8xf32>) {{
    scf.yield %a : tensor<?x8xf32>
  }} else {{
    %y = {ADD.replace("%x", "%a")}
    scf.yield %y : tensor<?x8xf32>
  }}
  return %r : tensor<?x8xf32>
}}""",
        lambda given: (given[0] if given[1] > 1 else 2 * given[0],),
        [((0, 8), ()), ((1, 8), ()), ((9, 8), ())],
    ),
    Case(
        "results that are arguments, and constants",
        """func.func @main(%a: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<2xf32>) {
  %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  return %a, %a, %c : tensor<?x8xf32>, tensor<?x8xf32>, tensor<2xf32>
}""",
        lambda given: (given[0], given[0], np.array([1, 2], "f4")),
        ROWS,
    ),
    Case(
        "padding by a size",
        """func.func @main(%a: tensor<?x8xf32>, %b: tensor<?xf32>) -> tensor<?x8xf32> {
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %low = tensor.dim %b, %c0 : tensor<?xf32>
  %0 = tensor.pad %a low[%low, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %one : f32
  } : tensor<?x8xf32> to tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}""",
        lambda given: (np.pad(given[0], ((len(given[1]), 1), (0, 0)), constant_values=1),),
        [((0, 8), (1,)), ((1, 8), (0,)), ((5, 8), (64,))],
    ),
    Case(
        "splitting a dimension",
        """func.func @main(%a: tensor<?x8xf32>) -> (tensor<?x4x8xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %a, %c0 : tensor<?x8xf32>
  %m = arith.divui %n, %c4 : index
  %0 = tensor.expand_shape %a [[0, 1], [2]] output_shape [%m, 4, 8] : tensor<?x8xf32> into tensor<?x4x8xf32>
  %1 = tensor.collapse_shape %0 [[0, 1, 2]] : tensor<?x4x8xf32> into tensor<?xf32>
  return %0, %1 : tensor<?x4x8xf32>, tensor<?xf32>
}""",
        lambda given: (given[0].reshape(len(given[0]) // 4, 4, 8), given[0].reshape(-1)),
        [((0, 8),), ((4, 8),), ((36, 8),)],
    ),
    Case(
        "filling, and counting",
        """func.func @main(%a: tensor<?x8xf32>) -> (tensor<?x2xf32>, tensor<3x?xi64>) {
  %c0 = arith.constant 0 : index
  %three = arith.constant 3.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?x8xf32>
  %s = tensor.splat %three[%n] : tensor<?x2xf32>
  %e = tensor.empty(%n) : tensor<3x?xi64>
  %i = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
       outs(%e : tensor<3x?xi64>) {
  ^bb0(%out: i64):
    %x = linalg.index 1 : index
    %y = arith.index_cast %x : index to i64
    linalg.yield %y : i64
  } -> tensor<3x?xi64>
  return %s, %i : tensor<?x2xf32>, tensor<3x?xi64>
}""",
        lambda given: (np.full((len(given[0]), 2), 3, "f4"), np.tile(np.arange(len(given[0])), (3, 1))),
        ROWS,
    ),
    Case(
        "complex numbers",
        """func.func @main(%a: tensor<?x8xcomplex<f32>>) -> tensor<?x8xcomplex<f32>> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x8xcomplex<f32>>
  %e = tensor.empty(%n) : tensor<?x8xcomplex<f32>>
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
       ins(%a : tensor<?x8xcomplex<f32>>) outs(%e : tensor<?x8xcomplex<f32>>) {
  ^bb0(%x: complex<f32>, %out: complex<f32>):
    %re = complex.re %x : complex<f32>
    %im = complex.im %x : complex<f32>
    %y = complex.create %im, %re : complex<f32>
    linalg.yield %y : complex<f32>
  } -> tensor<?x8xcomplex<f32>>
  return %0 : tensor<?x8xcomplex<f32>>
}""",
        lambda given: (1j * np.conj(given[0]),),
        ROWS,
        "c8",
    ),
    Case(
        "sizes as results",
        """func.func @main(%a: tensor<?x8xf32>) -> i64 {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x8xf32>
  %0 = arith.index_cast %n : index to i64
  return %0 : i64
}""",
        lambda given: (np.array(len(given[0])),),
        ROWS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_numbers_are_those_of_numpy(case: Case) -> None:
    generator = np.random.default_rng(4)
    with zellige.load(zellige.compile(case.text), cache=False) as program:
        for number, shapes in enumerate(case.shapes):
            arguments: list[Array] = []
            for shape in shapes:
                real, imaginary = generator.random((2, *shape))
                values = (real + 1j * imaginary if case.dtype == "c8" else np.asarray(real)).astype(case.dtype)
                arguments.append(values if shape else np.array(number, np.int32))
            expected, got = case.compute(arguments), program["main"](*arguments)
            for result, value in zip(got if len(expected) > 1 else (got,), expected, strict=True):
                assert result.shape == value.shape
                np.testing.assert_allclose(result, value, rtol=1e-5)


def test_a_length_that_cannot_be_split_is_refused() -> None:
    case = next(case for case in CASES if case.name == "splitting a dimension")
    with zellige.load(zellige.compile(case.text), cache=False) as program:
        with pytest.raises(zellige.RuntimeTrap, match=r"'tensor.expand_shape' needs .*argument 0 \('a'\)") as caught:
            program["main"](np.zeros((6, 8), "f4"))
        assert caught.value.code == "argument"
        assert program["main"](np.zeros((8, 8), "f4"))[1].shape == (64,)
