"""What finds objects in images: RoiAlign, NonMaxSuppression, and DeformConv, whose kernel's elements are moved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from itertools import product
from math import prod

import numpy as np
from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.loops import repeat
from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.convolutions import kernel_shape, with_bias, with_channels
from zellige.frontends.onnx.runtime_shapes import check
from zellige.frontends.onnx.windows import read_window
from zellige.maths.sizes import Extent
from zellige.passes.input.broadcasting import broadcast_shapes
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, static


def _corners(
    build: GraphBuilder, image: Tensor, lead: Sequence[Tensor], places: tuple[Tensor, Tensor], axes: Sequence[int]
) -> list[Tensor]:
    """The four elements around each place in a plane, by their shares of it; 0 beyond the edges.

    `axes` are the dimensions that the positions in `lead` and the two places are of; the others come last.
    """
    sizes = [image.shape[axis] for axis in axes[-2:]]
    sides = [_sides(build, place, size) for place, size in zip(places, sizes, strict=True)]
    shape = broadcast_shapes(*(position.shape for position in lead), *(place.shape for place in places))
    found: list[Tensor] = []
    for row, column in product(*sides):
        positions = [build.broadcast(position, shape) for position in (*lead, row[0], column[0])]
        values = build.gather(image, build.stack(positions, len(shape)), axes)
        share = build.broadcast(build.map("multiply", row[1], column[1]), shape)
        found.append(build.map("multiply", values, build.expand_dims(share, range(len(shape), values.rank))))
    return found


def _sides(build: GraphBuilder, place: Tensor, size: Extent) -> list[tuple[Tensor, Tensor]]:
    """Positions and shares of the elements on either side of a place; what is outside has no share."""
    low = build.map("floor", place)
    share = build.map("subtract", place, low)
    sides = [(low, build.map("subtract", build.scalar(1, share.element), share))]
    sides.append((build.map_with("add", low, 1), share))
    zero = build.scalar(0, share.element)
    made: list[tuple[Tensor, Tensor]] = []
    for at, part in sides:
        inside = build.map_with("minimum", build.map("maximum", at, zero), size - 1)
        made.append((build.convert(inside, i64), build.select(build.compare("EQ", inside, at), part, zero)))
    return made


def _roi_align(node: Node) -> Tensor:
    """Average or maximum of points at even distances in each cell of a grid over each region."""
    build, operand, regions, batches = node.build, node.operand(0), node.operand(1), node.operand(2)
    points, mode = node.integer("sampling_ratio"), node.text("mode")
    if points < 1:
        raise node.unsupported("'sampling_ratio' 0 depends on unknown sizes and is not supported, expected at least 1")
    is_exact = node.version >= 16 and node.text("coordinate_transformation_mode") == "half_pixel"
    counts = node.integer("output_height"), node.integer("output_width")
    scaled = build.map_with("multiply", regions, node.number("spatial_scale"))
    scaled = build.map_with("subtract", scaled, 0.5) if is_exact else scaled
    places: list[Tensor] = []
    seen: list[Tensor] = []
    for number, (cells, size) in enumerate(zip(counts, operand.shape[2:], strict=True)):
        start, end = (build.slice_axis(scaled, 1, at, at + 1) for at in (1 - number, 3 - number))
        extent = build.map("subtract", end, start)
        extent = extent if is_exact else build.map_with("maximum", extent, 1)
        steps = (np.arange(cells * points) + 0.5) / (cells * points)
        place = build.map(
            "add", start, build.map("multiply", extent, build.constant(steps.astype(regions.dtype)[None]))
        )
        within = [build.compare(d, place, build.scalar(n, place.element)) for d, n in (("GE", -1), ("LE", size))]
        seen.append(build.map("and", *within))
        clamped = build.map_with("minimum", build.map_with("maximum", place, 0), size - 1)
        places.append(build.expand_dims(clamped, [1 + (1 - number)]))
    lead = build.reshape(build.convert(batches, i64), [batches.size, 1, 1])
    parts = _corners(build, operand, [lead], (places[0], places[1]), [0, 2, 3])
    is_seen = build.map("and", build.expand_dims(seen[0], [2]), build.expand_dims(seen[1], [1]))
    combination = "add" if mode == "avg" else "maximum"
    whole = reduce(partial(build.map, combination), parts)
    whole = build.select(build.expand_dims(is_seen, [3]), whole, build.scalar(0, whole.element))
    cells = build.reshape(whole, [whole.shape[0], counts[0], points, counts[1], points, whole.shape[3]])
    made = build.reduce(combination, cells, 0 if mode == "avg" else -np.inf, [2, 4])
    made = build.map_with("divide", made, points**2) if mode == "avg" else made
    return build.transpose(made, [0, 3, 1, 2])


def _deformable_convolution(node: Node) -> Tensor:
    """A product of the kernel with what stands at each of its elements' places, between the elements of the operand."""
    build, operand, kernel, offset = node.build, node.operand(0), node.operand(1), node.operand(2)
    groups, moved = node.integer("group"), node.integer("offset_group")
    operand = with_channels(node, operand, kernel, groups)
    sizes = kernel_shape(node, kernel)
    if len(sizes) != 2:
        raise node.unsupported(f"{len(sizes)} dimensions in space are not supported, expected 2")
    spatial = operand.static_space
    window = read_window(node, spatial, sizes)
    batch, channels, count = operand.shape[0], operand.shape[1], prod(sizes)
    results = [static(size, "a dimension in space") for size in window.result_sizes(spatial, sizes)]
    if list(offset.shape) != [batch, moved * count * 2, *results] or channels % moved != 0:
        raise node.wrong(f"offsets are {offset.type}, expected two for each element of kernel {kernel.type} and place")
    places: list[Tensor] = []
    offsets = build.reshape(offset, [batch, moved, *sizes, 2, *results])
    for axis in range(2):
        at = np.arange(sizes[axis]).reshape([-1, *[1] * (3 - axis)]) * window.dilations[axis] - window.low[axis]
        start = np.arange(results[axis]).reshape([-1, *[1] * (1 - axis)]) * window.strides[axis]
        regular = build.constant((at + start).astype(offset.dtype))
        place = build.map("add", build.take(offsets, 4, axis), regular)
        places.append(build.reshape(place, [batch, moved, count, *results]))
    lead = [build.iota(i64, [size, *[1] * after], 0) for size, after in ((batch, 4), (moved, 3))]
    split = build.reshape(operand, [batch, moved, channels // moved, *operand.shape[2:]])
    parts = _corners(build, split, lead, (places[0], places[1]), [0, 1, 3, 4])
    values = reduce(partial(build.map, "add"), parts)
    if (mask := node.optional(4)) is not None:
        values = build.map("multiply", values, build.reshape(mask, [batch, moved, count, *results, 1]))
    columns = build.transpose(values, [0, 1, 5, 2, 3, 4])
    columns = build.reshape(columns, [batch, groups, channels // groups * count, prod(results)])
    rows = build.reshape(kernel, [groups, kernel.shape[0] // groups, channels // groups * count])
    made = build.dot_general(rows, columns, ([0], [1]), ([2], [2]), operand.element)
    made = build.reshape(build.transpose(made, [2, 0, 1, 3]), [batch, kernel.shape[0], *results])
    return with_bias(node, made, node.optional(3))


def _non_max_suppression(node: Node) -> Tensor:
    """Boxes by falling score, without those that overlap one before them too much; how many has to be declared."""
    build, boxes, scores = node.build, node.operand(0), node.operand(1)
    batch, classes, count = scores.shape
    shape = [batch * classes, count]
    columns = [
        build.reshape(build.broadcast_in_dim(build.take(boxes, 2, index), [batch, classes, count], [0, 2]), shape)
        for index in range(4)
    ]
    keys = build.reshape(scores, shape)
    ordered = build.sort([keys, build.iota(i64, shape, 1), *columns], 1, "GT")
    edges = _edges(build, ordered[2:], is_centred=node.flag("center_point_box", default=False))
    threshold = node.optional(4)
    alive = build.compare("EQ", ordered[0], ordered[0])
    if threshold is not None and threshold.size:
        alive = build.compare("GT", ordered[0], build.reshape(threshold, ()))
    alive = _suppressed(node, edges, alive)
    many = node.result_shape()[0]
    flags = build.reshape(build.convert(alive, i64), [batch * classes * count])
    found = build.compare("EQ", build.reduce("add", flags, 0, [0]), build.scalar(many, i64))
    check(node, found, f"expected {many} boxes as the result has")
    order = build.sort([flags, build.iota(i64, flags.shape, 0)], 0, "GT")[1]
    places = build.slice_axis(order, 0, 0, many)
    kept = build.gather_along(build.reshape(ordered[1], flags.shape), places, 0)
    group = build.map_with("divide", places, count)
    rows = [build.map_with("divide", group, classes), build.map_with("remainder", group, classes), kept]
    return build.stack(rows, 1)


def _edges(build: GraphBuilder, columns: Sequence[Tensor], *, is_centred: bool) -> list[tuple[Tensor, Tensor]]:
    """The low and the high edge of boxes in each dimension."""
    pairs = [(columns[axis], columns[axis + 2]) for axis in range(2)]
    if is_centred:
        halves = [(middle, build.map_with("divide", extent, 2)) for middle, extent in pairs]
        return [(build.map("subtract", middle, half), build.map("add", middle, half)) for middle, half in halves]
    return [(build.map("minimum", one, other), build.map("maximum", one, other)) for one, other in pairs]


def _suppressed(node: Node, edges: Sequence[tuple[Tensor, Tensor]], alive: Tensor) -> Tensor:
    """Which boxes are left, when each that is takes away those after it."""
    build = node.build
    groups, count = alive.shape
    sides = [build.map("subtract", high, low) for low, high in edges]
    areas = build.map("multiply", sides[0], sides[1])
    most, overlap = (
        build.reshape(operand, ()) if operand is not None and operand.size else build.scalar(0, element)
        for operand, element in ((node.optional(2), i64), (node.optional(3), areas.element))
    )

    def step(inner: GraphBuilder, index: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        before, taken = state

        def current(tensor: Tensor) -> Tensor:
            return inner.expand_dims(inner.slice_at(tensor, 1, index), [1])

        is_room = inner.compare("LT", taken, most)
        is_kept = inner.map("and", current(before), is_room)
        zero = inner.scalar(0, areas.element)
        shared = [
            inner.map(
                "maximum",
                inner.map(
                    "subtract", inner.map("minimum", high, current(high)), inner.map("maximum", low, current(low))
                ),
                zero,
            )
            for low, high in edges
        ]
        common = inner.map("multiply", shared[0], shared[1])
        whole = inner.map("subtract", inner.map("add", areas, current(areas)), common)
        is_over = inner.compare("GT", inner.map("divide", common, whole), overlap)
        is_over = inner.map("and", is_over, inner.compare("GT", common, zero))
        places = inner.iota(i64, [groups, count], 1)
        is_gone = inner.map("and", inner.map("and", is_over, is_kept), inner.compare("GT", places, index))
        after = inner.map("and", before, inner.map("not", is_gone))
        after = inner.select(inner.compare("EQ", places, index), is_kept, after)
        return [after, inner.map("add", taken, inner.convert(is_kept, i64))]

    return repeat(build, count, [alive, build.full(0, i64, [groups, 1])], step)[0]


DETECTION: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](
        DeformConv=_deformable_convolution,
        NonMaxSuppression=_non_max_suppression,
        RoiAlign=_roi_align,
    ).items()
}
