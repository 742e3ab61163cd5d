"""Evaluate scalar ops and `linalg.generic` with numpy.

The loops of a generic are run all at once where they are parallel and one after the other, in order, where they are
reductions, so that float sums round as the program says.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np
from numpy.lib.stride_tricks import as_strided
from xdsl.dialects import arith, tensor
from xdsl.dialects.cf import AssertOp
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorType
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from zellige.analysis.constants import array_of, dtype_of
from zellige.analysis.indexing import linear_form, maps_of, static_extents_of, static_shape
from zellige.dialects.shaped_types import element_type
from zellige.maths import numerics
from zellige.maths.numerics import Array

Lookup = Callable[[SSAValue], Array]
"""Gives the value of what a body captures from outside; raises `NotEvaluated` for what is not known."""


class NotEvaluated(Exception):
    """The value of an op is not known: not a constant, not supported, or the program stops at this op."""


def evaluate_scalar(op: Operation, operands: Sequence[Array]) -> Array:
    """The result of an `arith` or `math` op on arrays. Raises `NotEvaluated` for other ops."""
    if (function := numerics.EXACT.get(op.name) or numerics.INEXACT.get(op.name)) is not None:
        return np.asarray(function(*operands))
    if isinstance(op, arith.CmpiOp):
        return numerics.compare_integers(op.predicate.value.data, *operands)
    if isinstance(op, arith.CmpfOp):
        return numerics.compare_floats(op.predicate.value.data, *operands)
    if op.name in numerics.CASTS and (dtype := dtype_of(op.results[0].type)) is not None:
        return numerics.cast(op.name, operands[0], dtype)
    if isinstance(op, arith.ConstantOp) and (value := array_of(op.value)) is not None:
        return value
    raise NotEvaluated(op.name)


class _Body:
    """The values inside one run of a body; `loops` are the counters of the loops, as arrays."""

    def __init__(self, arguments: Mapping[SSAValue, Array], loops: Sequence[Array], captured: Lookup) -> None:
        self.values: dict[SSAValue, Array] = dict(arguments)
        self.loops = loops
        self.captured = captured

    def get(self, value: SSAValue) -> Array:
        if value not in self.values:
            self.values[value] = self.captured(value)
        return self.values[value]

    def run(self, block: Block) -> list[Array]:
        for op in block.ops:
            if isinstance(op, YieldOp):
                return [self.get(value) for value in op.operands]
            if isinstance(op, AssertOp):
                if not np.all(self.get(op.arg)):
                    raise NotEvaluated(f"assertion: {op.msg.data}")
            elif isinstance(op, IndexOp):
                self.values[op.result] = self.loops[op.dim.value.data]
            elif isinstance(op, tensor.ExtractOp):
                source = self.get(op.tensor)
                indices = tuple(self.get(index) for index in op.indices)
                if any(np.any((i < 0) | (i >= n)) for i, n in zip(indices, source.shape, strict=True)):
                    raise NotEvaluated("tensor.extract out of bounds")
                self.values[op.result] = source[indices]
            else:
                self.values[op.results[0]] = evaluate_scalar(op, [self.get(operand) for operand in op.operands])
        raise AssertionError("a body ends in linalg.yield")


def evaluate_body(op: GenericOp, elements: Sequence[Array], captured: Lookup) -> list[Array]:
    """What the body yields for these elements of the inputs; it reads neither counters nor outputs."""
    block = op.body.block
    return _Body(dict(zip(block.args, elements, strict=False)), (), captured).run(block)


def _offset_and_strides(array: Array, affine_map: AffineMap) -> tuple[int, list[int]] | None:
    """Where the loops of a linear map start in a contiguous array, and how far each step goes, in bytes."""
    forms = [linear_form(expr, affine_map.num_dims) for expr in affine_map.results]
    strides = [0] * affine_map.num_dims
    offset = 0
    for form, step in zip(forms, array.strides, strict=True):
        if form is None:
            return None
        offset += form.constant * step
        strides = [s + c * step for s, c in zip(strides, form.coefficients, strict=True)]
    return offset, strides


def loop_view(array: Array, affine_map: AffineMap, extents: Sequence[int]) -> Array:
    """`array` as the loops see it: one dimension a loop. A view where the map is linear, else a gathered copy."""
    place = _offset_and_strides(array, affine_map)
    if place is not None:
        offset, strides = place
        assert offset % array.itemsize == 0
        start = as_strided(array, (array.size,), (array.itemsize,))[offset // array.itemsize :]
        return as_strided(start, tuple(extents), tuple(strides))
    counters = np.indices(extents, np.int64, sparse=True)
    return array[tuple(np.broadcast_to(_at(expr, counters), extents) for expr in affine_map.results)]


def _at(expr: AffineExpr, counters: Sequence[Array]) -> Array:
    """An affine expression on arrays of counters: its `eval` only adds, multiplies and divides."""
    return np.asarray(expr.eval(cast("Sequence[int]", counters), ()))


def evaluate_generic(op: LinalgStructuredOperation, operands: Sequence[Array], captured: Lookup) -> list[Array]:
    """The results of a generic on static tensors, new arrays. Raises `NotEvaluated`."""
    extents = static_extents_of(op)
    maps = maps_of(op)
    results = [
        np.array(value, dtype=dtype_of(element_type(result.type)), order="C")
        for value, result in zip(operands[len(op.inputs) :], op.results, strict=True)
    ]
    if 0 in extents:
        return results
    sources = [
        *(np.ascontiguousarray(value).reshape(static_shape(v)) for value, v in zip(operands, op.inputs, strict=False)),
        *results,
    ]
    views = [loop_view(array, m, extents) for array, m in zip(sources, maps, strict=True)]
    reductions = [i for i, kind in enumerate(op.get_iterator_types()) if kind.data != IteratorType.PARALLEL]
    parallel = [i for i in range(len(extents)) if i not in reductions]
    grids = np.ix_(*(np.arange(extents[loop]) for loop in parallel))
    block = op.body.block
    with np.errstate(all="ignore"):
        for point in itertools.product(*(range(extents[loop]) for loop in reductions)):
            where: list[int | slice] = [slice(None)] * len(extents)
            loops: list[Array] = [np.zeros(())] * len(extents)
            for loop, counter in zip(reductions, point, strict=True):
                where[loop], loops[loop] = counter, np.asarray(counter)
            for loop, grid in zip(parallel, grids, strict=True):
                loops[loop] = grid
            slices = [view[(*where, ...)] for view in views]  # a view, of rank 0 too
            run = _Body(dict(zip(block.args, slices, strict=True)), loops, captured)
            for target, value in zip(slices[len(op.inputs) :], run.run(block), strict=True):
                target[...] = value
    return results
