"""Run what `expand-math-functions` makes of one function with numpy, and measure its errors in ulp.

Each op rounds as WebAssembly does. With `Fusing.SINGLE` a product that only a sum uses is not rounded before the sum,
with `Fusing.ALL` no product that a sum uses is: engines and compilers may do both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FloatAttr, IntegerAttr, ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue

from zellige.compiler import universe
from zellige.dialects.shaped_types import element_type
from zellige.maths import numerics
from zellige.passes.lowering.expand_math_functions import ExpandMathFunctionsPass
from zellige.support.parsing import parse_module

Array = npt.NDArray[Any]


class Fusing(Enum):
    NONE = "none"
    SINGLE = "single"
    ALL = "all"


DTYPES = {
    name: np.dtype(dtype)
    for name, dtype in {
        "f32": np.float32,
        "f64": np.float64,
        "i1": np.bool_,
        "i8": np.int8,
        "i16": np.int16,
        "i32": np.int32,
        "i64": np.int64,
    }.items()
}


def dtype_of(kind: Attribute) -> np.dtype[Any]:
    return DTYPES[str(element_type(kind))]


def expand(text: str) -> ModuleOp:
    """Read a module and expand its math functions."""
    context = universe.context()
    module = parse_module(text, "test.mlir", context)
    module.verify()
    ExpandMathFunctionsPass().apply(context, module)
    module.verify()
    return module


def function_text(op: str, kind: str) -> str:
    """A function that applies `op` (a name, or a name and the type of a second operand) to its arguments."""
    name, _, second = op.partition(" ")
    binary = name in ("powf", "atan2", "ipowi", "fpowi")
    if not binary:
        return f"func.func @f(%x: {kind}) -> {kind} {{ %r = math.{name} %x : {kind} func.return %r : {kind} }}"
    second_kind = second or kind
    types = f"{kind}, {second_kind}" if name == "fpowi" else kind
    return (
        f"func.func @f(%x: {kind}, %y: {second_kind}) -> {kind} "
        f"{{ %r = math.{name} %x, %y : {types} func.return %r : {kind} }}"
    )


@dataclass(frozen=True)
class Expanded:
    """The one function of an expanded module."""

    module: ModuleOp

    @cached_property
    def function(self) -> func.FuncOp:
        return next(op for op in self.module.ops if isinstance(op, func.FuncOp))

    @property
    def op_names(self) -> list[str]:
        """Names of the ops, without constants and the return."""
        names = [op.name for op in self.function.body.block.ops]
        return [name for name in names if name not in ("arith.constant", "func.return")]

    def __call__(self, *arguments: Array, fusing: Fusing = Fusing.NONE) -> Array:
        """Apply to arrays of any one shape: each element is a lane."""
        block = self.function.body.block
        values: dict[SSAValue, Array] = dict(zip(block.args, arguments, strict=True))
        with np.errstate(all="ignore"):
            for op in block.ops:
                if isinstance(op, func.ReturnOp):
                    return values[op.operands[0]]
                values[op.results[0]] = _evaluate(op, values, fusing)
        raise AssertionError("a function ends in a return")


def _evaluate(op: Operation, values: dict[SSAValue, Array], fusing: Fusing) -> Array:
    dtype = dtype_of(op.results[0].type)
    if isinstance(op, arith.ConstantOp):
        return _constant(op, dtype)
    operands = [values[operand] for operand in op.operands]
    if isinstance(op, arith.AddfOp | arith.SubfOp):
        fused = _fused(op, values, fusing)
        if fused is not None:
            return fused
    if isinstance(op, arith.CmpfOp):
        return numerics.compare_floats(op.predicate.value.data, *operands)
    if isinstance(op, arith.CmpiOp):
        return numerics.compare_integers(op.predicate.value.data, *operands)
    if op.name in numerics.CASTS:
        return numerics.cast(op.name, operands[0], dtype)
    result = numerics.EXACT[op.name](*operands)
    assert result.dtype == dtype, f"{op.name} gave {result.dtype}, expected {dtype}"
    return result


def _constant(op: arith.ConstantOp, dtype: np.dtype[Any]) -> Array:
    value = op.value
    if isinstance(value, DenseIntOrFPElementsAttr):
        return np.array(value.get_values()[0], dtype)
    assert isinstance(value, IntegerAttr | FloatAttr)
    return np.array(value.value.data, dtype)


def _fused(op: arith.AddfOp | arith.SubfOp, values: dict[SSAValue, Array], fusing: Fusing) -> Array | None:
    """The sum with one rounding, where an operand is a product that may be fused."""
    if fusing == Fusing.NONE:
        return None
    for place in (0, 1):
        product = op.operands[place].owner
        if not isinstance(product, arith.MulfOp):
            continue
        if fusing == Fusing.SINGLE and not product.result.has_one_use():
            continue
        other = values[op.operands[1 - place]]
        wide = np.float64 if other.dtype == np.float32 else np.longdouble
        exact = values[product.lhs].astype(wide) * values[product.rhs].astype(wide)
        if isinstance(op, arith.AddfOp):
            return (exact + other).astype(other.dtype)
        return ((exact - other) if place == 0 else (other - exact)).astype(other.dtype)
    return None


def ulp_errors(got: Array, true: Array) -> Array:
    """|got - true| in units of the last place of the correctly rounded result.

    `true` has more precision than `got`. NaN, an infinity or the sign of a zero where the rounded result has another
    counts as infinitely wrong; the largest number next to infinity counts as 1.
    """
    with np.errstate(all="ignore"):
        rounded = true.astype(got.dtype)
        spacing = np.spacing(np.abs(rounded)).astype(true.dtype)
        errors = np.abs(got.astype(true.dtype) - true) / spacing
        special = ~np.isfinite(rounded) | ~np.isfinite(got)
        same = (np.isnan(got) & np.isnan(rounded)) | (got == rounded)
        errors = np.where(special, np.where(same, 0.0, np.inf), errors)
        wrong_zero = (got == 0) & (np.signbit(got) != np.signbit(rounded))
        largest = np.finfo(got.dtype).max
        borders_infinity = np.isinf(rounded) & (np.abs(got) == largest) | np.isinf(got) & (np.abs(rounded) == largest)
        errors = np.where(borders_infinity & (np.signbit(got) == np.signbit(rounded)), 1.0, errors)
    return np.where(wrong_zero, np.inf, errors)


def _error_function(x: Array) -> Array:
    return np.array([math.erf(value) for value in x.astype(np.float64).ravel()]).reshape(x.shape)


def _reciprocal_root(x: Array) -> Array:
    return 1 / np.sqrt(x)


ORACLES: Mapping[str, Callable[..., Array]] = MappingProxyType(
    {
        "exp": np.exp,
        "exp2": np.exp2,
        "expm1": np.expm1,
        "sinh": np.sinh,
        "cosh": np.cosh,
        "tanh": np.tanh,
        "log": np.log,
        "log2": np.log2,
        "log10": np.log10,
        "log1p": np.log1p,
        "asinh": np.arcsinh,
        "acosh": np.arccosh,
        "atanh": np.arctanh,
        "sin": np.sin,
        "cos": np.cos,
        "tan": np.tan,
        "asin": np.arcsin,
        "acos": np.arccos,
        "atan": np.arctan,
        "atan2": np.arctan2,
        "powf": np.power,
        "rsqrt": _reciprocal_root,
        "cbrt": np.cbrt,
        "erf": _error_function,
    }
)
"""What the functions are. They are called with more precision than the result has: f64 for f32, x87 numbers for f64."""

LIMITS_F32: Mapping[str, float] = MappingProxyType(
    {
        "exp": 1.3,
        "exp2": 1.2,
        "expm1": 1.6,
        "sinh": 1.8,
        "cosh": 1.8,
        "tanh": 3.2,
        "log": 0.9,
        "log2": 1.7,
        "log10": 2.0,
        "log1p": 1.5,
        "asinh": 0.51,
        "acosh": 0.51,
        "atanh": 0.51,
        "sin": 1.7,
        "cos": 1.7,
        "tan": 3.6,
        "asin": 2.6,
        "acos": 1.3,
        "atan": 2.1,
        "atan2": 0.51,
        "powf": 0.51,
        "rsqrt": 1.51,
        "cbrt": 0.51,
        "erf": 3.2,
    }
)
"""Largest errors in ulp for f32, fused or not; `docs/math.md` has what was measured."""

LIMITS_F64: Mapping[str, float] = MappingProxyType(
    {
        "exp": 1.3,
        "exp2": 1.3,
        "expm1": 2.7,
        "sinh": 1.8,
        "cosh": 1.7,
        "tanh": 3.2,
        "log": 0.9,
        "log2": 1.7,
        "log10": 2.0,
        "log1p": 1.5,
        "asinh": 2.0,
        "acosh": 2.5,
        "atanh": 2.0,
        "sin": 0.8,
        "cos": 0.8,
        "tan": 2.4,
        "asin": 2.6,
        "acos": 1.3,
        "atan": 1.7,
        "atan2": 1.8,
        "powf": 2.0,
        "rsqrt": 1.51,
        "cbrt": 2.0,
        "erf": 3.1,
    }
)
"""The same for f64. The oracle of erf is itself only good to one ulp."""


def true_values(name: str, *arguments: Array) -> Array:
    wide = np.float64 if arguments[0].dtype == np.float32 and name != "sinh" else np.longdouble
    with np.errstate(all="ignore"):
        return ORACLES[name](*(argument.astype(wide) for argument in arguments))
