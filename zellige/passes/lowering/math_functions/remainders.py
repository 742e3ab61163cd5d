"""The remainder of floats, by long division: the one function that needs a loop."""

from __future__ import annotations

import math as python_math

from xdsl.builder import Builder
from xdsl.dialects import scf
from xdsl.dialects.vector import CombiningKindFlag
from xdsl.ir import Block, Region
from xdsl.rewriter import InsertPoint

from zellige.dialects.shaped_types import is_vector
from zellige.dialects.vector_reductions import reduce_across
from zellige.passes.lowering.math_functions.values import Code, Real, Whole

SCALE_BITS = 54
"""A denormal number becomes normal when multiplied with 2 to this."""


def remainder(x: Real, y: Real) -> Real:
    """C's fmod in f64, exact: NaN for an infinite x and for y = 0.

    |y| times the largest power of two that fits comes off |x|, again and again until no lane has anything left.
    """
    dividend, divisor = abs(x), abs(y)
    is_defined = (dividend < python_math.inf) & (divisor > 0.0)
    divisor, start = is_defined.select(divisor, 1.0), is_defined.select(dividend, 0.0)
    normal_divisor, exponent = _normal(divisor)
    loop = scf.WhileOp(
        [start.ssa], [start.ssa.type], _while_any(start, divisor), _subtract(start, divisor, normal_divisor, exponent)
    )
    rest = start.of(loop)
    return is_defined.select(rest, python_math.nan).with_sign_of(x)


def _normal(x: Real) -> tuple[Real, Whole]:
    """(2^54 x where x is denormal, the exponent field of x): beyond the field where it is denormal."""
    format_ = x.format
    is_small = x < format_.min_normal
    normal = is_small.select(x * 2.0**SCALE_BITS, x)
    field = normal.bits().shifted_right(format_.fraction_bits)
    return normal, field - is_small.select_whole(SCALE_BITS, 0, format_.whole)


def _block_of(like: Real) -> tuple[Block, Real]:
    """A block with one argument, and that as a real whose ops go into the block."""
    block = Block(arg_types=[like.ssa.type])
    code = Code(Builder(InsertPoint.at_end(block)), like.code.kind, like.code.location)
    return block, Real(code, block.args[0], like.format)


def _while_any(start: Real, divisor: Real) -> Region:
    """Go on while any lane is not less than the divisor."""
    block, rest = _block_of(start)
    goes_on = rest.compare("oge", divisor).ssa
    if is_vector(goes_on.type):
        goes_on = reduce_across(rest.code.builder, CombiningKindFlag.OR, goes_on)
    block.add_op(scf.ConditionOp(goes_on, rest.ssa))
    return Region(block)


def _subtract(start: Real, divisor: Real, normal_divisor: Real, exponent: Whole) -> Region:
    """Take off the divisor times a power of two; the difference is exact because it is at most half of the rest."""
    block, rest = _block_of(start)
    _, rest_exponent = _normal(rest)
    is_scaled = divisor < divisor.format.min_normal
    scale = rest_exponent - exponent - is_scaled.select_whole(SCALE_BITS, 0, exponent.type)
    half = scale >> 1
    multiple = Real(rest.code, normal_divisor.ssa, divisor.format)
    for part in (half, scale - half):
        power = (part + divisor.format.bias) << divisor.format.fraction_bits
        multiple = multiple * power.as_real(divisor.format)
    multiple = (multiple > rest).select(multiple * 0.5, multiple)
    following = rest.compare("oge", divisor).select(rest - multiple, rest)
    block.add_op(scf.YieldOp(following.ssa))
    return Region(block)
