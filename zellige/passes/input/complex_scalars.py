"""StableHLO ops on complex numbers, built of `arith` and `math` on their real and imaginary parts.

Formulas are those of C99, annex G, where they stay exact near zero and do not overflow before the result does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.dialects import arith, complex, math  # noqa: A004  (the dialect's name)
from xdsl.dialects.builtin import AnyFloat, ComplexType
from xdsl.ir import Operation, SSAValue

from zellige.dialects.stablehlo.attributes import ComparisonDirection
from zellige.dialects.stablehlo.elementwise_forms import CompareOp
from zellige.passes.input.integer_scalars import direction_of
from zellige.passes.input.scalars import Operands, Scalars


@dataclass(frozen=True)
class _Real:
    """A float with the operators of arithmetic."""

    code: Scalars
    ssa: SSAValue

    def of(self, op: Operation) -> _Real:
        return _Real(self.code, self.code.emit(op))

    def constant(self, number: float) -> _Real:
        return _Real(self.code, self.code.float(number, self.ssa))

    def _other(self, other: _Real | float) -> SSAValue:
        return other.ssa if isinstance(other, _Real) else self.code.float(other, self.ssa)

    def __add__(self, other: _Real | float) -> _Real:
        return self.of(arith.AddfOp(self.ssa, self._other(other)))

    def __sub__(self, other: _Real | float) -> _Real:
        return self.of(arith.SubfOp(self.ssa, self._other(other)))

    def __mul__(self, other: _Real | float) -> _Real:
        return self.of(arith.MulfOp(self.ssa, self._other(other)))

    def __truediv__(self, other: _Real | float) -> _Real:
        return self.of(arith.DivfOp(self.ssa, self._other(other)))

    def __neg__(self) -> _Real:
        return self.of(arith.NegfOp(self.ssa))

    def __abs__(self) -> _Real:
        return self.of(math.AbsFOp(self.ssa))

    def apply(self, function: Callable[..., Operation], *others: _Real) -> _Real:
        """A function of `math` of this number, and of others."""
        return self.of(function(self.ssa, *(other.ssa for other in others)))

    def compare(self, predicate: str, other: _Real | float) -> SSAValue:
        return self.code.compare(predicate, self.ssa, self._other(other))

    def choose(self, condition: SSAValue, otherwise: _Real | float) -> _Real:
        """The number itself where the condition holds."""
        return _Real(self.code, self.code.select(condition, self.ssa, self._other(otherwise)))


@dataclass(frozen=True)
class _Complex:
    """A complex number in its parts."""

    real: _Real
    imaginary: _Real

    @staticmethod
    def of(code: Scalars, value: SSAValue) -> _Complex:
        return _Complex(_Real(code, code.emit(complex.ReOp(value))), _Real(code, code.emit(complex.ImOp(value))))

    @property
    def ssa(self) -> SSAValue:
        element = self.real.ssa.type
        assert isinstance(element, AnyFloat)
        create = complex.CreateOp(self.real.ssa, self.imaginary.ssa, ComplexType(element))
        return self.real.code.emit(create)

    def __add__(self, other: _Complex) -> _Complex:
        return _Complex(self.real + other.real, self.imaginary + other.imaginary)

    def __sub__(self, other: _Complex) -> _Complex:
        return _Complex(self.real - other.real, self.imaginary - other.imaginary)

    def __mul__(self, other: _Complex) -> _Complex:
        a, b, c, d = self.real, self.imaginary, other.real, other.imaginary
        return _Complex(a * c - b * d, a * d + b * c)

    def __neg__(self) -> _Complex:
        return _Complex(-self.real, -self.imaginary)

    def __truediv__(self, other: _Complex) -> _Complex:
        """Smith's method: the larger part of the divisor is taken out, so that no square overflows."""
        a, b, c, d = self.real, self.imaginary, other.real, other.imaginary
        is_wide = abs(c).compare("oge", abs(d))
        large, small = c.choose(is_wide, d), d.choose(is_wide, c)
        ratio = small / large
        scale = large + small * ratio
        first, second = a.choose(is_wide, b), b.choose(is_wide, a)
        real = (first + second * ratio) / scale
        imaginary = second - first * ratio
        imaginary = imaginary.choose(is_wide, -imaginary) / scale
        zero = other.is_zero()
        return _Complex((a / abs(c)).choose(zero, real), (b / abs(c)).choose(zero, imaginary))

    def choose(self, condition: SSAValue, otherwise: _Complex) -> _Complex:
        return _Complex(
            self.real.choose(condition, otherwise.real), self.imaginary.choose(condition, otherwise.imaginary)
        )

    def magnitude(self) -> _Real:
        a, b = abs(self.real), abs(self.imaginary)
        is_wide = a.compare("oge", b)
        large, small = a.choose(is_wide, b), b.choose(is_wide, a)
        ratio = small / large
        result = large * (ratio * ratio + 1.0).apply(math.SqrtOp)
        same = small.compare("oeq", large)  # zeros and infinities have no ratio
        result = (large * 2.0**0.5).choose(same, result)
        is_infinite = large.compare("oeq", float("inf"))
        return large.choose(is_infinite, result)

    def angle(self) -> _Real:
        return self.imaginary.apply(math.Atan2Op, self.real)

    def is_zero(self) -> SSAValue:
        return (abs(self.real) + abs(self.imaginary)).compare("oeq", 0.0)

    def exp(self) -> _Complex:
        return _polar(self.real.apply(math.ExpOp), self.imaginary)

    def log(self) -> _Complex:
        return _Complex(self.magnitude().apply(math.LogOp), self.angle())

    def sqrt(self) -> _Complex:
        a, b = self.real, self.imaginary
        root = ((abs(a) + self.magnitude()) * 0.5).apply(math.SqrtOp)
        other = b / (root * 2.0)
        right = a.compare("oge", 0.0)
        real = root.choose(right, abs(other))
        imaginary = other.choose(right, root.apply(math.CopySignOp, b))
        zero = self.is_zero()
        return _Complex(real.constant(0.0).choose(zero, real), b.choose(zero, imaginary))

    def times_i(self) -> _Complex:
        return _Complex(-self.imaginary, self.real)

    def over_i(self) -> _Complex:
        return _Complex(self.imaginary, -self.real)

    def tanh(self) -> _Complex:
        a, b = self.real.apply(math.TanhOp), self.imaginary.apply(math.TanOp)
        product = a * b
        scale = product * product + 1.0
        return _Complex(a * (b * b + 1.0) / scale, b * (-(a * a) + 1.0) / scale)


def _polar(radius: _Real, angle: _Real) -> _Complex:
    return _Complex(radius * angle.apply(math.CosOp), radius * angle.apply(math.SinOp))


def _numbers(code: Scalars, operands: Operands) -> list[_Complex]:
    return [_Complex.of(code, operand) for operand in operands]


def unary(function: Callable[[_Complex], _Complex]) -> Callable[[Scalars, Operation, Operands], SSAValue]:
    """The table's form of a function of one number."""
    return lambda code, op, operands: function(_Complex.of(code, operands[0])).ssa


def binary(function: Callable[[_Complex, _Complex], _Complex]) -> Callable[[Scalars, Operation, Operands], SSAValue]:
    """The table's form of a function of two numbers."""
    return lambda code, op, operands: function(*_numbers(code, operands)).ssa


add = binary(_Complex.__add__)
subtract = binary(_Complex.__sub__)
multiply = binary(_Complex.__mul__)
divide = binary(_Complex.__truediv__)
negate = unary(_Complex.__neg__)
exp = unary(_Complex.exp)
log = unary(_Complex.log)
sqrt = unary(_Complex.sqrt)
tanh = unary(_Complex.tanh)


def magnitude(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return _Complex.of(code, operands[0]).magnitude().ssa


def real_part(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.emit(complex.ReOp(operands[0]))


def imaginary_part(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.emit(complex.ImOp(operands[0]))


def itself(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """A real number as its real part."""
    return operands[0]


def zero(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """The imaginary part of a real number."""
    return code.float(0.0, operands[0])


def create(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    real, imaginary = operands
    return _Complex(_Real(code, real), _Real(code, imaginary)).ssa


def compare(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """Equal when both parts are; complex numbers have no other order."""
    assert isinstance(op, CompareOp)
    left, right = _numbers(code, operands)
    if direction_of(op) == ComparisonDirection.EQ:
        parts = left.real.compare("oeq", right.real), left.imaginary.compare("oeq", right.imaginary)
        return code.emit(arith.AndIOp(*parts))
    parts = left.real.compare("une", right.real), left.imaginary.compare("une", right.imaginary)
    return code.emit(arith.OrIOp(*parts))


def select(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    condition, *values = operands
    then, otherwise = _numbers(code, values)
    return then.choose(condition, otherwise).ssa


def _larger(predicate: str) -> Callable[[_Complex, _Complex], _Complex]:
    """The number that comes first by its real part, then by its imaginary part."""

    def choose(left: _Complex, right: _Complex) -> _Complex:
        code = left.real.code
        by_imaginary = left.imaginary.compare(predicate, right.imaginary)
        same = left.real.compare("oeq", right.real)
        first = code.select(same, by_imaginary, left.real.compare(predicate, right.real))
        return left.choose(first, right)

    return choose


maximum = _larger("ogt")
minimum = _larger("olt")


def exp_minus_one(z: _Complex) -> _Complex:
    """e^a cos b - 1 is expm1(a) cos b - 2 sin²(b / 2), exact near zero."""
    a, b = z.real, z.imaginary
    half = (b * 0.5).apply(math.SinOp)
    real = a.apply(math.ExpM1Op) * b.apply(math.CosOp) - half * half * 2.0
    return _Complex(real, a.apply(math.ExpOp) * b.apply(math.SinOp))


def log_plus_one(z: _Complex) -> _Complex:
    """Log |1 + z| is log1p(a (2 + a) + b²) / 2 where z is small, and that of the magnitude elsewhere."""
    a, b = z.real, z.imaginary
    shifted = _Complex(a + 1.0, b)
    near = (a * (a + 2.0) + b * b).apply(math.Log1pOp) * 0.5
    is_near = (abs(a) + abs(b)).compare("olt", 0.5)
    return _Complex(near.choose(is_near, shifted.magnitude().apply(math.LogOp)), shifted.angle())


def cosine(z: _Complex) -> _Complex:
    a, b = z.real, z.imaginary
    return _Complex(
        a.apply(math.CosOp) * b.apply(math.CoshOp),
        -(a.apply(math.SinOp) * b.apply(math.SinhOp)),
    )


def sine(z: _Complex) -> _Complex:
    a, b = z.real, z.imaginary
    return _Complex(a.apply(math.SinOp) * b.apply(math.CoshOp), a.apply(math.CosOp) * b.apply(math.SinhOp))


def tangent(z: _Complex) -> _Complex:
    return z.times_i().tanh().over_i()


def logistic(z: _Complex) -> _Complex:
    one = _Complex(z.real.constant(1.0), z.real.constant(0.0))
    return one / (one + (-z).exp())


def reciprocal_root(z: _Complex) -> _Complex:
    one = _Complex(z.real.constant(1.0), z.real.constant(0.0))
    return one / z.sqrt()


def cube_root(z: _Complex) -> _Complex:
    """The root of the smallest angle."""
    root = _polar(z.magnitude().apply(math.CbrtOp), z.angle() / 3.0)
    return z.choose(z.is_zero(), root)


def power(base: _Complex, exponent: _Complex) -> _Complex:
    """exp(exponent log base); a power of zero is zero, but for the exponent zero."""
    result = (exponent * base.log()).exp()
    zero = base.real.constant(0.0)
    one = base.real.constant(1.0)
    of_zero = _Complex(one.choose(exponent.is_zero(), zero), zero)
    return of_zero.choose(base.is_zero(), result)


def sign(z: _Complex) -> _Complex:
    """Z / |z|, and zero of zero."""
    size = z.magnitude()
    return z.choose(z.is_zero(), _Complex(z.real / size, z.imaginary / size))


def angle_of(y: _Complex, x: _Complex) -> _Complex:
    """-i log((x + i y) / sqrt(x² + y²))"""
    return ((x + y.times_i()) / (x * x + y * y).sqrt()).log().over_i()
