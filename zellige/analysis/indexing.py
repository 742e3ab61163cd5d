"""Facts about the indexing maps of a `linalg.generic`: which loops an operand follows, and how maps compose."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorType
from xdsl.ir import SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
)

from zellige.analysis.dimensions import sizes_of
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import is_tensor
from zellige.maths.linear_forms import LinearForm


def static_shape(value: SSAValue) -> tuple[int, ...]:
    """Shape of a static tensor, () of a scalar."""
    if not is_tensor(value.type):
        return ()
    assert value.type.has_static_shape(), f"{value.type} has dynamic sizes"
    return value.type.get_shape()


def maps_of(op: LinalgStructuredOperation) -> tuple[AffineMap, ...]:
    return tuple(attribute.data for attribute in op.get_indexing_maps())


def is_all_parallel(op: LinalgStructuredOperation) -> bool:
    return all(kind.data == IteratorType.PARALLEL for kind in op.get_iterator_types())


def loop_extents(maps: Sequence[AffineMap], shapes: Sequence[Sequence[Index]]) -> tuple[Index, ...] | None:
    """Extent of each loop, from the first operand dimension that is this loop alone; None when a loop has none."""
    extents: dict[int, Index] = {}
    for affine_map, shape in zip(maps, shapes, strict=True):
        for expr, size in zip(affine_map.results, shape, strict=True):
            if isinstance(expr, AffineDimExpr):
                extents.setdefault(expr.position, size)
    loops = maps[0].num_dims if maps else 0
    return tuple(extents[loop] for loop in range(loops)) if len(extents) == loops else None


def extents_of(op: LinalgStructuredOperation) -> tuple[Index, ...]:
    """Extents of the loops of a verified generic."""
    extents = loop_extents(maps_of(op), [sizes_of(operand) for operand in op.operands])
    assert extents is not None, "the verifier of linalg.generic guarantees that each loop has an extent"
    return extents


def static_extents_of(op: LinalgStructuredOperation) -> tuple[int, ...]:
    """Extents of the loops of a verified generic on static tensors."""
    extents = tuple(extent for extent in extents_of(op) if isinstance(extent, int))
    assert len(extents) == len(op.get_iterator_types()), "the tensors are static"
    return extents


def droppable_inputs(op: LinalgStructuredOperation, candidates: Collection[int]) -> set[int]:
    """Those inputs of `candidates` that can go together while every loop keeps an operand that gives its extent."""
    givers: list[set[int]] = [set() for _ in op.get_iterator_types()]
    for index, affine_map in enumerate(maps_of(op)):
        for expr in affine_map.results:
            if isinstance(expr, AffineDimExpr):
                givers[expr.position].add(index)
    dropped: set[int] = set()
    for index in sorted(candidates):
        if all(index not in of_loop or len(of_loop) > 1 for of_loop in givers):
            dropped.add(index)
            for of_loop in givers:
                of_loop.discard(index)
    return dropped


def linear_form(expr: AffineExpr, loops: int) -> LinearForm | None:
    """`expr` as a sum of multiples of loops, or None when it divides or takes remainders."""
    match expr:
        case AffineConstantExpr():
            return LinearForm((0,) * loops, expr.value)
        case AffineDimExpr():
            return LinearForm(tuple(int(loop == expr.position) for loop in range(loops)))
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            left, right = linear_form(expr.lhs, loops), linear_form(expr.rhs, loops)
            if left is None or right is None:
                return None
            return LinearForm(
                tuple(a + b for a, b in zip(left.coefficients, right.coefficients, strict=True)),
                left.constant + right.constant,
            )
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul):
            left, right = linear_form(expr.lhs, loops), linear_form(expr.rhs, loops)
            if left is None or right is None:
                return None
            if any(left.coefficients):
                left, right = right, left
            factor = left.constant
            return LinearForm(tuple(c * factor for c in right.coefficients), right.constant * factor)
        case _:
            return None


def is_permutation(affine_map: AffineMap) -> bool:
    """Every loop is exactly one result, and nothing else is."""
    return len(affine_map.results) == affine_map.num_dims and affine_map.is_projected_permutation()


def visits_each_once(affine_map: AffineMap) -> bool:
    """Different points of the loops read different elements: every loop is a result of its own, the rest constants."""
    loops = [expr.position for expr in affine_map.results if isinstance(expr, AffineDimExpr)]
    plain = all(isinstance(expr, AffineDimExpr | AffineConstantExpr) for expr in affine_map.results)
    return plain and len(set(loops)) == len(loops) == affine_map.num_dims


def same_access(first: AffineMap, second: AffineMap, shape: Sequence[Index]) -> bool:
    """Both maps read the same element at every point, given that they are in bounds."""
    return all(size == 1 or one == other for one, other, size in zip(first.results, second.results, shape, strict=True))


def through_producer(consumer_map: AffineMap, producer_out: AffineMap) -> tuple[AffineExpr, ...]:
    """The loops of the producer as expressions of the consumer's loops.

    `producer_out` is a permutation; `consumer_map` says which element of the produced tensor is read.
    """
    position = {e.position: i for i, e in enumerate(producer_out.results) if isinstance(e, AffineDimExpr)}
    return tuple(consumer_map.results[position[loop]] for loop in range(producer_out.num_dims))


def substitute(affine_map: AffineMap, loops: Sequence[AffineExpr], num_dims: int) -> AffineMap:
    """`affine_map` with each of its loops replaced by an expression of `num_dims` other loops."""
    return affine_map.replace_dims_and_symbols(loops, (), num_dims, 0)
