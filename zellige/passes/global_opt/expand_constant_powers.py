"""expand-constant-powers: a power whose exponent is a small whole constant is a few multiplications.

Before:  %c3 = arith.constant 3 : i64                  After:  %0 = arith.mulf %x, %x : f32
         %y = math.fpowi %x, %c3 : f32, i64                    %y = arith.mulf %x, %0 : f32

         %two = arith.constant 2.0 : f32
         %z = math.powf %x, %two : f32                         %z = arith.mulf %x, %x : f32

A negative exponent divides 1 by the power. `math.powf` is replaced for the exponents 1 and 2 only, where the product is
the correctly rounded power.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IntegerAttr, ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

LARGEST_EXPONENT = 64
"""Powers beyond this are left to `expand-math-functions`."""


@dataclass(frozen=True)
class ExpandConstantPowersPass(ModulePass):
    """Multiply out scalar powers with constant exponents."""

    name = "expand-constant-powers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for power in [o for o in op.walk() if isinstance(o, math.FPowIOp | math.PowFOp)]:
            exponent = _exponent(power)
            if exponent is None:
                continue
            builder = Builder(InsertPoint.before(power))
            result = _power(builder, power, exponent)
            if result.name_hint is None:
                result.name_hint = power.results[0].name_hint
            power.results[0].replace_all_uses_with(result)
            power.detach()
            power.erase()


def _exponent(op: Operation) -> int | None:
    """The exponent, if it is a constant to multiply out."""
    if not isinstance(op.operands[0].type, AnyFloat):
        return None
    constant = op.operands[1].owner
    if not isinstance(constant, arith.ConstantOp):
        return None
    match constant.value:
        case IntegerAttr() as value if abs(value.value.data) <= LARGEST_EXPONENT:
            return value.value.data
        case FloatAttr() as value if value.value.data in (1.0, 2.0):
            return int(value.value.data)
        case _:
            return None


def _power(builder: Builder, op: Operation, exponent: int) -> SSAValue:
    """The power by repeated squaring."""
    base = op.operands[0]
    element = base.type
    assert isinstance(element, AnyFloat)

    def add(new: Operation) -> SSAValue:
        new.location = op.location
        return builder.insert(new).results[0]

    result: SSAValue | None = None
    square, left = base, abs(exponent)
    while left:
        if left & 1:
            result = square if result is None else add(arith.MulfOp(result, square))
        left >>= 1
        if left:
            square = add(arith.MulfOp(square, square))
    if result is None or exponent < 0:
        one = add(arith.ConstantOp(FloatAttr(1.0, element)))
        result = one if result is None else add(arith.DivfOp(one, result))
    return result
