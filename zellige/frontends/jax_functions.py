"""Functions of JAX become StableHLO text, by JAX itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module


def stablehlo_text(function: Callable[..., object], arguments: Sequence[object]) -> str:
    """The StableHLO of a function for arguments of these shapes and types, as JAX lowers it for CPUs.

    Arguments are anything that `jax.jit` takes, or `jax.ShapeDtypeStruct` in place of arrays; only shapes and types
    matter. The text has an argument for each leaf of theirs, used or not.
    """
    jax = import_module("jax")
    traced = jax.jit(function, keep_unused=True).trace(*arguments)
    return str(traced.lower(lowering_platforms=("cpu",)).as_text())
