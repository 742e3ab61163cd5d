"""extract-shape-operands: the shapes and amounts of StableHLO's dynamic ops are made of scalars.

Before:  %n = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?x8xf32>) -> tensor<i32>
         %v = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
         %s = stablehlo.concatenate %v, %c4, %c2, dim = 0 : … -> tensor<3xi32>
         %y = stablehlo.dynamic_reshape %x, %s : (tensor<?x8xf32>, tensor<3xi32>) -> tensor<?x4x2xf32>
         stablehlo.custom_call @shape_assertion(%ok, %n) {error_message = "…"} : (tensor<i1>, tensor<i32>) -> ()
After:   %d = tensor.dim %x, %c0
         %t = tensor.from_elements %d, %4, %2 : tensor<3xindex>
         %y = stablehlo.dynamic_reshape %x, %t : (tensor<?x8xf32>, tensor<3xindex>) -> tensor<?x4x2xf32>
         cf.assert %is_ok, "…"

What is computed of sizes by arithmetic on small tensors of integers is arithmetic on values of type index; all other
numbers are read from their tensor.

Leaves:  an op whose amounts are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xdsl.context import Context
from xdsl.dialects import arith, cf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, IntegerType, ModuleOp, StringAttr, TensorType, i1
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.constants import array_of
from zellige.analysis.program_ops import is_program_op
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.stablehlo import elementwise as hlo
from zellige.dialects.stablehlo import shapes
from zellige.dialects.stablehlo.attributes import ComparisonDirection
from zellige.dialects.stablehlo.control_flow import CustomCallOp
from zellige.dialects.stablehlo.dynamic import DYNAMIC_OPS
from zellige.dialects.stablehlo.elementwise_forms import CompareOp, ConstantOp, SelectOp
from zellige.dialects.stablehlo.indexing import DynamicGatherOp
from zellige.passes.input.index_forms import as_index, element

ASSERTION = "shape_assertion"
"""Target of the `custom_call` with which JAX checks what it takes sizes to be."""

MAX_ELEMENTS = 64
"""A tensor of amounts has a number for each dimension of another one, or a few."""

_SHAPED = (*DYNAMIC_OPS, DynamicGatherOp)

_ARITHMETIC: Mapping[type[Operation], Callable[[SSAValue, SSAValue], Operation]] = MappingProxyType(
    {
        hlo.AddOp: arith.AddiOp,
        hlo.SubtractOp: arith.SubiOp,
        hlo.MultiplyOp: arith.MuliOp,
        hlo.DivideOp: arith.DivSIOp,
        hlo.RemainderOp: arith.RemSIOp,
        hlo.MaximumOp: arith.MaxSIOp,
        hlo.MinimumOp: arith.MinSIOp,
    }
)

_PREDICATES: Mapping[ComparisonDirection, str] = MappingProxyType(
    {
        ComparisonDirection.EQ: "eq",
        ComparisonDirection.NE: "ne",
        ComparisonDirection.LT: "slt",
        ComparisonDirection.LE: "sle",
        ComparisonDirection.GT: "sgt",
        ComparisonDirection.GE: "sge",
    }
)


class ExtractShapeOperandsPass(ModulePass):
    """Replace operands that are amounts, and the assertions on them."""

    name = "extract-shape-operands"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        scalars = _Scalars()
        for inner in [o for o in op.walk() if isinstance(o, (*_SHAPED, CustomCallOp)) and is_program_op(o)]:
            if isinstance(inner, CustomCallOp):
                if inner.call_target_name.data == ASSERTION and not inner.res:
                    _assert(inner, scalars)
            elif any(is_tensor(r.type) and not r.type.has_static_shape() for r in (*inner.operands, *inner.results)):
                _replace_amounts(inner, scalars)


def _replace_amounts(op: Operation, scalars: _Scalars) -> None:
    """The amounts come last: one tensor of them, or three, of a slice or a padding."""
    forms = FormBuilder(op)
    count = 3 if len(op.operands) > 3 else 1
    for number in range(len(op.operands) - count, len(op.operands)):
        amounts = op.operands[number]
        if isinstance(amounts.owner, tensor.FromElementsOp):
            continue
        values = [forms.index(value) for value in scalars.elements(amounts)]
        kind = TensorType(IndexType(), tensor_type(amounts).get_shape())
        op.operands[number] = forms.insert(tensor.FromElementsOp(*values, result_type=kind)).result


def _assert(op: CustomCallOp, scalars: _Scalars) -> None:
    message = op.attributes.get("error_message")
    text = message.data if isinstance(message, StringAttr) else "a size is not what the program was made for"
    FormBuilder(op).insert(cf.AssertOp(scalars.condition(op.inputs[0], op), text.partition(". Please see")[0]))
    Rewriter.erase_op(op)


@dataclass
class _Scalars:
    """The elements of small tensors of integers as values of type index, each made once, behind what it is made of."""

    _known: dict[SSAValue, list[Index]] = field(default_factory=dict[SSAValue, "list[Index]"])

    def elements(self, value: SSAValue) -> list[Index]:
        """The elements in order."""
        pending = [value]
        while pending:
            needed = [operand for operand in _computed_from(pending[-1]) if operand not in self._known]
            if needed:
                pending += needed
            else:
                current = pending.pop()
                if current not in self._known:
                    self._known[current] = self._elements(current)
        return self._known[value]

    def _elements(self, value: SSAValue) -> list[Index]:
        op = value.owner
        forms = _behind(value)
        match op:
            case tensor.FromElementsOp():
                return [as_index(forms, scalar) for scalar in op.elements]
            case ConstantOp() if (numbers := array_of(op.value)) is not None:
                return [int(number) for number in numbers.reshape(-1)]
            case shapes.GetDimensionSizeOp():
                return [forms.size(op.operand, op.dimension.value.data)]
            case shapes.ConcatenateOp():
                return [size for part in op.inputs for size in self._known[part]]
            case shapes.SliceOp():
                ((start, limit, stride),) = op.ranges
                return self._known[op.operand][start:limit:stride]
            case shapes.ReshapeOp() | hlo.ConvertOp():
                return self._known[op.operands[0]]
            case shapes.BroadcastInDimOp():
                return self._known[op.operand] * _size(value)
            case SelectOp():
                return self._chosen(op, forms)
            case hlo.SignOp() if _computed_from(value):
                return [self._sign(forms, number) for number in self._known[op.operand]]
            case Operation() if type(op) in _ARITHMETIC and _computed_from(value):
                make = _ARITHMETIC[type(op)]
                pairs = zip(self._known[op.operands[0]], self._known[op.operands[1]], strict=True)
                return [forms.insert(make(forms.index(one), forms.index(other))).results[0] for one, other in pairs]
            case _:
                return _read(value, forms)

    def _sign(self, forms: FormBuilder, number: Index) -> Index:
        at_least = forms.insert(arith.MaxSIOp(forms.index(number), forms.index(-1))).result
        return forms.insert(arith.MinSIOp(at_least, forms.index(1))).result

    def _chosen(self, op: SelectOp, forms: FormBuilder) -> list[Index]:
        if tensor_type(op.pred).get_num_dims():
            return _read(op.result, forms)
        condition = self.condition(op.pred, op)
        pairs = zip(self._known[op.on_true], self._known[op.on_false], strict=True)
        return [
            forms.insert(arith.SelectOp(condition, forms.index(one), forms.index(other))).result for one, other in pairs
        ]

    def condition(self, value: SSAValue, user: Operation) -> SSAValue:
        """A truth value without dimensions as a scalar before `user`."""
        forms, op = FormBuilder(user), value.owner
        if isinstance(op, CompareOp) and _is_small(op.lhs) and _is_small(op.rhs):
            one, other = (forms.index(self.elements(operand)[0]) for operand in (op.lhs, op.rhs))
            return forms.insert(arith.CmpiOp(one, other, _PREDICATES[op.comparison_direction.data])).result
        if isinstance(op, hlo.AndOp):
            one, other = (self.condition(operand, user) for operand in op.operands)
            return forms.insert(arith.AndIOp(one, other)).result
        return forms.insert(tensor.ExtractOp(value, [], i1)).result


def _computed_from(value: SSAValue) -> list[SSAValue]:
    """The operands whose elements tell those of the value; none for what is read from its tensor."""
    op = value.owner
    match op:
        case shapes.ConcatenateOp():
            operands = list(op.inputs)
        case shapes.SliceOp() | shapes.ReshapeOp() | hlo.ConvertOp() | hlo.SignOp():
            operands = [op.operands[0]]
        case shapes.BroadcastInDimOp() if _size(op.operand) == 1:
            operands = [op.operand]
        case SelectOp():
            operands = [op.on_true, op.on_false]
        case Operation() if type(op) in _ARITHMETIC:
            operands = list(op.operands)
        case _:
            return []
    return operands if all(map(_is_small, operands)) else []


def _is_small(value: SSAValue) -> bool:
    """Whether it is a tensor of few integers, and of at most one dimension."""
    if not is_tensor(value.type) or not isinstance(value.type.element_type, IntegerType | IndexType):
        return False
    shape = value.type.get_shape()
    return DYNAMIC_INDEX not in shape and len(shape) <= 1 and _size(value) <= MAX_ELEMENTS


def _size(value: SSAValue) -> int:
    (size,) = tensor_type(value).get_shape() or (1,)
    return size


def _behind(value: SSAValue) -> FormBuilder:
    """Puts ops behind the one that makes a value, or at the start of the block that has it as argument."""
    op = value.owner
    following = op.next_op if isinstance(op, Operation) else op.first_op
    assert following is not None, "a block ends in a terminator"
    return FormBuilder(following)


def _read(value: SSAValue, forms: FormBuilder) -> list[Index]:
    type_ = tensor_type(value)
    if not type_.get_num_dims():
        return [as_index(forms, forms.insert(tensor.ExtractOp(value, [], type_.element_type)).result)]
    return [element(forms, value, number) for number in range(_size(value))]
