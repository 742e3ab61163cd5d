"""Modules with all kernels declared as built-in functions, and a host with Python functions behind their imports."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import wasmtime

from zellige.artifact import CONSTANT_EXPORT, KERNEL_GROUP, NATIVE_MODULE, SYNC_BYTES, Artifact
from zellige.backend.wasm import builtin_section
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, FUNCTION, BuiltinRecord
from zellige.backend.wasm.cursor import Cursor
from zellige.backend.wasm.digest import BodyDigests
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CodeSection, CustomSection, Module
from zellige.backend.wasm.writer import write
from zellige.element_types import NUMPY_DTYPES

Array = npt.NDArray[Any]
Native = Callable[["NativeHost", str, Sequence[Any]], int]
"""Gets the host, the name of the import, and its arguments."""

PAGES = 64
PAGE_BYTES = 65536


def function_names(module: Module) -> list[str]:
    """The names of all functions, by index."""
    section = module.custom("name")
    assert section is not None
    cursor = Cursor(bytes(section.content))
    while cursor.byte() != 1:
        cursor.take(cursor.u32())
    cursor.u32()
    return [name for _, name in cursor.many(lambda: (cursor.u32(), cursor.name()))]


def with_records(module: bytes, *records: BuiltinRecord) -> bytes:
    """The module with these declarations and no others."""
    sections = [s for s in read(module).sections if not (isinstance(s, CustomSection) and s.name == BUILTIN_SECTION)]
    position = next(i for i, section in enumerate(sections) if isinstance(section, CodeSection))
    return write(Module((*sections[:position], builtin_section.encode(records), *sections[position:])))


def with_all_kernels(module: bytes) -> bytes:
    """The module with a declaration of each kernel, however small."""
    parsed = read(module)
    digests = BodyDigests(parsed, Artifact(module).program.constant_base)
    return with_records(
        module,
        *(
            BuiltinRecord(index, FUNCTION, KERNEL_GROUP, name.removesuffix(".tile"), 1, digests.of(index))
            for index, name in enumerate(function_names(parsed))
            if name.endswith(".tile")
        ),
    )


class NativeHost:
    """One instance with a device memory of its own. Every import is `native`."""

    def __init__(self, module: bytes, native: Native) -> None:
        self.program = Artifact(module).program
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.store = wasmtime.Store()
        compiled = wasmtime.Module(self.store.engine, module)
        pages = self.program.memories[0].min_pages + PAGES
        self.device = wasmtime.Memory(self.store, wasmtime.MemoryType(wasmtime.Limits(pages, 65536)))
        imports: list[wasmtime.Func | wasmtime.Memory] = []
        for entry in compiled.imports:
            if isinstance(entry.type, wasmtime.FuncType):
                assert entry.module == NATIVE_MODULE
                imports.append(self._import(str(entry.name), entry.type, native))
            else:
                imports.append(self.device)
        self.exports = wasmtime.Instance(self.store, compiled, imports).exports(self.store)
        self._free = -(-self.program.heap_base // 64) * 64

    def _import(self, name: str, type_: wasmtime.FuncType, native: Native) -> wasmtime.Func:
        def call(*arguments: Any) -> int:
            self.calls.append((name, arguments))
            return native(self, name, arguments)

        return wasmtime.Func(self.store, type_, call)

    @property
    def constants(self) -> wasmtime.Memory:
        """The memory of constants, which is the device memory where there is only one."""
        found = self.exports[CONSTANT_EXPORT] if len(self.program.memories) > 1 else self.device
        assert isinstance(found, wasmtime.Memory)
        return found

    def array(self, address: int, dtype: str, shape: tuple[int, ...], memory: wasmtime.Memory | None = None) -> Array:
        """A copy of what is in a memory, the device's where none is given."""
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        content = (memory or self.device).read(self.store, address, address + size)
        return np.frombuffer(bytes(content), dtype).reshape(shape)

    def write(self, address: int, content: bytes) -> None:
        self.device.write(self.store, content, address)

    def call(self, name: str, *arguments: int) -> Any:
        function = self.exports[name]
        assert isinstance(function, wasmtime.Func)
        return function(self.store, *arguments)

    def run(self, name: str, *arguments: Array) -> tuple[Array, ...]:
        """The results of a program function."""
        info = next(function for function in self.program.functions if function.name == name)
        places = [self._place(values.tobytes()) for values in arguments]
        results = [(NUMPY_DTYPES[result.dtype], tuple(size or 0 for size in result.shape)) for result in info.results]
        places += [self._place(bytes(int(np.prod(shape)) * dtype.itemsize)) for dtype, shape in results]
        slots = [0, 1, self._place(bytes(info.slab_bytes)), self._place(bytes(SYNC_BYTES)), *places]
        self.call(name, self._place(struct.pack(f"<{len(slots)}Q", *slots)))
        return tuple(
            self.array(place, dtype.str, shape)
            for place, (dtype, shape) in zip(places[len(arguments) :], results, strict=True)
        )

    def _place(self, content: bytes) -> int:
        address = self._free
        self._free += -(-len(content) // 64) * 64 + 64
        self.write(address, content)
        return address
