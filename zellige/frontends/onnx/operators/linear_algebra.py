"""Det: elimination with the largest pivot of each column, one column after the other."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.loops import repeat
from zellige.frontends.onnx.nodes import Node, OperatorTable
from zellige.frontends.onnx.operators.reductions import largest
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def _determinant(node: Node) -> Tensor:
    """The product of the pivots, with a change of sign for each exchange of two rows."""
    build, operand = node.build, node.operand(0)
    size, lead = operand.shape[-1], operand.shape[:-2]
    if operand.rank < 2 or operand.shape[-2] != size:
        raise node.wrong(f"{operand.type} is not a matrix with as many rows as columns, or several of them")
    matrices = build.reshape(operand, [operand.size // max(1, size * size), size, size])
    ones = build.full(1, operand.element, [matrices.shape[0], 1, 1])
    _, product = repeat(build, size, [matrices, ones], _eliminated)
    return build.reshape(product, lead)


def _eliminated(build: GraphBuilder, column: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
    """The matrices with 0 below the diagonal in a column, and the product with its pivot."""
    matrices, product = state
    count, size = matrices.shape[0], matrices.static_size(1)
    zero, one = build.scalar(0, matrices.element), build.scalar(1, matrices.element)
    rows = build.iota(i64, [count, size, 1], 1)
    numbers = build.expand_dims(build.slice_at(matrices, 2, column), [2])
    candidates = build.select(
        build.compare("GE", rows, column), build.map("abs", numbers), build.scalar(-1, zero.element)
    )
    is_best = build.compare("EQ", candidates, largest(build, candidates, [1]))
    place = build.reduce("minimum", build.select(is_best, rows, build.scalar(size - 1, i64)), size - 1, [1], keep=True)
    is_pivot, is_current = build.compare("EQ", rows, place), build.compare("EQ", rows, column)
    pivot_row = build.reduce("add", build.select(is_pivot, matrices, zero), 0, [1], keep=True)
    current_row = build.expand_dims(build.slice_at(matrices, 1, column), [1])
    swapped = build.select(is_current, pivot_row, build.select(is_pivot, current_row, matrices))
    pivot = build.expand_dims(build.slice_at(pivot_row, 2, column), [2])
    divisor = build.select(build.compare("EQ", pivot, zero), one, pivot)
    numbers = build.expand_dims(build.slice_at(swapped, 2, column), [2])
    factors = build.select(build.compare("GT", rows, column), build.map("divide", numbers, divisor), zero)
    reduced = build.map("subtract", swapped, build.map("multiply", factors, pivot_row))
    signed = build.select(build.compare("EQ", place, column), pivot, build.map("negate", pivot))
    return [reduced, build.map("multiply", product, signed)]


LINEAR_ALGEBRA: OperatorTable = {("", "Det"): _determinant}
