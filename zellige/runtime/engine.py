"""The one configuration of wasmtime that we use."""

from __future__ import annotations

import contextlib
import platform
from importlib.metadata import version
from pathlib import Path

import wasmtime

SETTINGS: dict[str, object] = {
    "memory_may_move": False,  # arrays look into device memory: its base must stay where it is when it grows
    "cranelift_opt_level": "speed",
}
"""What we ask for. `target` stays unset: setting it turns the detection of CPU features off. Fuel and epoch
interruption stay off: they halve the speed of tight loops."""


def new_engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    for name, value in SETTINGS.items():
        setattr(config, name, value)
    return wasmtime.Engine(config)


def fingerprint() -> str:
    """Text that differs wherever native code made by `new_engine` may differ."""
    settings = " ".join(f"{name}={value}" for name, value in sorted(SETTINGS.items()))
    return f"wasmtime {version('wasmtime')} {platform.system()} {platform.machine()} {settings} {_cpu_features()}"


def _cpu_features() -> str:
    """What the processor can do, where the system says so.

    Code made for a lesser processor loads on a better one, but is slower there, and without fused multiply-add its
    numbers differ.
    """
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open() as file:
        for line in file:
            if line.startswith(("flags", "Features")):
                return line.partition(":")[2].strip()
    return ""
