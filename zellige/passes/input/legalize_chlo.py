"""legalize-chlo: constants, broadcasts and top_k of CHLO become ops of StableHLO.

Before:  %0 = chlo.broadcast_add %x, %y : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
         %1 = "chlo.constant_like"(%0) {value = 2.0 : f32} : (tensor<4x5xf32>) -> tensor<4x5xf32>
         %2, %3 = chlo.top_k(%0, k = 2) : tensor<4x5xf32> -> (tensor<4x2xf32>, tensor<4x2xi32>)

After:   %4 = stablehlo.broadcast_in_dim %y, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
         %0 = stablehlo.add %x, %4 : tensor<4x5xf32>
         %1 = stablehlo.constant dense<2.0> : tensor<4x5xf32>
         %5 = stablehlo.iota dim = 1 : tensor<4x5xi32>
         %6:2 = "stablehlo.sort"(%0, %5) … greatest first, in total order
         %2 = stablehlo.slice %6#0 [0:4, 0:2] : (tensor<4x5xf32>) -> tensor<4x2xf32>
         %3 = stablehlo.slice %6#1 [0:4, 0:2] : (tensor<4x5xi32>) -> tensor<4x2xi32>

Functions of scalars, such as `chlo.erf`, stay: `legalize-stablehlo-elementwise` knows them.

Leaves:  an op with a size that no operand has at the same place, and the largest of rows of dynamic shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloat,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IndexType,
    ModuleOp,
    TensorType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects import chlo, chlo_broadcasts
from zellige.dialects.chlo_broadcasts import BroadcastCompareOp, BroadcastOp, BroadcastSelectOp
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type, is_tensor, tensor_type
from zellige.dialects.stablehlo import elementwise as hlo
from zellige.dialects.stablehlo import elementwise_forms
from zellige.dialects.stablehlo.attributes import ComparisonDirection, ComparisonType
from zellige.dialects.stablehlo.complex_numbers import ComplexOp
from zellige.dialects.stablehlo.control_flow import ReturnOp
from zellige.dialects.stablehlo.dynamic import DynamicBroadcastInDimOp
from zellige.dialects.stablehlo.indexing import SortOp
from zellige.dialects.stablehlo.shapes import BroadcastInDimOp, IotaOp, SliceOp

_BINARY: Mapping[type[Operation], Callable[[SSAValue, SSAValue], Operation]] = MappingProxyType(
    {
        chlo_broadcasts.BroadcastAddOp: hlo.AddOp,
        chlo_broadcasts.BroadcastAndOp: hlo.AndOp,
        chlo_broadcasts.BroadcastAtan2Op: hlo.Atan2Op,
        chlo_broadcasts.BroadcastComplexOp: ComplexOp,
        chlo_broadcasts.BroadcastDivideOp: hlo.DivideOp,
        chlo_broadcasts.BroadcastMaximumOp: hlo.MaximumOp,
        chlo_broadcasts.BroadcastMinimumOp: hlo.MinimumOp,
        chlo_broadcasts.BroadcastMultiplyOp: hlo.MultiplyOp,
        chlo_broadcasts.BroadcastNextAfterOp: chlo.NextAfterOp,
        chlo_broadcasts.BroadcastOrOp: hlo.OrOp,
        chlo_broadcasts.BroadcastPolygammaOp: chlo.PolygammaOp,
        chlo_broadcasts.BroadcastPowerOp: hlo.PowerOp,
        chlo_broadcasts.BroadcastRemainderOp: hlo.RemainderOp,
        chlo_broadcasts.BroadcastShiftLeftOp: hlo.ShiftLeftOp,
        chlo_broadcasts.BroadcastShiftRightArithmeticOp: hlo.ShiftRightArithmeticOp,
        chlo_broadcasts.BroadcastShiftRightLogicalOp: hlo.ShiftRightLogicalOp,
        chlo_broadcasts.BroadcastSubtractOp: hlo.SubtractOp,
        chlo_broadcasts.BroadcastXorOp: hlo.XorOp,
        chlo_broadcasts.BroadcastZetaOp: chlo.ZetaOp,
    }
)


HANDLED_OPS = (chlo.ConstantOp, chlo.ConstantLikeOp, chlo.TopKOp, BroadcastCompareOp, BroadcastSelectOp, *_BINARY)
"""What is replaced."""


class LegalizeChloPass(ModulePass):
    """Replace the ops of CHLO that are not functions of scalars."""

    name = "legalize-chlo"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for old in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if (_is_static(old) or _follows(old)) and (values := _replacement(old)) is not None:
                for result, value in zip(old.results, values, strict=True):
                    value.name_hint = result.name_hint
                Rewriter.replace_op(old, [], values)


def _follows(op: Operation) -> bool:
    """Whether each size that the result leaves open is that of the same dimension of an operand."""
    if isinstance(op, chlo.TopKOp) or not all(map(is_tensor, (*op.operand_types, *op.result_types))):
        return False
    shape = tensor_type(op.results[0]).get_shape()
    return all(
        _place(dim, len(shape), op.operands) is not None for dim, size in enumerate(shape) if size == DYNAMIC_INDEX
    )


def _place(dim: int, rank: int, operands: Sequence[SSAValue]) -> tuple[SSAValue, int] | None:
    """The first operand, and its dimension, whose size is open where that of the result is."""
    for operand in operands:
        own = dim - (rank - _rank(operand))
        if own >= 0 and tensor_type(operand).get_shape()[own] == DYNAMIC_INDEX:
            return operand, own
    return None


def _is_static(op: Operation) -> bool:
    return all(is_tensor(value.type) and value.type.has_static_shape() for value in (*op.operands, *op.results))


def _replacement(op: Operation) -> Sequence[SSAValue] | None:
    forms = FormBuilder(op)
    match op:
        case chlo.ConstantOp():
            return [forms.insert(elementwise_forms.ConstantOp(op.value)).output]
        case chlo.ConstantLikeOp() if not _is_static(op):
            number = forms.insert(elementwise_forms.ConstantOp(_splat(op, ()))).output
            return [_broadcast(forms, number, tensor_type(op.result), [op.operand])]
        case chlo.ConstantLikeOp():
            return [forms.insert(elementwise_forms.ConstantOp(_splat(op, tensor_type(op.result).get_shape()))).output]
        case chlo.TopKOp():
            return _largest(forms, op)
        case BroadcastCompareOp():
            return [forms.insert(_comparison(forms, op)).result]
        case BroadcastSelectOp():
            operands = [_broadcast(forms, value, tensor_type(op.result), op.operands) for value in op.operands]
            return [forms.insert(elementwise_forms.SelectOp(*operands)).result]
        case BroadcastOp() if (make := _BINARY.get(type(op))) is not None:
            return [forms.insert(make(*_operands(forms, op))).results[0]]
        case _:
            return None


def _splat(op: chlo.ConstantLikeOp, shape: Sequence[int]) -> DenseIntOrFPElementsAttr:
    value = op.value
    number = value.value.data
    if isinstance(value, FloatAttr):
        assert isinstance(value.type, AnyFloat)
        return DenseIntOrFPElementsAttr.from_list(TensorType(value.type, shape), [float(number)])
    return DenseIntOrFPElementsAttr.from_list(TensorType(value.type, shape), [int(number)])


def _comparison(forms: FormBuilder, op: BroadcastCompareOp) -> elementwise_forms.CompareOp:
    compare_type = None if op.compare_type is None else op.compare_type.data
    lhs, rhs = _operands(forms, op)
    return elementwise_forms.CompareOp(op.comparison_direction.data, lhs, rhs, compare_type)


def _operands(forms: FormBuilder, op: BroadcastOp) -> tuple[SSAValue, SSAValue]:
    """Both operands in the shape of the result; `broadcast_dimensions` place the one of lower rank."""
    result_type = tensor_type(op.result)
    given = None if op.broadcast_dimensions is None else op.broadcast_dimensions.get_values()

    def shaped(value: SSAValue) -> SSAValue:
        is_placed = given is not None and _rank(value) < result_type.get_num_dims()
        return _broadcast(forms, value, result_type, [op.lhs, op.rhs], given if is_placed else None)

    return shaped(op.lhs), shaped(op.rhs)


def _rank(value: SSAValue) -> int:
    return tensor_type(value).get_num_dims()


def _broadcast(
    forms: FormBuilder,
    value: SSAValue,
    like: TensorType[Attribute],
    operands: Sequence[SSAValue],
    dims: Sequence[int] | None = None,
) -> SSAValue:
    """The value in the shape of `like`; its dimensions are `dims` of it, or the last ones.

    Sizes that are open are those of the operands: one that is not known to be 1 is not broadcast.
    """
    shape = like.get_shape()
    if tensor_type(value).get_shape() == shape:
        return value
    if dims is None:
        dims = range(len(shape) - _rank(value), len(shape))
    kind = TensorType(element_type(value.type), shape)
    if DYNAMIC_INDEX not in shape:
        return forms.insert(BroadcastInDimOp(value, dims, kind)).result
    sizes = [forms.index(_size(forms, dim, size, len(shape), operands)) for dim, size in enumerate(shape)]
    amounts = forms.insert(tensor.FromElementsOp(*sizes, result_type=TensorType(IndexType(), [len(sizes)])))
    return forms.insert(DynamicBroadcastInDimOp(value, amounts.result, dims, kind)).result


def _size(forms: FormBuilder, dim: int, size: int, rank: int, operands: Sequence[SSAValue]) -> Index:
    """The size of a dimension of the result: that of the first operand that has it open."""
    if size != DYNAMIC_INDEX:
        return size
    place = _place(dim, rank, operands)
    assert place is not None, "it is known to follow"
    return forms.size(*place)


def _largest(forms: FormBuilder, op: chlo.TopKOp) -> list[SSAValue]:
    source = tensor_type(op.operand)
    *rows, _ = source.get_shape()
    places = tensor_type(op.indices).element_type
    counters = forms.insert(IotaOp(len(rows), TensorType(places, source.shape))).output
    body = _is_larger([source.element_type, places])
    ordered = forms.insert(SortOp([op.operand, counters], len(rows), body)).res
    limits = [*rows, op.k.value.data]
    return [forms.insert(SliceOp(value, [0] * len(limits), limits)).result for value in ordered]


def _is_larger(elements: Sequence[Attribute]) -> Region:
    """A comparator of rows by their first elements, floats in total order."""
    block = Block(arg_types=[TensorType(element, []) for element in elements for _ in range(2)])
    builder = Builder(InsertPoint.at_end(block))
    order = ComparisonType.TOTALORDER if isinstance(elements[0], AnyFloat) else None
    compare = builder.insert(elementwise_forms.CompareOp(ComparisonDirection.GT, block.args[0], block.args[1], order))
    builder.insert(ReturnOp([compare.result]))
    return Region(block)
