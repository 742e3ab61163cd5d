"""The one configuration of wasmtime that we use."""

from __future__ import annotations

import platform
from importlib.metadata import version

import wasmtime

from zellige.runtime.processor import Processor

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


def fingerprint(processor: Processor) -> str:
    """Text that differs wherever native code made by `new_engine` on a processor may differ.

    The processor's features are part of it: code made for a lesser processor loads on a better one, but is slower
    there, and without fused multiply-add its numbers differ.
    """
    settings = " ".join(f"{name}={value}" for name, value in sorted(SETTINGS.items()))
    features = " ".join(processor.features)
    return f"wasmtime {version('wasmtime')} {platform.system()} {processor.architecture} {settings} {features}"
