"""Feature levels: the machines that templates are made for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from zellige.backend.llvm.native_objects import HostMachine
from zellige.support.errors import UsageError, nearest


@dataclass(frozen=True)
class Level:
    """A set of processor features, and how code for it is made.

    `features` are what a processor must have, as Linux spells them in `/proc/cpuinfo`; `target` is the word that
    `adapt-schedules` knows; `dot_products` says that the machine sums up products of bytes.
    """

    name: str
    features: tuple[str, ...]
    target: str
    machine: HostMachine
    dot_products: bool = False

    @property
    def architecture(self) -> str:
        """As the runtime calls it."""
        return self.machine.triple.partition("-")[0]


_V3 = (
    *("pni", "ssse3", "sse4_1", "sse4_2", "cx16", "lahf_lm", "popcnt", "movbe", "xsave"),
    *("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm"),
)
_V4 = (*_V3, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")
_X86_64 = "x86_64-unknown-linux-gnu"
_AARCH64 = "aarch64-unknown-linux-gnu"
_WIDE = "-prefer-256-bit"

LEVELS = MappingProxyType(
    {
        level.name: level
        for level in (
            Level("avx512", _V4, "avx512", HostMachine(_X86_64, "x86-64-v4", (_WIDE,), 512)),
            Level(
                "avx512vnni",
                (*_V4, "avx512_vnni"),
                "avx512",
                HostMachine(_X86_64, "x86-64-v4", (_WIDE, "+avx512vnni"), 512),
                dot_products=True,
            ),
            Level("avx2", _V3, "avx2", HostMachine(_X86_64, "x86-64-v3", (), 256)),
            Level("neon", ("fp", "asimd"), "neon", HostMachine(_AARCH64, "generic", (), 128)),
        )
    }
)
"""Name -> level."""

WORDS = MappingProxyType({"avx512": ("avx512", "avx512vnni"), "avx2": ("avx2",), "neon": ("neon",)})
"""Word of a user -> the levels that it stands for. Better machines come first, and of their levels the one that needs
least; a level after it adds the templates that are different there.
"""


def levels_of(words: Sequence[str]) -> tuple[Level, ...]:
    """The levels that a user's words stand for, each once. Raises `UsageError` for an unknown word."""
    names: dict[str, None] = {}
    for word in words:
        if word not in WORDS:
            known = ", ".join(WORDS)
            raise UsageError(f"unknown feature level '{word}', known are {known}", nearest=nearest(word, WORDS))
        names |= dict.fromkeys(WORDS[word])
    return tuple(LEVELS[name] for name in names)


def best_levels(architecture: str, features: Collection[str]) -> tuple[Level, ...]:
    """The levels of the best word for a processor, as far as it has them; none for one that has no word."""
    for names in WORDS.values():
        levels = [LEVELS[name] for name in names]
        has = [level for level in levels if level.architecture == architecture and set(level.features) <= set(features)]
        if has:
            return tuple(has)
    return ()
