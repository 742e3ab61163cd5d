"""GridSample and AffineGrid: elements at places that are numbers, between the elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import product

import numpy as np
from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.runtime_shapes import check_equal
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

CUBIC = -0.75
"""The free parameter of Keys' cubic convolution."""

_MODES = {"bilinear": "linear", "bicubic": "cubic"}
"""Names of before version 20."""


@dataclass(frozen=True)
class _Axis:
    """A dimension in space: its size, the borders at which places are reflected, and what is beyond them."""

    build: GraphBuilder
    size: int
    low: float
    high: float
    padding: str

    def place(self, coordinate: Tensor, *, is_rounded: bool) -> Tensor:
        """From [-1, 1] to a place among the elements, brought back where it is beyond the borders."""
        build = self.build
        scale = (self.high - self.low) / 2
        place = build.map_with("add", build.map_with("multiply", coordinate, scale), scale + self.low)
        if is_rounded:
            place = build.map("round_nearest_even", place)
        if self.padding == "reflection":
            return self.reflected(place)
        if self.padding == "border":
            low, high = build.scalar(self.low, place.element), build.scalar(self.high, place.element)
            is_out = build.map("or", build.compare("LT", place, low), build.compare("GT", place, high))
            return build.select(is_out, self._clamped(place), place)
        return place

    def _clamped(self, place: Tensor) -> Tensor:
        return self.build.map_with("minimum", self.build.map_with("maximum", place, 0), self.size - 1)

    def reflected(self, place: Tensor) -> Tensor:
        """The place after as many reflections at the borders as it takes."""
        build, period = self.build, 2 * (self.high - self.low)
        if not period:
            return build.like(self.low, place)
        distance = build.map("abs", build.map_with("subtract", place, self.low))
        inside = build.map_with("remainder", distance, period)
        back = build.map("subtract", build.scalar(period, place.element), inside)
        return build.map_with("add", build.map("minimum", inside, back), self.low)

    def tap(self, position: Tensor, weight: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """The index of an element, and its weight; beyond the edges there are zeros, or other elements."""
        build = self.build
        if self.padding == "reflection":
            return build.convert(self._clamped(self.reflected(position)), i64), weight
        inside = self._clamped(position)
        if self.padding == "zeros":
            is_inside = build.convert(build.compare("EQ", inside, position), position.element)
            weight = is_inside if weight is None else build.map("multiply", weight, is_inside)
        return build.convert(inside, i64), weight


def _taps(axis: _Axis, place: Tensor, mode: str) -> list[tuple[Tensor, Tensor | None]]:
    """The elements of one dimension that count at a place, each with its weight; None for the whole."""
    build = axis.build
    if mode == "nearest":
        return [axis.tap(place, None)]
    base = build.map("floor", place)
    beyond = build.map("subtract", place, base)
    offsets = range(2) if mode == "linear" else range(-1, 3)
    taps: list[tuple[Tensor, Tensor | None]] = []
    for offset in offsets:
        distance = build.map("abs", build.map_with("subtract", beyond, offset))
        weight = _linear(build, distance) if mode == "linear" else _cubic(build, distance, is_near=offset in (0, 1))
        taps.append(axis.tap(build.map_with("add", base, offset), weight))
    return taps


def _linear(build: GraphBuilder, distance: Tensor) -> Tensor:
    return build.map("subtract", build.scalar(1, distance.element), distance)


def _cubic(build: GraphBuilder, distance: Tensor, *, is_near: bool) -> Tensor:
    """Keys' kernel at a distance below 1, or from 1 to 2: a polynomial, by Horner's rule."""
    a = CUBIC
    coefficients = (a + 2, -(a + 3), 0.0, 1.0) if is_near else (a, -5 * a, 8 * a, -4 * a)
    value = build.like(coefficients[0], distance)
    for coefficient in coefficients[1:]:
        value = build.map_with("add", build.map("multiply", value, distance), coefficient)
    return value


def _grid_sample(node: Node) -> Tensor:
    build, operand, grid = node.build, node.operand(0), node.operand(1)
    mode, padding = node.text("mode"), node.text("padding_mode")
    mode = _MODES.get(mode, mode)
    if mode not in ("nearest", "linear", "cubic") or padding not in ("zeros", "border", "reflection"):
        raise node.unsupported(f"mode '{mode}' with padding '{padding}' is not known")
    spatial = operand.static_space
    margin = 0.0 if node.flag("align_corners") else 0.5
    taps: list[list[tuple[Tensor, Tensor | None]]] = []
    for number, size in enumerate(spatial):
        axis = _Axis(build, size, -margin, size - 1 + margin, padding)
        coordinate = build.take(grid, grid.rank - 1, len(spatial) - 1 - number)  # the last dimension comes first
        taps.append(_taps(axis, axis.place(coordinate, is_rounded=mode == "nearest"), mode))
    outer = grid.shape[:-1]
    batch = build.iota(i64, outer, 0)
    terms: list[Tensor] = []
    for chosen in product(*taps):
        position = build.stack([batch, *(index for index, _ in chosen)], len(outer))
        element = build.gather(operand, position, [0, *range(2, operand.rank)])
        weights = [weight for _, weight in chosen if weight is not None]
        if weights:
            weight = build.convert(reduce(partial(build.map, "multiply"), weights), element.element)
            element = build.map("multiply", element, build.broadcast_in_dim(weight, element.shape, range(len(outer))))
        terms.append(element)
    return build.move_axis(reduce(partial(build.map, "add"), terms), len(outer), 1)


def _affine_grid(node: Node) -> Tensor:
    """Each place of a grid from -1 to 1, moved by a matrix."""
    build, matrix = node.build, node.operand(0)
    known = node.known_ints(1) if node.operand(1).known is not None else None
    spatial = known[2:] if known is not None else node.result_shape()[1:-1]
    if known is None:
        check_equal(node, build.slice_axis(node.operand(1), 0, 2, 2 + len(spatial)), np.asarray(spatial))
    axes = [_centres(size, is_aligned=node.flag("align_corners")) for size in spatial]
    mesh = np.meshgrid(*axes, indexing="ij")
    places = np.stack([*reversed(mesh), np.ones(spatial)], -1).astype(matrix.dtype)
    contracting = ([len(spatial)], [2])
    moved = build.dot_general(build.constant(places), matrix, ([], []), contracting, matrix.element)
    return build.move_axis(moved, len(spatial), 0)


def _centres(size: int, *, is_aligned: bool) -> Sequence[float]:
    if is_aligned:
        return np.linspace(-1, 1, size).tolist()
    return ((np.arange(size) * 2 + 1) / size - 1).tolist()


SAMPLING: OperatorTable = {
    ("", op): operator for op, operator in dict[str, Operator](AffineGrid=_affine_grid, GridSample=_grid_sample).items()
}
