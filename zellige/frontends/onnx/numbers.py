"""Arithmetic on numbers that may be known while reading: by numpy where they are, in StableHLO of f64 elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from xdsl.dialects.builtin import f64, i64

from zellige.maths.sizes import Extent, Size
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor

_NUMPY: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {
        "abs": np.abs,
        "add": np.add,
        "and": np.logical_and,
        "ceil": np.ceil,
        "divide": np.divide,
        "floor": np.floor,
        "maximum": np.maximum,
        "minimum": np.minimum,
        "multiply": np.multiply,
        "or": np.logical_or,
        "subtract": np.subtract,
    }
)
"""StableHLO op -> the same of numpy."""


@dataclass(frozen=True)
class Numbers:
    """An array of f64 or of truth values; shapes broadcast."""

    build: GraphBuilder
    tensor: Tensor

    @staticmethod
    def of(build: GraphBuilder, values: Tensor | Array | float | Size) -> Numbers:
        """Numbers of any type, as f64."""
        if isinstance(values, Size):
            return Numbers(build, build.scalar(values, f64))
        if not isinstance(values, Tensor):
            return Numbers(build, Tensor.of(np.asarray(values, np.float64)))
        if values.known is not None:
            return Numbers(build, Tensor.of(values.known.astype(np.float64)))
        return Numbers(build, build.convert(values, f64))

    @property
    def known(self) -> Array | None:
        return self.tensor.known

    def map(self, name: str, *others: Numbers | float | Size) -> Numbers:
        """An elementwise op of this name."""
        operands = [self, *(o if isinstance(o, Numbers) else Numbers.of(self.build, o) for o in others)]
        arrays = [array for operand in operands if (array := operand.known) is not None]
        if len(arrays) < len(operands):
            return Numbers(self.build, self.build.map(name, *(operand.tensor for operand in operands)))
        with np.errstate(divide="ignore", invalid="ignore"):
            return Numbers(self.build, Tensor.of(np.asarray(_NUMPY[name](*arrays))))

    def __add__(self, other: Numbers | float | Size) -> Numbers:
        return self.map("add", other)

    def __sub__(self, other: Numbers | float | Size) -> Numbers:
        return self.map("subtract", other)

    def __mul__(self, other: Numbers | float | Size) -> Numbers:
        return self.map("multiply", other)

    def __truediv__(self, other: Numbers | float | Size) -> Numbers:
        return self.map("divide", other)

    def clamped(self, low: float | Size, high: float | Size) -> Numbers:
        return self.map("maximum", low).map("minimum", high)

    def is_at_most(self, other: Numbers | float | Size) -> Numbers:
        """Truth values."""
        other = other if isinstance(other, Numbers) else Numbers.of(self.build, other)
        if self.known is not None and other.known is not None:
            return Numbers(self.build, Tensor.of(np.asarray(self.known <= other.known)))
        return Numbers(self.build, self.build.compare("LE", self.tensor, other.tensor))

    def is_within(self, low: float | Size, high: float | Size) -> Numbers:
        """Truth values: low and high are within."""
        return Numbers.of(self.build, low).is_at_most(self).map("and", self.is_at_most(high))

    def choose(self, yes: Numbers | float | Size, no: Numbers | float | Size) -> Numbers:
        """One or the other, where these are truth values."""
        one, other = (n if isinstance(n, Numbers) else Numbers.of(self.build, n) for n in (yes, no))
        if self.known is not None and one.known is not None and other.known is not None:
            return Numbers(self.build, Tensor.of(np.where(self.known, one.known, other.known)))
        return Numbers(self.build, self.build.select(self.tensor, one.tensor, other.tensor))

    def sum(self, axis: int) -> Numbers:
        """The sums along a dimension, which stays with size 1."""
        if self.known is not None:
            return Numbers(self.build, Tensor.of(self.known.sum(axis, keepdims=True)))
        return Numbers(self.build, self.build.reduce("add", self.tensor, 0, [axis], keep=True))

    def reshape(self, *shape: Extent) -> Numbers:
        return Numbers(self.build, self.build.reshape(self.tensor, shape))

    def take(self, axis: int, index: int) -> Numbers:
        """One element of a dimension, which goes away."""
        if self.known is not None:
            return Numbers(self.build, Tensor.of(np.asarray(self.known.take(index, axis))))
        return Numbers(self.build, self.build.take(self.tensor, axis, index))

    def positions(self) -> Tensor:
        """Whole numbers as i64."""
        if self.known is not None:
            return Tensor.of(self.known.astype(np.int64))
        return self.build.convert(self.tensor, i64)
