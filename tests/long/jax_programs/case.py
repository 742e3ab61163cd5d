"""One program of the table: a function of JAX, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Case:
    """A function and its arguments: arrays, numbers, or trees of these.

    `wide` allows types of 64 bits (`jax_enable_x64`). `refused` is a part of the message of a program that is not
    compiled. `symbols` are the shapes of arrays with open dimensions, such as `b, 3`: one program is compiled
    for all of `arguments` and `more_arguments`.
    """

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    wide: bool = False
    refused: str = ""
    symbols: tuple[str, ...] = ()
    more_arguments: tuple[tuple[Any, ...], ...] = ()


def floats(*shape: int, low: float = -2.0, high: float = 2.0, dtype: str = "float32") -> Any:
    """Numbers of an even distribution, the same in each run. `dtype` may be one that JAX alone has."""
    return _generator(shape).uniform(low, high, shape).astype(np.dtype(dtype))


def integers(*shape: int, low: int = -50, high: int = 50, dtype: str = "int32") -> Any:
    """Integers from `low` to below `high`, the same in each run; of an unsigned type from 0."""
    return _generator(shape).integers(max(low, 0) if dtype.startswith("u") else low, high, shape).astype(dtype)


def booleans(*shape: int) -> Any:
    return _generator(shape).integers(0, 2, shape).astype(np.bool_)


def complexes(*shape: int, dtype: str = "complex64") -> Any:
    generator = _generator(shape)
    return (generator.normal(size=shape) + 1j * generator.normal(size=shape)).astype(dtype)


def positive_definite(size: int, dtype: str = "float32") -> Any:
    square = _generator((size, size)).normal(size=(size, size))
    return (square @ square.T + size * np.eye(size)).astype(dtype)


def _generator(shape: tuple[int, ...]) -> np.random.Generator:
    return np.random.default_rng(len(shape) * 1000 + sum(shape))


def words(text: str) -> tuple[str, ...]:
    """Names with spaces between them."""
    return tuple(text.split())
