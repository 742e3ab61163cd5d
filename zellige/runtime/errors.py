"""What goes wrong in a run, as our errors: wasmtime's traps become `RuntimeTrap`."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Sequence

import wasmtime
from wasmtime import TrapCode

from zellige.support.errors import RuntimeTrap


class CacheWarning(UserWarning):
    """Native code could not be kept on disk; the program runs, and is compiled again the next time."""


class SpecializeWarning(UserWarning):
    """Built-in functions for which there are templates run their portable bodies; the message says why."""


def warn_caller(message: str, category: type[Warning]) -> None:
    """A warning at the line outside of zellige that called into it."""
    package = __name__.partition(".")[0]
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


_TRAPS: dict[TrapCode | None, tuple[str, str]] = {
    TrapCode.STACK_OVERFLOW: ("stack-overflow", "the call stack is exhausted"),
    TrapCode.MEMORY_OUT_OF_BOUNDS: ("out-of-bounds", "a memory access is out of bounds"),
    TrapCode.HEAP_MISALIGNED: ("misaligned", "an atomic memory access is not aligned"),
    TrapCode.INTEGER_OVERFLOW: ("integer-overflow", "the result of an integer operation does not fit"),
    TrapCode.INTEGER_DIVISION_BY_ZERO: ("integer-divide-by-zero", "an integer is divided by zero"),
    TrapCode.BAD_CONVERSION_TO_INTEGER: ("bad-conversion", "a float that no integer holds is converted to an integer"),
    TrapCode.UNREACHABLE: ("unreachable", "code that cannot be reached was reached"),
}
"""Trap code -> our word for it, and what happened."""


def trap_error(trap: wasmtime.Trap, *, function: str, fault: int, messages: Sequence[str]) -> RuntimeTrap:
    """The error for a trap in `function`; `fault` is the fault word, 0 or 1 + the index of an assertion's message."""
    frames = [frame.func_name or f"<function {frame.func_index}>" for frame in trap.frames]
    trap_code = trap.trap_code
    if trap_code == TrapCode.UNREACHABLE and 0 < fault <= len(messages):
        return RuntimeTrap(f"'{function}' stopped: {messages[fault - 1]}", code="assertion", frames=frames)
    known = _TRAPS.get(trap_code)
    if known is None:
        word = trap_code.name.lower().replace("_", "-") if trap_code is not None else "trap"
        known = word, word.replace("-", " ")
    code, what = known
    place = f" in '{frames[0]}'" if frames and frames[0] != function else ""
    return RuntimeTrap(f"'{function}' trapped: {what}{place}", code=code, frames=frames)
