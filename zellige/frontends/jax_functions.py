"""Functions of JAX become StableHLO text, by JAX itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any


def stablehlo_text(function: Callable[..., object], arguments: Sequence[object]) -> str:
    """The StableHLO of a function for arguments of these shapes and types, as JAX lowers it for CPUs.

    Arguments are anything that `jax.jit` takes, or `jax.ShapeDtypeStruct` in place of arrays; only shapes and types
    matter. Dimensions may be symbolic (`jax.export.symbolic_shape`). The text has an argument for each leaf of theirs,
    used or not.
    """
    jax: Any = import_module("jax")
    compiled = jax.jit(function, keep_unused=True)
    if _has_symbols(jax, arguments):  # only an exported function takes its sizes from its arguments
        export = import_module("jax.export").export
        return str(export(compiled, platforms=("cpu",))(*arguments).mlir_module())
    return str(compiled.trace(*arguments).lower(lowering_platforms=("cpu",)).as_text())


def _has_symbols(jax: Any, arguments: Sequence[object]) -> bool:
    shapes = (getattr(leaf, "shape", ()) for leaf in jax.tree.leaves(arguments))
    return any(not isinstance(size, int) for shape in shapes for size in shape)
