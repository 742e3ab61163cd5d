"""Resize and Upsample: one dimension after the other, each element a weighted sum of its neighbours along it.

Where scales are known, so are positions and weights; else the program computes both, a number for each element along
the dimension, and checks that the scales give the declared sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from xdsl.dialects.builtin import f32, f64, i64
from xdsl.ir import Attribute

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.numbers import Numbers
from zellige.frontends.onnx.runtime_shapes import check
from zellige.maths.sizes import Extent, exact_quotient
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor, is_float, static

MAX_TAPS = 4
"""With more neighbours than this a product with a matrix of all weights is made; most of them may be 0."""

LARGEST_DENOMINATOR = 1 << 6
"""Sizes that are not known are multiplied by fractions of this at most."""

_NEARLY_WHOLE = 1e-6
"""Coordinates that differ less from a multiple of one half are meant to be it: scales are rounded to f32."""


@dataclass(frozen=True)
class _Axis:
    """One dimension: its sizes, the scale, and the part of the operand that is looked at, from 0 to 1."""

    number: int
    before: Extent
    after: Extent
    scale: Numbers
    start: Numbers
    end: Numbers


@dataclass(frozen=True)
class _Rule:
    """What a node asks for."""

    mode: str
    coordinates: str
    nearest: str
    is_antialiased: bool
    excludes_outside: bool
    cubic_a: float
    extrapolation: float

    @property
    def crops(self) -> bool:
        return self.coordinates == "tf_crop_and_resize"


def _rule(node: Node) -> _Rule:
    if node.version < 11:
        return _Rule(node.text("mode"), "asymmetric", "floor", False, False, -0.75, 0.0)
    return _Rule(
        mode=node.text("mode"),
        coordinates=node.text("coordinate_transformation_mode"),
        nearest=node.text("nearest_mode"),
        is_antialiased=node.flag("antialias", default=False),
        excludes_outside=node.flag("exclude_outside"),
        cubic_a=node.number("cubic_coeff_a"),
        extrapolation=node.number("extrapolation_value"),
    )


def _resize(node: Node) -> Tensor:
    build, operand, rule = node.build, node.operand(0), _rule(node)
    if rule.mode not in ("nearest", "linear", "cubic"):
        raise node.wrong(f"'mode' is '{rule.mode}', expected nearest, linear or cubic")
    if rule.is_antialiased and rule.mode == "nearest":
        raise node.wrong("'antialias' is for modes linear and cubic, got nearest")
    made = operand if rule.mode == "nearest" else build.convert(operand, _compute_element(operand))
    for axis in _axes(node, rule):
        made = _resized_axis(node, rule, made, axis)
    return _rounded(build, made, operand)


def _upsample(node: Node) -> Tensor:
    """Scales are an attribute in version 7; the linear mode was called bilinear before."""
    build, operand = node.build, node.operand(0)
    rule = _Rule(node.text("mode").removeprefix("bi"), "asymmetric", "floor", False, False, -0.75, 0.0)
    made = operand if rule.mode == "nearest" else build.convert(operand, _compute_element(operand))
    for axis in _axes(node, rule):
        made = _resized_axis(node, rule, made, axis)
    return _rounded(build, made, operand)


def _compute_element(operand: Tensor) -> Attribute:
    return f64 if operand.dtype.itemsize > 2 and operand.element != f32 else f32


def _rounded(build: GraphBuilder, made: Tensor, operand: Tensor) -> Tensor:
    """The type of the operand again; integers stay within their type."""
    if made.element != operand.element and not is_float(operand.element):
        limits = np.iinfo(operand.dtype)
        made = build.map_with("minimum", build.map_with("maximum", made, int(limits.min)), int(limits.max))
    return build.convert(made, operand.element)


# Sizes and scales


def _axes(node: Node, rule: _Rule) -> list[_Axis]:
    """The dimensions that are resized."""
    build, shape = node.build, node.operand(0).shape
    numbers = node.dimensions(node.ints("axes", range(len(shape))), len(shape))
    index = 1 if node.version < 11 else 2
    scales = build.constant(np.asarray(node.numbers("scales", ()))) if node.has("scales") else node.optional(index)
    if scales is not None and scales.size:
        factors, sizes = _by_scales(node, scales, numbers)
    else:
        factors, sizes = _by_sizes(node, numbers)
    bounds = Numbers.of(build, np.asarray([0.0] * len(numbers) + [1.0] * len(numbers)))
    if rule.crops:
        bounds = Numbers.of(build, node.operand(1))
    if len(sizes) != len(numbers) or bounds.tensor.shape != (2 * len(numbers),):
        raise node.wrong(f"got {len(sizes)} sizes or scales for {len(numbers)} dimensions")
    return [
        _Axis(number, shape[number], size, factor, bounds.take(0, i), bounds.take(0, i + len(numbers)))
        for i, (number, size, factor) in enumerate(zip(numbers, sizes, factors, strict=True))
    ]


def _by_scales(node: Node, scales: Tensor, axes: tuple[int, ...]) -> tuple[list[Numbers], list[Extent]]:
    """Sizes are products rounded down."""
    build, sizes = node.build, list[Extent]()
    factors = Numbers.of(build, scales)
    if scales.known is not None:
        for axis, scale in zip(axes, scales.known.astype(np.float32).tolist(), strict=True):
            sizes.append(_scaled(node, node.operand(0).shape[axis], scale))
    else:
        result, shape = node.result_shape(), [node.operand(0).static_size(axis) for axis in axes]
        sizes += [result[axis] for axis in axes]
        products = build.map("multiply", build.convert(scales, f32), build.constant(np.asarray(shape, np.float32)))
        is_declared = build.compare("EQ", build.map("floor", products), build.constant(np.asarray(sizes, np.float32)))
        check(node, is_declared, f"expected scales that give {sizes} as the result has")
    return [factors.take(0, index) for index in range(scales.static_size(0))], sizes


def _scaled(node: Node, size: Extent, scale: float) -> Extent:
    """The size times an f32, rounded down; where the size is not known, the scale has to be a simple fraction."""
    if isinstance(size, int):
        return int(np.floor(np.float32(size) * np.float32(scale)))
    fraction = Fraction(scale).limit_denominator(LARGEST_DENOMINATOR)
    if float(fraction) != scale:
        raise node.unsupported(f"a scale of {scale} for a size that is known only when the program runs")
    return size * fraction.numerator // fraction.denominator


def _by_sizes(node: Node, axes: tuple[int, ...]) -> tuple[list[Numbers], list[Extent]]:
    """Scales are quotients; the aspect ratio may be kept."""
    build, shape = node.build, [node.operand(0).shape[axis] for axis in axes]
    given, policy = node.operand(3), node.text("keep_aspect_ratio_policy", "stretch")
    wanted = Numbers.of(build, given)
    if policy == "stretch" and node.has_sizes(3) and not (given.known is not None and node.operand(0).is_static):
        sizes = node.sizes(3)
        return [_quotient(build, *pair) for pair in zip(sizes, shape, strict=True)], list(sizes)
    quotients = [wanted.take(0, index) / size for index, size in enumerate(shape)]
    if policy in ("not_larger", "not_smaller"):
        scale = quotients[0]
        for quotient in quotients[1:]:
            scale = scale.map("minimum" if policy == "not_larger" else "maximum", quotient)
        quotients = [scale] * len(axes)
        results = [(scale * size + 0.5).map("floor") for size in shape]
    elif policy == "stretch":
        results = [wanted.take(0, index) for index in range(len(shape))]
    else:
        raise node.wrong(f"'keep_aspect_ratio_policy' is '{policy}', expected stretch, not_larger or not_smaller")
    return quotients, [_size(node, result, axis) for result, axis in zip(results, axes, strict=True)]


def _quotient(build: GraphBuilder, size: Extent, before: Extent) -> Numbers:
    """The scale that makes one size of another."""
    whole = exact_quotient(size, before)
    return Numbers.of(build, whole) if isinstance(whole, int) else Numbers.of(build, size) / before


def _size(node: Node, result: Numbers, axis: int) -> int:
    """A size that is known, or the declared one, which the program checks."""
    if result.known is not None:
        return int(result.known)
    size = node.result_shape()[axis]
    is_declared = node.build.compare("EQ", result.tensor, node.build.scalar(size, f64))
    check(node, is_declared, f"expected size {size} along dimension {axis} as the result has")
    return size


# Coordinates and weights


def _resized_axis(node: Node, rule: _Rule, operand: Tensor, axis: _Axis) -> Tensor:
    build, scale = node.build, axis.scale.known
    if scale is not None and scale == 1 and axis.before == axis.after and not rule.crops:
        return operand
    place = _coordinates(node, rule, axis)
    if rule.mode == "nearest":
        made = _at(build, operand, axis.number, _nearest(node, rule, place).clamped(0, axis.before - 1))
    else:
        made = _interpolated(build, rule, operand, axis, place)
    if not rule.crops:
        return made
    outside = place.is_within(0, axis.before - 1).tensor
    spread = build.reshape(outside, [axis.after, *[1] * (operand.rank - axis.number - 1)])
    return build.select(spread, made, build.scalar(rule.extrapolation, made.element))


def _coordinates(node: Node, rule: _Rule, axis: _Axis) -> Numbers:
    """The place along the operand's dimension for each element of the result."""
    places, zero = _places(node.build, axis.after)
    width, last = axis.scale * axis.before, axis.before - 1
    is_one = width.is_at_most(1 + _NEARLY_WHOLE).map("and", Numbers.of(node.build, 1 - _NEARLY_WHOLE).is_at_most(width))
    centred = (places + 0.5) / axis.scale - 0.5
    match rule.coordinates:
        case "half_pixel":
            made = centred
        case "pytorch_half_pixel":
            made = is_one.choose(zero, centred)
        case "half_pixel_symmetric":
            surplus = (width - axis.after) / width
            made = centred + surplus * _half(node.build, axis.before)
        case "asymmetric":
            made = places / axis.scale
        case "align_corners":
            made = is_one.choose(zero, places * last / (width - 1))
        case "tf_crop_and_resize":
            extent = axis.end - axis.start
            spread = is_one.choose(extent * _half(node.build, last) + places * 0, places * extent * last / (width - 1))
            made = spread + axis.start * last
        case other:
            raise node.wrong(f"'coordinate_transformation_mode' is '{other}', which ONNX does not have")
    rounded = (made * 2 + 0.5).map("floor") * 0.5
    return (made - rounded).map("abs").is_at_most(_NEARLY_WHOLE).choose(rounded, made)


def _places(build: GraphBuilder, count: Extent) -> tuple[Numbers, Numbers]:
    """The numbers from 0 to before `count`, and as many zeros."""
    if isinstance(count, int):
        return Numbers.of(build, np.arange(count)), Numbers.of(build, np.zeros(count))
    places = Numbers.of(build, build.iota(i64, [count], 0))
    return places, places * 0


def _half(build: GraphBuilder, size: Extent) -> Numbers | float:
    return size / 2 if isinstance(size, int) else Numbers.of(build, size) / 2


def _nearest(node: Node, rule: _Rule, place: Numbers) -> Numbers:
    match rule.nearest:
        case "round_prefer_floor":
            return (place - 0.5).map("ceil")
        case "round_prefer_ceil":
            return (place + 0.5).map("floor")
        case "floor" | "ceil" as name:
            return place.map(name)
        case other:
            raise node.wrong(f"'nearest_mode' is '{other}', which ONNX does not have")


def _interpolated(build: GraphBuilder, rule: _Rule, operand: Tensor, axis: _Axis, place: Numbers) -> Tensor:
    """Sums over the neighbours. An antialiasing filter is as much wider as the result is smaller."""
    radius = 1 if rule.mode == "linear" else 2
    stretch = axis.scale.map("minimum", 1.0) if rule.is_antialiased else Numbers.of(build, 1.0)
    what = "a dimension that is made smaller"
    least = (
        min(1.0, static(axis.after, what) / static(axis.before, what))
        if stretch.known is None
        else float(stretch.known)
    )
    first = int(np.floor(-radius / least)) + 1
    offsets = Numbers.of(build, np.arange(first, 2 - first).reshape(1, -1))
    base = place.map("floor").reshape(axis.after, 1)
    distance = ((offsets - (place.reshape(axis.after, 1) - base)) * stretch).map("abs")
    weights = _cubic(distance, rule.cubic_a) if radius == 2 else (distance * -1 + 1).map("maximum", 0.0)
    places = base + offsets
    if rule.excludes_outside:
        weights = places.is_within(0, axis.before - 1).choose(weights, 0.0)
    if rule.excludes_outside or rule.is_antialiased:
        weights = weights / weights.sum(1)
    places = places.clamped(0, axis.before - 1)
    if offsets.tensor.static_size(1) > MAX_TAPS:
        return _by_matrix(build, operand, axis, places, weights)
    return _by_taps(build, operand, axis, places, weights)


def _cubic(distance: Numbers, a: float) -> Numbers:
    """The piecewise cubic of Keys: 1 at 0, and 0 at 1, 2 and beyond."""
    near = (distance * (a + 2) - (a + 3)) * distance * distance + 1
    far = ((distance * a - 5 * a) * distance + 8 * a) * distance - 4 * a
    return distance.is_at_most(1).choose(near, distance.is_at_most(2).choose(far, 0.0))


def _by_taps(build: GraphBuilder, operand: Tensor, axis: _Axis, places: Numbers, weights: Numbers) -> Tensor:
    """One product for each neighbour."""
    total: Tensor | None = None
    for tap in range(places.tensor.static_size(1)):
        weight = weights.take(1, tap)
        if weight.known is not None and not weight.known.any():
            continue
        spread = build.reshape(weight.tensor, [axis.after, *[1] * (operand.rank - axis.number - 1)])
        values = _at(build, operand, axis.number, places.take(1, tap))
        term = build.map("multiply", values, build.convert(spread, operand.element))
        total = term if total is None else build.map("add", total, term)
    assert total is not None
    return total


def _by_matrix(build: GraphBuilder, operand: Tensor, axis: _Axis, places: Numbers, weights: Numbers) -> Tensor:
    """One product with the weights of all elements along the dimension."""
    count = places.tensor.shape[1]
    columns = _places(build, axis.before)[0].reshape(1, 1, axis.before)
    distance = (places.reshape(axis.after, count, 1) - columns).map("abs")
    spread = distance.is_at_most(0).choose(weights.reshape(axis.after, count, 1), 0.0)
    matrix = build.convert(spread.sum(1).reshape(axis.after, axis.before).tensor, operand.element)
    made = build.dot_general(operand, matrix, ([], []), ([axis.number], [1]), operand.element)
    return build.move_axis(made, made.rank - 1, axis.number)


def _at(build: GraphBuilder, operand: Tensor, axis: int, places: Numbers) -> Tensor:
    """The elements at places along a dimension: repeated or skipped where that is all, else gathered."""
    if places.known is None:
        return build.gather_along(operand, places.positions(), axis)
    known, size = places.known.astype(np.int64), operand.static_size(axis)
    repeats = len(known) // size if size else 0
    if repeats and np.array_equal(known, np.repeat(np.arange(size), repeats)):
        wide = [*operand.shape[: axis + 1], repeats, *operand.shape[axis + 1 :]]
        spread = build.broadcast_in_dim(operand, wide, [i for i in range(operand.rank + 1) if i != axis + 1])
        return build.reshape(spread, [*operand.shape[:axis], len(known), *operand.shape[axis + 1 :]])
    if (step := _step(known)) is not None:
        starts: list[Extent] = [0] * operand.rank
        limits, strides = list(operand.shape), [1] * operand.rank
        starts[axis], limits[axis], strides[axis] = int(known[0]), int(known[-1]) + 1, step
        return build.slice(operand, starts, limits, strides)
    return build.gather_along(operand, build.constant(known), axis)


def _step(places: Array) -> int | None:
    """The distance between places that ascend evenly."""
    distances = np.diff(places)
    if not places.size or (distances < 1).any() or (distances != distances[:1]).any():
        return None
    return int(distances[0]) if distances.size else 1


RESIZING: OperatorTable = {
    ("", op): operator for op, operator in dict[str, Operator](Resize=_resize, Upsample=_upsample).items()
}
