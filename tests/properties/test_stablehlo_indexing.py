"""Gathers and scatters of any dimension numbers give what the specification says, element by element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import zellige
from tests.conformance.programs import as_tuple
from zellige.maths.numerics import Array

INDEX_TYPES = {"i32": "i4", "i64": "i8", "ui8": "u1", "ui32": "u4"}


@dataclass(frozen=True)
class Indexing:
    """The dimension numbers that a gather and a scatter share, by the names of the gather."""

    shape: tuple[int, ...]
    slice_sizes: tuple[int, ...]
    offset_dims: tuple[int, ...]
    collapsed: tuple[int, ...]
    batching: tuple[int, ...]
    batch_places: tuple[int, ...]
    """For each dimension of a batch, which of the dimensions of the indices without the vector it is."""
    index_map: tuple[int, ...]
    vector_dim: int
    batch_shape: tuple[int, ...]
    """The shape of the indices without the vector."""
    has_vector: bool

    @property
    def kept(self) -> tuple[int, ...]:
        return tuple(d for d in range(len(self.shape)) if d not in self.collapsed + self.batching)

    @property
    def indices_shape(self) -> tuple[int, ...]:
        vector = (len(self.index_map),) if self.has_vector else ()
        return (*self.batch_shape[: self.vector_dim], *vector, *self.batch_shape[self.vector_dim :])

    @property
    def result_batch_dims(self) -> tuple[int, ...]:
        rank = len(self.batch_shape) + len(self.offset_dims)
        return tuple(d for d in range(rank) if d not in self.offset_dims)

    @property
    def result_shape(self) -> tuple[int, ...]:
        sizes = dict(zip(self.result_batch_dims, self.batch_shape, strict=True))
        sizes |= {d: self.slice_sizes[k] for d, k in zip(self.offset_dims, self.kept, strict=True)}
        return tuple(sizes[d] for d in range(len(sizes)))

    @property
    def indices_batching(self) -> tuple[int, ...]:
        return tuple(p + (self.has_vector and p >= self.vector_dim) for p in self.batch_places)

    def places(self, indices: Array) -> Iterator[tuple[tuple[int, ...], list[int], list[int]]]:
        """Each place of the result, where its slice starts, and where it is in the slice."""
        for place in np.ndindex(*self.result_shape):
            batch = [place[d] for d in self.result_batch_dims]
            start, offset = [0] * len(self.shape), [0] * len(self.shape)
            for number, dim in enumerate(self.index_map):
                at = [*batch[: self.vector_dim], *([number] if self.has_vector else []), *batch[self.vector_dim :]]
                start[dim] = int(indices[tuple(at)])
            for dim, batch_place in zip(self.batching, self.batch_places, strict=True):
                start[dim] = batch[batch_place]
            for dim, kept in zip(self.offset_dims, self.kept, strict=True):
                offset[kept] = place[dim]
            yield place, start, offset

    def text(self, names: Sequence[str]) -> str:
        lists = (self.offset_dims, self.collapsed, self.batching, self.indices_batching, self.index_map)
        fields = [f"{name} = {list(dims)}" for name, dims in zip(names, lists, strict=True) if dims]
        return ", ".join([*fields, f"index_vector_dim = {self.vector_dim}"])


GATHER = (
    "offset_dims",
    "collapsed_slice_dims",
    "operand_batching_dims",
    "start_indices_batching_dims",
    "start_index_map",
)
SCATTER = (
    "update_window_dims",
    "inserted_window_dims",
    "input_batching_dims",
    "scatter_indices_batching_dims",
    "scatter_dims_to_operand_dims",
)


@st.composite
def indexings(draw: st.DrawFn) -> Indexing:
    shape = tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
    dims = draw(st.permutations(range(len(shape))))
    batching = sorted(dims[: draw(st.integers(0, len(shape) - 1))]) if draw(st.booleans()) else []
    rest = [d for d in dims if d not in batching]
    index_map = rest[: draw(st.integers(0, len(rest)))]
    collapsed = sorted(d for d in rest if draw(st.booleans()))
    batch_shape = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(len(batching), 2 + len(batching) // 2)))]
    batch_places = draw(st.permutations(range(len(batch_shape))))[: len(batching)]
    for dim, place in zip(batching, batch_places, strict=True):
        batch_shape[place] = shape[dim]
    has_vector = len(index_map) != 1 or draw(st.booleans())
    vector_dim = draw(st.integers(0, len(batch_shape))) if has_vector else len(batch_shape)
    single = {*collapsed, *batching}
    sizes = [1 if d in single else draw(st.integers(1, size)) for d, size in enumerate(shape)]
    kept = len(shape) - len(single)
    offset_dims = sorted(draw(st.permutations(range(len(batch_shape) + kept)))[:kept])
    return Indexing(
        shape,
        tuple(sizes),
        tuple(offset_dims),
        tuple(collapsed),
        tuple(batching),
        tuple(batch_places),
        tuple(index_map),
        vector_dim,
        tuple(batch_shape),
        has_vector,
    )


def type_text(shape: Sequence[int], element: str) -> str:
    return f"tensor<{''.join(f'{size}x' for size in shape)}{element}>"


@settings(max_examples=20)
@given(indexings(), st.sampled_from(sorted(INDEX_TYPES)), st.integers(0, 2**32 - 1))
def test_gather_and_scatter(dims: Indexing, index_type: str, seed: int):
    random = np.random.default_rng(seed)
    operand = random.integers(-1000, 1000, dims.shape, "i4")
    updates = random.integers(-1000, 1000, dims.result_shape, "i4")
    lowest = 0 if index_type.startswith("u") else -3
    indices = random.integers(lowest, 8, dims.indices_shape, INDEX_TYPES[index_type])
    x, i, u = (
        type_text(dims.shape, "i32"),
        type_text(dims.indices_shape, index_type),
        type_text(dims.result_shape, "i32"),
    )
    text = f"""func.func @main(%x: {x}, %i: {i}, %u: {u}) -> ({u}, {x}) {{
      %0 = "stablehlo.gather"(%x, %i) <{{
        dimension_numbers = #stablehlo.gather<{dims.text(GATHER)}>,
        slice_sizes = array<i64: {", ".join(map(str, dims.slice_sizes))}>
      }}> : ({x}, {i}) -> {u}
      %1 = "stablehlo.scatter"(%x, %i, %u) <{{
        scatter_dimension_numbers = #stablehlo.scatter<{dims.text(SCATTER)}>
      }}> ({{
      ^bb0(%old: tensor<i32>, %new: tensor<i32>):
        %sum = stablehlo.add %old, %new : tensor<i32>
        stablehlo.return %sum : tensor<i32>
      }}) : ({x}, {i}, {u}) -> {x}
      return %0, %1 : {u}, {x}
    }}"""
    gathered, scattered = np.zeros_like(updates), operand.copy()
    for place, start, offset in dims.places(indices):
        inside = [
            min(max(first, 0), size - part)
            for first, size, part in zip(start, dims.shape, dims.slice_sizes, strict=True)
        ]
        gathered[place] = operand[tuple(np.add(inside, offset))]
        target = tuple(np.add(start, offset))
        if all(0 <= at < size for at, size in zip(target, dims.shape, strict=True)):
            scattered[target] += updates[place]
    with zellige.load(zellige.compile(text), cache=False) as program:
        got = as_tuple(program["main"](operand, indices.view(indices.dtype.str.replace("u", "i")), updates))
    np.testing.assert_array_equal(got[0], gathered)
    np.testing.assert_array_equal(got[1], scattered)
