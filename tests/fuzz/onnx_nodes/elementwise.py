"""Random elementwise nodes, with broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import helper

from tests.fuzz.onnx_growing import FLOATS, INTEGERS, NUMBERS, TYPES, Growing
from tests.fuzz.onnx_oracle import Array

_LINEAR = ("Abs", "Neg", "Relu", "LeakyRelu", "Identity", "Dropout", "Sign", "Floor", "Ceil", "Round", "HardSwish")
_CURVED = ("Exp", "Tanh", "Sigmoid", "Erf", "Softplus", "Softsign", "Elu", "Selu", "Sin", "Cos", "Atan", "Sinh", "Cosh")
_NEWER = ("Asinh", "Celu", "Mish", "Gelu", "Shrink", "Swish", "Reciprocal", "HardSigmoid", "ThresholdedRelu")
_FUNCTIONS = (*_LINEAR, *_CURVED, *_NEWER)
_OF_POSITIVE = ("Sqrt", "Log")
_OF_SMALL = ("Acos", "Asin", "Atanh", "Tan")
_COMPARISONS = ("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual")


def function(g: Growing) -> None:
    """A function of one operand."""
    types = FLOATS if g.choice.random() < 0.8 else NUMBERS
    kind = g.choice.choice(_FUNCTIONS)
    attributes: dict[str, Any] = {}
    if kind in {"Elu", "LeakyRelu", "ThresholdedRelu", "Celu"}:
        attributes["alpha"] = g.maybe(g.choice.choice((0.5, 1.5)))
    if kind == "Gelu":
        attributes["approximate"] = g.choice.choice(("none", "tanh"))
    g.add(kind, [g.some(types)], **attributes)


def function_of_a_part(g: Growing) -> None:
    """A function that is not defined everywhere, of a value brought to where it is."""
    x = g.some(FLOATS)
    if g.choice.random() < 0.5:
        if made := g.add("Abs", [x]):
            g.add(g.choice.choice(_OF_POSITIVE), made)
    elif made := g.add("Tanh", [x]):
        g.add(g.choice.choice(_OF_SMALL), made)


def arithmetic(g: Growing) -> None:
    x = g.some(NUMBERS)
    kind = g.choice.choice(("Add", "Sub", "Mul", "Div", "Mod", "Pow", "PRelu"))
    y = second(g, x)
    divides = kind in {"Div", "Mod"}
    if divides and g.values[x].dtype.kind in "iu" and not g.values[y].all():
        y = g.constant(np.maximum(g.values[y], g.values[y].dtype.type(1)))
    if kind == "Pow":
        if g.values[x].dtype.kind == "f":
            x = (g.add("Abs", [x]) or [x])[0]
        y = g.constant(g.numbers.integers(0, 4, g.values[y].shape).astype(g.values[y].dtype))
    is_float = g.values[x].dtype.kind == "f"
    fmod = (1 if is_float else g.maybe(g.flag())) if kind == "Mod" else None
    if kind == "PRelu" or divides or kind == "Pow":
        g.add(kind, [x, y], fmod=fmod)
    else:
        g.add(kind, [x, y] if g.flag() else [y, x])


def second(g: Growing, x: str) -> str:
    """Another operand of the same type that broadcasts with the first."""
    array = g.values[x]

    def fits(other: Array) -> bool:
        pairs = zip(other.shape[::-1], array.shape[::-1], strict=False)
        return all(a == b or 1 in (a, b) for a, b in pairs)

    if g.choice.random() < 0.5 and (name := g.any([array.dtype.name], fits)):
        return name
    shape = list(g.broadcastable(array.shape))
    if len(shape) < 4 and g.choice.random() < 0.1:
        shape = [2, *[1] * (array.ndim - len(shape)), *shape]
    return g.leaf(array.dtype.name, shape)


def variadic(g: Growing) -> None:
    x = g.some(NUMBERS)
    others = [second(g, x) for _ in range(g.choice.randrange(3))]
    g.add(g.choice.choice(("Max", "Min", "Sum", "Mean")), [x, *others])


def comparison(g: Growing) -> None:
    x = g.some(NUMBERS)
    g.add(g.choice.choice(_COMPARISONS), [x, second(g, x)])


def logic(g: Growing) -> None:
    x = g.some(("bool",))
    if g.choice.random() < 0.3:
        g.add("Not", [x])
    else:
        g.add(g.choice.choice(("And", "Or", "Xor", "Equal")), [x, second(g, x)])


def selection(g: Growing) -> None:
    x = g.some(TYPES)
    condition = g.leaf("bool", g.broadcastable(g.values[x].shape))
    g.add("Where", [condition, x, second(g, x)])


def clip(g: Growing) -> None:
    x = g.some(NUMBERS)
    type_ = g.values[x].dtype.name
    low, high = sorted(g.choice.sample(range(9), 2))
    if g.opset < 11:
        g.add("Clip", [x], min=float(low), max=g.maybe(float(high)))
    else:
        g.add("Clip", [x, g.maybe(g.scalar(low, type_)), g.maybe(g.scalar(high, type_))])


def cast(g: Growing) -> None:
    x = g.some(TYPES)
    to = np.dtype(g.choice.choice(TYPES))
    array = g.values[x]
    if array.dtype.kind == "f" and to.kind in "iu":
        info = np.iinfo(to)
        if not np.isfinite(array).all() or (array < info.min).any() or (array > info.max).any():
            return  # what becomes of these is not said
    if g.opset >= 15 and g.choice.random() < 0.2:
        g.add("CastLike", [x, g.leaf(to.name, g.shape())])
    else:
        g.add("Cast", [x], to=int(helper.np_dtype_to_tensor_dtype(to)))


def bits(g: Growing) -> None:
    x = g.some(INTEGERS)
    array = g.values[x]
    kind = g.choice.choice(("BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot"))
    if kind == "BitwiseNot":
        g.add(kind, [x])
    elif kind != "BitShift":
        g.add(kind, [x, second(g, x)])
    elif array.dtype.kind == "u":
        amounts = g.numbers.integers(0, array.dtype.itemsize * 8, g.broadcastable(array.shape)).astype(array.dtype)
        g.add(kind, [x, g.constant(amounts)], direction=g.choice.choice(("LEFT", "RIGHT")))


def classes(g: Growing) -> None:
    """What kind of number it is."""
    g.add(g.choice.choice(("IsNaN", "IsInf")), [g.some(FLOATS)])


FAMILY = {
    function: 8,
    function_of_a_part: 3,
    arithmetic: 10,
    variadic: 3,
    comparison: 3,
    logic: 2,
    selection: 3,
    clip: 2,
    cast: 4,
    bits: 2,
    classes: 1,
}
