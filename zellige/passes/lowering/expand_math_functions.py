"""expand-math-functions: compute the functions of `math` with arithmetic, because WebAssembly has no library of them.

Before:  %y = math.rsqrt %x : vector<4xf32>
After:   %one = arith.constant dense<1.0> : vector<4xf32>
         %root = math.sqrt %x : vector<4xf32>
         %y = arith.divf %one, %root : vector<4xf32>

The algorithms are in `math_functions/`, their errors in `docs/math.md`. They hold with and without fused multiply-add.
A function of f32 that is rarely used is computed in f64 and rounded.

Ensures:  no `arith.remf` is left, and of `math` only instructions (sqrt, absf, floor, ceil, trunc, roundeven, copysign,
          ctpop, ctlz, cttz) and fma.
Fails:    for a function in an element type that it is not written for: `absi` and `ipowi` on index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, math
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, IntegerAttr, IntegerType, ModuleOp, f32, f64, i32
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.arith import RemfOp
from zellige.dialects.shaped_types import element_type
from zellige.passes.lowering.math_functions import (
    error_function,
    exponentials,
    logarithms,
    powers,
    remainders,
    rounding,
    trigonometry,
)
from zellige.passes.lowering.math_functions.values import F32, F64, Code, Real, Whole
from zellige.support.errors import CompileError, Note

RealFunction = Callable[..., Real]

CHAINED_POWERS = 64
"""Up to here a constant integer exponent becomes a chain of multiplications."""


@dataclass(frozen=True)
class _Function:
    """How a function is computed in each element type."""

    f32: RealFunction
    f64: RealFunction


def _in_wide(function: RealFunction) -> RealFunction:
    """The function of f32 that is computed in f64 and rounded."""
    return lambda *arguments: function(*(argument.widen() for argument in arguments)).narrow()


def _same(function: RealFunction) -> _Function:
    return _Function(function, function)


def _wide(function: RealFunction) -> _Function:
    return _Function(_in_wide(function), function)


FUNCTIONS: Mapping[type[Operation], _Function] = MappingProxyType(
    {
        math.ExpOp: _same(exponentials.exp),
        math.Exp2Op: _same(exponentials.exp2),
        math.ExpM1Op: _same(exponentials.expm1),
        math.SinhOp: _same(exponentials.sinh),
        math.CoshOp: _same(exponentials.cosh),
        math.TanhOp: _same(exponentials.tanh),
        math.LogOp: _same(logarithms.log),
        math.Log2Op: _same(logarithms.log2),
        math.Log10Op: _same(logarithms.log10),
        math.Log1pOp: _same(logarithms.log1p),
        math.AsinhOp: _wide(logarithms.asinh),
        math.AcoshOp: _wide(logarithms.acosh),
        math.AtanhOp: _wide(logarithms.atanh),
        math.SinOp: _Function(trigonometry.sin, trigonometry.sin_f64),
        math.CosOp: _Function(trigonometry.cos, trigonometry.cos_f64),
        math.TanOp: _Function(trigonometry.tan, trigonometry.tan_f64),
        math.AsinOp: _same(trigonometry.asin),
        math.AcosOp: _same(trigonometry.acos),
        math.AtanOp: _same(trigonometry.atan),
        math.Atan2Op: _wide(trigonometry.atan2),
        math.PowFOp: _Function(_in_wide(powers.powf), powers.powf_f64),
        math.RsqrtOp: _same(powers.rsqrt),
        math.CbrtOp: _wide(powers.cbrt),
        math.ErfOp: _Function(error_function.erf_f32, error_function.erf_f64),
        RemfOp: _wide(remainders.remainder),
        math.RoundOp: _same(rounding.round_half_away),
    }
)


@dataclass(frozen=True)
class ExpandMathFunctionsPass(ModulePass):
    """Replace each op of `math` that has no instruction."""

    name = "expand-math-functions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.walk() if type(o) in _EXPANDED]:
            self._expand(function)

    def _expand(self, op: Operation) -> None:
        code = Code(Builder(InsertPoint.before(op)), op.results[0].type, op.location)
        if isinstance(op, math.FPowIOp):
            result = self._power_of_real(op, code)
        elif isinstance(op, (math.IPowIOp, math.AbsIOp)):
            result = self._whole_function(op, code)
        else:
            result = self._real_function(op, code)
        result.name_hint = op.results[0].name_hint
        Rewriter.replace_op(op, [], [result])

    def _real_function(self, op: Operation, code: Code) -> SSAValue:
        element = element_type(op.results[0].type)
        function = FUNCTIONS[type(op)]
        if element == f32:
            return function.f32(*(Real(code, operand, F32) for operand in op.operands)).ssa
        if element == f64:
            return function.f64(*(Real(code, operand, F64) for operand in op.operands)).ssa
        raise self._unsupported(op, "f32 and f64")

    def _power_of_real(self, op: math.FPowIOp, code: Code) -> SSAValue:
        element = element_type(op.lhs.type)
        exponent = _constant_exponent(op.rhs)
        if element in (f32, f64) and exponent is not None and abs(exponent) <= CHAINED_POWERS:
            return powers.power_by_chain(Real(code, op.lhs, F32 if element == f32 else F64), exponent).ssa
        if element not in (f32, f64):
            raise self._unsupported(op, "f32 and f64")
        if element_type(op.rhs.type) != i32:
            raise self._unsupported(op, "exponents of type i32")
        whole = Whole(code, op.rhs, i32)
        if element == f64:
            return powers.powf_f64(Real(code, op.lhs, F64), whole.to_real(F64)).ssa
        return powers.powi(Real(code, op.lhs, F32).widen(), whole).narrow().ssa

    def _whole_function(self, op: math.IPowIOp | math.AbsIOp, code: Code) -> SSAValue:
        element = element_type(op.result.type)
        if not isinstance(element, IntegerType):
            raise self._unsupported(op, "integers of fixed width")
        width = IntegerType(element.bitwidth)
        if isinstance(op, math.AbsIOp):
            return rounding.magnitude(Whole(code, op.operand, width)).ssa
        base = Whole(code, op.lhs, width)
        exponent = _constant_exponent(op.rhs)
        if exponent is not None and 0 <= exponent <= CHAINED_POWERS:
            return powers.whole_power_by_chain(base, exponent).ssa
        return powers.whole_power(base, Whole(code, op.rhs, width)).ssa

    def _unsupported(self, op: Operation, expected: str) -> CompileError:
        kinds = ", ".join(str(operand.type) for operand in op.operands)
        return CompileError(
            f"'{op.name}' on {kinds} is not supported",
            op=op,
            notes=(Note(f"it is written for {expected}"),),
            pass_name=self.name,
        )


_EXPANDED = frozenset((*FUNCTIONS, math.FPowIOp, math.IPowIOp, math.AbsIOp))


def _constant_exponent(value: SSAValue) -> int | None:
    """The exponent, if it is the same constant for all elements."""
    owner = value.owner
    if not isinstance(owner, arith.ConstantOp):
        return None
    attribute = owner.value
    if isinstance(attribute, DenseIntOrFPElementsAttr) and attribute.is_splat():
        number = attribute.get_values()[0]
        return number if isinstance(number, int) else None
    return attribute.value.data if isinstance(attribute, IntegerAttr) else None
