"""Compile tensor programs into one self-contained WebAssembly module, and run it.

Each name is loaded when it is first used, so that running a saved module needs no compiler:
`import zellige; zellige.load("model.wasm")` imports neither xDSL nor LLVM.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zellige.artifact import Artifact
    from zellige.compiler.converters import from_jax, from_torch
    from zellige.compiler.driver import compile
    from zellige.compiler.options import CompileOptions
    from zellige.compiler.pipeline import Pipeline
    from zellige.native.loading import load
    from zellige.runtime.device import Device
    from zellige.runtime.errors import CacheWarning, SpecializeWarning
    from zellige.runtime.program import Program
    from zellige.support.errors import CompileError, CompilerBug, RuntimeTrap, UsageError, ZelligeError

__all__ = [
    "Artifact",
    "CacheWarning",
    "CompileError",
    "CompileOptions",
    "CompilerBug",
    "Device",
    "Pipeline",
    "Program",
    "RuntimeTrap",
    "SpecializeWarning",
    "UsageError",
    "ZelligeError",
    "compile",
    "from_jax",
    "from_torch",
    "load",
]

_HOME_OF = {
    "Artifact": "zellige.artifact:Artifact",
    "CacheWarning": "zellige.runtime.errors:CacheWarning",
    "CompileError": "zellige.support.errors:CompileError",
    "CompileOptions": "zellige.compiler.options:CompileOptions",
    "CompilerBug": "zellige.support.errors:CompilerBug",
    "Device": "zellige.runtime.device:Device",
    "Pipeline": "zellige.compiler.pipeline:Pipeline",
    "Program": "zellige.runtime.program:Program",
    "RuntimeTrap": "zellige.support.errors:RuntimeTrap",
    "SpecializeWarning": "zellige.runtime.errors:SpecializeWarning",
    "UsageError": "zellige.support.errors:UsageError",
    "ZelligeError": "zellige.support.errors:ZelligeError",
    "compile": "zellige.compiler.driver:compile",
    "from_jax": "zellige.compiler.converters:from_jax",
    "from_torch": "zellige.compiler.converters:from_torch",
    "load": "zellige.native.loading:load",
}
"""Public name -> `module:attribute`."""


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'zellige' has no attribute '{name}'")
    module, attribute = _HOME_OF[name].split(":")
    value: object = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
