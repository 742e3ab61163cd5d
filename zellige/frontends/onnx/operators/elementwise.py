"""Operators that compute each element from the elements at its place: arithmetic, comparisons, casts, activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce

import numpy as np
from xdsl.dialects.builtin import f32, i1, i32
from xdsl.ir import Attribute

from zellige.dialects.small_integers import is_small_integer
from zellige.frontends.onnx.eight_bit_floats import is_eight_bit_float, saturated
from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.activations import activation_of
from zellige.frontends.onnx.tensors import Value, element_of_code
from zellige.passes.input.tensors import Tensor, dtype_of, is_float, is_unsigned

_MAPS = {
    "Acos": "acos",
    "Acosh": "acosh",
    "Add": "add",
    "And": "and",
    "Asin": "asin",
    "Asinh": "asinh",
    "Atan": "atan",
    "Atanh": "atanh",
    "BitwiseAnd": "and",
    "BitwiseNot": "not",
    "BitwiseOr": "or",
    "BitwiseXor": "xor",
    "Ceil": "ceil",
    "Cos": "cosine",
    "Cosh": "cosh",
    "Div": "divide",
    "Erf": "erf",
    "Exp": "exponential",
    "Floor": "floor",
    "Log": "log",
    "Max": "maximum",
    "Min": "minimum",
    "Mul": "multiply",
    "Neg": "negate",
    "Not": "not",
    "Or": "or",
    "Round": "round_nearest_even",
    "Sigmoid": "logistic",
    "Sin": "sine",
    "Sinh": "sinh",
    "Sqrt": "sqrt",
    "Sub": "subtract",
    "Sum": "add",
    "Tan": "tan",
    "Tanh": "tanh",
    "Xor": "xor",
}
"""Operators that are one op, which is applied from the left where there are more than two operands."""

_COMPARISONS = {"Equal": "EQ", "Greater": "GT", "GreaterOrEqual": "GE", "Less": "LT", "LessOrEqual": "LE"}


def _map(name: str, node: Node) -> Tensor:
    first, *others = node.operands
    if not others:
        return first if name in ("maximum", "minimum", "add") else node.build.map(name, first)
    return reduce(partial(node.build.map, name), others, first)


def _compare(direction: str, node: Node) -> Tensor:
    return node.build.compare(direction, node.operand(0), node.operand(1))


def _absolute(node: Node) -> Tensor:
    operand = node.operand(0)
    return operand if is_unsigned(operand.element) else node.build.map("abs", operand)


def _sign(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    return build.map_with("minimum", operand, 1) if is_unsigned(operand.element) else build.map("sign", operand)


def _mean(node: Node) -> Tensor:
    return node.build.map_with("divide", _map("add", node), len(node.operands))


def _reciprocal(node: Node) -> Tensor:
    operand = node.operand(0)
    return node.build.map("divide", node.build.scalar(1, operand.element), operand)


def _power(node: Node) -> Tensor:
    """The result has the type of the base; where one of the two is a float, the power is a float's."""
    build, base, exponent = node.build, node.operand(0), node.operand(1)
    if base.element == exponent.element:
        return build.map("power", base, exponent)
    if is_float(base.element):
        return build.map("power", base, build.convert(exponent, base.element))
    if is_float(exponent.element):
        power = build.map("power", build.convert(base, exponent.element), exponent)
        return build.convert(power, base.element)
    return build.map("power", base, build.convert(exponent, base.element))


def _modulo(node: Node) -> Tensor:
    build, left, right = node.build, node.operand(0), node.operand(1)
    remainder = build.map("remainder", left, right)
    if node.flag("fmod", default=False) or is_unsigned(left.element):
        return remainder
    zero = build.scalar(0, left.element)
    differs = build.map("xor", build.compare("LT", remainder, zero), build.compare("LT", right, zero))
    is_moved = build.map("and", differs, build.compare("NE", remainder, zero))
    return build.select(is_moved, build.map("add", remainder, right), remainder)


def _shift(node: Node) -> Tensor:
    """To the right the sign stays; an amount of the width or more shifts everything out."""
    operand = node.operand(0)
    if node.text("direction") == "LEFT":
        name = "shift_left"
    else:
        name = "shift_right_logical" if is_unsigned(operand.element) else "shift_right_arithmetic"
    return node.build.map(name, operand, node.operand(1))


def _where(node: Node) -> Tensor:
    return node.build.select(node.operand(0), node.operand(1), node.operand(2))


def _clip(node: Node) -> Tensor:
    """Bounds are attributes before version 11, then operands."""
    build, operand = node.build, node.operand(0)
    if node.version < 11:
        low = build.scalar(node.number("min"), operand.element)
        high = build.scalar(node.number("max"), operand.element)
        return build.map("minimum", build.map("maximum", operand, low), high)
    for index, name in ((1, "maximum"), (2, "minimum")):
        bound = node.optional(index)
        if bound is not None:
            operand = build.map(name, operand, build.reshape(bound, ()))
    return operand


def _cast(node: Node) -> Tensor:
    return _converted(node, element_of_code(node.integer("to")))


def _cast_like(node: Node) -> Tensor:
    return _converted(node, node.operand(1).element)


def _converted(node: Node, element: Attribute) -> Tensor:
    """A number beyond the limits of an f8 becomes the largest, unless the node has `saturate` 0. Of a float beyond the
    limits of a small integer, the low bits of its whole part stay.
    """
    build, operand = node.build, node.operand(0)
    if is_small_integer(element) and is_float(operand.element):
        operand = build.convert(operand, i32)
    if is_eight_bit_float(element) and operand.element != element and node.flag("saturate", default=True):
        wide = operand if is_float(operand.element) else build.convert(operand, f32)
        return saturated(build, wide, element)
    return build.convert(operand, element)


def _bit_cast(node: Node) -> Tensor:
    operand, element = node.operand(0), element_of_code(node.integer("to"))
    if operand.dtype.itemsize != dtype_of(element).itemsize:
        raise node.wrong(f"{operand.element} and {element} have different widths")
    return node.build.bit_cast(operand, element)


def _is_nan(node: Node) -> Tensor:
    return node.build.compare("NE", node.operand(0), node.operand(0))


def _is_infinite(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    found = [
        build.compare("EQ", operand, build.scalar(sign * np.inf, operand.element))
        for name, sign in (("detect_negative", -1), ("detect_positive", 1))
        if node.flag(name)
    ]
    return reduce(partial(build.map, "or"), found) if found else build.full(0, i1, operand.shape)


def _relu(node: Node) -> Tensor:
    return node.build.map_with("maximum", node.operand(0), 0)


def _elu(node: Node) -> Tensor:
    """The definition's body takes 1 off an exponential, and loses what is near 0."""
    return activation_of(node, "Elu", [node.number("alpha")])(node.build, node.operand(0))


def _softplus(node: Node) -> Tensor:
    """log(exp(x) + 1) as max(x, 0) + log1p(exp(-|x|)), which does not overflow."""
    build, operand = node.build, node.operand(0)
    small = build.map("exponential", build.map("negate", build.map("abs", operand)))
    return build.map("add", build.map_with("maximum", operand, 0), build.map("log_plus_one", small))


def _identity(node: Node) -> Sequence[Value]:
    value = node.all_values[0]
    return [node.operand(0) if value is None else value]


def _dropout(node: Node) -> Sequence[Tensor]:
    """Nothing is dropped when a model is used."""
    build, operand, training = node.build, node.operand(0), node.optional(2)
    if training is not None and (training.known is None or training.known.any()):
        raise node.unsupported("training is not supported")
    mask_element = operand.element if node.version < 10 else i1
    mask = [build.full(1, mask_element, operand.shape)] if node.is_wanted(1) else []
    return [operand, *mask]


ELEMENTWISE: OperatorTable = {
    **{("", op): partial(_map, name) for op, name in _MAPS.items()},
    **{("", op): partial(_compare, direction) for op, direction in _COMPARISONS.items()},
    **{
        ("", op): operator
        for op, operator in dict[str, Operator](
            Abs=_absolute,
            BitCast=_bit_cast,
            BitShift=_shift,
            Cast=_cast,
            CastLike=_cast_like,
            Clip=_clip,
            Dropout=_dropout,
            Elu=_elu,
            Identity=_identity,
            IsInf=_is_infinite,
            IsNaN=_is_nan,
            Mean=_mean,
            Mod=_modulo,
            Pow=_power,
            Reciprocal=_reciprocal,
            Relu=_relu,
            Sign=_sign,
            Softplus=_softplus,
            Where=_where,
        ).items()
    },
}
