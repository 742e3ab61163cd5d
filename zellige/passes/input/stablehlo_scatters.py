"""Scatters, sorts and the largest elements of rows as ops of `linalg_ext`, whose bodies work on scalars.

A scatter gets a list of indices, one row each, and a list of windows with all dimensions of the operand:

    #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1], scatter_dims_to_operand_dims = [1], …>
      (tensor<20x6xf32>, tensor<3x4x1xi64>, tensor<20x3x4xf32>)
    linalg_ext.scatter dims = [1] into(tensor<20x6xf32>) ins(tensor<12x1xi64>, tensor<12x20x1xf32>)
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.dialects import linalg_ext
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.slices import known_or_dynamic
from zellige.dialects.stablehlo.indexing import ScatterOp, SortOp
from zellige.dialects.stablehlo.indexing_attributes import ScatterDimensions, without
from zellige.passes.input.dynamic_shapes import reshape_to
from zellige.passes.input.index_forms import product
from zellige.passes.input.index_scalars import constant_index, signed, signed_type
from zellige.passes.input.scalars import Scalars
from zellige.passes.input.stablehlo_scalars import can_inline, inline_body


def scalar_body(region: Region) -> Region:
    """The region on scalars, as a body of `linalg_ext`; `can_inline` it."""
    block = Block(arg_types=[element_type(argument.type) for argument in region.block.args])
    for argument, old in zip(block.args, region.block.args, strict=True):
        argument.name_hint = old.name_hint
    builder = Builder(InsertPoint.at_end(block))
    builder.insert(linalg_ext.YieldOp(*inline_body(builder, region, block.args)))
    return Region(block)


def sort(op: SortOp, forms: FormBuilder) -> Sequence[SSAValue] | None:
    """The same sort, which is stable whether that is asked for or not."""
    if not can_inline(op.comparator):
        return None
    return forms.insert(linalg_ext.SortOp(op.inputs, op.sorted_dimension, scalar_body(op.comparator))).sorted


def scatter(op: ScatterOp, forms: FormBuilder) -> Sequence[SSAValue] | None:
    """A scatter of lists; None where the region converts what it combines."""
    body = op.update_computation
    elements = [element_type(value.type) for value in (*op.inputs, *op.updates)]
    if not can_inline(body) or [element_type(argument.type) for argument in body.block.args] != elements:
        return None
    dims = op.dimensions
    indices = _index_list(op, forms)
    rank = tensor_type(op.inputs[0]).get_num_dims()
    windows = [_window_list(value, rank, dims, forms) for value in op.updates]
    operand_dims = (*dims.scatter_dims_to_operand_dims, *dims.input_batching_dims)
    return forms.insert(linalg_ext.ScatterOp(op.inputs, indices, windows, operand_dims, scalar_body(body))).results


def _index_list(op: ScatterOp, forms: FormBuilder) -> SSAValue:
    """Signed indices in rows, with the number of each batch behind the parts of an index."""
    dims, source = op.dimensions, tensor_type(op.scatter_indices)
    shape = forms.sizes(op.scatter_indices)
    parts = len(dims.scatter_dims_to_operand_dims)
    batch_dims = without(range(len(shape)), (dims.index_vector_dim,))
    batch = [shape[dim] for dim in batch_dims]
    columns = parts + len(dims.scatter_indices_batching_dims)
    kind, count = signed_type(op.scatter_indices), product(forms, batch)
    if not columns:
        return forms.empty(TensorType(kind, known_or_dynamic([count, 0])), [count, 0])
    is_list = dims.index_vector_dim >= len(shape) - 1 and columns == parts and kind == source.element_type
    if is_list:
        return reshape_to(forms, op.scatter_indices, [count, columns])

    def compute(builder: Builder, _: Sequence[SSAValue]) -> SSAValue:
        code = Scalars(builder, op.location)
        counters = [code.emit(IndexOp(number)) for number in range(len(batch) + 1)]
        column = counters[-1]
        value: SSAValue | None = None
        if parts:
            last = constant_index(code, parts - 1)
            places = counters[: len(batch)]
            if dims.index_vector_dim < len(shape):
                places.insert(dims.index_vector_dim, code.emit(arith.MinSIOp(column, last)))
            value = signed(code, code.emit(tensor.ExtractOp(op.scatter_indices, places, source.element_type)))
        for number, dim in enumerate(dims.scatter_indices_batching_dims):
            counter = code.emit(arith.IndexCastOp(counters[batch_dims.index(dim)], kind))
            if value is None:
                value = counter
            else:
                is_here = code.compare("eq", column, constant_index(code, parts + number))
                value = code.select(is_here, counter, value)
        assert value is not None
        return value

    rows = forms.pointwise([], TensorType(kind, known_or_dynamic([*batch, columns])), compute, sizes=[*batch, columns])
    return reshape_to(forms, rows, [count, columns])


def _window_list(updates: SSAValue, rank: int, dims: ScatterDimensions, forms: FormBuilder) -> SSAValue:
    """The windows one after the other, each with all dimensions of the operand."""
    source = tensor_type(updates)
    sizes = forms.sizes(updates)
    scatter_dims = dims.scatter_dims(len(sizes))
    order = (*scatter_dims, *dims.update_window_dims)
    if order != tuple(range(len(sizes))):
        read = AffineMap(len(sizes), 0, tuple(AffineExpr.dimension(order.index(dim)) for dim in range(len(sizes))))
        ordered = TensorType(source.element_type, [source.get_shape()[dim] for dim in order])
        updates = forms.pointwise([updates], ordered, lambda _, elements: elements[0], [read])
    window = dict(zip(dims.window_dims(rank), (sizes[dim] for dim in dims.update_window_dims), strict=True))
    whole = [window.get(dim, 1) for dim in range(rank)]
    return reshape_to(forms, updates, [product(forms, [sizes[dim] for dim in scatter_dims]), *whole])
