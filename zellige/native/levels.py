"""Feature levels: the machines that templates are made for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from zellige.backend.llvm.native_objects import HostMachine
from zellige.compiler.nearest import nearest
from zellige.support.errors import UsageError


@dataclass(frozen=True)
class Level:
    """A set of processor features, and how code for it is made.

    `features` are what a processor must have, as Linux spells them in `/proc/cpuinfo`; `convention` says how the code
    is called; `target` is the word that `adapt-schedules` knows; `dot_products` says that the machine sums up products
    of bytes.
    """

    name: str
    features: tuple[str, ...]
    convention: str
    target: str
    machine: HostMachine
    dot_products: bool = False


_V3 = (
    *("pni", "ssse3", "sse4_1", "sse4_2", "cx16", "lahf_lm", "popcnt", "movbe", "xsave"),
    *("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm"),
)
_V4 = (*_V3, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")
_X86_64 = "x86_64-unknown-linux-gnu"
_X86_64_CALL = "x86_64-sysv wasmtime-unchecked 1"
_AARCH64 = "aarch64-unknown-linux-gnu"
_AARCH64_CALL = "aarch64-aapcs wasmtime-unchecked 1"

LEVELS = MappingProxyType(
    {
        level.name: level
        for level in (
            Level(
                "avx512vnni",
                (*_V4, "avx512_vnni"),
                _X86_64_CALL,
                "avx512",
                HostMachine(_X86_64, "x86-64-v4", ("-prefer-256-bit", "+avx512vnni"), 512),
                dot_products=True,
            ),
            Level("avx512", _V4, _X86_64_CALL, "avx512", HostMachine(_X86_64, "x86-64-v4", ("-prefer-256-bit",), 512)),
            Level("avx2", _V3, _X86_64_CALL, "avx2", HostMachine(_X86_64, "x86-64-v3", (), 256)),
            Level("neon", ("fp", "asimd"), _AARCH64_CALL, "neon", HostMachine(_AARCH64, "generic", (), 128)),
        )
    }
)
"""Name -> level. Of two that a processor has, the earlier one is better."""

CHOICES = MappingProxyType({"avx512": ("avx512", "avx512vnni"), "avx2": ("avx2",), "neon": ("neon",)})
"""Word of a user -> the levels that it stands for. Of `avx512vnni` only what differs from `avx512` is kept."""


def levels_of(words: Sequence[str]) -> tuple[Level, ...]:
    """The levels that a user's words stand for, each once. Raises `UsageError` for an unknown word."""
    names: dict[str, None] = {}
    for word in words:
        if word not in CHOICES:
            known = ", ".join(CHOICES)
            raise UsageError(f"unknown feature level '{word}', known are {known}", nearest=nearest(word, CHOICES))
        names |= dict.fromkeys(CHOICES[word])
    return tuple(LEVELS[name] for name in names)
