"""widen-small-integers: i2 and i4 are computed with in bytes.

Before:  ^bb0(%a: i4, %b: i4, %out: i4):
           %0 = arith.addi %a, %b : i4
           %1 = arith.extui %0 : i4 to i32
After:   ^bb0(%a: i8, %b: i8, %out: i8):
           %2 = arith.addi %a, %b : i8
           %3 = arith.shli %2, %c4 : i8
           %0 = arith.shrsi %3, %c4 : i8
           %4 = arith.andi %0, %c15 : i8
           %1 = arith.extui %4 : i8 to i32

The other bits of a byte are copies of the number's sign bit, so that comparisons, also unsigned ones, maxima and
bitwise ops need nothing more. Where a result may have others, it is shifted left and right; what reads a number as
unsigned clears them first.

Requires: `pack-small-integers`, `legalize-signedness`.
Ensures:  no value is an i2 or i4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, math
from xdsl.dialects.builtin import BytesAttr, DenseIntOrFPElementsAttr, IntegerAttr, IntegerType, ModuleOp, i8
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.shaped_types import with_element_type
from zellige.dialects.small_integers import has_small_integers, is_small_integer
from zellige.passes.input.scalars import Scalars
from zellige.passes.type_rewriting import IntegerTypeRewriting

_READ_UNSIGNED = (
    arith.DivUIOp,
    arith.RemUIOp,
    arith.CeilDivUIOp,
    arith.ShRUIOp,
    arith.ExtUIOp,
    arith.UIToFPOp,
    math.CountLeadingZerosOp,
    math.CtPopOp,
)
"""Ops for which the bits above a number have to be 0."""

_FITTED = (
    arith.AddiOp,
    arith.SubiOp,
    arith.MuliOp,
    arith.ShLIOp,
    arith.ShRUIOp,
    arith.DivSIOp,
    arith.DivUIOp,
    arith.RemUIOp,
    arith.FloorDivSIOp,
    arith.CeilDivSIOp,
    arith.CeilDivUIOp,
    arith.ExtUIOp,
    arith.TruncIOp,
    arith.IndexCastOp,
    arith.FPToSIOp,
    arith.FPToUIOp,
    math.AbsIOp,
    math.IPowIOp,
    math.CountLeadingZerosOp,
    math.CountTrailingZerosOp,
    math.CtPopOp,
)
"""Ops whose result may have bits above the number that are not copies of its sign bit."""

_CASTS = (arith.ExtSIOp, arith.ExtUIOp, arith.TruncIOp)


@dataclass(frozen=True)
class WidenSmallIntegersPass(ModulePass):
    """Rewrite types and constants, and put shifts and masks around arithmetic."""

    name = "widen-small-integers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        found = [o for o in op.walk() if any(has_small_integers(v.type) for v in (*o.operands, *o.results))]
        for constant in [o for o in found if isinstance(o, arith.ConstantOp)]:
            constant.properties["value"] = _widened_constant(constant.value)
        steps = [_Step.of(o) for o in found if isinstance(o, (*_READ_UNSIGNED, *_FITTED, *_CASTS))]
        types = IntegerTypeRewriting(lambda type_: i8 if is_small_integer(type_) else type_)
        for inner in list(op.walk()) if found else ():
            types.rewrite(inner)
        for step in steps:
            step.apply()


def _widened_constant(value: Attribute) -> Attribute:
    """A number, or the numbers of a tensor, with copies of their sign bits."""
    if isinstance(value, DenseIntOrFPElementsAttr):
        dense = cast("DenseIntOrFPElementsAttr[Any]", value)
        unused = 8 - dense.get_element_type().bitwidth
        numbers = np.frombuffer(dense.data.data, np.int8) << unused >> unused
        return DenseIntOrFPElementsAttr(cast("Any", with_element_type(dense.type, i8)), BytesAttr(numbers.tobytes()))
    number = cast("IntegerAttr[IntegerType]", value)
    sign = 1 << (number.type.bitwidth - 1)
    return IntegerAttr(((number.value.data & (2 * sign - 1)) ^ sign) - sign, i8)


def _width(value: SSAValue) -> int:
    """The bits of a small integer, 0 for all other types."""
    return value.type.bitwidth if is_small_integer(value.type) else 0


@dataclass(frozen=True)
class _Step:
    """An op on scalars, and how many bits its operands and its result had."""

    op: Operation
    operand_bits: tuple[int, ...]
    result_bits: int

    @staticmethod
    def of(op: Operation) -> _Step:
        return _Step(op, tuple(map(_width, op.operands)), _width(op.results[0]))

    def apply(self) -> None:
        op = self.op
        code = Scalars(Builder(InsertPoint.before(op)), op.location)
        operands = list(op.operands)
        if isinstance(op, _READ_UNSIGNED):
            operands = [_unsigned(code, v, bits) for v, bits in zip(operands, self.operand_bits, strict=True)]
        if isinstance(op, math.CountTrailingZerosOp):
            operands = [code.emit(arith.OrIOp(operands[0], code.integer(1 << self.result_bits, operands[0])))]
        if isinstance(op, _CASTS) and operands[0].type == op.results[0].type:
            value = operands[0]
        else:
            new = op.clone()
            new.operands = operands
            value = code.emit(new)
        if self.result_bits and isinstance(op, _FITTED):
            value = _fitted(code, self._limited(code, value), self.result_bits)
        value.name_hint = value.name_hint or op.results[0].name_hint
        Rewriter.replace_op(op, [], [value])

    def _limited(self, code: Scalars, value: SSAValue) -> SSAValue:
        """What eight bits have given as what these bits give: the nearest number for a float, fewer leading zeros."""
        bits = self.result_bits
        match self.op:
            case arith.FPToSIOp():
                at_least = code.emit(arith.MaxSIOp(value, code.integer(-1 << (bits - 1), value)))
                return code.emit(arith.MinSIOp(at_least, code.integer((1 << (bits - 1)) - 1, value)))
            case arith.FPToUIOp():
                return code.emit(arith.MinUIOp(value, code.integer((1 << bits) - 1, value)))
            case math.CountLeadingZerosOp():
                return code.emit(arith.SubiOp(value, code.integer(8 - bits, value)))
            case _:
                return value


def _unsigned(code: Scalars, value: SSAValue, bits: int) -> SSAValue:
    """The number without copies of its sign bit."""
    return code.emit(arith.AndIOp(value, code.integer((1 << bits) - 1, value))) if bits else value


def _fitted(code: Scalars, value: SSAValue, bits: int) -> SSAValue:
    """The lowest bits, and copies of the highest of them."""
    distance = code.integer(8 - bits, value)
    return code.emit(arith.ShRSIOp(code.emit(arith.ShLIOp(value, distance)), distance))
