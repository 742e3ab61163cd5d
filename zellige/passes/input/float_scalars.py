"""StableHLO ops on floats, built of `arith` and `math`."""

from __future__ import annotations

import math as python_math
from types import MappingProxyType

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AnyFloat, IntegerType, f32
from xdsl.ir import Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.small_floats import is_small_float
from zellige.dialects.stablehlo.attributes import ComparisonDirection, ComparisonType
from zellige.dialects.stablehlo.elementwise_forms import CompareOp, ReducePrecisionOp
from zellige.passes.input.integer_scalars import direction_of, predicate_of
from zellige.passes.input.scalars import Operands, Scalars

_PREDICATES = {
    ComparisonDirection.EQ: "oeq",
    ComparisonDirection.NE: "une",
    ComparisonDirection.GE: "oge",
    ComparisonDirection.GT: "ogt",
    ComparisonDirection.LE: "ole",
    ComparisonDirection.LT: "olt",
}


def bits(code: Scalars, value: SSAValue) -> SSAValue:
    """The integer with the bits of a float."""
    assert isinstance(value.type, AnyFloat)
    return code.emit(arith.BitcastOp(value, IntegerType(value.type.bitwidth)))


def compare(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """Any comparison with NaN but NE is false, unless it is by the total order."""
    assert isinstance(op, CompareOp)
    direction = direction_of(op)
    if op.compare_type is None or op.compare_type.data != ComparisonType.TOTALORDER:
        return code.compare(_PREDICATES[direction], *operands)
    ordered = [_totally_ordered(code, operand) for operand in operands]
    return code.compare(predicate_of(direction, is_signed=True), *ordered)


def _totally_ordered(code: Scalars, value: SSAValue) -> SSAValue:
    """Signed integers in the order -NaN, -inf, …, -0, 0, …, inf, NaN: all but the sign is inverted below zero."""
    word = bits(code, value)
    assert isa(word.type, IntegerType)
    width = word.type.bitwidth
    negative = code.emit(arith.ShRSIOp(word, code.integer(width - 1, word)))
    flipped = code.emit(arith.AndIOp(negative, code.integer((1 << (width - 1)) - 1, word)))
    return code.emit(arith.XOrIOp(word, flipped))


def logistic(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x = operands[0]
    one = code.float(1.0, x)
    power = code.emit(math.ExpOp(code.emit(arith.NegfOp(x))))
    return code.emit(arith.DivfOp(one, code.emit(arith.AddfOp(one, power))))


def sign(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """1 with the sign of x where x is other than 0 and a number, else x."""
    x = operands[0]
    is_signed = code.compare("one", x, code.float(0.0, x))
    return code.select(is_signed, code.emit(math.CopySignOp(code.float(1.0, x), x)), x)


def is_finite(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x = operands[0]
    return code.compare("olt", code.emit(math.AbsFOp(x)), code.float(python_math.inf, x))


def reduce_precision(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """Round the fraction to nearest even, then what the exponents cannot hold becomes infinite or zero.

    NaN stays, but without a fraction there is none and it becomes infinite.
    """
    assert isinstance(op, ReducePrecisionOp)
    x = operands[0]
    if is_small_float(x.type):
        wide = reduce_precision(code, op, [code.emit(arith.ExtFOp(x, f32))])
        return code.emit(arith.TruncFOp(wide, x.type))
    fraction, bias = _FORMATS[_float_width(x)]
    kept, exponent_bits = op.mantissa_bits.value.data, op.exponent_bits.value.data
    word = bits(code, x)
    if kept < fraction:
        word = _round_fraction(code, word, fraction - kept)
    reduced_bias = (1 << (exponent_bits - 1)) - 1
    if reduced_bias < bias:
        word = _limit_exponent(code, word, fraction, range(bias - reduced_bias + 1, bias + reduced_bias + 1))
    rounded = code.emit(arith.BitcastOp(word, x.type))
    not_a_number = x if kept else code.emit(math.CopySignOp(code.float(python_math.inf, x), x))
    return code.select(code.compare("uno", x, x), not_a_number, rounded)


_FORMATS = MappingProxyType({32: (23, 127), 64: (52, 1023)})
"""Width of a float -> bits of its fraction, bias of its exponent."""


def _float_width(value: SSAValue) -> int:
    assert isinstance(value.type, AnyFloat)
    return value.type.bitwidth


def _round_fraction(code: Scalars, word: SSAValue, dropped: int) -> SSAValue:
    """Add a half, and a bit less where that makes it even; then clear what is dropped. A carry raises the exponent."""
    last = code.emit(arith.AndIOp(code.emit(arith.ShRUIOp(word, code.integer(dropped, word))), code.integer(1, word)))
    half = code.emit(arith.AddiOp(last, code.integer((1 << (dropped - 1)) - 1, word)))
    return code.emit(arith.AndIOp(code.emit(arith.AddiOp(word, half)), code.integer(-(1 << dropped), word)))


def _limit_exponent(code: Scalars, word: SSAValue, fraction: int, normal: range) -> SSAValue:
    """Infinite above the biased exponents in `normal`, zero below, with the sign."""
    assert isa(word.type, IntegerType)
    width = word.type.bitwidth
    exponents = (1 << (width - 1)) - (1 << fraction)
    sign_bit = code.emit(arith.AndIOp(word, code.integer(1 << (width - 1), word)))
    exponent = code.emit(arith.AndIOp(word, code.integer(exponents, word)))
    infinite = code.emit(arith.OrIOp(sign_bit, code.integer(exponents, word)))
    is_small = code.compare("ult", exponent, code.integer(normal.start << fraction, word))
    is_large = code.compare("ugt", exponent, code.integer((normal.stop - 1) << fraction, word))
    return code.select(is_large, infinite, code.select(is_small, sign_bit, word))
