"""Does a module do what its `zellige.program` section says, and ask for nothing but device memory?

The section and the code of a module can disagree when either was changed or is foreign; each difference is an error
that says what is declared and what is found. That the code itself is well formed is the engine's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import wasmtime

from zellige.artifact import (
    BUFFER_KINDS,
    CONSTANT_EXPORT,
    DEVICE_RESERVED_BYTES,
    KERNELS_ARE_AVAILABLE,
    NATIVE_MODULE,
    MemoryInfo,
    ProgramInfo,
    sections,
)
from zellige.element_types import NUMPY_DTYPES
from zellige.runtime.c_api import export_types, import_kinds, imported_memory, signature_text
from zellige.runtime.instance import parameter_counts
from zellige.runtime.memory import MAX_PAGES, PAGE_BYTES
from zellige.support.errors import RuntimeTrap

_DEVICE_IMPORT = ("zellige", "device", "memory")
_IS_AVAILABLE = (KERNELS_ARE_AVAILABLE, signature_text([], ["i32"]))
_PROFILE_MEMORIES = {"full": ("device", "local", "constant"), "simd": ("device",), "mvp": ("device",)}
_MEMORY_SECTION = 5
_START_SECTION = 8


def check_description(content: bytes, info: ProgramInfo) -> None:
    """Check what needs no engine: the description itself, and the sections. Raises `RuntimeTrap` (code `module`)."""
    if info.profile not in _PROFILE_MEMORIES:
        raise _error(f"profile '{info.profile}' is declared, this runtime knows {', '.join(_PROFILE_MEMORIES)}")
    declared = [(memory.index, memory.name, memory.imported) for memory in info.memories]
    expected = [(index, name, index == 0) for index, name in enumerate(_PROFILE_MEMORIES[info.profile])]
    if declared != expected:
        raise _error(
            f"memories (index, name, imported) {declared} are declared, profile '{info.profile}' has {expected}"
        )
    if not DEVICE_RESERVED_BYTES <= info.heap_base <= MAX_PAGES * PAGE_BYTES:
        raise _error(
            f"heap_base {info.heap_base} is declared, expected {DEVICE_RESERVED_BYTES} to {MAX_PAGES * PAGE_BYTES}"
        )
    if info.profile != "full" and info.constant_base + info.constant_bytes > info.heap_base:
        raise _error(
            f"constants at {info.constant_base} to {info.constant_base + info.constant_bytes} are declared,"
            f" the heap begins below their end, at {info.heap_base}"
        )
    for parameter in info.parameters:
        end = parameter.offset + parameter.size_bytes
        if end > info.constant_bytes:
            raise _error(
                f"the parameter '{parameter.name}' is declared up to byte {end}, the constants to {info.constant_bytes}"
            )
    names = Counter(item.name for item in (*info.functions, *info.entry_points))
    names.update(function.sizes_name for function in info.functions if not function.is_static)
    for name, count in names.items():
        if count > 1:
            raise _error(f"'{name}' is declared {count} times")
    initializers = [function for function in info.functions if function.name == info.initializer]
    if info.initializer and not any(not f.arguments and not f.results for f in initializers):
        raise _error(
            f"'{info.initializer}' is declared to set globals, expected a function without arguments and results"
        )
    for function in info.functions:
        for tensor in (*function.arguments, *function.results):
            if tensor.dtype not in NUMPY_DTYPES:
                raise _error(
                    f"'{function.name}' is declared with {tensor}, known element types are {', '.join(NUMPY_DTYPES)}"
                )
    for entry in info.entry_points:
        for binding in entry.bindings:
            if binding.dtype not in NUMPY_DTYPES or binding.kind not in (*BUFFER_KINDS, *NUMPY_DTYPES):
                raise _error(
                    f"'{entry.name}' is declared with a binding '{binding}', known are"
                    f" {', '.join(BUFFER_KINDS)} and the element types {', '.join(NUMPY_DTYPES)}"
                )
    defined = 0
    for kind, start, end in sections(content):
        if kind == _START_SECTION:
            raise _error("the module has a start function, which runs when it is loaded; none is allowed")
        if kind == _MEMORY_SECTION and start < end:
            defined = content[start]  # one byte, as engines allow fewer than 128 memories
    if defined != len(expected) - 1:
        raise _error(f"{len(expected) - 1} memories of its own are declared, the module defines {defined}")


def check_module(module: wasmtime.Module, info: ProgramInfo, natives: Sequence[str] = ()) -> None:
    """Check imports and exports against the description. Raises `RuntimeTrap` (code `module`).

    `natives` are the names of the native functions that the module has to import beyond what the description says.
    """
    _check_imports(module, info.memories[0], natives)
    expected = {name: signature_text(["i32"] * parameters, []) for name, parameters in parameter_counts(info).items()}
    if (natives or info.parameters) and any(memory.name == "constant" for memory in info.memories):
        expected[CONSTANT_EXPORT] = "memory"
    found = export_types(module)
    for name, wanted in expected.items():
        if name not in found:
            raise _error(f"'{name}' is declared, the module has no such export")
        if found[name] != wanted:
            raise _error(f"'{name}' is declared as a function {wanted}, the module exports {found[name]}")
    for name, kind in found.items():
        if name not in expected and (name, kind) != _IS_AVAILABLE:
            raise _error(f"the module exports '{name}', which is not declared")


def _check_imports(module: wasmtime.Module, declared: MemoryInfo, natives: Sequence[str]) -> None:
    found = import_kinds(module)
    if found != [_DEVICE_IMPORT, *((NATIVE_MODULE, name, "function") for name in natives)]:
        raise _import_error(found, natives)
    kind = imported_memory(module)
    if kind.is_64 or kind.is_shared or kind.page_size != PAGE_BYTES:
        raise _error(
            "the memory 'zellige.device' is imported as a 64-bit or shared memory, expected a plain 32-bit one"
        )
    if kind.limits.min != declared.min_pages:
        raise _error(
            f"the memory 'zellige.device' is declared with {declared.min_pages} pages,"
            f" the module imports {kind.limits.min}"
        )
    if kind.limits.max is not None and kind.limits.max < MAX_PAGES:
        raise _error(
            f"the memory 'zellige.device' is imported with at most {kind.limits.max} pages,"
            f" it has to be able to grow to {MAX_PAGES}"
        )


def _import_error(found: Sequence[tuple[str, str, str]], natives: Sequence[str]) -> RuntimeTrap:
    """What is wrong with imports (group, name, kind) that are not the device memory and then the native functions."""
    for group, name, kind in found:
        if (group, name, kind) == _DEVICE_IMPORT:
            continue
        if group != NATIVE_MODULE or name not in natives or kind != "function":
            return _error(
                f"the module imports the {kind} '{group}.{name}', only the memory 'zellige.device' is allowed"
            )
    times = Counter((group, name) for group, name, _ in found)
    if times[_DEVICE_IMPORT[:2]] != 1:
        return _error(
            f"the module imports the memory 'zellige.device' {times[_DEVICE_IMPORT[:2]]} times, expected once"
        )
    return _error(f"the module imports {[name for _, name, _ in found]}, expected 'device', then {list(natives)}")


def _error(what: str) -> RuntimeTrap:
    return RuntimeTrap(f"the module and its 'zellige.program' section disagree: {what}", code="module")
