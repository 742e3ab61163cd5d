"""Gathers and slices that start where a program computes: reads at indices that are brought inside first."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.analysis.small_values import small_value
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index, constant_value
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.slices import insert_slice
from zellige.dialects.stablehlo.indexing import (
    DynamicGatherOp,
    DynamicSliceOp,
    DynamicUpdateSliceOp,
    GatherOp,
    TorchIndexSelectOp,
)
from zellige.dialects.stablehlo.indexing_attributes import GatherDimensions, without
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.passes.input.index_forms import minus
from zellige.passes.input.index_scalars import clamped_index, constant_index
from zellige.passes.input.scalars import Scalars


def gather(op: GatherOp | DynamicGatherOp, forms: FormBuilder, sizes: Sequence[Index]) -> SSAValue:
    """A generic over the result: the loops of the indices and of the slices, each element read where they say.

    The parts of an index are inputs. What is read in a slice that is a whole row depends on the last loop by that
    loop alone, so that rows are copied as vectors.
    """
    dims, result_type = op.dimension_numbers.data, tensor_type(op.result)
    shape = forms.sizes(op.operand)
    rank = result_type.get_num_dims()
    batch_dims = dims.batch_dims(rank)
    moving = [number for number, dim in enumerate(dims.start_index_map) if _moves(op.operand, dim, sizes[dim])]
    limits = {dim: minus(forms, shape[dim], sizes[dim]) for dim in (dims.start_index_map[n] for n in moving)}
    maps = [_index_map(op.start_indices, dims, batch_dims, rank, number) for number in moving]

    def read(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        code = Scalars(builder, op.location)
        places: list[SSAValue | None] = [None] * len(shape)
        for number, value in zip(moving, elements, strict=False):
            dim = dims.start_index_map[number]
            places[dim] = clamped_index(code, value, limits[dim])
        for dim, result_dim in zip(dims.kept_dims(len(shape)), dims.offset_dims, strict=True):
            if sizes[dim] != 1:
                offset, start = code.emit(IndexOp(result_dim)), places[dim]
                places[dim] = offset if start is None else code.emit(arith.AddiOp(start, offset))
        index_dims = without(range(len(batch_dims) + 1), (dims.index_vector_dim,))
        for dim, index_dim in zip(dims.operand_batching_dims, dims.start_indices_batching_dims, strict=True):
            places[dim] = code.emit(IndexOp(batch_dims[index_dims.index(index_dim)]))
        indices = [constant_index(code, 0) if place is None else place for place in places]
        return code.emit(tensor.ExtractOp(op.operand, indices, result_type.element_type))

    counts: list[Index] = list(shape_of(op.result))
    for result_dim, index_dim in zip(
        batch_dims, without(range(len(shape_of(op.start_indices))), (dims.index_vector_dim,)), strict=True
    ):
        counts[result_dim] = forms.size(op.start_indices, index_dim)
    for dim, result_dim in zip(dims.kept_dims(len(shape)), dims.offset_dims, strict=True):
        counts[result_dim] = sizes[dim]
    return forms.pointwise([op.start_indices] * len(moving), result_type, read, maps, counts)


def _moves(operand: SSAValue, dim: int, size: Index) -> bool:
    """Whether a slice of this size may start elsewhere than at 0."""
    whole = shape_of(operand)[dim]
    if isinstance(size, int):
        return whole == DYNAMIC_INDEX or size < whole
    query = size.owner
    return not (isinstance(query, tensor.DimOp) and query.source == operand and constant_value(query.index) == dim)


def _index_map(
    indices: SSAValue, dims: GatherDimensions, batch_dims: Sequence[int], rank: int, number: int
) -> AffineMap:
    """Where part `number` of an index stands, by the loops of the result."""
    exprs: list[AffineExpr] = [AffineExpr.dimension(dim) for dim in batch_dims]
    if dims.index_vector_dim < len(shape_of(indices)):
        exprs.insert(dims.index_vector_dim, AffineExpr.constant(number))
    return AffineMap(rank, 0, tuple(exprs))


def torch_index_select(op: TorchIndexSelectOp) -> GatherOp:
    """The gather of slices of one element along `dim`."""
    operand, index = shape_of(op.operand), shape_of(op.index)
    dim, batch = op.dim.value.data, op.batch_dims.value.data
    first = dim + len(index) - batch
    dimensions = GatherDimensions(
        offset_dims=(*range(batch, dim), *range(first, first + len(operand) - dim - 1)),
        collapsed_slice_dims=(dim,),
        operand_batching_dims=tuple(range(batch)),
        start_indices_batching_dims=tuple(range(batch)),
        start_index_map=(dim,),
        index_vector_dim=len(index),
    )
    sizes = [1 if d < batch or d == dim else size for d, size in enumerate(operand)]
    return GatherOp(op.operand, op.index, dimensions, sizes)


def dynamic_slice(op: DynamicSliceOp, forms: FormBuilder) -> SSAValue:
    """A slice from the program's scalars on."""
    sizes = op.slice_sizes.get_values()
    offsets = _starts(op, forms, sizes)
    strides = [1] * len(sizes)
    return forms.insert(tensor.ExtractSliceOp(op.operand, offsets, sizes, strides, op.result.type)).result


def dynamic_update_slice(op: DynamicUpdateSliceOp, forms: FormBuilder) -> SSAValue:
    """An insertion at the program's scalars: in place, where the operand is not needed any more."""
    sizes = forms.sizes(op.update)
    return forms.insert(insert_slice(op.update, op.operand, _starts(op, forms, sizes), sizes)).result


def _starts(op: DynamicSliceOp | DynamicUpdateSliceOp, forms: FormBuilder, sizes: Sequence[Index]) -> list[Index]:
    """Where a slice of these sizes starts, moved so that it is inside; numbers where they are known."""
    code = Scalars(Builder(InsertPoint.before(op)), op.location)
    offsets: list[Index] = []
    for start, whole, size in zip(op.start_indices, forms.sizes(op.operand), sizes, strict=True):
        limit = minus(forms, whole, size)
        known = small_value(start) if limit != 0 else None
        if limit == 0 or (known is not None and known <= 0):
            offsets.append(0)
        elif known is not None and isinstance(limit, int):
            offsets.append(min(max(int(known), 0), limit))
        else:
            read = code.emit(tensor.ExtractOp(start, [], element_type(start.type)))
            offsets.append(clamped_index(code, read, limit))
    return offsets
