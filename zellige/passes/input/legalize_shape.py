"""legalize-shape: shapes are lists of extents, and what must be so of them is asserted.

Before:  %s = shape.shape_of %x : tensor<?x8xf32> -> tensor<2xindex>
         %t = shape.shape_of %y : tensor<?xf32> -> tensor<1xindex>
         %w = shape.cstr_broadcastable %s, %t : tensor<2xindex>, tensor<1xindex>
         %r = shape.assuming %w -> (tensor<?x8xf32>) {
           %b = shape.broadcast %s, %t : tensor<2xindex>, tensor<1xindex> -> tensor<2xindex>
           %z = stablehlo.dynamic_broadcast_in_dim %y, %b, dims = [1] …
           shape.assuming_yield %z
         }
After:   %n = tensor.dim %x, %c0
         %m = tensor.dim %y, %c0
         cf.assert %m == 8 or %m == 1, "shapes cannot be broadcast to one"
         %b = tensor.from_elements %n, %c8 : tensor<2xindex>
         %z = stablehlo.dynamic_broadcast_in_dim %y, %b, dims = [1] …

A witness has no value: the program stops where it is made. A dimension that is 8 in one shape and open in another one
is 8 in what both are broadcast to.

Leaves:  an op on a shape whose rank is not known, and a split at a place that is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from types import MappingProxyType
from typing import Any

from xdsl.context import Context
from xdsl.dialects import arith, cf, tensor
from xdsl.dialects.builtin import BoolAttr, IndexType, ModuleOp, TensorType
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects import shape
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import is_tensor
from zellige.passes.input.index_forms import (
    as_index,
    divided_down,
    element,
    elements_of,
    greater,
    lesser,
    plus,
    product,
    times,
)

HANDLED_OPS = shape.SHAPE_OPS
"""What is replaced."""

Truth = bool | SSAValue


class LegalizeShapePass(ModulePass):
    """Replace the ops of `shape`."""

    name = "legalize-shape"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        shapes = _Shapes()
        replaced = [o for o in op.walk() if isinstance(o, HANDLED_OPS) and not isinstance(o, shape.AssumingYieldOp)]
        replaced = [o for o in replaced if shapes.replace(o)]
        for inner in reversed(replaced):
            if all(result.first_use is None for result in inner.results):
                Rewriter.erase_op(inner)


class _Shapes:
    """The extents of the shapes that are known so far."""

    def __init__(self) -> None:
        self._known: dict[SSAValue, list[Index]] = {}

    def replace(self, op: Operation) -> bool:
        """Let others use what takes the place of the results; the op itself stays. False where nothing does."""
        forms = FormBuilder(op)
        match op:
            case shape.AssumingOp():
                _inline(op)
            case shape.AssumingAllOp():
                pass
            case shape.SplitAtOp():
                return self._split(op, forms)
            case shape.CstrRequireOp():
                forms.insert(cf.AssertOp(op.pred, op.msg.data))
            case shape.ConstWitnessOp():
                _assert(forms, bool(op.passing), "the program says that it never runs so")
            case shape.CstrEqOp() | shape.CstrBroadcastableOp() | shape.ShapeEqOp() | shape.IsBroadcastableOp():
                return self._test(op, forms)
            case shape.GetExtentOp() | shape.RankOp() | shape.NumElementsOp():
                extents = self._extents(op.shape, forms)
                if extents is None:
                    return False
                _use(op, forms, _number(op, extents, forms))
            case shape.DimOp():
                _use(op, forms, forms.insert(tensor.DimOp(op.value, forms.index(as_index(forms, op.index)))).result)
            case shape.SizeToIndexOp() | shape.IndexToSizeOp():
                _use(op, forms, as_index(forms, op.arg))
            case shape.ConstSizeOp():
                _use(op, forms, op.value.value.data)
            case _ if type(op) in _ARITHMETIC:
                one, other = (as_index(forms, operand) for operand in op.operands)
                _use(op, forms, _ARITHMETIC[type(op)](forms, one, other))
            case _:
                extents = self._made(op, forms)
                if extents is None:
                    return False
                self._know(op.results[0], extents, forms)
        return True

    def _extents(self, value: SSAValue, forms: FormBuilder) -> list[Index] | None:
        """The extents of a shape; None where their number is not known."""
        if value not in self._known:
            found: list[Index] | None = elements_of(forms, value) if is_tensor(value.type) else None
            if found is None and is_tensor(value.type) and value.type.has_static_shape():
                found = [*(element(forms, value, number) for number in range(value.type.get_shape()[0]))]
            if found is None:
                return None
            self._known[value] = found
        return self._known[value]

    def _made(self, op: Any, forms: FormBuilder) -> list[Index] | None:
        """The extents of the shape that an op makes."""
        match op:
            case shape.ShapeOfOp():
                return forms.sizes(op.arg)
            case shape.ConstShapeOp():
                return [*op.extents]
            case shape.FromExtentsOp():
                return [as_index(forms, extent) for extent in op.extents]
            case shape.FromExtentTensorOp() | shape.ToExtentTensorOp():
                return self._extents(op.input, forms)
            case shape.ConcatOp():
                parts = self._all([op.lhs, op.rhs], forms)
                return None if parts is None else [*parts[0], *parts[1]]
            case shape.AnyOp():
                return next(iter(self._all(op.shapes, forms) or ()), None)
            case shape.BroadcastOp():
                shapes = self._all(op.shapes, forms)
                return None if shapes is None else reduce(lambda a, b: _broadcast(forms, a, b), shapes)
            case _:
                return None

    def _all(self, values: Sequence[SSAValue], forms: FormBuilder) -> list[list[Index]] | None:
        found = [extents for value in values if (extents := self._extents(value, forms)) is not None]
        return found if len(found) == len(values) else None

    def _know(self, result: SSAValue, extents: list[Index], forms: FormBuilder) -> None:
        """Remember the extents, and make a tensor of them for ops of other dialects."""
        self._known[result] = extents
        others = [use for use in result.uses if not isinstance(use.operation, HANDLED_OPS)]
        if not others or not is_tensor(result.type):
            return
        values = [forms.index(extent) for extent in extents]
        known = TensorType(IndexType(), [len(values)])
        made = forms.insert(tensor.FromElementsOp(*values, result_type=known)).result
        made.name_hint = result.name_hint
        cast = made if result.type == known else forms.insert(tensor.CastOp(made, result.type)).dest
        for use in others:
            is_any = isinstance(use.operation, tensor.ExtractOp | tensor.ReshapeOp | tensor.DimOp | tensor.CastOp)
            use.operation.operands[use.index] = made if is_any else cast

    def _split(self, op: shape.SplitAtOp, forms: FormBuilder) -> bool:
        extents, place = self._extents(op.operand, forms), as_index(forms, op.index)
        if extents is None or not isinstance(place, int):
            return False
        self._know(op.head, extents[:place], forms)
        self._know(op.tail, extents[place:], forms)
        return True

    def _test(
        self,
        op: shape.CstrEqOp | shape.CstrBroadcastableOp | shape.ShapeEqOp | shape.IsBroadcastableOp,
        forms: FormBuilder,
    ) -> bool:
        shapes = self._all(op.shapes, forms)
        if shapes is None:
            return False
        if isinstance(op, shape.CstrEqOp | shape.ShapeEqOp):
            holds, message = _are_equal(forms, shapes), "shapes differ"
        else:
            holds, message = _can_broadcast(forms, shapes), "shapes cannot be broadcast to one"
        if isinstance(op, shape.CstrEqOp | shape.CstrBroadcastableOp):
            _assert(forms, holds, message)
        else:
            op.result.replace_all_uses_with(_condition(forms, holds))
        return True


_ARITHMETIC: Mapping[type[Operation], Callable[[FormBuilder, Index, Index], Index]] = MappingProxyType(
    {
        shape.AddOp: plus,
        shape.MulOp: times,
        shape.DivOp: divided_down,
        shape.MaxOp: greater,
        shape.MinOp: lesser,
    }
)


def _number(
    op: shape.GetExtentOp | shape.RankOp | shape.NumElementsOp, extents: list[Index], forms: FormBuilder
) -> Index:
    if isinstance(op, shape.RankOp):
        return len(extents)
    if isinstance(op, shape.NumElementsOp):
        return product(forms, extents)
    place = as_index(forms, op.dim)
    if isinstance(place, int) and 0 <= place < len(extents):
        return extents[place]
    values = [forms.index(extent) for extent in extents]
    all_ = forms.insert(tensor.FromElementsOp(*values, result_type=TensorType(IndexType(), [len(values)]))).result
    return forms.insert(tensor.ExtractOp(all_, [forms.index(place)], IndexType())).result


def _use(op: Operation, forms: FormBuilder, number: Index) -> None:
    """Let others use the number instead of the result."""
    value = forms.index(number)
    value.name_hint = value.name_hint or op.results[0].name_hint
    op.results[0].replace_all_uses_with(value)


def _inline(op: shape.AssumingOp) -> None:
    *ops, terminator = op.region.block.ops
    assert isinstance(terminator, shape.AssumingYieldOp)
    for inner in ops:
        inner.detach()
    Rewriter.insert_op(ops, InsertPoint.before(op))
    for result, value in zip(op.res, terminator.values, strict=True):
        result.replace_all_uses_with(value)


def _broadcast(forms: FormBuilder, one: Sequence[Index], other: Sequence[Index]) -> list[Index]:
    """What both are broadcast to; the last dimensions stand below each other."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    first = len(longer) - len(shorter)
    pairs = zip(longer[first:], shorter, strict=True)
    return [*longer[:first], *(_broadcast_extent(forms, a, b) for a, b in pairs)]


def _broadcast_extent(forms: FormBuilder, one: Index, other: Index) -> Index:
    if one == other or other == 1:
        return one
    if one == 1 or isinstance(other, int):
        return other
    if isinstance(one, int):
        return one
    is_one = _condition(forms, _is_equal(forms, one, 1))
    return forms.insert(arith.SelectOp(is_one, other, one)).result


def _is_equal(forms: FormBuilder, one: Index, other: Index) -> Truth:
    if one == other:
        return True
    if isinstance(one, int) and isinstance(other, int):
        return False
    return forms.insert(arith.CmpiOp(forms.index(one), forms.index(other), "eq")).result


def _both(forms: FormBuilder, one: Truth, other: Truth) -> Truth:
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return forms.insert(arith.AndIOp(one, other)).result


def _either(forms: FormBuilder, one: Truth, other: Truth) -> Truth:
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return forms.insert(arith.OrIOp(one, other)).result


def _are_equal(forms: FormBuilder, shapes: Sequence[Sequence[Index]]) -> Truth:
    if len({len(extents) for extents in shapes}) > 1:
        return False
    pairs = [(a, b) for extents in shapes[1:] for a, b in zip(shapes[0], extents, strict=True)]
    return reduce(lambda truth, pair: _both(forms, truth, _is_equal(forms, *pair)), pairs, True)


def _can_broadcast(forms: FormBuilder, shapes: Sequence[list[Index]]) -> Truth:
    holds: Truth = True
    common = shapes[0] if shapes else []
    for extents in shapes[1:]:
        for a, b in zip(reversed(common), reversed(extents), strict=False):
            is_one = _either(forms, _is_equal(forms, a, 1), _is_equal(forms, b, 1))
            holds = _both(forms, holds, _either(forms, _is_equal(forms, a, b), is_one))
        common = _broadcast(forms, common, extents)
    return holds


def _condition(forms: FormBuilder, truth: Truth) -> SSAValue:
    return forms.insert(arith.ConstantOp(BoolAttr.from_bool(truth))).result if isinstance(truth, bool) else truth


def _assert(forms: FormBuilder, truth: Truth, message: str) -> None:
    if truth is not True:
        forms.insert(cf.AssertOp(_condition(forms, truth), message))
