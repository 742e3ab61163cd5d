"""decompose-tensor-indexing: windows at computed places are read by a generic and written by a scatter.

Before:  %1 = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<3x6xf32>
         %2 = tensor.scatter %u into %x[%i] scatter_dims([0]) unique
                : (tensor<3x6xf32>, tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<5x6xf32>
After:   %1 = linalg.generic {maps = [(d0, d1) -> (d0, 0), (d0, d1) -> (d0, d1)]} ins(%i) … {
         ^bb0(%n: i32, %out: f32):
           %row = arith.index_cast %n : i32 to index
           %column = linalg.index 1
           %element = tensor.extract %x[%row, %column]
           linalg.yield %element
         }
         %w = tensor.expand_shape %u [[0], [1, 2]] … into tensor<3x1x6xf32>
         %2 = linalg_ext.scatter dims = [0] into(%x) ins(%i, %w) { ^bb0(%old, %new): linalg_ext.yield %new }
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType, ModuleOp, TensorType, i32
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects import linalg_ext
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import type_index
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.tensor import GatherOp, ScatterOp
from zellige.passes.input.dynamic_shapes import reshape_to
from zellige.passes.input.index_forms import product


class DecomposeTensorIndexingPass(ModulePass):
    """Replace `tensor.gather` and `tensor.scatter`."""

    name = "decompose-tensor-indexing"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, GatherOp | ScatterOp)]:
            value = _gather(inner) if isinstance(inner, GatherOp) else _scatter(inner)
            value.name_hint = inner.result.name_hint
            Rewriter.replace_op(inner, [], [value])


def _gather(op: GatherOp) -> SSAValue:
    forms, result_type = FormBuilder(op), tensor_type(op.result)
    rank, batch = result_type.get_num_dims(), tensor_type(op.indices).get_num_dims() - 1
    source_rank = tensor_type(op.source).get_num_dims()
    window = _window_dims(source_rank, op.dims, rank - batch)
    loops = [AffineExpr.dimension(dim) for dim in range(batch)]
    maps = [AffineMap(rank, 0, (*loops, AffineExpr.constant(number))) for number in range(len(op.dims))]
    batch_sizes = forms.sizes(op.indices)[:-1]
    sizes = [*batch_sizes, *(1 if dim in op.dims else forms.size(op.source, dim) for dim in window)]

    def read(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        found = dict(zip(op.dims, elements[: len(op.dims)], strict=True))
        places: list[SSAValue] = []
        for dim in range(source_rank):
            if dim not in found:
                places.append(builder.insert(IndexOp(batch + window.index(dim))).result)
            elif isinstance(found[dim].type, IndexType):
                places.append(found[dim])
            else:
                places.append(builder.insert(arith.IndexCastOp(found[dim], type_index)).result)
        return builder.insert(tensor.ExtractOp(op.source, places, result_type.element_type)).result

    return forms.pointwise([op.indices] * len(maps), result_type, read, maps, sizes)


def _window_dims(rank: int, dims: Sequence[int], window_rank: int) -> list[int]:
    """The dimensions of the whole that windows have: all, or those that are not indexed."""
    return [dim for dim in range(rank) if window_rank == rank or dim not in dims]


def _scatter(op: ScatterOp) -> SSAValue:
    forms, element = FormBuilder(op), element_type(op.dest.type)
    indices = _integers(forms, op.indices)
    count = product(forms, forms.sizes(op.indices)[:-1])
    window = [1 if dim in op.dims else size for dim, size in enumerate(forms.sizes(op.dest))]
    body = Block(arg_types=[element, element])
    body.add_op(linalg_ext.YieldOp(body.args[1]))
    rows = reshape_to(forms, indices, [count, len(op.dims)])
    windows = reshape_to(forms, op.source, [count, *window])
    return forms.insert(linalg_ext.ScatterOp([op.dest], rows, [windows], op.dims, Region(body))).results[0]


def _integers(forms: FormBuilder, indices: SSAValue) -> SSAValue:
    """The indices as integers."""
    if not isinstance(element_type(indices.type), IndexType):
        return indices
    result_type = TensorType(i32, tensor_type(indices).get_shape())
    return forms.pointwise(
        [indices], result_type, lambda builder, elements: builder.insert(arith.IndexCastOp(elements[0], i32)).result
    )
