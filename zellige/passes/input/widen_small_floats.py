"""widen-small-floats: compute with f16, bf16 and f8 in f32.

Before:  %1 = linalg.generic … ins(%x, %y : tensor<8xf16>, tensor<8xf16>) outs(%0 : tensor<8xf16>) {
         ^bb0(%a: f16, %b: f16, %out: f16):
           %2 = arith.addf %a, %b : f16
           linalg.yield %2 : f16 }
After:   %1 = linalg.generic … ins(%x, %y : tensor<8xf16>, tensor<8xf16>) outs(%0 : tensor<8xf16>) {
         ^bb0(%a: f16, %b: f16, %out: f16):
           %3 = arith.extf %a : f16 to f32
           %4 = arith.extf %b : f16 to f32
           %5 = arith.addf %3, %4 : f32
           %2 = arith.truncf %5 : f32 to f16
           linalg.yield %2 : f16 }

Values are rounded where a body ends. A reduction sums in f32, in a tensor of f32, which is rounded once.

Ensures:  of `arith` and `math`, only extf, truncf and constants have small floats as operands or results.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, math
from xdsl.dialects.builtin import FloatAttr, IntegerType, ModuleOp, TensorType, f32, f64, i32
from xdsl.dialects.linalg.attrs import IteratorType
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.generic_forms import Compute, FormBuilder
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.small_floats import is_small_float

_CASTS = (arith.ExtFOp, arith.TruncFOp)
_EXACT_BITS = 24
"""Integers of up to so many bits are exact in f32."""


@dataclass(frozen=True)
class WidenSmallFloatsPass(ModulePass):
    """Put conversions around arithmetic on small floats."""

    name = "widen-small-floats"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        ops = list(op.walk())
        for generic in [o for o in ops if isinstance(o, GenericOp)]:
            _sum_in_f32(generic)
        scalars = _Scalars()
        for inner in op.walk():
            if _computes(inner):
                scalars.widen(inner)
            elif isinstance(inner, YieldOp):
                scalars.fit_yield(inner)
        scalars.erase_unused()


def _is_small_scalar(value: SSAValue) -> bool:
    return is_small_float(value.type) and not is_tensor(value.type)


def _computes(op: Operation) -> bool:
    if op.dialect_name() not in ("arith", "math") or isinstance(op, arith.ConstantOp | arith.BitcastOp):
        return False
    return any(_is_small_scalar(value) for value in (*op.operands, *op.results))


@dataclass
class _Scalars:
    """Small floats that are known as f32 too, and the roundings that may turn out to be needless."""

    wide: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    roundings: list[Operation] = field(default_factory=list[Operation])

    def widen(self, op: Operation) -> None:
        """Compute `op` in f32, and round the results."""
        if isinstance(op, _CASTS):
            self._widen_cast(op)
            return
        if isinstance(op, arith.SIToFPOp | arith.UIToFPOp) and _bits(op.input) > _EXACT_BITS:
            self._convert_through_f64(op)
            return
        for index, operand in enumerate(op.operands):
            if _is_small_scalar(operand):
                op.operands[index] = self._as_f32(operand)
        for result in op.results:
            if _is_small_scalar(result):
                self._round(op, result)

    def _widen_cast(self, op: arith.ExtFOp | arith.TruncFOp) -> None:
        """A cast is between f32 and one small float; others go through f32."""
        if isinstance(op, arith.ExtFOp):
            wide = self._as_f32(op.input)
            if op.result.type == f32:
                Rewriter.replace_op(op, [], [wide])
            elif is_small_float(op.result.type):
                Rewriter.replace_op(op, [], [self._narrowed(wide, op)])
            else:
                op.operands[0] = wide
        else:
            if _is_small_scalar(op.input):
                op.operands[0] = self._as_f32(op.input)
            elif op.input.type != f32:
                op.operands[0] = _rounded_to_odd(op.input, op)
            if is_small_float(op.result.type):
                self.roundings.append(op)

    def _narrowed(self, wide: SSAValue, op: Operation) -> SSAValue:
        """A number of f32 in the type of the result of `op`, which has room for it."""
        rounding = arith.TruncFOp(wide, op.results[0].type)
        rounding.location = op.location
        rounding.result.name_hint = op.results[0].name_hint
        Rewriter.insert_op(rounding, InsertPoint.before(op))
        self.wide[rounding.result] = wide
        self.roundings.append(rounding)
        return rounding.result

    def _convert_through_f64(self, op: arith.SIToFPOp | arith.UIToFPOp) -> None:
        """Convert integers that f32 would round first."""
        wide = type(op).create(operands=op.operands, result_types=[f64])
        wide.location = op.location
        Rewriter.insert_op(wide, InsertPoint.before(op))
        rounding = arith.TruncFOp(_rounded_to_odd(wide.results[0], op), op.result.type)
        rounding.location = op.location
        rounding.result.name_hint = op.result.name_hint
        Rewriter.replace_op(op, rounding)

    def _as_f32(self, value: SSAValue) -> SSAValue:
        if value.type == f32:
            return value
        if value not in self.wide:
            owner = value.owner
            at = InsertPoint.at_start(owner) if isinstance(owner, Block) else InsertPoint.after(owner)
            new: arith.ConstantOp | arith.ExtFOp
            if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, FloatAttr):
                new = arith.ConstantOp(FloatAttr(owner.value.value.data, f32))
                self.roundings.append(owner)
            else:
                new = arith.ExtFOp(value, f32)
            if isinstance(value, BlockArgument):
                new.location = value.location
            elif isinstance(owner, Operation):
                new.location = owner.location
            new.result.name_hint = value.name_hint
            Rewriter.insert_op(new, at)
            self.wide[value] = new.result
        return self.wide[value]

    def _round(self, op: Operation, result: SSAValue) -> None:
        small = result.type
        wide = Rewriter.replace_value_with_new_type(result, f32)
        rounding = arith.TruncFOp(wide, small)
        rounding.location = op.location
        rounding.result.name_hint = wide.name_hint
        wide.replace_all_uses_with(rounding.result)
        rounding.operands[0] = wide
        Rewriter.insert_op(rounding, InsertPoint.after(op))
        self.wide[rounding.result] = wide
        self.roundings.append(rounding)

    def fit_yield(self, op: YieldOp) -> None:
        """Give sums that are kept in f32 their terms as such."""
        generic = op.parent_op()
        if isinstance(generic, GenericOp):
            for index, output in enumerate(generic.outputs):
                if _is_small_scalar(op.operands[index]) and not is_small_float(output.type):
                    op.operands[index] = self._as_f32(op.operands[index])

    def erase_unused(self) -> None:
        for op in reversed(self.roundings):
            if all(result.first_use is None for result in op.results):
                Rewriter.erase_op(op)


def _bits(value: SSAValue) -> int:
    kind = value.type
    assert isinstance(kind, IntegerType)
    return cast("IntegerType", kind).bitwidth


def _rounded_to_odd(value: SSAValue, before: Operation) -> SSAValue:
    """A number of f64 in f32, where rounding it once more gives what rounding once would have given.

    The number is cut off, and its last bit is 1 when anything was cut off (Boldo and Melquiond, 2008).
    """
    builder = Builder(InsertPoint.before(before))

    def put(op: Operation) -> SSAValue:
        op.location = before.location
        return builder.insert(op).results[0]

    near = put(arith.TruncFOp(value, f32))
    back = put(arith.ExtFOp(near, f64))
    is_inexact = put(arith.CmpfOp(back, value, "une"))
    is_beyond = put(arith.CmpfOp(put(math.AbsFOp(back)), put(math.AbsFOp(value)), "ogt"))
    bits = put(arith.BitcastOp(near, i32))
    cut = put(arith.SubiOp(bits, put(arith.ExtUIOp(is_beyond, i32))))
    odd = put(arith.OrIOp(cut, put(arith.ExtUIOp(is_inexact, i32))))
    return put(arith.BitcastOp(odd, f32))


def _sum_in_f32(op: GenericOp) -> None:
    """Let a reduction have f32 for each small float of its outputs."""
    if all(kind.data != IteratorType.REDUCTION for kind in op.iterator_types):
        return
    first = len(op.inputs)
    follower = op.next_op
    assert follower is not None, "a terminator follows"
    before, after = FormBuilder(op), FormBuilder(follower)
    for number, output in enumerate(op.outputs):
        if not is_small_float(output.type):
            continue
        small = tensor_type(output)
        wide = TensorType(f32, small.get_shape())
        op.operands[first + number] = before.pointwise([output], wide, _cast_to(arith.ExtFOp, f32))
        Rewriter.replace_value_with_new_type(op.body.block.args[first + number], f32)
        total = Rewriter.replace_value_with_new_type(op.results[number], wide)
        users = {use.operation for use in total.uses}
        rounded = after.pointwise([total], small, _cast_to(arith.TruncFOp, small.element_type))
        rounded.name_hint = total.name_hint
        total.replace_uses_with_if(rounded, lambda use, users=users: use.operation in users)


def _cast_to(kind: type[arith.ExtFOp | arith.TruncFOp], element: Attribute) -> Compute:
    return lambda builder, elements: builder.insert(
        kind.create(operands=[elements[0]], result_types=[element])
    ).results[0]
