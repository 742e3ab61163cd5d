"""Gathers, scatters and resized images of TOSA, in StableHLO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from zellige.dialects.tosa import indexing
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.tensors import Array, Tensor, is_float
from zellige.passes.input.tosa_nodes import Function, Node


@dataclass(frozen=True)
class _Axis:
    """How a dimension of an image is resized: by numerator / denominator, from an offset on, and with a border."""

    numerator: int
    denominator: int
    offset: int
    border: int

    def points(self, size: int) -> tuple[Array, Array, Array]:
        """Of each element of the result the points around it, and how far it is from the first, in numerators."""
        count = ((size - 1) * self.numerator - self.offset + self.border) // self.denominator + 1
        place = np.arange(count) * self.denominator + self.offset
        point = place // self.numerator
        return np.clip(point, 0, size - 1), np.clip(point + 1, 0, size - 1), place - point * self.numerator


def _row_places(node: Node) -> Tensor:
    """For each index the place of a row: the element of the batch, and the index."""
    indices = node.operand("indices", 2)
    return node.build.stack([node.build.iota(indices.element, indices.shape, 0), indices], 2)


def _gather(node: Node) -> Tensor:
    return node.build.gather(node.operand("values", 3), _row_places(node), [0, 1])


def _scatter(node: Node) -> Tensor:
    return node.build.scatter(node.operand("values_in", 3), _row_places(node), node.operand("input", 3), [0, 1])


def _resize(node: Node) -> Tensor:
    """Elements at, or between, the points (i * denominator + offset) / numerator of the operand, for y and for x."""
    build, values, scale = node.build, node.operand("input", 4), node.shape("scale", 4, least=1)
    axes = map(_Axis, scale[::2], scale[1::2], node.shape("offset", 2), node.shape("border", 2))
    is_bilinear = node.word("mode") == "BILINEAR"
    if is_bilinear:
        values = build.convert(values, node.element)
    for axis, along in enumerate(axes, 1):
        low, high, rest = along.points(values.static_size(axis))
        if not is_bilinear:
            near = np.where(2 * rest >= along.numerator, high, low)
            values = build.gather_along(values, build.constant(near.astype(np.int32)), axis)
            continue
        first, second = (
            build.gather_along(values, build.constant(points.astype(np.int32)), axis) for points in (low, high)
        )
        if is_float(node.element):
            part = (rest / along.numerator).astype(np.float32)
            weights = (1 - part, part)
        else:
            weights = ((along.numerator - rest).astype(np.int64), rest.astype(np.int64))
        shape = [-1 if axis == other else 1 for other in range(4)]
        left, right = (build.convert(build.constant(numbers.reshape(shape)), node.element) for numbers in weights)
        values = build.map("add", build.map("multiply", first, left), build.map("multiply", second, right))
    return build.convert(values, node.element)


INDEXING_FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        indexing.GatherOp: _gather,
        indexing.ResizeOp: _resize,
        indexing.ScatterOp: _scatter,
    }
)
"""How each op is translated."""
