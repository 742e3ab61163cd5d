"""Contractions of narrow integers: which reduction to sum up in groups, and what its factors are. Decides only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, IntegerType, Signedness, i32
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.analysis.generic_bodies import yielded
from zellige.analysis.structured import Structured, structured

LEAST_USES = 4
"""Times that a packed element has to be used for the packing to pay."""


@dataclass(frozen=True)
class Factor:
    """One factor of each product: `value` of the body, computed by `ops` from one element of input `source`.

    `others` are inputs that do not change along the summed loop (a zero point); `bounds` are the least and the largest
    value that the factor can have.
    """

    value: SSAValue
    ops: tuple[Operation, ...]
    source: int
    others: tuple[int, ...]
    dimension: int
    bounds: tuple[int, int]

    def fits(self, element: IntegerType) -> bool:
        """Whether every value of the factor is one of the element type."""
        low, high = _bounds_of_type(element, element.signedness.data is not Signedness.UNSIGNED)
        return low <= self.bounds[0] and self.bounds[1] <= high


@dataclass(frozen=True)
class DotProduct:
    """A generic that adds products of two factors to its output, which is i32; `loop` is to be summed up in groups."""

    op: GenericOp
    view: Structured
    loop: int
    factors: tuple[Factor, Factor]


def dot_product(op: GenericOp) -> DotProduct | None:
    """The dot products that a generic computes, if it is such a contraction and packing its inputs pays."""
    products = _factor_values(op)
    if products is None:
        return None
    view = structured(op)
    for loop in sorted(view.reduction_loops, key=lambda loop: view.extents[loop], reverse=True):
        left, right = (_factor(op, view, value, loop) for value in products)
        if left is None or right is None or left.source == right.source:
            continue
        if all(_uses(view, factor) >= LEAST_USES for factor in (left, right)):
            return DotProduct(op, view, loop, (left, right))
    return None


def _factor_values(op: GenericOp) -> tuple[SSAValue, SSAValue] | None:
    """The two values whose product the body adds to its output, if it does just that."""
    block = op.body.block
    if len(op.results) != 1 or block.args[-1].type != i32:
        return None
    total = yielded(op).operands[0].owner
    if not isinstance(total, arith.AddiOp) or not block.args[-1].has_one_use():
        return None
    for running, product in ((total.lhs, total.rhs), (total.rhs, total.lhs)):
        if running is block.args[-1] and isinstance(product.owner, arith.MuliOp):
            return product.owner.lhs, product.owner.rhs
    return None


def _factor(op: GenericOp, view: Structured, value: SSAValue, loop: int) -> Factor | None:
    block = op.body.block
    inside = _computed_by(value, block)
    if inside is None:
        return None
    ops, arguments = inside
    along = [number for number in arguments if loop in view.accesses[number].loops]
    if len(along) != 1 or along[0] >= view.inputs:
        return None
    source, others = along[0], tuple(number for number in arguments if number != along[0])
    dimensions = [i for i, form in enumerate(view.accesses[source].forms) if loop in form.loops]
    if len(dimensions) != 1 or view.accesses[source].forms[dimensions[0]].single_loop != loop:
        return None
    own = {form.single_loop for form in view.accesses[source].forms}
    if any(not own.issuperset(view.accesses[other].loops) for other in others):
        return None
    return Factor(value, ops, source, others, dimensions[0], _bounds(value))


def _computed_by(value: SSAValue, block: Block) -> tuple[tuple[Operation, ...], list[int]] | None:
    """The ops of the body behind a value, in their order, and the arguments that they read; None unless all arith."""
    ops: set[Operation] = set()
    arguments: set[int] = set()
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, BlockArgument):
            if current.block is block:
                arguments.add(current.index)
        elif isinstance(current.owner, Operation) and current.owner.parent is block and current.owner not in ops:
            if current.owner.dialect_name() != "arith":
                return None
            ops.add(current.owner)
            pending += current.owner.operands
    return tuple(op for op in block.ops if op in ops), sorted(arguments)


def _bounds_of_type(element: IntegerType, is_signed: bool) -> tuple[int, int]:
    bits = element.bitwidth
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if is_signed else (0, (1 << bits) - 1)


def _bounds(value: SSAValue) -> tuple[int, int]:
    """Least and largest value of an integer, read as signed."""
    element = value.type
    assert isa(element, IntegerType)
    everything = _bounds_of_type(element, is_signed=True)
    match value.owner:
        case arith.ExtSIOp(input=source):
            return _bounds(source)
        case arith.ExtUIOp(input=source):
            assert isa(source.type, IntegerType)
            bounds = _bounds(source)
            return bounds if bounds[0] >= 0 else _bounds_of_type(source.type, is_signed=False)
        case arith.ConstantOp(value=IntegerAttr() as constant):
            number = constant.value.data
            bounds = (number, number)
        case arith.AddiOp(lhs=lhs, rhs=rhs):
            bounds = _sums(_bounds(lhs), _bounds(rhs))
        case arith.SubiOp(lhs=lhs, rhs=rhs):
            low, high = _bounds(rhs)
            bounds = _sums(_bounds(lhs), (-high, -low))
        case _:
            return everything
    return bounds if everything[0] <= bounds[0] and bounds[1] <= everything[1] else everything


def _sums(left: Sequence[int], right: Sequence[int]) -> tuple[int, int]:
    return left[0] + right[0], left[1] + right[1]


def _uses(view: Structured, factor: Factor) -> int:
    """How often each element of the factor's source is read."""
    loops = view.accesses[factor.source].loops
    return prod(extent for loop, extent in enumerate(view.extents) if loop not in loops)
