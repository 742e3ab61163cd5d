"""Arrays from the command line: files of numpy, or `shape=2x3xf32:random`; with the name of an argument before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from zellige.artifact import TensorSignature
from zellige.element_types import NUMPY_DTYPES
from zellige.support.errors import Note, UsageError, nearest

Array = npt.NDArray[Any]

FILLS = ("random", "zeros", "ones", "iota")

FORMS = "an .npy file or shape=2x3xf32:random (or zeros, ones, iota), after NAME= for the argument of that name"
"""How an array is written on the command line."""

_SHAPED = re.compile(r"shape=((?:\d+x)*)([a-z][\w<>]*)(?::(\w+))?")


def arrays_from_texts(
    texts: Sequence[str], arguments: Sequence[TensorSignature], generator: np.random.Generator
) -> tuple[list[Array], dict[str, Array]]:
    """The arrays in order, and those that are for an argument by its name, `NAME=ARRAY`.

    Raises `UsageError` for what is no array, and for two for one name.
    """
    in_order: list[Array] = []
    named: dict[str, Array] = {}
    for text in texts:
        names = [argument.name for argument in arguments if text.startswith(f"{argument.name}=")]
        if not names or _SHAPED.fullmatch(text):
            in_order.append(array_from_text(text, generator))
            continue
        name = max(names, key=len)
        if name in named:
            raise UsageError(f"two inputs are for argument '{name}'")
        named[name] = array_from_text(text.removeprefix(f"{name}="), generator)
    return in_order, named


def array_from_text(text: str, generator: np.random.Generator) -> Array:
    """An array file, or `shape=SIZESxTYPE:FILL` where FILL is random (the default), zeros, ones or iota (0, 1, 2, …).

    Raises `UsageError` for anything else.
    """
    if not text.startswith("shape="):
        return load_array(text)
    match = _SHAPED.fullmatch(text)
    if match is None:
        raise UsageError(f"cannot read '{text}', expected for example 'shape=2x3xf32:random'")
    sizes, element, fill = match.groups()
    if element not in NUMPY_DTYPES:
        words = ", ".join(NUMPY_DTYPES)
        raise UsageError(f"unknown element type '{element}' in '{text}', types are {words}")
    if fill is not None and fill not in FILLS:
        message = f"unknown content '{fill}' in '{text}', expected one of {', '.join(FILLS)}"
        raise UsageError(message, nearest=nearest(fill, FILLS))
    return filled(tuple(int(size) for size in sizes.split("x")[:-1]), element, fill or "random", generator)


def filled(shape: tuple[int, ...], element: str, fill: str, generator: np.random.Generator) -> Array:
    """An array of one of `FILLS`: random is normal for floats, -8 … 7 for integers (0 … 7 for `index`), bits for i1."""
    dtype = NUMPY_DTYPES[element]
    try:
        match fill:
            case "zeros":
                return np.zeros(shape, dtype)
            case "ones":
                return np.ones(shape, dtype)
            case "iota":
                return np.arange(np.prod(shape, dtype=np.int64)).reshape(shape).astype(dtype)
            case _ if dtype.kind == "f":
                return generator.standard_normal(shape).astype(dtype)
            case _:
                low, high = (0, 2) if element == "i1" else (0, 8) if element == "index" else (-8, 8)
                return generator.integers(low, high, shape).astype(dtype)
    except (MemoryError, ValueError) as cause:
        raise UsageError(f"an array of shape {shape} does not fit into the memory of this machine") from cause


def random_like(signature: TensorSignature, generator: np.random.Generator) -> Array:
    """A random array for an argument. Raises `UsageError` when a size is dynamic."""
    shape = tuple(size for size in signature.shape if size is not None)
    if len(shape) != len(signature.shape):
        raise UsageError(f"'{signature}' has a size that is not known, and cannot be made up")
    return filled(shape, signature.dtype, "random", generator)


def load_array(path: str) -> Array:
    """The array of an `.npy` file. Raises `UsageError`."""
    try:
        loaded: object = np.load(path, allow_pickle=False)
    except OSError as cause:
        message = f"cannot read '{path}': {(cause.strerror or str(cause)).lower()}"
        raise UsageError(message, notes=(Note(f"an input is {FORMS}"),)) from cause
    except (ValueError, EOFError) as cause:
        raise UsageError(f"'{path}' is not an .npy file of numbers") from cause
    if isinstance(loaded, NpzFile):
        loaded.close()
        raise UsageError(f"'{path}' holds several arrays, expected an .npy file with one")
    return np.asarray(loaded)


def save_array(path: str, values: Array) -> None:
    """Write an `.npy` file. Raises `UsageError`."""
    try:
        with Path(path).open("wb") as file:
            np.save(file, values, allow_pickle=False)
    except OSError as cause:
        raise UsageError(f"cannot write '{path}': {(cause.strerror or str(cause)).lower()}") from cause
