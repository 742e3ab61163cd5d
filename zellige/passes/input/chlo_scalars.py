"""What CHLO ops compute on scalars: ops of `math` where there is one, else the sums and series of `special_functions`.

These are computed in f64 and rounded once to the type of the elements.
"""

from __future__ import annotations

import math as python_math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AnyFloat, IntegerType, f64
from xdsl.ir import Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects import chlo
from zellige.dialects.shaped_types import element_type
from zellige.dialects.stablehlo.element_kinds import Kind, kind_of
from zellige.passes.input import special_functions
from zellige.passes.input.float_scalars import bits
from zellige.passes.input.integer_scalars import identity
from zellige.passes.input.scalars import Function, Operands, Scalars
from zellige.passes.lowering.math_functions.values import F64, Code, Real


def _op(make: Callable[..., Operation]) -> Mapping[Kind, Function]:
    """A function that `math` has."""
    return MappingProxyType({Kind.FLOAT: lambda code, op, operands: code.emit(make(*operands))})


def _in_f64(function: Callable[..., Real]) -> Mapping[Kind, Function]:
    """A function of f64, for narrower operands too."""

    def compute(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
        type_ = operands[0].type
        values = [operand if type_ == f64 else code.emit(arith.ExtFOp(operand, f64)) for operand in operands]
        inner = Code(code.builder, f64, code.location)
        result = function(*(Real(inner, value, F64) for value in values)).ssa
        assert isinstance(type_, AnyFloat)
        return result if type_ == f64 else code.emit(arith.TruncFOp(result, type_))

    return MappingProxyType({Kind.FLOAT: compute})


def _square(multiply: Callable[..., Operation]) -> Function:
    return lambda code, op, operands: code.emit(multiply(operands[0], operands[0]))


def _is_inf(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return _equals(code, code.emit(math.AbsFOp(operands[0])), python_math.inf)


def _is_pos_inf(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return _equals(code, operands[0], python_math.inf)


def _is_neg_inf(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return _equals(code, operands[0], -python_math.inf)


def _equals(code: Scalars, value: SSAValue, number: float) -> SSAValue:
    return code.compare("oeq", value, code.float(number, value))


def _next_after(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """The bits plus or minus one: away from zero when both directions agree. From 0 it is the smallest number."""
    x, y = operands
    word = bits(code, x)
    assert isa(word.type, IntegerType)
    sign_bit = code.integer(1 << (word.type.bitwidth - 1), word)
    is_zero = _equals(code, x, 0.0)
    is_negative = code.compare("slt", word, code.integer(0, word))
    goes_up = code.compare("olt", x, y)
    grows = code.emit(arith.XOrIOp(goes_up, is_negative))
    step = code.select(grows, code.integer(1, word), code.integer(-1, word))
    moved = code.emit(arith.AddiOp(word, step))
    smallest = code.emit(arith.OrIOp(code.emit(arith.AndIOp(bits(code, y), sign_bit)), code.integer(1, word)))
    moved = code.select(is_zero, smallest, moved)
    result = code.emit(arith.BitcastOp(moved, x.type))
    result = code.select(code.compare("oeq", x, y), y, result)
    return code.select(code.compare("uno", x, y), code.emit(arith.AddfOp(x, y)), result)


def _mulhi(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """The product in twice as many bits, shifted; 64 bits in parts."""
    is_signed = kind_of(element_type(op.operands[0].type)) == Kind.SIGNED
    x, y = operands
    assert isa(x.type, IntegerType)
    width = x.type.bitwidth
    if width == 64:
        return _mulhi_of_words(code, x, y, is_signed=is_signed)
    wide = IntegerType(2 * width)
    extend = arith.ExtSIOp if is_signed else arith.ExtUIOp
    product = code.emit(arith.MuliOp(code.emit(extend(x, wide)), code.emit(extend(y, wide))))
    return code.emit(arith.TruncIOp(code.emit(arith.ShRUIOp(product, code.integer(width, product))), x.type))


def _mulhi_of_words(code: Scalars, x: SSAValue, y: SSAValue, *, is_signed: bool) -> SSAValue:
    """Products of 16 and 32 bits, added up from the lowest ones; what is carried on is what a sum has above 16 bits.

    Halves would do, but LLVM makes a product of 128 bits of these, which is a call of a library.
    """

    def add(*values: SSAValue) -> SSAValue:
        total, *others = values
        for value in others:
            total = code.emit(arith.AddiOp(total, value))
        return total

    def part(value: SSAValue, place: int, bits: int) -> SSAValue:
        shifted = code.emit(arith.ShRUIOp(value, code.integer(place, value)))
        return code.emit(arith.AndIOp(shifted, code.integer((1 << bits) - 1, value)))

    quarters, halves = [part(x, place, 16) for place in (0, 16, 32, 48)], [part(y, place, 32) for place in (0, 32)]
    low, high = ([code.emit(arith.MuliOp(quarter, half)) for quarter in quarters] for half in halves)
    step = code.integer(16, x)
    total = low[0]
    for products in ([low[1]], [low[2], high[0]], [low[3], high[1]], [high[2]]):
        total = add(code.emit(arith.ShRUIOp(total, step)), *products)
    result = add(total, code.emit(arith.ShLIOp(high[3], step)))
    if not is_signed:
        return result
    for value, other in ((x, y), (y, x)):
        sign = code.emit(arith.ShRSIOp(value, code.integer(63, value)))
        result = code.emit(arith.SubiOp(result, code.emit(arith.AndIOp(sign, other))))
    return result


CHLO_FUNCTIONS: Mapping[type[Operation], Mapping[Kind, Function]] = MappingProxyType(
    {
        chlo.AcosOp: _op(math.AcosOp),
        chlo.AcoshOp: _op(math.AcoshOp),
        chlo.AsinOp: _op(math.AsinOp),
        chlo.AsinhOp: _op(math.AsinhOp),
        chlo.AtanOp: _op(math.AtanOp),
        chlo.AtanhOp: _op(math.AtanhOp),
        chlo.BesselI1eOp: _in_f64(special_functions.bessel_i1e),
        chlo.ConjOp: {Kind.FLOAT: identity, Kind.SIGNED: identity, Kind.UNSIGNED: identity},
        chlo.CoshOp: _op(math.CoshOp),
        chlo.DigammaOp: _in_f64(special_functions.digamma),
        chlo.ErfOp: _op(math.ErfOp),
        chlo.ErfcOp: _in_f64(special_functions.erfc),
        chlo.ErfInvOp: _in_f64(special_functions.erf_inv),
        chlo.IsInfOp: {Kind.FLOAT: _is_inf},
        chlo.IsNegInfOp: {Kind.FLOAT: _is_neg_inf},
        chlo.IsPosInfOp: {Kind.FLOAT: _is_pos_inf},
        chlo.LgammaOp: _in_f64(special_functions.lgamma),
        chlo.MulhiOp: {Kind.SIGNED: _mulhi, Kind.UNSIGNED: _mulhi},
        chlo.NextAfterOp: {Kind.FLOAT: _next_after},
        chlo.PolygammaOp: _in_f64(special_functions.polygamma),
        chlo.SinhOp: _op(math.SinhOp),
        chlo.SquareOp: {
            Kind.FLOAT: _square(arith.MulfOp),
            Kind.SIGNED: _square(arith.MuliOp),
            Kind.UNSIGNED: _square(arith.MuliOp),
        },
        chlo.TanOp: _op(math.TanOp),
        chlo.ZetaOp: _in_f64(special_functions.zeta),
    }
)
"""The ops of CHLO that are functions of scalars. Types without signs, as in `stablehlo_scalars`."""
