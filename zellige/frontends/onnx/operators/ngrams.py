"""TfIdfVectorizer: how often each n-gram of a list occurs in rows of numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from xdsl.dialects.builtin import f32

from zellige.frontends.onnx.nodes import Node, OperatorTable
from zellige.passes.input.tensors import Array, Tensor


def _tfidf_vectorizer(node: Node) -> Tensor:
    """One column for each n-gram: its count, its weight where it occurs, or the product.

    Weights are those of columns, as onnxruntime reads them.
    """
    build, operand = node.build, node.operand(0)
    if not node.has("pool_int64s"):
        raise node.unsupported("n-grams of strings are not supported")
    rows = operand if operand.rank == 2 else build.expand_dims(operand, [0])
    counts = _in_columns(node, build.concatenate([_counted(node, rows, ngrams) for ngrams in _ngrams(node)], 1))
    weights, mode = np.asarray(node.numbers("weights", ()), np.float32), node.text("mode")
    if mode not in ("TF", "IDF", "TFIDF"):
        raise node.wrong(f"mode is '{mode}', expected TF, IDF or TFIDF")
    if mode == "IDF":
        counts = build.convert(build.compare("GT", counts, build.scalar(0, f32)), f32)
    if mode != "TF" and weights.size:
        if weights.size != counts.static_size(1):
            raise node.wrong(f"there are {weights.size} weights, expected {counts.static_size(1)}, one for each column")
        counts = build.map("multiply", counts, build.constant(weights))
    return counts if operand.rank == 2 else build.reshape(counts, counts.shape[1:])


def _ngrams(node: Node) -> Iterator[Array]:
    """The n-grams of each length as rows of an array, in the order of the list."""
    pool, starts = np.asarray(node.ints("pool_int64s"), np.int64), node.ints("ngram_counts")
    for length, (start, stop) in enumerate(zip(starts, (*starts[1:], pool.size), strict=True), 1):
        if not 0 <= start <= stop <= pool.size or (stop - start) % length:
            raise node.wrong(f"ngram_counts {starts} do not cut the list of {pool.size} numbers into n-grams")
        yield pool[start:stop].reshape(-1, length)


def _counted(node: Node, rows: Tensor, ngrams: Array) -> Tensor:
    """How often n-grams of one length occur, with up to `max_skip_count` numbers between their neighbours."""
    build, (number, length) = node.build, ngrams.shape
    total = build.full(0, f32, [rows.shape[0], number])
    if not node.integer("min_gram_length") <= length <= node.integer("max_gram_length") or not number:
        return total
    for step in range(1, 2 + (node.integer("max_skip_count") if length > 1 else 0)):
        places = rows.static_size(1) - (length - 1) * step
        if places < 1:
            break
        found: Tensor | None = None
        for position in range(length):
            numbers = build.slice_axis(rows, 1, position * step, position * step + places)
            wanted = build.convert(build.constant(ngrams[:, position]), rows.element)
            is_there = build.compare("EQ", build.expand_dims(numbers, [2]), wanted)
            found = is_there if found is None else build.map("and", found, is_there)
        assert found is not None, "an n-gram has a number"
        total = build.map("add", total, build.reduce("add", build.convert(found, f32), 0, [1]))
    return total


def _in_columns(node: Node, counts: Tensor) -> Tensor:
    """Each count in the column that `ngram_indexes` names; 0 in the others."""
    build, columns = node.build, node.ints("ngram_indexes")
    number = counts.static_size(1)
    if len(columns) != number:
        raise node.wrong(f"ngram_indexes has {len(columns)} numbers, there are {number} n-grams")
    sources = np.full(max(columns, default=-1) + 1, number, np.int64)
    sources[list(columns)] = np.arange(number)
    padded = build.concatenate([counts, build.full(0, f32, [counts.shape[0], 1])], 1)
    return build.gather_along(padded, build.constant(sources), 1)


NGRAMS: OperatorTable = {("", "TfIdfVectorizer"): _tfidf_vectorizer}
