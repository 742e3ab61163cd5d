"""Values that the math functions compute with: an SSA value with the operators of its type, scalar or vector alike.

`x * 2.0 + y` builds `arith.mulf`, `arith.addf` and the constant, of the shape of `x`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.dialects import arith as scalar_arith
from xdsl.dialects import math
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    LocationAttr,
    ShapedType,
    VectorType,
    f32,
    f64,
    i32,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue

from zellige.dialects import arith
from zellige.dialects.shaped_types import with_element_type
from zellige.maths.polynomials import COEFFICIENTS


@dataclass(frozen=True)
class Format:
    """A floating-point type, and how accurate results in it have to be (the key of the coefficients)."""

    accuracy: str
    real: Float32Type | Float64Type
    whole: IntegerType
    fraction_bits: int
    bias: int

    @property
    def min_normal(self) -> float:
        return 2.0 ** (1 - self.bias)

    @property
    def integer_shift(self) -> float:
        """Adding this rounds to an integer, which is then in the low bits."""
        return 1.5 * 2.0**self.fraction_bits

    def bits_of_power(self, exponent: int) -> int:
        """The bits of 2^exponent."""
        return (exponent + self.bias) << self.fraction_bits

    def coefficients(self, name: str) -> tuple[float, ...]:
        return COEFFICIENTS[name, self.accuracy]


F32 = Format("f32", f32, i32, 23, 127)
F64 = Format("f64", f64, i64, 52, 1023)
WIDE = Format("wide", f64, i64, 52, 1023)
"""f64 on the way to a result in f32: its exponents never overflow, and shorter polynomials do."""


@dataclass(frozen=True)
class Code:
    """Where ops go, and the shape of the values: that of `kind`. A constant is built once."""

    builder: Builder
    kind: Attribute
    location: LocationAttr
    constants: dict[Attribute, SSAValue] = field(default_factory=dict[Attribute, SSAValue])

    def insert(self, op: Operation) -> SSAValue:
        op.location = self.location
        return self.builder.insert(op).results[0]

    def shaped(self, element: Attribute) -> Attribute:
        return with_element_type(self.kind, element)

    def constant(self, element: Float32Type | Float64Type | IntegerType, value: float) -> SSAValue:
        """The constant in each element."""
        number = _wrapped(int(value), element.bitwidth) if isinstance(element, IntegerType) else value
        attribute = self._splat(element, number)
        if attribute not in self.constants:
            self.constants[attribute] = self.insert(scalar_arith.ConstantOp(attribute, self.shaped(element)))
        return self.constants[attribute]

    def _splat(
        self, element: Float32Type | Float64Type | IntegerType, value: float
    ) -> DenseIntOrFPElementsAttr | FloatAttr | IntegerAttr[IntegerType]:
        if isinstance(element, IntegerType):
            return self._dense(element, int(value)) if self._shape else IntegerAttr(int(value), element)
        return self._dense(element, value) if self._shape else FloatAttr(value, element)

    @property
    def _shape(self) -> tuple[int, ...]:
        return tuple(self.kind.get_shape()) if isinstance(self.kind, ShapedType) else ()

    def _dense(self, element: Float32Type | Float64Type | IntegerType, value: float) -> DenseIntOrFPElementsAttr:
        if isinstance(element, IntegerType):
            return DenseIntOrFPElementsAttr.from_list(VectorType(element, self._shape), [int(value)])
        if isinstance(element, Float32Type):
            return DenseIntOrFPElementsAttr.from_list(VectorType(element, self._shape), [value])
        return DenseIntOrFPElementsAttr.from_list(VectorType(element, self._shape), [value])


def _wrapped(value: int, bits: int) -> int:
    """The signed integer with the same low bits."""
    return (value + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))


@dataclass(frozen=True)
class Mask:
    """A condition for each element."""

    code: Code
    ssa: SSAValue

    def __and__(self, other: Mask) -> Mask:
        return Mask(self.code, self.code.insert(scalar_arith.AndIOp(self.ssa, other.ssa)))

    def __or__(self, other: Mask) -> Mask:
        return Mask(self.code, self.code.insert(scalar_arith.OrIOp(self.ssa, other.ssa)))

    def select(self, then: Real | float, otherwise: Real | float) -> Real:
        """Choose between two reals, at least one of which is no constant."""
        model = then if isinstance(then, Real) else otherwise
        assert isinstance(model, Real)
        return model.of(arith.SelectOp(self.ssa, model.operand(then), model.operand(otherwise)))

    def select_constant(self, format_: Format, then: float, otherwise: float) -> Real:
        condition = self.code
        values = [condition.constant(format_.real, value) for value in (then, otherwise)]
        return Real(condition, condition.insert(arith.SelectOp(self.ssa, *values)), format_)

    def select_whole(self, then: Whole | int, otherwise: Whole | int, type_: IntegerType) -> Whole:
        values = [
            value.ssa if isinstance(value, Whole) else self.code.constant(type_, value) for value in (then, otherwise)
        ]
        return Whole(self.code, self.code.insert(arith.SelectOp(self.ssa, *values)), type_)


@dataclass(frozen=True)
class Whole:
    """Integers of one width."""

    code: Code
    ssa: SSAValue
    type: IntegerType

    def _of(self, op: type[scalar_arith.SignlessIntegerBinaryOperation], other: Whole | int) -> Whole:
        right = other.ssa if isinstance(other, Whole) else self.code.constant(self.type, other)
        return Whole(self.code, self.code.insert(op(self.ssa, right)), self.type)

    def __add__(self, other: Whole | int) -> Whole:
        return self._of(scalar_arith.AddiOp, other)

    def __sub__(self, other: Whole | int) -> Whole:
        return self._of(scalar_arith.SubiOp, other)

    def __rsub__(self, other: int) -> Whole:
        return Whole(self.code, self.code.constant(self.type, other), self.type) - self

    def __mul__(self, other: Whole | int) -> Whole:
        return self._of(scalar_arith.MuliOp, other)

    def __and__(self, other: Whole | int) -> Whole:
        return self._of(scalar_arith.AndIOp, other)

    def __or__(self, other: Whole | int) -> Whole:
        return self._of(scalar_arith.OrIOp, other)

    def __xor__(self, other: Whole | int) -> Whole:
        return self._of(scalar_arith.XOrIOp, other)

    def __lshift__(self, bits: Whole | int) -> Whole:
        return self._of(scalar_arith.ShLIOp, bits)

    def __rshift__(self, bits: int) -> Whole:
        """The signed shift."""
        return self._of(scalar_arith.ShRSIOp, bits)

    def shifted_right(self, bits: Whole | int) -> Whole:
        """The unsigned shift."""
        return self._of(scalar_arith.ShRUIOp, bits)

    def compare(self, predicate: str, other: Whole | int) -> Mask:
        right = other.ssa if isinstance(other, Whole) else self.code.constant(self.type, other)
        return Mask(self.code, self.code.insert(arith.CmpiOp(self.ssa, right, predicate)))

    def as_real(self, format_: Format) -> Real:
        """The reals with these bits."""
        kind = self.code.shaped(format_.real)
        return Real(self.code, self.code.insert(scalar_arith.BitcastOp(self.ssa, kind)), format_)

    def to_real(self, format_: Format) -> Real:
        """The same numbers as reals; beyond 32 bits they have to be below 2^51.

        There is no instruction from 64-bit integers to f64 in vectors, so that the bits do it.
        """
        if self.type == i32:
            kind = self.code.shaped(format_.real)
            return Real(
                self.code, self.code.insert(arith.SIToFPOp.create(operands=[self.ssa], result_types=[kind])), format_
            )
        shift = format_.integer_shift
        magic = format_.bits_of_power(format_.fraction_bits) + (1 << (format_.fraction_bits - 1))
        return (self + magic).as_real(format_) - shift


@dataclass(frozen=True)
class Real:
    """Floating-point numbers of one format."""

    code: Code
    ssa: SSAValue
    format: Format

    def of(self, op: Operation) -> Real:
        """The result of an op, of the same format."""
        return Real(self.code, self.code.insert(op), self.format)

    def constant(self, number: float) -> Real:
        """A number of the same format."""
        return Real(self.code, self.code.constant(self.format.real, number), self.format)

    def operand(self, other: Real | float) -> SSAValue:
        return other.ssa if isinstance(other, Real) else self.code.constant(self.format.real, other)

    def __add__(self, other: Real | float) -> Real:
        return self.of(scalar_arith.AddfOp(self.ssa, self.operand(other)))

    def __sub__(self, other: Real | float) -> Real:
        return self.of(scalar_arith.SubfOp(self.ssa, self.operand(other)))

    def __rsub__(self, other: float) -> Real:
        return self.of(scalar_arith.SubfOp(self.operand(other), self.ssa))

    def __mul__(self, other: Real | float) -> Real:
        return self.of(scalar_arith.MulfOp(self.ssa, self.operand(other)))

    def __truediv__(self, other: Real | float) -> Real:
        return self.of(scalar_arith.DivfOp(self.ssa, self.operand(other)))

    def __rtruediv__(self, other: float) -> Real:
        return self.of(scalar_arith.DivfOp(self.operand(other), self.ssa))

    def __neg__(self) -> Real:
        return self.of(scalar_arith.NegfOp(self.ssa))

    def __abs__(self) -> Real:
        return self.of(math.AbsFOp(self.ssa))

    def sqrt(self) -> Real:
        return self.of(math.SqrtOp(self.ssa))

    def nearest(self) -> Real:
        """The nearest integer, ties to even."""
        return self.of(math.RoundEvenOp(self.ssa))

    def trunc(self) -> Real:
        return self.of(math.TruncOp(self.ssa))

    def with_sign_of(self, other: Real) -> Real:
        return self.of(math.CopySignOp(self.ssa, other.ssa))

    def compare(self, predicate: str, other: Real | float) -> Mask:
        return Mask(self.code, self.code.insert(arith.CmpfOp(self.ssa, self.operand(other), predicate)))

    def __lt__(self, other: Real | float) -> Mask:
        return self.compare("olt", other)

    def __gt__(self, other: Real | float) -> Mask:
        return self.compare("ogt", other)

    def equals(self, other: Real | float) -> Mask:
        return self.compare("oeq", other)

    def at_most(self, bound: float) -> Real:
        """The smaller one; NaN stays NaN. This form is one instruction (`pmin`), `minimumf` is several on x86."""
        limit = Real(self.code, self.operand(bound), self.format)
        return (limit < self).select(limit, self)

    def at_least(self, bound: float) -> Real:
        return (self < bound).select(bound, self)

    def bits(self) -> Whole:
        kind = self.code.shaped(self.format.whole)
        return Whole(self.code, self.code.insert(scalar_arith.BitcastOp(self.ssa, kind)), self.format.whole)

    def halves(self) -> tuple[Real, Real]:
        """Upper and lower half of the digits of an f64: a product of halves is exact, unless both are lower ones."""
        upper = (self.bits() & -(1 << 27)).as_real(self.format)
        return upper, self - upper

    def widen(self) -> Real:
        """f32 as f64 that is to become f32 again."""
        assert self.format == F32
        return Real(self.code, self.code.insert(scalar_arith.ExtFOp(self.ssa, self.code.shaped(f64))), WIDE)

    def narrow(self) -> Real:
        """Round to f32."""
        assert self.format == WIDE
        return Real(self.code, self.code.insert(scalar_arith.TruncFOp(self.ssa, self.code.shaped(f32))), F32)

    def coefficients(self, name: str) -> tuple[float, ...]:
        return self.format.coefficients(name)

    def polynomial(self, coefficients: Sequence[float]) -> Real:
        """The polynomial at this place, by Horner's rule. Constant term first; at least two coefficients."""
        *rest, last = coefficients
        result = self * last + rest[-1]
        for coefficient in reversed(rest[:-1]):
            result = result * self + coefficient
        return result
