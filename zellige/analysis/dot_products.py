"""Contractions of narrow integers: which reduction to sum up in groups, and what its factors are. Decides only.

Where a factor does not fit into bytes as it is, it may still be a byte plus an *offset*, which does not change along
the reductions: with x = a + p and y = b + q, the sum of x y is the sum of a b, plus p times the sum of b, plus q times
the sum of x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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

LEAST_USES_OF_SUMS = 16
"""Times that an element has to be used for its part in the sum of all to pay."""

Elements = tuple[IntegerType, IntegerType]


@dataclass(frozen=True)
class Factor:
    """One factor of each product: `value` plus `shift`, computed by `ops` of the body from one element of a `source`.

    `others` are inputs that do not change along the summed loop (a zero point); `dimension` is that of the summed loop
    in the source; `bounds` are the least and the largest value that the factor can have.
    """

    value: SSAValue
    ops: tuple[Operation, ...]
    source: int
    others: tuple[int, ...]
    dimension: int
    bounds: tuple[int, int]
    shift: int = 0

    def fits(self, element: IntegerType) -> bool:
        """Whether every value of the factor is one of the element type."""
        low, high = _bounds_of_element(element)
        return low <= self.bounds[0] and self.bounds[1] <= high

    def shifted_into(self, element: IntegerType) -> Factor | None:
        """The factor with a number added that makes it fit, 0 where it fits already."""
        if self.fits(element):
            return self
        low, high = _bounds_of_element(element)
        shift = low - self.bounds[0]
        bounds = (low, self.bounds[1] + shift)
        return replace(self, bounds=bounds, shift=shift) if bounds[1] <= high else None


@dataclass(frozen=True)
class Offset:
    """A sum of values of the body, added or subtracted, and a number. `ops` compute the values from inputs `others`."""

    added: tuple[SSAValue, ...]
    subtracted: tuple[SSAValue, ...]
    ops: tuple[Operation, ...]
    others: tuple[int, ...]
    number: int = 0

    @property
    def is_zero(self) -> bool:
        return not (self.added or self.subtracted or self.number)


@dataclass(frozen=True)
class Side:
    """One side of a dot product: a factor that is to be packed as elements of a type, and what is missing from it."""

    factor: Factor
    element: IntegerType
    offset: Offset


Sides = tuple[Side, Side]
_NONE = Offset((), (), (), ())


@dataclass(frozen=True)
class DotProduct:
    """A generic that adds products of two factors to its output, which is i32; `loop` is to be summed up in groups."""

    op: GenericOp
    view: Structured
    loop: int
    extent: int
    factors: tuple[Factor, Factor]


def dot_product(op: GenericOp) -> DotProduct | None:
    """The dot products that a generic computes, if it is such a contraction and packing its inputs pays."""
    products = _factor_values(op)
    if products is None:
        return None
    view = structured(op)
    extents = {loop: extent for loop in view.reduction_loops if isinstance(extent := view.extents[loop], int)}
    for loop, extent in sorted(extents.items(), key=lambda item: item[1], reverse=True):
        left, right = (_factor(op, view, value, loop) for value in products)
        if left is None or right is None or left.source == right.source:
            continue
        if all(_uses(view, factor) >= LEAST_USES for factor in (left, right)):
            return DotProduct(op, view, loop, extent, (left, right))
    return None


def whole_sides(product: DotProduct, elements: Elements) -> Sides | None:
    """The factors as they are, if the element types hold them."""
    left, right = (Side(factor, element, _NONE) for factor, element in zip(product.factors, elements, strict=True))
    return (left, right) if left.factor.fits(left.element) and right.factor.fits(right.element) else None


def split_sides(product: DotProduct, elements: Elements) -> Sides | None:
    """The factors as values of the element types plus offsets, if that can be and the sums that it takes pay."""
    view = product.view
    left, right = (_split(product, factor, element) for factor, element in zip(product.factors, elements, strict=True))
    if left is None or right is None or view.outputs[0].permuted_loops is None:
        return None
    sums = [(left.offset, right.factor), (right.offset, product.factors[0])]
    can_sum = all(
        offset.is_zero or (_has_reductions(view, factor) and _uses(view, factor) >= LEAST_USES_OF_SUMS)
        for offset, factor in sums
    )
    return (left, right) if can_sum else None


def _has_reductions(view: Structured, factor: Factor) -> bool:
    """Whether each reduction is a dimension of the factor's source, so that the source can be summed up by itself."""
    return {form.single_loop for form in view.accesses[factor.source].forms} >= set(view.reduction_loops)


def _split(product: DotProduct, whole: Factor, element: IntegerType) -> Side | None:
    op, view = product.op, product.view
    added, subtracted = _terms(whole.value)
    varying = [value for value in added if _varies(op, view, value)]
    if len(varying) != 1 or any(_varies(op, view, value) for value in subtracted):
        return None
    base = _factor(op, view, varying[0], product.loop)
    fitting = None if base is None else base.shifted_into(element)
    constant = [value for value in added if value is not varying[0]]
    inside = _computed_by([*constant, *subtracted], op.body.block)
    if fitting is None or inside is None:
        return None
    ops, others = inside
    return Side(fitting, element, Offset(tuple(constant), tuple(subtracted), ops, tuple(others), -fitting.shift))


def _terms(value: SSAValue) -> tuple[list[SSAValue], list[SSAValue]]:
    """Values whose sum is `value`: those that are added, and those that are subtracted."""
    match value.owner:
        case arith.AddiOp(lhs=lhs, rhs=rhs):
            (added, subtracted), (more, less) = _terms(lhs), _terms(rhs)
            return added + more, subtracted + less
        case arith.SubiOp(lhs=lhs, rhs=rhs):
            (added, subtracted), (less, more) = _terms(lhs), _terms(rhs)
            return added + more, subtracted + less
        case _:
            return [value], []


def _varies(op: GenericOp, view: Structured, value: SSAValue) -> bool:
    """Whether a value of the body changes along a reduction, as far as its inputs tell."""
    inside = _computed_by([value], op.body.block)
    return inside is None or any(
        loop in view.accesses[number].loops for number in inside[1] for loop in view.reduction_loops
    )


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
    inside = _computed_by([value], block)
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


def _computed_by(values: Sequence[SSAValue], block: Block) -> tuple[tuple[Operation, ...], list[int]] | None:
    """The ops of the body behind values, in their order, and the arguments that they read; None unless all arith."""
    ops: set[Operation] = set()
    arguments: set[int] = set()
    pending = list(values)
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


def _bounds_of_element(element: IntegerType) -> tuple[int, int]:
    return _bounds_of_type(element, element.signedness.data is not Signedness.UNSIGNED)


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
    return prod(extent for loop, extent in enumerate(view.assumed_extents) if loop not in loops)
