"""What the processor of this machine can do."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")

_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True)
class Processor:
    """An architecture (`x86_64`, `aarch64`, …) and features, in the spelling and order of Linux."""

    architecture: str
    features: tuple[str, ...]

    def within(self, features: Iterable[str]) -> Processor:
        """The same without the features that are not given. Nothing is added: what is not there cannot be used."""
        kept = frozenset(features)
        return replace(self, features=tuple(name for name in self.features if name in kept))


def this_processor(cpuinfo: Path = CPUINFO) -> Processor:
    """The processor that we run on. Where the system does not say what it can do, it has no features."""
    machine = platform.machine()
    return Processor(_ARCHITECTURES.get(machine.lower(), machine), _features(cpuinfo))


def _features(cpuinfo: Path) -> tuple[str, ...]:
    with contextlib.suppress(OSError), cpuinfo.open() as file:
        for line in file:
            if line.startswith(("flags", "Features")):
                return tuple(line.partition(":")[2].split())
    return ()
