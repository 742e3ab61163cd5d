"""DFT and STFT, as products with the matrix of the transform."""

from __future__ import annotations

import numpy as np
from xdsl.ir import Attribute

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.runtime_shapes import by_axes
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor, dtype_of

LONGEST = 2048
"""A matrix of more rows is larger than what it is worth."""


def _matrix(node: Node, size: int, count: int, parts: int, element: Attribute, *, is_inverse: bool) -> Tensor:
    """Rows are the numbers of a signal, real and imaginary parts in turn; columns those of the result."""
    _check_size(node, size)
    angles = 2 * np.pi * np.outer(np.arange(size), np.arange(count)) / max(1, size)
    cosine, sine = np.cos(angles), np.sin(angles) * (1 if is_inverse else -1)
    rows = [np.stack([cosine, sine], -1), np.stack([-sine, cosine], -1)][:parts]
    whole = np.stack(rows, 1).reshape(size * parts, count * 2) / (size if is_inverse else 1)
    return node.build.constant(whole.astype(dtype_of(element)))


def _check_size(node: Node, size: int) -> None:
    if size > LONGEST:
        raise node.unsupported(f"a transform of {size} numbers is not supported, expected at most {LONGEST}")


def _transformed(node: Node, frames: Tensor, count: int, *, is_inverse: bool = False) -> Tensor:
    """The transform of frames: dimensions of a batch, then numbers, then real and imaginary part."""
    build, size, parts = node.build, frames.static_size(-2), frames.static_size(-1)
    matrix = _matrix(node, size, count, parts, frames.element, is_inverse=is_inverse)
    rows = build.reshape(frames, [*frames.shape[:-2], size * parts])
    made = build.dot_general(rows, matrix, ([], []), ([rows.rank - 1], [0]), frames.element)
    return build.reshape(made, [*frames.shape[:-2], count, 2])


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
    build, operand, length = node.build, node.operand(0), _length(node, axis)
    is_inverse, is_onesided = node.flag("inverse"), node.flag("onesided")
    size = length // 2 + 1 if is_inverse and is_onesided else length
    frames = build.move_axis(_with_length(build, operand, axis, size), axis, operand.rank - 2)
    if is_inverse and is_onesided:
        made = _from_one_side(node, frames, length)
    else:
        made = _transformed(node, frames, length // 2 + 1 if is_onesided else length, is_inverse=is_inverse)
    return build.move_axis(made, operand.rank - 2, axis)


def _from_one_side(node: Node, frames: Tensor, length: int) -> Tensor:
    """The real numbers whose transform has this one side; the other side is its mirror image."""
    build, size, parts = node.build, frames.static_size(-2), frames.static_size(-1)
    whole = _columns(node, size, length, parts)
    rows = build.reshape(frames, [*frames.shape[:-2], size * parts])
    matrix = build.constant(whole.astype(frames.dtype))
    made = build.dot_general(rows, matrix, ([], []), ([rows.rank - 1], [0]), frames.element)
    return build.expand_dims(made, [-1])


def _columns(node: Node, size: int, length: int, parts: int) -> Array:
    """What each number of one side adds to each real number."""
    _check_size(node, length)
    angles = 2 * np.pi * np.outer(np.arange(size), np.arange(length)) / max(1, length)
    is_alone = (np.arange(size) == 0) | (2 * np.arange(size) == length)
    times = np.where(is_alone, 1, 2)[:, None] / max(1, length)
    return np.stack([times * np.cos(angles), -times * np.sin(angles)][:parts], 1).reshape(size * parts, length)


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
    return _transformed(node, frames, size // 2 + 1 if node.flag("onesided") else size)


TRANSFORMS: OperatorTable = {("", op): operator for op, operator in dict[str, Operator](DFT=_dft, STFT=_stft).items()}
