"""StableHLO ops on integers, built of `arith` and `math` so that nothing traps and every case has its result."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.stablehlo.attributes import ComparisonDirection
from zellige.dialects.stablehlo.elementwise_forms import CompareOp
from zellige.passes.input.scalars import Operands, Scalars

BinaryOp = Callable[[SSAValue, SSAValue], Operation]

_PREDICATES = {
    ComparisonDirection.EQ: "eq",
    ComparisonDirection.NE: "ne",
    ComparisonDirection.GE: "ge",
    ComparisonDirection.GT: "gt",
    ComparisonDirection.LE: "le",
    ComparisonDirection.LT: "lt",
}


def _width(value: SSAValue) -> int:
    assert isa(value.type, IntegerType)
    return value.type.bitwidth


def direction_of(op: Operation) -> ComparisonDirection:
    """What a `stablehlo.compare` asks."""
    assert isinstance(op, CompareOp)
    return op.comparison_direction.data


def predicate_of(direction: ComparisonDirection, *, is_signed: bool) -> str:
    """The predicate of `arith.cmpi`."""
    name = _PREDICATES[direction]
    return name if name in ("eq", "ne") else f"{'s' if is_signed else 'u'}{name}"


def compare_signed(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.compare(predicate_of(direction_of(op), is_signed=True), *operands)


def compare_unsigned(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.compare(predicate_of(direction_of(op), is_signed=False), *operands)


def negate(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.emit(arith.SubiOp(code.integer(0, operands[0]), operands[0]))


def invert(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.emit(arith.XOrIOp(operands[0], code.integer(-1, operands[0])))


def identity(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return operands[0]


def sign(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """-1 where the sign bit is set, else 1 where there is another."""
    x = operands[0]
    negative = code.emit(arith.ShRSIOp(x, code.integer(_width(x) - 1, x)))
    is_nonzero = code.compare("ne", x, code.integer(0, x))
    return code.emit(arith.OrIOp(negative, code.emit(arith.ExtUIOp(is_nonzero, IntegerType(_width(x))))))


def divide_signed(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x, y = operands
    quotient = code.emit(arith.DivSIOp(x, _safe_signed_divisor(code, x, y)))
    return code.select(_is_zero(code, y), code.integer(-1, x), quotient)


def divide_unsigned(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x, y = operands
    is_zero = _is_zero(code, y)
    quotient = code.emit(arith.DivUIOp(x, code.select(is_zero, code.integer(1, y), y)))
    return code.select(is_zero, code.integer(-1, x), quotient)


def remainder_signed(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x, y = operands
    rest = code.emit(arith.RemSIOp(x, _safe_signed_divisor(code, x, y)))
    return code.select(_is_zero(code, y), x, rest)


def remainder_unsigned(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x, y = operands
    is_zero = _is_zero(code, y)
    rest = code.emit(arith.RemUIOp(x, code.select(is_zero, code.integer(1, y), y)))
    return code.select(is_zero, x, rest)


def _is_zero(code: Scalars, value: SSAValue) -> SSAValue:
    return code.compare("eq", value, code.integer(0, value))


def _safe_signed_divisor(code: Scalars, x: SSAValue, y: SSAValue) -> SSAValue:
    """The divisor, but 1 where it is 0 or where the quotient would overflow: then x and 0 are the results anyway."""
    is_smallest = code.compare("eq", x, code.integer(1 << (_width(x) - 1), x))
    overflows = code.emit(arith.AndIOp(is_smallest, code.compare("eq", y, code.integer(-1, y))))
    is_unsafe = code.emit(arith.OrIOp(_is_zero(code, y), overflows))
    return code.select(is_unsafe, code.integer(1, y), y)


def power_unsigned(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """`math.ipowi` takes the exponent as signed; x^(2^(n - 1)) of n bits, which its top bit adds, is 1 or 0."""
    x, y = operands
    top = 1 << (_width(x) - 1)
    power = code.emit(math.IPowIOp(x, code.emit(arith.AndIOp(y, code.integer(top - 1, y)))))
    is_large = code.compare("slt", y, code.integer(0, y))
    is_even = _is_zero(code, code.emit(arith.AndIOp(x, code.integer(1, x))))
    return code.select(code.emit(arith.AndIOp(is_large, is_even)), code.integer(0, x), power)


def shift_left(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return _shift(code, arith.ShLIOp, operands)


def shift_right_logical(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return _shift(code, arith.ShRUIOp, operands)


def shift_right_arithmetic(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    x, y = operands
    most = code.integer(_width(x) - 1, y)
    return code.emit(arith.ShRSIOp(x, code.emit(arith.MinUIOp(y, most))))


def _shift(code: Scalars, shift: BinaryOp, operands: Operands) -> SSAValue:
    """Zero from the width on, where the op of `arith` has no result."""
    x, y = operands
    most = code.integer(_width(x) - 1, y)
    shifted = code.emit(shift(x, code.emit(arith.MinUIOp(y, most))))
    return code.select(code.compare("ugt", y, most), code.integer(0, x), shifted)
