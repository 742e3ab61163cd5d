"""The value of an op whose operands are all constant, when it is worth having in the module."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from xdsl.dialects import arith, tensor
from xdsl.dialects.linalg.attrs import IteratorType
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import Operation, SSAValue

from zellige.analysis.constants import constant_value, dtype_of, splat_of
from zellige.analysis.evaluate import NotEvaluated, evaluate_body, evaluate_generic, evaluate_scalar
from zellige.analysis.generic_bodies import body_has, has_effect, moves_data_only, reads_out
from zellige.analysis.indexing import is_all_parallel, static_extents_of, static_shape
from zellige.dialects.shaped_types import element_type, has_static_shapes
from zellige.maths import numerics
from zellige.maths.numerics import Array

SMALL_BYTES = 65536
"""A result of at most so many bytes may be larger than what it was computed from; a broadcast never pays."""
INEXACT_ELEMENTS = 4096
"""Results of functions that machines may round differently are folded up to this size: few enough to all agree."""
MAX_POINTS = 1 << 24
MAX_STEPS = 4096
"""Work that the compiler does for one generic: points of its loops, and points of its reductions."""


def known(value: SSAValue) -> Array:
    """The array of a constant; raises `NotEvaluated` for other values."""
    array = constant_value(value)
    if array is None:
        raise NotEvaluated("not a constant")
    return array


def folded_value(op: Operation) -> Array | None:
    """The one result of `op` as an array, or None when it is not constant or would blow the module up.

    A result that is the same everywhere comes as a broadcast view.
    """
    if len(op.results) != 1 or isinstance(op, arith.ConstantOp) or not has_static_shapes(op):
        return None
    try:
        with np.errstate(all="ignore"):
            match op:
                case GenericOp():
                    return _generic(op)
                case tensor.ExtractOp():
                    return _extract(op)
                case tensor.ExpandShapeOp() | tensor.CollapseShapeOp():
                    return known(op.src).reshape(static_shape(op.result))
                case tensor.ExtractSliceOp():
                    where = static_slice(op)
                    return None if where is None else known(op.source)[where].reshape(static_shape(op.result))
                case tensor.InsertSliceOp():
                    return _insert_slice(op)
                case _:
                    if not op.name.startswith(("arith.", "math.")) or op.regions:
                        return None
                    return evaluate_scalar(op, [known(operand) for operand in op.operands])
    except NotEvaluated:
        return None


def _generic(op: GenericOp) -> Array | None:
    if has_effect(op) or not (op.inputs or body_has(op, IndexOp)):
        return None
    shape, elements = static_shape(op.results[0]), prod(static_shape(op.results[0]))
    dtype = dtype_of(element_type(op.results[0].type))
    if dtype is None:
        return None
    inputs = [known(value) for value in op.inputs]
    if any(inner.name in numerics.INEXACT for inner in op.body.block.ops) and elements > INEXACT_ELEMENTS:
        return None
    splats = [splat_of(array) for array in inputs]
    if is_all_parallel(op) and not body_has(op, IndexOp, tensor.ExtractOp) and not reads_out(op, 0):
        scalars = [splat for splat in splats if splat is not None]
        if len(scalars) == len(splats):
            return None if _is_fill(op) else np.broadcast_to(evaluate_body(op, scalars, known)[0], shape)
    bytes_read = sum(array.nbytes for array, splat in zip(inputs, splats, strict=True) if splat is None)
    extents = static_extents_of(op)
    parallel = prod(n for n, kind in zip(extents, op.iterator_types, strict=True) if kind.data == IteratorType.PARALLEL)
    if (
        elements * dtype.itemsize > (bytes_read if moves_data_only(op) else max(SMALL_BYTES, bytes_read))
        or prod(extents) > MAX_POINTS
        or (parallel and prod(extents) // parallel > MAX_STEPS)
    ):
        return None
    output = known(op.outputs[0]) if reads_out(op, 0) else np.zeros(shape, dtype)
    return evaluate_generic(op, [*inputs, output], known)[0]


def _is_fill(op: GenericOp) -> bool:
    """Already the simplest way to write a tensor with one value everywhere."""
    return (
        all(not static_shape(value) for value in op.inputs)
        and len(op.body.block.ops) == 1
        and bool(static_shape(op.results[0]))
    )


def _extract(op: tensor.ExtractOp) -> Array | None:
    source = known(op.tensor)
    point = tuple(int(known(index)) for index in op.indices)
    inside = all(0 <= i < n for i, n in zip(point, source.shape, strict=True))
    return np.asarray(source[point]) if inside else None


def static_slice(op: tensor.ExtractSliceOp | tensor.InsertSliceOp) -> tuple[slice, ...] | None:
    if op.offsets or op.sizes or op.strides:
        return None
    places: Sequence[tuple[int, int, int]] = list(
        zip(
            op.static_offsets.get_values(),
            op.static_sizes.get_values(),
            op.static_strides.get_values(),
            strict=True,
        )
    )
    return tuple(slice(start, start + n * step, step) for start, n, step in places)


def _insert_slice(op: tensor.InsertSliceOp) -> Array | None:
    where, source, result = static_slice(op), known(op.source), known(op.dest)
    if where is None:
        return None
    result = np.array(result)
    result[where] = source.reshape(result[where].shape)
    return result
