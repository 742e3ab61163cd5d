"""A graph of ONNX that grows: each node is asked of an oracle before it is taken, so that all values have numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import onnx
from onnx import helper

from tests.fuzz.onnx_oracle import Array, evaluate

MAX_ELEMENTS = 4096
"""Of one value."""

MAX_RANK = 5

FLOATS = ("float32", "float64", "float16")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
NUMBERS = (*FLOATS, *INTEGERS)
TYPES = (*NUMBERS, "bool")


@dataclass
class Growing:
    """Nodes, and the numbers of all values.

    `choice` and `numbers` are the only sources of what is chosen. `types` are the element types that fresh values have.
    """

    choice: random.Random
    numbers: np.random.Generator
    opset: int
    types: Sequence[str] = TYPES
    prefix: str = ""
    inputs: dict[str, Array] = field(default_factory=dict[str, Array])
    constants: dict[str, Array] = field(default_factory=dict[str, Array])
    values: dict[str, Array] = field(default_factory=dict[str, Array])
    nodes: list[onnx.NodeProto] = field(default_factory=list[onnx.NodeProto])

    @property
    def opsets(self) -> Mapping[str, int]:
        return {"": self.opset, "com.microsoft": 1}

    # Values

    def any(self, types: Sequence[str] = TYPES, accepts: Callable[[Array], bool] = lambda array: True) -> str | None:
        """A value that is there, of one of these types; None where there is none."""
        names = [name for name, array in self.values.items() if array.dtype.name in types and accepts(array)]
        # later values more often, so that graphs get deep
        return self.choice.choice([*names, *names[-3:], *names[-1:]]) if names else None

    def some(self, types: Sequence[str] = TYPES, rank: int | None = None, least: int = 0) -> str:
        """A value that is there, or a fresh one: of one of these types, of a rank, or at least of a rank."""

        def accepts(array: Array) -> bool:
            return array.ndim >= least and rank in (None, array.ndim)

        if self.choice.random() < 0.75 and (name := self.any(types, accepts)) is not None:
            return name
        wanted = [type_ for type_ in types if type_ in self.types] or types
        return self.leaf(self.choice.choice(wanted), self.shape(rank, least))

    def shape(self, rank: int | None = None, least: int = 0) -> tuple[int, ...]:
        """A random small shape."""
        if rank is None:
            rank = max(least, self.choice.choice((0, 1, 1, 2, 2, 3, 3, 4, 5)))
        while True:
            shape = tuple(self.choice.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 17)) for _ in range(rank))
            if prod(shape) <= MAX_ELEMENTS // 4:
                break
        if shape and self.choice.random() < 0.04:
            shape = tuple(0 if i == self.choice.randrange(rank) else size for i, size in enumerate(shape))
        return shape

    def leaf(self, type_: str, shape: Sequence[int]) -> str:
        """A fresh input or constant."""
        array = self.array(type_, shape)
        return self.input(array) if self.choice.random() < 0.7 else self.constant(array)

    def array(self, type_: str, shape: Sequence[int]) -> Array:
        """Small random numbers, for floats with many halves and quarters, and few zeros."""
        if type_ == "bool":
            return self.numbers.integers(0, 2, shape).astype(bool)
        if type_ in FLOATS:
            scale = self.choice.choice((1.0, 1.0, 3.0, 10.0))
            wide = np.asarray(self.numbers.normal(size=shape) * scale)
            return (np.round(wide * 8) / 8 if self.choice.random() < 0.3 else wide).astype(type_)
        low = 0 if type_.startswith("u") else -12
        return self.numbers.integers(low, 13, shape).astype(type_)

    def input(self, array: Array) -> str:
        """A fresh input of the model; a constant in a graph that has none."""
        if self.prefix:
            return self.constant(array)
        name = self._named("x")
        self.inputs[name] = self.values[name] = array
        return name

    def constant(self, array: Array) -> str:
        """An initialiser, or the result of a `Constant`."""
        name = self._named("c")
        self.values[name] = array
        if self.choice.random() < 0.3 and (self.opset >= 9 or array.dtype.kind == "f"):
            self.nodes.append(helper.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(array)))
        else:
            self.constants[name] = array
        return name

    def ints(self, numbers: Sequence[int], *, may_be_input: bool = False) -> str:
        """A list of integers as a constant, or sometimes an input."""
        array = np.array(numbers, np.int64)
        return self.input(array) if may_be_input and self.choice.random() < 0.05 else self.constant(array)

    def scalar(self, number: float, type_: str = "int64") -> str:
        return self.constant(np.array(number, type_))

    def _named(self, letter: str) -> str:
        return f"{self.prefix}{letter}{len(self.values)}"

    # Nodes

    def add(
        self, kind: str, operands: Sequence[str | None], results: int = 1, domain: str = "", **attributes: Any
    ) -> list[str] | None:
        """Add a node, if an oracle takes it and its results are small; returns the names of its results."""
        names = [f"{self._named('v')}{'abcdef'[i] if results > 1 else ''}" for i in range(results)]
        while operands and operands[-1] is None:
            operands = operands[:-1]
        present = {name: value for name, value in attributes.items() if value not in (None, [])}
        node = helper.make_node(
            kind, [name or "" for name in operands], names, f"{self.prefix}n{len(self.nodes)}", domain=domain, **present
        )
        made = evaluate(node, self.values, self.opsets)
        if made is None or len(made) != results or not all(self._is_welcome(array) for array in made):
            return None
        self.nodes.append(node)
        self.values.update(zip(names, made, strict=True))
        return names

    def _is_welcome(self, array: Array) -> bool:
        if array.size > MAX_ELEMENTS or array.ndim > MAX_RANK or array.dtype.name not in TYPES:
            return False
        if array.dtype.kind != "f":
            return True
        finite = np.isfinite(array)
        if array.size and not finite.all() and self.choice.random() < 0.8:
            return False
        return bool((np.abs(array[finite].astype(np.float64)) < (1e3 if array.dtype == np.float16 else 1e5)).all())

    # Choices

    def flag(self) -> int:
        return self.choice.randrange(2)

    def maybe(self, value: Any, probability: float = 0.5) -> Any:
        """The value, or None: the attribute or operand is left out."""
        return value if self.choice.random() < probability else None

    def axis(self, rank: int) -> int:
        """A dimension, counted from either end."""
        return self.choice.randrange(-rank, rank)

    def axes(self, rank: int, least: int = 0) -> list[int]:
        """Some dimensions, each once, in any order, counted from either end."""
        chosen = self.choice.sample(range(rank), self.choice.randint(min(least, rank), rank))
        return [axis - rank if self.choice.random() < 0.3 else axis for axis in chosen]

    def broadcastable(self, shape: Sequence[int]) -> tuple[int, ...]:
        """A shape that broadcasts with this one to this one."""
        kept = self.choice.randint(0, len(shape)) if self.choice.random() < 0.5 else len(shape)
        tail = shape[len(shape) - kept :]
        return tuple(1 if self.choice.random() < 0.25 else size for size in tail)
