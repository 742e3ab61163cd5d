"""The bodies of the named linalg ops: what upstream computes for one element of each operand.

Operands of another type than the output are cast to it first, as signed numbers unless the op says `cast_unsigned`.
On `i1`, adding is or and multiplying is and.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IndexType, IntegerType, i1
from xdsl.dialects.linalg.ops import YieldOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.linalg_structured import Body

MakeOp = Callable[..., Operation]
"""An op class that takes its operands in order and infers its type."""


@dataclass(frozen=True)
class Function:
    """A scalar function as an op class for each kind of type; None where it is not defined."""

    float_op: MakeOp | None
    integer_op: MakeOp | None = None
    bool_op: MakeOp | None = None

    def for_type(self, type_: Attribute) -> MakeOp | None:
        """The op class for operands of `type_`."""
        if isinstance(type_, AnyFloat):
            return self.float_op
        if type_ == i1:
            return self.bool_op
        return self.integer_op


ADD = Function(arith.AddfOp, arith.AddiOp, arith.OrIOp)
MULTIPLY = Function(arith.MulfOp, arith.MuliOp, arith.AndIOp)
SUBTRACT = Function(arith.SubfOp, arith.SubiOp)
MAX = Function(arith.MaximumfOp, arith.MaxSIOp, arith.MaxSIOp)
MIN = Function(arith.MinimumfOp, arith.MinSIOp, arith.MinSIOp)
MAX_UNSIGNED = Function(arith.MaximumfOp, arith.MaxUIOp, arith.MaxUIOp)
MIN_UNSIGNED = Function(None, arith.MinUIOp)

UNARY = MappingProxyType(
    {
        "abs": Function(math.AbsFOp),
        "ceil": Function(math.CeilOp),
        "erf": Function(math.ErfOp),
        "exp": Function(math.ExpOp),
        "floor": Function(math.FloorOp),
        "log": Function(math.LogOp),
        "negf": Function(arith.NegfOp),
        "round": Function(math.RoundOp),
        "rsqrt": Function(math.RsqrtOp),
        "sqrt": Function(math.SqrtOp),
        "tanh": Function(math.TanhOp),
    }
)

BINARY = MappingProxyType(
    {
        "add": ADD,
        "sub": SUBTRACT,
        "mul": MULTIPLY,
        "div": Function(arith.DivfOp, arith.DivSIOp),
        "div_unsigned": Function(None, arith.DivUIOp),
        "max": MAX,
        "min": MIN,
        "powf": Function(math.PowFOp),
    }
)

REDUCTIONS = MappingProxyType(
    {
        Body.SUM: ADD,
        Body.MAX: MAX,
        Body.MAX_UNSIGNED: MAX_UNSIGNED,
        Body.MIN: MIN,
        Body.MIN_UNSIGNED: MIN_UNSIGNED,
    }
)


class BodyError(ValueError):
    """The op is not defined on these element types; the text says which."""


class BodyBuilder:
    """Builds the region of a structured op, one scalar op after the other."""

    def __init__(self, argument_types: Sequence[Attribute]) -> None:
        self.block = Block(arg_types=argument_types)

    def emit(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def apply(self, function: Function, *operands: SSAValue) -> SSAValue:
        """The function of the operands. Raises `BodyError` where it is not defined on their type."""
        type_ = operands[0].type
        make = function.for_type(type_)
        if make is None or any(operand.type != type_ for operand in operands):
            raise BodyError(f"not defined on elements of type {', '.join(str(operand.type) for operand in operands)}")
        return self.emit(make(*operands))

    def cast(self, value: SSAValue, to: Attribute, *, is_unsigned: bool) -> SSAValue:
        """`value` as a `to`, as upstream's `cast_signed` and `cast_unsigned` do it."""
        source = value.type
        if source == to:
            return value
        if isa(source, IntegerType | IndexType) and isa(to, IntegerType | IndexType):
            return self.emit(_integer_cast(value, source, to, is_unsigned=is_unsigned))
        if isinstance(source, IntegerType) and isinstance(to, AnyFloat):
            return self.emit((arith.UIToFPOp if is_unsigned else arith.SIToFPOp)(value, to))
        if isinstance(source, AnyFloat) and isa(to, IntegerType):
            return self.emit((arith.FPToUIOp if is_unsigned else arith.FPToSIOp)(value, to))
        if isinstance(source, AnyFloat) and isinstance(to, AnyFloat):
            narrows = source.bitwidth > to.bitwidth
            return self.emit(arith.TruncFOp(value, to) if narrows else arith.ExtFOp(value, to))
        raise BodyError(f"not defined: there is no cast from {source} to {to}")

    def yielding(self, *values: SSAValue) -> Region:
        """The finished region."""
        self.block.add_op(YieldOp(*values))
        return Region(self.block)


def _integer_cast(
    value: SSAValue, source: IntegerType | IndexType, to: IntegerType | IndexType, *, is_unsigned: bool
) -> Operation:
    if isinstance(source, IndexType) or isinstance(to, IndexType):
        return arith.IndexCastOp(value, to)
    if source.bitwidth > to.bitwidth:
        return arith.TruncIOp(value, to)
    return (arith.ExtUIOp if is_unsigned else arith.ExtSIOp)(value, to)


def structured_body(body: Body, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
    """The region of an op of the table; `types` are the element types of its operands, the output's last."""
    builder = BodyBuilder(types)
    *inputs, out = builder.block.args
    is_unsigned = is_unsigned or body in (Body.MAX_UNSIGNED, Body.MIN_UNSIGNED)

    def operand(index: int) -> SSAValue:
        return builder.cast(inputs[index], out.type, is_unsigned=is_unsigned)

    match body:
        case Body.MULTIPLY_ADD:
            result = builder.apply(ADD, out, builder.apply(MULTIPLY, operand(0), operand(1)))
        case Body.QUANTIZED_MULTIPLY_ADD:
            factors = [builder.apply(SUBTRACT, operand(i), operand(i + 2)) for i in range(2)]
            result = builder.apply(ADD, out, builder.apply(MULTIPLY, *factors))
        case _:
            # The second operand of a pooling, its window, has a shape but no elements that are read.
            result = builder.apply(REDUCTIONS[body], out, operand(0))
    return builder.yielding(result)


def elementwise_body(name: str, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
    """The region of an elementwise op; `types` are the element types of its operands, the output's last."""
    builder = BodyBuilder(types)
    *inputs, out = builder.block.args
    if name in UNARY:
        return builder.yielding(builder.apply(UNARY[name], *inputs))
    if name in BINARY:
        return builder.yielding(builder.apply(BINARY[name], *inputs))
    match name:
        case "select":
            return builder.yielding(builder.emit(arith.SelectOp(*inputs)))
        case "square":
            return builder.yielding(builder.apply(Function(arith.MulfOp), inputs[0], inputs[0]))
        case "reciprocal":
            if not isinstance(out.type, AnyFloat):
                raise BodyError(f"not defined on elements of type {out.type}")
            one = builder.emit(arith.ConstantOp(FloatAttr(1.0, out.type)))
            return builder.yielding(builder.apply(Function(arith.DivfOp), one, inputs[0]))
        case _:
            assert name in ("copy", "fill"), name
            return builder.yielding(builder.cast(inputs[0], out.type, is_unsigned=is_unsigned))


ELEMENTWISE_INPUTS = MappingProxyType(
    {**dict.fromkeys(UNARY, 1), **dict.fromkeys(BINARY, 2), "copy": 1, "square": 1, "reciprocal": 1, "select": 3}
)
"""Elementwise ops by name without `linalg.`, with their number of inputs. `fill` is not one: its input is a scalar."""
