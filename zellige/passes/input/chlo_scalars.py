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
from zellige.dialects.stablehlo.elementwise import Kind, kind_of
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
    """The product in twice as many bits, shifted; 64 bits in halves."""
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
    """Four products of halves; a signed product is the unsigned one less the other factor for each negative one."""
    half = code.integer(32, x)
    mask = code.integer((1 << 32) - 1, x)

    def split(value: SSAValue) -> tuple[SSAValue, SSAValue]:
        return code.emit(arith.ShRUIOp(value, half)), code.emit(arith.AndIOp(value, mask))

    def add(*values: SSAValue) -> SSAValue:
        total, *others = values
        for value in others:
            total = code.emit(arith.AddiOp(total, value))
        return total

    (x_high, x_low), (y_high, y_low) = split(x), split(y)
    low_high, _ = split(code.emit(arith.MuliOp(x_low, y_low)))
    cross_high, cross_low = split(add(code.emit(arith.MuliOp(x_high, y_low)), low_high))
    other_high, _ = split(add(code.emit(arith.MuliOp(x_low, y_high)), cross_low))
    high = add(code.emit(arith.MuliOp(x_high, y_high)), cross_high, other_high)
    if not is_signed:
        return high
    for value, other in ((x, y), (y, x)):
        sign = code.emit(arith.ShRSIOp(value, code.integer(63, value)))
        high = code.emit(arith.SubiOp(high, code.emit(arith.AndIOp(sign, other))))
    return high


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
