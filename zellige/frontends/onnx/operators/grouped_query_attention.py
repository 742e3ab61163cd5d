"""GroupQueryAttention of com.microsoft: what exporters of language models write for attention with a cache.

Several heads of the query read one head of keys and values. The keys and values of the past come in and go out; the
new ones are put behind as many of them as the number of keys says, which may be fewer than there is room for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.nodes import Node, OperatorTable
from zellige.frontends.onnx.operators.attention import biased, heads, joined, turned_pairs
from zellige.frontends.onnx.operators.reductions import softmax
from zellige.frontends.onnx.runtime_shapes import check
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

_QUERY, _KEY, _VALUE, _PAST_KEY, _PAST_VALUE, _LAST_KEY, _TOTAL, _COSINES, _SINES, _PLACES, _BIAS = range(11)
"""Operands. `_LAST_KEY` is one less than how many keys each batch has, with the new ones; `_TOTAL` the most of them."""


def _group_query_attention(node: Node) -> Sequence[Tensor]:
    build, groups = node.build, node.integer("kv_num_heads")
    if node.flag("smooth_softmax", default=False) or len(node.all_values) > _BIAS + 1:
        raise node.unsupported("a smooth softmax, sinks of heads and quantised caches are not supported")
    query, key, value = _split(node)
    positions = query.static_size(2)
    behind = build.map_with("subtract", build.convert(node.operand(_LAST_KEY), i64), positions - 1)
    behind = build.reshape(build.map_with("maximum", behind, 0), [behind.size])
    places = build.map("add", build.iota(i64, [behind.size, positions], 1), build.expand_dims(behind, [1]))
    if node.flag("do_rotary", default=False):
        turns = places if (given := node.optional(_PLACES)) is None else build.convert(given, i64)
        query, key = (_rotated(node, rows, turns) for rows in (query, key))
    key, value = (
        _appended(node, node.optional(index), rows, behind) for index, rows in ((_PAST_KEY, key), (_PAST_VALUE, value))
    )
    scores = _scores(node, query, key, groups)
    seen = build.select(_is_seen(node, places, key.static_size(2)), scores, build.scalar(-np.inf, scores.element))
    read = build.dot_general(_grouped(build, softmax(build, seen, [3]), groups), value, *_BATCHES, query.element)
    return [joined(build, build.reshape(read, query.shape)), key, value]


_BATCHES = ([0, 1], [0, 1]), ([3], [2])
"""Dimensions of a product of shares and values: those that both have, and those that go away."""


def _split(node: Node) -> tuple[Tensor, Tensor, Tensor]:
    """Query, key and value as [batch, heads, positions, size]; all may be in one operand, side by side."""
    build, query = node.build, node.operand(_QUERY)
    count, groups = node.integer("num_heads"), node.integer("kv_num_heads")
    if node.optional(_KEY) is not None:
        rows = [query, node.operand(_KEY), node.operand(_VALUE)]
    else:
        size = query.static_size(2) // (count + 2 * groups)
        ends = [count * size, (count + groups) * size, (count + 2 * groups) * size]
        rows = [build.slice_axis(query, 2, start, end) for start, end in zip([0, *ends], ends, strict=False)]
    made = [heads(build, each, number) for each, number in zip(rows, (count, groups, groups), strict=True)]
    return made[0], made[1], made[2]


def _rotated(node: Node, rows: Tensor, places: Tensor) -> Tensor:
    """Pairs turned by the angles of their places; what the tables have no angles for stays."""
    build, size = node.build, rows.static_size(3)
    cosine, sine = (
        build.expand_dims(build.gather_along(node.operand(table), places, 0), [1]) for table in (_COSINES, _SINES)
    )
    turned = 2 * cosine.static_size(3)
    is_interleaved = node.flag("rotary_interleaved", default=False)
    made = turned_pairs(build, build.slice_axis(rows, 3, 0, turned), cosine, sine, is_interleaved=is_interleaved)
    return build.concatenate([made, build.slice_axis(rows, 3, turned, size)], 3) if turned < size else made


def _appended(node: Node, past: Tensor | None, rows: Tensor, behind: Tensor) -> Tensor:
    """The cache with the new rows behind those that each batch has."""
    build, total = node.build, node.operand(_TOTAL)
    batch, groups, positions, size = (rows.static_size(axis) for axis in range(4))
    room = 0 if past is None else past.static_size(2)
    if total.known is None and past is not None:
        is_room = build.compare("LE", build.convert(total, i64), build.scalar(room, i64))
        check(node, is_room, f"expected a total length of at most {room}, the room of the past")
    length = max(room, positions if total.known is None else int(total.known.reshape(-1)[0]))
    new = build.full(0, rows.element, [batch, groups, length - room, size])
    cache = new if past is None else build.concatenate([past, new], 2) if length > room else past
    zero = build.scalar(0, i64)
    parts = [
        build.update_slice(
            build.slice_axis(cache, 0, index, index + 1),
            build.slice_axis(rows, 0, index, index + 1),
            [zero, zero, build.reshape(build.slice_axis(behind, 0, index, index + 1), ())],
        )
        for index in range(batch)
    ]
    return build.concatenate(parts, 0)


def _grouped(build: GraphBuilder, rows: Tensor, groups: int) -> Tensor:
    """The heads that read one head of keys, as positions of one."""
    batch, count, positions, size = (rows.static_size(axis) for axis in range(4))
    return build.reshape(rows, [batch, groups, count // groups * positions, size])


def _scores(node: Node, query: Tensor, key: Tensor, groups: int) -> Tensor:
    """[batch, heads, positions, keys]."""
    build, cap = node.build, node.number("softcap", 0.0)
    made = build.dot_general(_grouped(build, query, groups), key, ([0, 1], [0, 1]), ([3], [3]), query.element)
    made = build.reshape(made, [*query.shape[:3], key.shape[2]])
    made = build.map_with("multiply", made, node.number("scale", 0.0) or query.static_size(3) ** -0.5)
    if cap:
        made = build.map_with("multiply", build.map("tanh", build.map_with("divide", made, cap)), cap)
    return biased(build, made, node.optional(_BIAS))


def _is_seen(node: Node, places: Tensor, keys: int) -> Tensor:
    """Whether a position looks at a key: its own and those before it, the nearest ones where there is a window."""
    build, window = node.build, node.integer("local_window_size", -1)
    here = build.expand_dims(places, [1, 3])
    key = build.iota(i64, [*here.shape[:3], keys], 3)
    seen = build.compare("LE", key, here)
    if window > 0:
        seen = build.map("and", seen, build.compare("GT", key, build.map_with("subtract", here, window)))
    return seen


GROUPED_QUERY_ATTENTION: OperatorTable = {("com.microsoft", "GroupQueryAttention"): _group_query_attention}
