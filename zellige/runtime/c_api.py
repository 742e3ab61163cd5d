"""The C library of wasmtime, where its Python classes cost too much.

A call by `Func.__call__` takes 6 to 45 microseconds, one by `wasmtime_func_call_unchecked` with prepared arguments a
third of one; the types of hundreds of exports take milliseconds as objects. The wasmtime package has a binding of the
library, but does not export it: this file is the only one that uses it.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import wasmtime
from wasmtime import _ffi
from wasmtime._func import enter_wasm

Invoke = Callable[..., None]
"""Runs a wasm function whose parameters are i32, given as unsigned numbers. Raises `wasmtime.Trap`."""

_C: Any = _ffi
"""The binding, whose types are those of ctypes and not worth checking."""

ImportedFunction = Any
"""The C handle of a function that a module imports."""

_RAW_BYTES = ctypes.sizeof(_ffi.wasmtime_val_raw_t)

_VALUE_TYPES = {0: "i32", 1: "i64", 2: "f32", 3: "f64", 4: "v128"}
_UNKNOWN_KIND = "unknown kind of item"
_EXTERNAL_KINDS = {0: "function", 1: "global", 2: "table", 3: "memory", 4: "tag"}


class BoundFunction:
    """An exported function of i32 parameters and no result, ready to be called: all that the C call takes is made once.

    It keeps the store and `owner` alive, and must not run on two threads at once.
    """

    __slots__ = ("_arguments", "_call", "_owner", "_pack", "_prepared", "_store", "_trap")

    def __init__(
        self, store: wasmtime.Store, linked: wasmtime.Instance, name: str, parameters: int, owner: object = None
    ) -> None:
        self._store = store
        self._owner = owner
        self._call = _C.dll["wasmtime_func_call_unchecked"]  # a new object each time, so its types are ours to set
        self._call.restype = ctypes.c_void_p
        self._arguments = ctypes.create_string_buffer(parameters * _RAW_BYTES)
        self._trap = ctypes.c_void_p()
        self._pack = struct.Struct("<" + f"I{_RAW_BYTES - 4}x" * parameters).pack_into
        context = _C.wasmtime_store_context(store.ptr())
        self._prepared = (
            ctypes.cast(context, ctypes.c_void_p),
            ctypes.byref(_exported_function(context, linked, name)),
            ctypes.byref(self._arguments),
            ctypes.c_size_t(parameters),
            ctypes.byref(self._trap),
        )

    def __call__(self, *parameters: int) -> None:
        self._pack(self._arguments, 0, *parameters)
        error = self._call(*self._prepared)
        if self._trap.value is not None:
            pointer: Any = ctypes.cast(self._trap, ctypes.POINTER(_ffi.wasm_trap_t))
            self._trap.value = None
            raise cast("Any", wasmtime.Trap)._from_ptr(pointer)  # noqa: SLF001  it has no public constructor
        assert error is None, "the engine refuses a call of a function whose type was checked"


def native_imports(
    store: wasmtime.Store, module: wasmtime.Module, addresses: Sequence[int], env: int
) -> tuple[ImportedFunction, ...]:
    """Machine code for the last imports of a module, in their order: where the code of each begins.

    A function has the type of its import, and `env` as the first parameter of its code. Code and `env` have to live as
    long as the functions can be called.
    """
    context = ctypes.cast(_C.wasmtime_store_context(store.ptr()), ctypes.c_void_p)
    new = _C.dll["wasmtime_func_new_unchecked"]  # a new object each time, so its types are ours to set
    new.argtypes, new.restype = [ctypes.c_void_p] * 6, None
    functions: list[ImportedFunction] = []
    with _imports(module) as imports:
        for number, address in enumerate(addresses, imports.size - len(addresses)):
            function_type = _C.wasm_externtype_as_functype(_C.wasm_importtype_type(imports.data[number]))
            function = _C.wasmtime_extern_t(kind=_C.WASMTIME_EXTERN_FUNC.value)
            handle = ctypes.byref(function, _C.wasmtime_extern_t.of.offset)
            new(context, function_type, address, env, None, handle)
            functions.append(function)
    return tuple(functions)


def link(
    store: wasmtime.Store,
    module: wasmtime.Module,
    memory: wasmtime.Memory,
    functions: Sequence[ImportedFunction] = (),
) -> wasmtime.Instance:
    """An instance of a module that imports a memory, then functions.

    Raises `wasmtime.Trap` and `wasmtime.WasmtimeError`.
    """
    imports = (_C.wasmtime_extern_t * (1 + len(functions)))(cast("Any", memory)._as_extern(), *functions)  # noqa: SLF001  no public name
    linked = _C.wasmtime_instance_t()
    context = _C.wasmtime_store_context(store.ptr())
    with enter_wasm(store) as trap:
        error = _C.wasmtime_instance_new(context, module.ptr(), imports, len(imports), ctypes.byref(linked), trap)
        if error:
            raise cast("Any", wasmtime.WasmtimeError)._from_ptr(error)  # noqa: SLF001  it has no public constructor
    return cast("Any", wasmtime.Instance)._from_raw(linked)  # noqa: SLF001  it has no public constructor


def exported_memory_base(store: wasmtime.Store, linked: wasmtime.Instance, name: str) -> int:
    """The address where an exported memory begins. It holds as long as the memory does not move."""
    context = _C.wasmtime_store_context(store.ptr())
    memory = _exported(context, linked, name).of.memory
    return ctypes.addressof(_C.wasmtime_memory_data(context, ctypes.byref(memory)).contents)


def exported_memory_bytes(store: wasmtime.Store, linked: wasmtime.Instance, name: str) -> memoryview:
    """All of an exported memory, to write to. The view must not outlive the instance."""
    context = _C.wasmtime_store_context(store.ptr())
    memory = _exported(context, linked, name).of.memory
    size = _C.wasmtime_memory_data_size(context, ctypes.byref(memory))
    address = exported_memory_base(store, linked, name)
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")


def _exported_function(context: object, linked: wasmtime.Instance, name: str) -> Any:
    """The C handle of an exported function."""
    return _exported(context, linked, name).of.func


def _exported(context: object, linked: wasmtime.Instance, name: str) -> Any:
    """The C handle of one export; the package's mapping of exports makes an object of every one."""
    text = name.encode()
    handle = cast("Any", linked)._instance  # noqa: SLF001  it has no public name
    found = _C.wasmtime_extern_t()
    is_there = _C.wasmtime_instance_export_get(
        context, ctypes.byref(handle), ctypes.create_string_buffer(text), len(text), ctypes.byref(found)
    )
    assert is_there, f"'{name}' is not exported, though the exports were checked"
    return found


@contextmanager
def _imports(module: wasmtime.Module) -> Generator[Any]:
    """The C vector of what a module imports, which is gone afterwards."""
    imports = _C.wasm_importtype_vec_t(0, None)
    _C.wasmtime_module_imports(module.ptr(), ctypes.byref(imports))
    try:
        yield imports
    finally:
        _C.wasm_importtype_vec_delete(ctypes.byref(imports))


def import_kinds(module: wasmtime.Module) -> list[tuple[str, str, str]]:
    """What a module imports: module name, name, and the word `function`, `memory`, …"""
    with _imports(module) as imports:
        return [
            (
                _text(_C.wasm_importtype_module(item)),
                _text(_C.wasm_importtype_name(item)),
                _EXTERNAL_KINDS.get(_C.wasm_externtype_kind(_C.wasm_importtype_type(item)), _UNKNOWN_KIND),
            )
            for item in map(imports.data.__getitem__, range(imports.size))
        ]


def imported_memory(module: wasmtime.Module) -> wasmtime.MemoryType:
    """The type of the first import of a module, which is a memory."""
    with _imports(module) as imports:
        found = _C.wasm_externtype_as_memorytype(_C.wasm_importtype_type(imports.data[0]))
        return cast("Any", wasmtime.MemoryType)._from_ptr(_C.wasm_memorytype_copy(found), None)  # noqa: SLF001  no public constructor


def export_types(module: wasmtime.Module) -> dict[str, str]:
    """What a module exports: `(i32, i32) -> ()` for a function, else the word `memory`, `global`, …"""
    exports = _C.wasm_exporttype_vec_t(0, None)
    _C.wasmtime_module_exports(module.ptr(), ctypes.byref(exports))
    try:
        return {
            _text(_C.wasm_exporttype_name(exports.data[i])): _type_text(_C.wasm_exporttype_type(exports.data[i]))
            for i in range(exports.size)
        }
    finally:
        _C.wasm_exporttype_vec_delete(ctypes.byref(exports))


def signature_text(parameters: Sequence[str], results: Sequence[str]) -> str:
    """The type of a function."""
    return f"({', '.join(parameters)}) -> ({', '.join(results)})"


def _text(name: Any) -> str:
    content = name.contents
    return ctypes.string_at(content.data, content.size).decode()


def _type_text(external: Any) -> str:
    function = _C.wasm_externtype_as_functype(external)
    if not function:
        return _EXTERNAL_KINDS.get(_C.wasm_externtype_kind(external), _UNKNOWN_KIND)
    parameters = _value_types(_C.wasm_functype_params(function).contents)
    return signature_text(parameters, _value_types(_C.wasm_functype_results(function).contents))


def _value_types(types: Any) -> list[str]:
    return [_VALUE_TYPES.get(_C.wasm_valtype_kind(types.data[i]), "ref") for i in range(types.size)]
