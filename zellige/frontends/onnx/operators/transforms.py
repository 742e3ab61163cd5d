"""DFT and STFT."""

from __future__ import annotations

import numpy as np
from xdsl.dialects.builtin import f32

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.runtime_shapes import by_axes
from zellige.passes.input.fourier_transforms import FourierTransforms, Parts
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def _parts(build: GraphBuilder, numbers: Tensor) -> Parts:
    """The parts that the last dimension has, as numbers that are computed with."""
    wide = build.convert(numbers, f32) if numbers.dtype.itemsize < 4 else numbers
    last = numbers.rank - 1
    return tuple(build.take(wide, last, part) for part in range(numbers.static_size(last)))


def _stacked(node: Node, parts: Parts) -> Tensor:
    """The parts in a last dimension, as the first operand has its numbers."""
    return node.build.convert(node.build.stack(parts, parts[0].rank), node.operand(0).element)


def _with_length(build: GraphBuilder, operand: Tensor, axis: int, length: int) -> Tensor:
    """Cut off, or filled with zeros."""
    low, high = [0] * operand.rank, [0] * operand.rank
    high[axis] = length - operand.static_size(axis)
    return build.pad(operand, 0, low, high)


def _dft(node: Node) -> Tensor:
    """The dimension is an attribute before version 20, then an operand."""
    operand = node.operand(0)
    if operand.shape[-1] not in (1, 2):
        raise node.wrong(f"the last dimension of {operand.type} is {operand.shape[-1]}, expected 1 or 2 parts")
    if node.version < 20:
        return _dft_along(node, node.axis("axis", operand.rank))
    axis = node.optional(2)
    if axis is None or axis.known is not None:
        (named,) = node.known_ints(2) or (-2,)
        return _dft_along(node, node.dimension(named, operand.rank))
    wanted = node.result_shape()
    candidates = [(i,) for i in range(operand.rank - 1) if _dft_shape(node, i) == wanted]
    if not candidates:
        raise node.wrong(f"a transform of {operand.type} along no dimension gives the declared shape {wanted}")
    return by_axes(node, node.build.reshape(axis, [1]), candidates, lambda along: _dft_along(node, along[0]))


def _length(node: Node, axis: int) -> int:
    """How many numbers are transformed, or for one side of an inverse transform, come out."""
    lengths = node.known_ints(1)
    size = node.operand(0).static_size(axis)
    is_half = node.flag("inverse") and node.flag("onesided")
    return lengths[0] if lengths else 2 * (size - 1) if is_half else size


def _dft_shape(node: Node, axis: int) -> tuple[int, ...]:
    shape, length = list(node.operand(0).static_shape), _length(node, axis)
    is_half = node.flag("onesided") and not node.flag("inverse")
    shape[axis] = length // 2 + 1 if is_half else length
    shape[-1] = 1 if node.flag("onesided") and node.flag("inverse") else 2
    return tuple(shape)


def _dft_along(node: Node, axis: int) -> Tensor:
    build, length = node.build, _length(node, axis)
    transforms, is_inverse, is_onesided = FourierTransforms(build), node.flag("inverse"), node.flag("onesided")
    size = length // 2 + 1 if is_inverse and is_onesided else length
    parts = _parts(build, _with_length(build, node.operand(0), axis, size))
    if not is_inverse:
        return _stacked(node, _coefficients(transforms, parts, axis, is_onesided=is_onesided))
    numbers = (transforms.to_signal(parts, axis, length),) if is_onesided else transforms.backward(parts, axis)
    return _stacked(node, tuple(build.map_with("multiply", part, 1 / max(1, length)) for part in numbers))


def _coefficients(transforms: FourierTransforms, parts: Parts, axis: int, *, is_onesided: bool) -> Parts:
    """Of real numbers the first half says all."""
    if not is_onesided:
        return transforms.forward(parts, axis)
    if len(parts) == 1:
        return transforms.of_signal(parts[0], axis)
    count = parts[0].static_size(axis) // 2 + 1
    return tuple(transforms.build.slice_axis(part, axis, 0, count) for part in transforms.forward(parts, axis))


def _stft(node: Node) -> Tensor:
    """Transforms of overlapping frames, each times a window."""
    build, signal, window = node.build, node.operand(0), node.optional(2)
    (step,) = node.known_ints(1) or (1,)
    lengths = node.known_ints(3)
    size = lengths[0] if lengths else (signal if window is None else window).static_size(0 if window is not None else 1)
    if signal.rank == 2:
        signal = build.expand_dims(signal, [2])
    count = (signal.static_size(1) - size) // step + 1
    places = np.arange(count)[:, None] * step + np.arange(size)
    frames = build.gather_along(signal, build.constant(places), 1)
    if window is not None:
        frames = build.map("multiply", frames, build.reshape(window, [size, 1]))
    parts = _coefficients(FourierTransforms(build), _parts(build, frames), 2, is_onesided=node.flag("onesided"))
    return _stacked(node, parts)


TRANSFORMS: OperatorTable = {("", op): operator for op, operator in dict[str, Operator](DFT=_dft, STFT=_stft).items()}
