"""How many roundings a result of a kernel goes through, for the bound in docs/equivalence.md."""

from __future__ import annotations

import math

from xdsl.dialects import arith
from xdsl.dialects import math as math_dialect
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation, SSAValue

from zellige.analysis.structured import structured
from zellige.dialects.flow import ExecutableOp

_ROUNDING = (arith.AddfOp, arith.SubfOp, arith.MulfOp, arith.DivfOp, arith.TruncFOp, arith.SIToFPOp, arith.UIToFPOp)
_EXPONENTIAL = ("math.exp", "math.exp2", "math.expm1", "math.sinh", "math.cosh", "math.powf", "math.fpowi")

FUNCTION_STEPS = 16
"""Of a function: its own error (docs/math.md, at most 3.15 ulp) and what an error of its argument becomes."""

EXPONENTIAL_STEPS = 128 + FUNCTION_STEPS
"""exp multiplies the relative error of its argument by the argument, which is at most 104 where f32 has a result."""


def rounding_steps(executable: ExecutableOp) -> int:
    """Roundings on the longest way to a result: every op of the kernel may stand on it.

    A reduction adds up all its iterations, whatever their order, and a product in each of them rounds once.
    """
    generics = [op for op in executable.kernel.walk() if isinstance(op, GenericOp)]
    return sum(map(_generic_steps, generics))


def _generic_steps(op: GenericOp) -> int:
    view = structured(op)
    iterations = math.prod(view.static_extents[loop] for loop in view.reduction_loops)
    accumulated: set[SSAValue] = set(op.body.block.args[len(op.inputs) :])
    once, each = 0, 0
    for inner in op.body.block.walk():
        if any(operand in accumulated for operand in inner.operands):
            accumulated.update(inner.results)
            each += _op_steps(inner)
        else:
            once += _op_steps(inner)
    return once + each * iterations


def _op_steps(op: Operation) -> int:
    if isinstance(op, _ROUNDING):
        return 1
    if isinstance(op, math_dialect.SqrtOp):
        return 1
    if op.name in _EXPONENTIAL:
        return EXPONENTIAL_STEPS
    return FUNCTION_STEPS if op.dialect_name() == "math" else 0
