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

Dynamic forms become the same: with numbers where their amounts are computed from constants, with values of type index
where these are made of scalars. A dynamic reshape joins all dimensions and splits them again.

Leaves:  a dynamic form whose amounts are neither; only the start of a slice may be anything. A `reshape` of dynamic
         shapes, which has no operand for these. An iota of complex numbers.
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
    TensorType,
    UnrealizedConversionCastOp,
    i32,
    i64,
)
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.analysis.constants import constant_op
from zellige.analysis.program_ops import is_program_op
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.reshapes import reshape
from zellige.dialects.shaped_types import element_type, has_static_shapes, tensor_type
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo import shapes
from zellige.dialects.stablehlo.dynamic import (
    DYNAMIC_OPS,
    DynamicBroadcastInDimOp,
    DynamicIotaOp,
    DynamicPadOp,
    DynamicReshapeOp,
    RealDynamicSliceOp,
)
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.passes.input.dynamic_shapes import pad_dynamic, reshape_dynamic
from zellige.passes.input.index_forms import divided_up, elements_of, minus
from zellige.passes.input.stablehlo_static_forms import static_form
from zellige.support.errors import CompileError


class LegalizeStablehloShapesPass(ModulePass):
    """Replace StableHLO's ops that move elements."""

    name = "legalize-stablehlo-shapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if not is_program_op(inner):
                continue
            simplest = self._static(inner) if has_static_shapes(inner) else inner
            if simplest is not None and (rewrite := _REWRITES.get(type(simplest))) is not None:
                value = rewrite(simplest, FormBuilder(simplest))
                if value is not None:
                    value.name_hint = value.name_hint or simplest.results[0].name_hint
                    Rewriter.replace_op(simplest, [], [value])

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


def _read(
    forms: FormBuilder,
    source: SSAValue,
    result: SSAValue,
    exprs: Sequence[AffineExpr],
    sizes: Sequence[Index] = (),
) -> SSAValue:
    """A tensor of the type of `result`: its element at the loops is that of `source` at `exprs`."""
    result_type = tensor_type(result)
    source_map = AffineMap(result_type.get_num_dims(), 0, tuple(exprs))
    return forms.pointwise([source], result_type, lambda _, elements: elements[0], [source_map], sizes)


def _broadcast(op: shapes.BroadcastInDimOp, forms: FormBuilder) -> SSAValue:
    dims, target = list(op.broadcast_dimensions.get_values()), shape_of(op.result)
    if op.operand.type == op.result.type and dims == [*range(len(target))]:
        return op.operand
    return _read(forms, op.operand, op.result, _broadcast_places(op))


def _broadcast_places(op: shapes.BroadcastInDimOp | DynamicBroadcastInDimOp) -> list[AffineExpr]:
    """Where the element of the operand stands; a size that is not known to be 1 is that of the result."""
    dims, target = list(op.broadcast_dimensions.get_values()), shape_of(op.result)
    return [
        AffineExpr.constant(0) if size == 1 and target[dim] != 1 else AffineExpr.dimension(dim)
        for dim, size in zip(dims, shape_of(op.operand), strict=True)
    ]


def _dynamic_broadcast(op: DynamicBroadcastInDimOp, forms: FormBuilder) -> SSAValue | None:
    sizes = _sizes(forms, op.output_dimensions, op.result)
    return None if sizes is None else _read(forms, op.operand, op.result, _broadcast_places(op), sizes)


def _sizes(forms: FormBuilder, amounts: SSAValue, result: SSAValue) -> list[Index] | None:
    """The sizes of a result that an operand says; the type has some of them. None where they depend on data."""
    given = elements_of(forms, amounts)
    if given is None:
        return None
    return [
        forms.index(size) if known == DYNAMIC_INDEX else known
        for size, known in zip(given, shape_of(result), strict=True)
    ]


def _reshape(op: shapes.ReshapeOp, forms: FormBuilder) -> SSAValue | None:
    if has_static_shapes(op):
        return reshape(forms, op.operand, shape_of(op.result))
    is_known = tensor_type(op.result).has_static_shape()
    return reshape_dynamic(forms, op.operand, shape_of(op.result)) if is_known else None


def _dynamic_reshape(op: DynamicReshapeOp, forms: FormBuilder) -> SSAValue | None:
    sizes = _sizes(forms, op.output_shape, op.result)
    return None if sizes is None else reshape_dynamic(forms, op.operand, sizes)


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


def _dynamic_slice(op: RealDynamicSliceOp, forms: FormBuilder) -> SSAValue | None:
    starts, limits, strides = (elements_of(forms, amounts) for amounts in op.amounts)
    if starts is None or limits is None or strides is None:
        return None
    sizes: list[Index] = [
        forms.index(divided_up(forms, minus(forms, limit, start), stride)) if known == DYNAMIC_INDEX else known
        for known, start, limit, stride in zip(shape_of(op.result), starts, limits, strides, strict=True)
    ]
    return forms.insert(tensor.ExtractSliceOp(op.operand, starts, sizes, strides, op.result.type)).result


def _pad(op: shapes.PadOp, forms: FormBuilder) -> SSAValue:
    if not has_static_shapes(op):
        low, high, interior = (
            attribute.get_values() for attribute in (op.edge_padding_low, op.edge_padding_high, op.interior_padding)
        )
        return pad_dynamic(forms, op.operand, op.padding_value, op.result, low, high, interior)
    return _static_pad(op, forms)


def _dynamic_pad(op: DynamicPadOp, forms: FormBuilder) -> SSAValue | None:
    low, high, interior = (elements_of(forms, amounts) for amounts in op.amounts)
    if low is None or high is None or interior is None:
        return None
    return pad_dynamic(forms, op.operand, op.padding_value, op.result, low, high, interior)


def _static_pad(op: shapes.PadOp, forms: FormBuilder) -> SSAValue:
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
    if any(shape_of(op.operand)[dim] == DYNAMIC_INDEX for dim in reversed_dims):
        return _reverse_dynamic(op, forms)
    loops = [AffineExpr.dimension(dim) for dim in range(len(shape_of(op.operand)))]
    exprs = [
        AffineExpr.constant(size - 1) - loop if dim in reversed_dims and size > 1 else loop
        for dim, (loop, size) in enumerate(zip(loops, shape_of(op.operand), strict=True))
    ]
    return op.operand if exprs == loops else _read(forms, op.operand, op.result, exprs)


def _reverse_dynamic(op: shapes.ReverseOp, forms: FormBuilder) -> SSAValue:
    """Each element is read where it stands from the end."""
    reversed_dims, sizes = op.dimensions.get_values(), forms.sizes(op.operand)
    lasts = {dim: forms.index(minus(forms, sizes[dim], 1)) for dim in reversed_dims}

    def read(builder: Builder, _: Sequence[SSAValue]) -> SSAValue:
        places: list[SSAValue] = []
        for dim in range(len(sizes)):
            place = builder.insert(IndexOp(dim)).result
            places.append(builder.insert(arith.SubiOp(lasts[dim], place)).result if dim in lasts else place)
        return builder.insert(tensor.ExtractOp(op.operand, places, element_type(op.operand.type))).result

    return forms.pointwise([], tensor_type(op.result), read, sizes=sizes)


def _dynamic_iota(op: DynamicIotaOp, forms: FormBuilder) -> SSAValue | None:
    sizes = _sizes(forms, op.output_shape, op.result)
    return None if sizes is None else _count(op.iota_dimension.value.data, tensor_type(op.result), forms, sizes)


def _iota(op: shapes.IotaOp, forms: FormBuilder) -> SSAValue | None:
    return _count(op.iota_dimension.value.data, tensor_type(op.output), forms)


def _count(
    dim: int, result_type: TensorType[Attribute], forms: FormBuilder, sizes: Sequence[Index] = ()
) -> SSAValue | None:
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

    return forms.pointwise([], result_type, count, sizes=sizes)


def _as_float(builder: Builder, index: SSAValue, type_: AnyFloat) -> SSAValue:
    return builder.insert(arith.SIToFPOp(builder.insert(arith.IndexCastOp(index, i64)), type_)).result


def _dimension_size(op: shapes.GetDimensionSizeOp, forms: FormBuilder) -> SSAValue:
    known = shape_of(op.operand)[op.dimension.value.data]
    if known == DYNAMIC_INDEX:
        size = forms.size(op.operand, op.dimension.value.data)
        number = forms.insert(arith.IndexCastOp(forms.index(size), i32)).result
        return forms.insert(tensor.FromElementsOp(number, result_type=op.result.type)).result
    size = np.array(known, np.int32)
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
        DynamicBroadcastInDimOp: _dynamic_broadcast,
        DynamicReshapeOp: _dynamic_reshape,
        DynamicIotaOp: _dynamic_iota,
        DynamicPadOp: _dynamic_pad,
        RealDynamicSliceOp: _dynamic_slice,
    }
)
"""Op class -> the value in its place, or None for a type of element that has no such form."""

HANDLED_OPS = tuple(_REWRITES)
"""What is replaced."""
