"""legalize-stablehlo-shapes: what only moves elements is an indexing map, a slice or a reshape.

Before:  %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<4xf32>) -> tensor<4x8xf32>
         %2 = stablehlo.reverse %1, dims = [1] : tensor<4x8xf32>
         %3 = stablehlo.reshape %2 : (tensor<4x8xf32>) -> tensor<32xf32>
         %4 = stablehlo.slice %3 [2:32:2] : (tensor<32xf32>) -> tensor<15xf32>
         %5 = stablehlo.pad %4, %zero, low = [-1], high = [2], interior = [1] : … -> tensor<30xf32>
After:   %1 = linalg.generic {maps = [(i, j) -> (i), (i, j) -> (i, j)]} ins(%0) … { yield }
         %2 = linalg.generic {maps = [(i, j) -> (i, 7 - j), (i, j) -> (i, j)]} ins(%1) … { yield }
         %3 = tensor.collapse_shape %2 [[0, 1]]
         %4 = tensor.extract_slice %3[2] [15] [2]
         %f = linalg.generic ins(%zero) … { yield } : tensor<30xf32>
         %s = tensor.extract_slice %4[1] [14] [1]
         %5 = tensor.insert_slice %s into %f[1] [14] [2]

Dynamic forms whose result type is static become the same.

Leaves:  an op with a dynamic shape, and a dynamic form whose amounts are not computed from constants alone; only the
         start of a slice may be known when the program runs. An iota of complex numbers.
Fails:   for a dynamic form with known amounts that do not give its result type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects import complex as complex_dialect
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloat,
    ComplexType,
    FloatAttr,
    IndexType,
    IntegerType,
    ModuleOp,
    UnrealizedConversionCastOp,
    i64,
)
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.analysis.constants import constant_op
from zellige.analysis.program_ops import is_program_op
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.reshapes import reshape
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo import shapes
from zellige.dialects.stablehlo.dynamic import DYNAMIC_OPS
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.passes.input.stablehlo_static_forms import static_form
from zellige.support.errors import CompileError


class LegalizeStablehloShapesPass(ModulePass):
    """Replace StableHLO's ops that move elements."""

    name = "legalize-stablehlo-shapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if not _is_static(inner) or not is_program_op(inner):
                continue
            static = self._static(inner)
            if static is not None and (rewrite := _REWRITES.get(type(static))) is not None:
                value = rewrite(static, FormBuilder(static))
                if value is not None:
                    value.name_hint = value.name_hint or static.results[0].name_hint
                    Rewriter.replace_op(static, [], [value])

    def _static(self, op: Operation) -> Operation | None:
        """The op itself, or what has taken the place of a dynamic form; None when the amounts are not known."""
        if not isinstance(op, DYNAMIC_OPS):
            return op
        try:
            static = static_form(op, FormBuilder(op))
            if static is None:
                return None
            static.verify_()
        except VerifyException as error:
            raise CompileError(str(error), op=op, pass_name=self.name) from error
        static.results[0].name_hint = op.results[0].name_hint
        Rewriter.replace_op(op, [], static.results)
        return static


def _is_static(op: Operation) -> bool:
    return all(
        DYNAMIC_INDEX not in value.type.get_shape() for value in (*op.operands, *op.results) if is_tensor(value.type)
    )


def _read(forms: FormBuilder, source: SSAValue, result: SSAValue, exprs: Sequence[AffineExpr]) -> SSAValue:
    """A tensor of the type of `result`: its element at the loops is that of `source` at `exprs`."""
    result_type = tensor_type(result)
    source_map = AffineMap(result_type.get_num_dims(), 0, tuple(exprs))
    return forms.pointwise([source], result_type, lambda _, elements: elements[0], [source_map])


def _broadcast(op: shapes.BroadcastInDimOp, forms: FormBuilder) -> SSAValue:
    dims, target = list(op.broadcast_dimensions.get_values()), shape_of(op.result)
    if op.operand.type == op.result.type and dims == [*range(len(target))]:
        return op.operand
    exprs = [
        AffineExpr.constant(0) if size == 1 and target[dim] != 1 else AffineExpr.dimension(dim)
        for dim, size in zip(dims, shape_of(op.operand), strict=True)
    ]
    return _read(forms, op.operand, op.result, exprs)


def _reshape(op: shapes.ReshapeOp, forms: FormBuilder) -> SSAValue:
    return reshape(forms, op.operand, shape_of(op.result))


def _transpose(op: shapes.TransposeOp, forms: FormBuilder) -> SSAValue:
    permutation = list(op.permutation.get_values())
    if permutation == [*range(len(permutation))]:
        return op.operand
    loops = [AffineExpr.dimension(permutation.index(dim)) for dim in range(len(permutation))]
    return _read(forms, op.operand, op.result, loops)


def _slice(op: shapes.SliceOp, forms: FormBuilder) -> SSAValue:
    return _cut(forms, op.operand, op.start_indices.get_values(), shape_of(op.result), op.strides.get_values())


def _cut(
    forms: FormBuilder, source: SSAValue, starts: Sequence[int], sizes: Sequence[int], strides: Sequence[int]
) -> SSAValue:
    """The elements from `starts` on; the source itself where that is all of them."""
    if tuple(sizes) == shape_of(source):
        return source
    return forms.insert(tensor.ExtractSliceOp.from_static_parameters(source, starts, sizes, strides)).result


def _pad(op: shapes.PadOp, forms: FormBuilder) -> SSAValue:
    """Those elements that negative amounts leave, in their places in a tensor of the padding value."""
    sizes_before, sizes_after = shape_of(op.operand), shape_of(op.result)
    steps = [between + 1 for between in op.interior_padding.get_values()]
    firsts: list[int] = []
    places: list[int] = []
    sizes: list[int] = []
    for size, padded, low, step in zip(sizes_before, sizes_after, op.edge_padding_low.get_values(), steps, strict=True):
        first = max(0, -(low // step))
        end = min(size, -((low - padded) // step))
        firsts.append(first)
        places.append(low + first * step)
        sizes.append(max(0, end - first))
    if 0 in sizes:
        return _read(forms, op.padding_value, op.result, ())
    part = _cut(forms, op.operand, firsts, sizes, [1] * len(sizes))
    if part.type == op.result.type:
        return part
    background = _read(forms, op.padding_value, op.result, ())
    return forms.insert(tensor.InsertSliceOp.get(part, background, sizes, places, steps)).result


def _concatenate(op: shapes.ConcatenateOp, forms: FormBuilder) -> SSAValue:
    dim = op.dimension.value.data
    parts = [part for part in op.inputs if shape_of(part)[dim]] or op.inputs[:1]
    if len(parts) == 1:
        return parts[0]
    return forms.insert(tensor.ConcatOp(parts, dim, op.result.type)).result


def _reverse(op: shapes.ReverseOp, forms: FormBuilder) -> SSAValue:
    reversed_dims = op.dimensions.get_values()
    loops = [AffineExpr.dimension(dim) for dim in range(len(shape_of(op.operand)))]
    exprs = [
        AffineExpr.constant(size - 1) - loop if dim in reversed_dims and size > 1 else loop
        for dim, (loop, size) in enumerate(zip(loops, shape_of(op.operand), strict=True))
    ]
    return op.operand if exprs == loops else _read(forms, op.operand, op.result, exprs)


def _iota(op: shapes.IotaOp, forms: FormBuilder) -> SSAValue | None:
    dim, result_type = op.iota_dimension.value.data, tensor_type(op.output)
    element, plain = result_type.element_type, signless(result_type.element_type)
    if not isa(plain, IndexType | IntegerType | AnyFloat | ComplexType):
        return None

    def count(builder: Builder, _: Sequence[SSAValue]) -> SSAValue:
        index = builder.insert(IndexOp(dim)).result
        if isinstance(plain, IndexType):
            return index
        if isinstance(plain, AnyFloat):
            return _as_float(builder, index, plain)
        if isinstance(plain, ComplexType):
            part = plain.element_type
            assert isinstance(part, AnyFloat)
            zero = builder.insert(arith.ConstantOp(FloatAttr(0.0, part)))
            return builder.insert(complex_dialect.CreateOp(_as_float(builder, index, part), zero, plain)).complex
        number = builder.insert(arith.IndexCastOp(index, plain)).result
        if plain == element:
            return number
        return builder.insert(UnrealizedConversionCastOp.get([number], [element])).results[0]

    return forms.pointwise([], result_type, count)


def _as_float(builder: Builder, index: SSAValue, type_: AnyFloat) -> SSAValue:
    return builder.insert(arith.SIToFPOp(builder.insert(arith.IndexCastOp(index, i64)), type_)).result


def _dimension_size(op: shapes.GetDimensionSizeOp, forms: FormBuilder) -> SSAValue:
    size = np.array(shape_of(op.operand)[op.dimension.value.data], np.int32)
    return forms.insert(constant_op(size, op.result.type, op)).result


_REWRITES: Mapping[type[Operation], Callable[[Any, FormBuilder], SSAValue | None]] = MappingProxyType(
    {
        shapes.BroadcastInDimOp: _broadcast,
        shapes.ReshapeOp: _reshape,
        shapes.TransposeOp: _transpose,
        shapes.SliceOp: _slice,
        shapes.PadOp: _pad,
        shapes.ConcatenateOp: _concatenate,
        shapes.ReverseOp: _reverse,
        shapes.IotaOp: _iota,
        shapes.GetDimensionSizeOp: _dimension_size,
    }
)
"""Op class -> the value in its place, or None for a type of element that has no such form."""

HANDLED_OPS = (*_REWRITES, *DYNAMIC_OPS)
"""What is replaced."""
