"""Attention and what stands around it in transformers, as onnxruntime's own operators say it (com.microsoft).

The operators of the same names in the standard are functions, which are read as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from xdsl.dialects.builtin import i32, i64

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.contractions import product
from zellige.frontends.onnx.operators.normalizations import normalized
from zellige.frontends.onnx.operators.reductions import mean, softmax
from zellige.frontends.onnx.schemas import ONNXRUNTIME
from zellige.maths.sizes import Extent, are_different
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def _fused_matmul(node: Node) -> Tensor:
    """Alpha * A' * B', where the matrices of either may be transposed."""
    build = node.build
    if node.flag("transBatchA", default=False) or node.flag("transBatchB", default=False):
        raise node.unsupported("transposed dimensions of the batch are not supported")
    left, right = (
        build.transpose(operand, [*range(operand.rank - 2), operand.rank - 1, operand.rank - 2])
        if operand.rank > 1 and node.flag(name, default=False)
        else operand
        for operand, name in ((node.operand(0), "transA"), (node.operand(1), "transB"))
    )
    made, alpha = product(build, left, right), node.number("alpha", 1.0)
    return made if alpha == 1 else build.map_with("multiply", made, alpha)


# Activations


def gelu(build: GraphBuilder, x: Tensor) -> Tensor:
    """X * (1 + erf(x / sqrt(2))) / 2."""
    inner = build.map("erf", build.map_with("multiply", x, float(np.sqrt(0.5))))
    return build.map("multiply", build.map_with("multiply", x, 0.5), build.map_with("add", inner, 1))


def _gelu(node: Node) -> Tensor:
    return gelu(node.build, biased(node.build, node.operand(0), node.optional(1)))


def _fast_gelu(node: Node) -> Tensor:
    """X * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2."""
    build, x = node.build, biased(node.build, node.operand(0), node.optional(1))
    cube = build.map("multiply", build.map("multiply", x, x), x)
    inner = build.map("add", x, build.map_with("multiply", cube, 0.044715))
    bent = build.map("tanh", build.map_with("multiply", inner, float(np.sqrt(2 / np.pi))))
    return build.map("multiply", build.map_with("multiply", x, 0.5), build.map_with("add", bent, 1))


def _quick_gelu(node: Node) -> Tensor:
    build, x = node.build, node.operand(0)
    return build.map("multiply", x, build.map("logistic", build.map_with("multiply", x, node.number("alpha", 1.702))))


def biased(build: GraphBuilder, x: Tensor, bias: Tensor | None) -> Tensor:
    return x if bias is None else build.map("add", x, bias)


# Normalisation


def _skip_layer_normalization(node: Node) -> Sequence[Tensor]:
    """The sum of two tensors and maybe a bias, normalised along the last dimension; the sum is the fourth result."""
    build = node.build
    total = biased(build, build.map("add", node.operand(0), node.operand(1)), node.optional(4))
    made = normalized(build, total, [total.rank - 1], node.number("epsilon", 1e-12))
    made = biased(build, build.map("multiply", made, node.operand(2)), node.optional(3))
    return _with_sum(node, made, total)


def _skip_simplified_layer_normalization(node: Node) -> Sequence[Tensor]:
    """The same, divided by the root of the mean of squares."""
    build = node.build
    total = biased(build, build.map("add", node.operand(0), node.operand(1)), node.optional(3))
    return _with_sum(node, _simplified(node, total, [total.rank - 1], node.operand(2), 1e-12), total)


def _simplified_layer_normalization(node: Node) -> Tensor:
    """Without a sum before it, from a dimension on."""
    operand = node.operand(0)
    axes = range(node.axis("axis", operand.rank, -1), operand.rank)
    if node.is_wanted(1):
        raise node.unsupported("result 1, for training, is not supported")
    return _simplified(node, operand, axes, node.operand(1), 1e-5)


def _simplified(node: Node, operand: Tensor, axes: Sequence[int], scale: Tensor, epsilon: float) -> Tensor:
    build = node.build
    squares = mean(build, build.map("multiply", operand, operand), axes)
    roots = build.map("rsqrt", build.map_with("add", squares, node.number("epsilon", epsilon)))
    return build.map("multiply", build.map("multiply", operand, roots), scale)


def _embed_layer_normalization(node: Node) -> Sequence[Tensor]:
    """Rows of tables for words, places and kinds, added and normalised; then how many words of each batch there are."""
    build, words, mask, places = node.build, node.operand(0), node.optional(7), node.optional(8)
    batch, length = words.shape
    if places is None:
        places = build.iota(i64, [batch, length], 1)
    total = build.gather_along(node.operand(2), words, 0)
    if (kinds := node.optional(1)) is not None:
        total = build.map("add", total, build.gather_along(node.operand(4), kinds, 0))
    total = build.map("add", total, build.gather_along(node.operand(3), places, 0))
    made = normalized(build, total, [2], node.number("epsilon", 1e-12))
    made = build.map("add", build.map("multiply", made, node.operand(5)), node.operand(6))
    counts = build.full(0, i32, [batch]) if mask is None else build.reduce("add", mask, 0, [1])
    return [made, counts, total][: len(node.proto.output)]


def _with_sum(node: Node, made: Tensor, total: Tensor) -> Sequence[Tensor]:
    if node.is_wanted(1) or node.is_wanted(2):
        raise node.unsupported("results 1 and 2, for training, are not supported")
    return [made, made, made, total][: len(node.proto.output)]


# Attention


@dataclass(frozen=True)
class _Scores:
    """What changes the scores before the softmax; masks are true where there is something to look at."""

    scale: float
    is_causal: bool
    mask: Tensor | None
    filling: float
    bias: Tensor | None


def _attend(build: GraphBuilder, query: Tensor, key: Tensor, value: Tensor, scores: _Scores) -> Tensor:
    """Softmax(query * key' * scale + bias) * value; all are [batch, heads, positions, size]."""
    batch = ([0, 1], [0, 1])
    made = build.dot_general(query, key, batch, ([3], [3]), query.element)
    made = build.map_with("multiply", made, scores.scale)
    made = biased(build, made, scores.bias)
    if scores.mask is not None:
        made = build.select(scores.mask, made, build.scalar(scores.filling, made.element))
    if scores.is_causal:
        shape = made.shape[2:]
        behind = build.map_with("add", build.iota(i64, shape, 0), shape[1] - shape[0])
        is_past = build.compare("GE", behind, build.iota(i64, shape, 1))
        made = build.select(is_past, made, build.scalar(scores.filling, made.element))
    return build.dot_general(softmax(build, made, [3]), value, batch, ([3], [2]), query.element)


def heads(build: GraphBuilder, rows: Tensor, count: int) -> Tensor:
    """[batch, positions, heads * size] as [batch, heads, positions, size]."""
    batch, positions, size = rows.shape
    return build.transpose(build.reshape(rows, [batch, positions, count, size // count]), [0, 2, 1, 3])


def joined(build: GraphBuilder, made: Tensor) -> Tensor:
    """Back to [batch, positions, heads * size]."""
    batch, heads, positions, size = made.shape
    return build.reshape(build.transpose(made, [0, 2, 1, 3]), [batch, positions, heads * size])


def _key_mask(node: Node, mask: Tensor | None, keys: Extent) -> Tensor | None:
    """A mask [batch, keys] or [batch, queries, keys], or the number of keys of each batch, over all heads."""
    if mask is None:
        return None
    build = node.build
    if mask.rank == 1:
        if are_different(mask.shape[0], node.operand(0).shape[0]):
            raise node.unsupported(f"a mask {mask.type} is not supported, expected one number for each batch")
        lengths = build.reshape(build.convert(mask, i64), [mask.shape[0], 1, 1, 1])
        return build.compare("LT", build.iota(i64, [1, 1, 1, keys], 3), lengths)
    if mask.rank > 3 or are_different(mask.shape[-1], keys):
        raise node.unsupported(f"a mask {mask.type} is not supported, expected {keys} keys for each batch")
    is_seen = build.compare("NE", mask, build.scalar(0, mask.element))
    return build.expand_dims(is_seen, [1] if mask.rank == 3 else [1, 2])


def _scores(node: Node, size: int, mask: Tensor | None, bias: Tensor | None) -> _Scores:
    return _Scores(
        scale=node.number("scale", 0.0) or 1 / float(np.sqrt(size)),
        is_causal=node.flag("unidirectional", default=False),
        mask=mask,
        filling=node.number("mask_filter_value", -10000.0),
        bias=bias,
    )


def _multi_head_attention(node: Node) -> Sequence[Tensor]:
    """Query, key and value are rows of all heads, or packed in one operand; present ones follow those of the past."""
    build, count = node.build, node.integer("num_heads")
    query, key, value = _unpacked(node)
    rows = [query, key, value]
    if (bias := node.optional(3)) is not None:
        widths = [tensor.shape[-1] if tensor.rank == 3 else count * tensor.shape[-1] for tensor in rows]
        ends = list(accumulate(widths))
        starts = [0, *ends[:-1]]
        rows = [
            build.map("add", tensor, build.slice_axis(bias, 0, start, end)) if tensor.rank == 3 else tensor
            for tensor, start, end in zip(rows, starts, ends, strict=True)
        ]
    query, key, value = (heads(build, tensor, count) if tensor.rank == 3 else tensor for tensor in rows)
    if (past := node.optional(6)) is not None:
        key = build.concatenate([past, key], 2)
        value = build.concatenate([node.operand(7), value], 2)
    if any(node.optional(index) is not None for index in (8, 9)):
        raise node.unsupported("a cache of a fixed size with its own length is not supported")
    mask = _key_mask(node, node.optional(4), key.shape[2])
    made = _attend(build, query, key, value, _scores(node, query.static_size(3), mask, node.optional(5)))
    return [joined(build, made), key, value][: max(1, len(node.proto.output))]


def _unpacked(node: Node) -> tuple[Tensor, Tensor, Tensor]:
    """Three operands, or one of query, key and value, or two, the second of key and value."""
    build, query, key, value = node.build, node.operand(0), node.optional(1), node.optional(2)
    if key is None:
        if query.rank != 5:
            raise node.wrong(f"without a key the query packs all three in five dimensions, got {query.type}")
        query, key, value = (_packed_rows(build, query, index) for index in range(3))
    elif value is None:
        key, value = (_packed_rows(build, key, index) for index in range(2))
    return query, key, value


def _packed_rows(build: GraphBuilder, packed: Tensor, index: int) -> Tensor:
    """One of [batch, positions, heads, parts, size], as rows of all heads."""
    batch, positions, heads, _, size = packed.shape
    return build.reshape(build.take(packed, 3, index), [batch, positions, heads * size])


def _attention(node: Node) -> Sequence[Tensor]:
    """Query, key and value are products of the rows with weights that stand side by side."""
    build, rows, weights, count = node.build, node.operand(0), node.operand(1), node.integer("num_heads")
    both = biased(build, product(build, rows, weights), node.optional(2))
    third = weights.static_size(1) // 3
    sizes = node.ints("qkv_hidden_sizes", [third] * 3)
    ends = np.cumsum(sizes).tolist()
    query, key, value = (
        heads(build, build.slice_axis(both, 2, end - size, end), count) for size, end in zip(sizes, ends, strict=True)
    )
    if (past := node.optional(4)) is not None:
        key, value = (build.concatenate([build.take(past, 0, i), now], 2) for i, now in ((0, key), (1, value)))
    mask = _key_mask(node, node.optional(3), key.shape[2])
    made = _attend(build, query, key, value, _scores(node, query.static_size(3), mask, node.optional(5)))
    present = [build.stack([key, value], 0)] if node.is_wanted(1) else []
    return [joined(build, made), *present]


def _rotary_embedding(node: Node) -> Tensor:
    """Turn pairs of numbers by angles of their position: neighbours, or one of the first half and one of the second."""
    build, operand, places = node.build, node.operand(0), node.operand(1)
    cosines, sines = node.operand(2), node.operand(3)
    if node.flag("is_packed_batching", default=False):
        raise node.unsupported("packed batches are not supported")
    count, wide = node.integer("num_heads", 0), node.integer("rotary_embedding_dim", 0)
    rows = operand
    if operand.rank == 3:
        rows = heads(build, operand, count or operand.static_size(2) // (wide or 2 * cosines.static_size(1)))
    batch, _, positions, size = rows.shape
    if places.size == 1:
        offset = build.convert(build.reshape(places, ()), i64)
        places = build.map("add", build.iota(i64, [batch, positions], 1), offset)
    cosine, sine = (build.expand_dims(build.gather_along(table, places, 0), [1]) for table in (cosines, sines))
    turned = wide if wide else size
    is_interleaved = node.flag("interleaved", default=False)
    made = turned_pairs(build, build.slice_axis(rows, 3, 0, turned), cosine, sine, is_interleaved=is_interleaved)
    made = build.concatenate([made, build.slice_axis(rows, 3, turned, size)], 3)
    return joined(build, made) if operand.rank == 3 else made


def turned_pairs(build: GraphBuilder, rows: Tensor, cosine: Tensor, sine: Tensor, *, is_interleaved: bool) -> Tensor:
    half = rows.shape[3] // 2
    pair_axis = 4 if is_interleaved else 3
    pairs = build.reshape(rows, [*rows.shape[:3], half, 2] if is_interleaved else [*rows.shape[:3], 2, half])
    one, other = (build.take(pairs, pair_axis, index) for index in range(2))
    first = build.map("subtract", build.map("multiply", one, cosine), build.map("multiply", other, sine))
    second = build.map("add", build.map("multiply", one, sine), build.map("multiply", other, cosine))
    return build.reshape(build.stack([first, second], pair_axis), rows.shape)


ATTENTION: OperatorTable = {
    (ONNXRUNTIME, op): operator
    for op, operator in dict[str, Operator](
        Attention=_attention,
        BiasGelu=_gelu,
        EmbedLayerNormalization=_embed_layer_normalization,
        FastGelu=_fast_gelu,
        FusedMatMul=_fused_matmul,
        Gelu=_gelu,
        MultiHeadAttention=_multi_head_attention,
        QuickGelu=_quick_gelu,
        RotaryEmbedding=_rotary_embedding,
        SkipLayerNormalization=_skip_layer_normalization,
        SkipSimplifiedLayerNormalization=_skip_simplified_layer_normalization,
    ).items()
} | {("", "SimplifiedLayerNormalization"): _simplified_layer_normalization}
