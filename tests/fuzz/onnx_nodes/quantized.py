"""Random nodes on quantised numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz.onnx_growing import Growing

_TYPES = ("uint8", "int8")


def _scale(g: Growing, count: int | None = None) -> str:
    """A scale, or one for each row, away from where a quotient is half a number."""
    shape = () if count is None else (count,)
    return g.constant(np.asarray(g.numbers.uniform(0.03, 0.3, shape)).astype(np.float32))


def _zero(g: Growing, type_: str, count: int | None = None) -> str:
    shape = () if count is None else (count,)
    return g.constant(np.asarray(g.numbers.integers(0, 9, shape)).astype(type_))


def quantize(g: Growing) -> None:
    if g.opset < 10:
        return
    x = g.some(("float32",))
    array = g.values[x]
    axis = g.axis(array.ndim) if array.ndim and g.opset >= 13 and g.choice.random() < 0.4 else None
    count = None if axis is None else array.shape[axis]
    type_ = g.choice.choice(_TYPES)
    has_zero = g.flag()
    scale, zero = _scale(g, count), _zero(g, type_, count) if has_zero else None
    made = g.add("QuantizeLinear", [x, scale, zero], axis=axis)
    if made and g.choice.random() < 0.7:
        g.add("DequantizeLinear", [made[0], scale, zero], axis=axis)


def dequantize(g: Growing) -> None:
    if g.opset < 10:
        return
    x = g.some((*_TYPES, "int32"))
    type_ = g.values[x].dtype.name
    zero = None if type_ == "int32" else g.maybe(_zero(g, type_))
    g.add("DequantizeLinear", [x, _scale(g), zero])


def dynamic(g: Growing) -> None:
    if g.opset >= 11:
        g.add("DynamicQuantizeLinear", [g.some(("float32",))], 3)


def integer_matmul(g: Growing) -> None:
    if g.opset < 10:
        return
    a_type, b_type = g.choice.choice(_TYPES), g.choice.choice(_TYPES)
    a = g.some((a_type,), least=2)
    k, n = g.values[a].shape[-1], g.choice.choice((1, 3, 8, 16))
    b = g.leaf(b_type, (k, n))
    if g.flag():
        g.add("MatMulInteger", [a, b, g.maybe(_zero(g, a_type)), g.maybe(_zero(g, b_type))])
    else:
        rows = n if g.flag() else None
        y_type = g.choice.choice(_TYPES) if a_type == b_type == "int8" else a_type
        parts = [
            a,
            _scale(g),
            _zero(g, a_type),
            b,
            _scale(g, rows),
            _zero(g, b_type, rows),
            _scale(g),
            _zero(g, y_type),
        ]
        g.add("QLinearMatMul", parts)


def integer_convolution(g: Growing) -> None:
    if g.opset < 10:
        return
    x_type, w_type = g.choice.choice(_TYPES), g.choice.choice(_TYPES)
    group = g.choice.choice((1, 1, 2))
    channels, features = group * g.choice.randint(1, 3), group * g.choice.randint(1, 3)
    x = g.leaf(x_type, (1, channels, g.choice.randint(4, 7), g.choice.randint(4, 7)))
    w = g.leaf(w_type, (features, channels // group, g.choice.randint(1, 3), g.choice.randint(1, 3)))
    attributes: dict[str, Any] = {"group": group, "pads": g.maybe([1, 0, 0, 1]), "strides": g.maybe([2, 1])}
    if g.flag():
        g.add("ConvInteger", [x, w, g.maybe(_zero(g, x_type)), g.maybe(_zero(g, w_type))], **attributes)
        return
    rows = features if g.flag() else None
    parts = [x, _scale(g), _zero(g, x_type), w, _scale(g, rows), _zero(g, w_type, rows), _scale(g), _zero(g, x_type)]
    bias = g.maybe(g.leaf("int32", (features,)))
    g.add("QLinearConv", [*parts, bias], **attributes)


FAMILY = {quantize: 4, dequantize: 2, dynamic: 1, integer_matmul: 3, integer_convolution: 2}
