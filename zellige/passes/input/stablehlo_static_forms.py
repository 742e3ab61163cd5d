"""The static op that a dynamic one is, when its amounts are known: `dynamic_pad` by constants is `pad`."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.dialects.cf import AssertOp
from xdsl.ir import Operation, SSAValue

from zellige.analysis.small_values import small_value
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.stablehlo.dynamic import (
    DynamicBroadcastInDimOp,
    DynamicIotaOp,
    DynamicPadOp,
    DynamicReshapeOp,
    RealDynamicSliceOp,
)
from zellige.dialects.stablehlo.shapes import (
    BroadcastInDimOp,
    IotaOp,
    PadOp,
    ReshapeOp,
    SliceOp,
    expect_result,
    padded_shape,
    shape_of,
    sliced_shape,
)


def static_form(op: Operation, forms: FormBuilder) -> Operation | None:
    """A new op before `op` with the same result; None for other ops, and where too little is known.

    Raises `VerifyException` when amounts that are known do not give the type of the result.
    """
    match op:
        case DynamicBroadcastInDimOp():
            _expect_shape(op.output_dimensions, op.result)
            dims = op.broadcast_dimensions.get_values()
            return forms.insert(BroadcastInDimOp(op.operand, dims, tensor_type(op.result)))
        case DynamicReshapeOp():
            _expect_shape(op.output_shape, op.result)
            return forms.insert(ReshapeOp(op.operand, shape_of(op.result)))
        case DynamicIotaOp():
            _expect_shape(op.output_shape, op.result)
            return forms.insert(IotaOp(op.iota_dimension.value.data, tensor_type(op.result)))
        case DynamicPadOp():
            low, high, interior = (_integers(amounts) for amounts in op.amounts)
            if low is None or high is None or interior is None:
                return None
            _expect_computed(op, padded_shape(shape_of(op.operand), low, high, interior))
            return forms.insert(PadOp(op.operand, op.padding_value, low, high, interior))
        case RealDynamicSliceOp():
            return _slice(op, forms)
        case _:
            return None


def _integers(amounts: SSAValue) -> list[int] | None:
    """The numbers of a vector, if they are known."""
    array = small_value(amounts)
    return None if array is None else [int(number) for number in array]


def _expect_shape(amounts: SSAValue, result: SSAValue) -> None:
    shape = _integers(amounts)
    if shape is not None:
        expect_result(result, shape, tensor_type(result).element_type)


def _expect_computed(op: DynamicPadOp | RealDynamicSliceOp, shape: tuple[int, ...]) -> None:
    expect_result(op.result, shape, tensor_type(op.operand).element_type)


def _slice(op: RealDynamicSliceOp, forms: FormBuilder) -> Operation | None:
    starts, limits, strides = (_integers(amounts) for amounts in op.amounts)
    if strides is None:
        return None
    if starts is not None and limits is not None:
        _expect_computed(op, sliced_shape(starts, limits, strides))
        return forms.insert(SliceOp(op.operand, starts, limits, strides))
    offsets = [_element(forms, op.start_indices, dim) for dim in range(len(strides))]
    sizes = shape_of(op.result)
    for dim, (offset, size, part, stride) in enumerate(zip(offsets, shape_of(op.operand), sizes, strides, strict=True)):
        last = forms.insert(arith.ConstantOp(IntegerAttr(size - max(part - 1, 0) * stride - (part > 0), IndexType())))
        fits = forms.insert(arith.CmpiOp(offset, last, "ule"))
        forms.insert(AssertOp(fits.result, f"a slice starts outside of its operand in dimension {dim}"))
    return forms.insert(tensor.ExtractSliceOp(op.operand, offsets, sizes, strides, op.result.type))


def _element(forms: FormBuilder, amounts: SSAValue, number: int) -> SSAValue:
    """Number `number` of a vector of amounts, as an index."""
    where = forms.insert(arith.ConstantOp(IntegerAttr(number, IndexType()))).result
    amount = forms.insert(tensor.ExtractOp(amounts, [where], element_type(amounts.type))).result
    return amount if isinstance(amount.type, IndexType) else forms.insert(arith.IndexCastOp(amount, IndexType())).result
