"""Program functions run as worker k of n: two threads with an instance each, over one shared device memory."""

from __future__ import annotations

import ctypes
import dataclasses
import struct
import threading
from typing import Any, cast

import numpy as np
import pytest
import wasmtime
from wasmtime import _ffi

import zellige
from zellige.artifact import STATE_SLOT_BYTES, SYNC_BYTES
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import ImportSection
from zellige.backend.wasm.types import Limits, MemoryType
from zellige.backend.wasm.writer import write

FFI: Any = _ffi

SIZE = 512

T = f"tensor<{SIZE}x{SIZE}xf32>"

CHAIN = f"""
func.func @main(%a: {T}, %b: {T}) -> {T} {{
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : {T}
  %f = linalg.fill ins(%zero : f32) outs(%e : {T}) -> {T}
  %0 = linalg.matmul ins(%a, %b : {T}, {T}) outs(%f : {T}) -> {T}
  %1 = linalg.matmul ins(%0, %a : {T}, {T}) outs(%f : {T}) -> {T}
  %2 = linalg.matmul ins(%1, %0 : {T}, {T}) outs(%f : {T}) -> {T}
  func.return %2 : {T}
}}
"""


D = "tensor<?x?xf32>"

DYNAMIC_CHAIN = f"""
func.func @main(%a: {D}, %b: {D}) -> {D} {{
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : {D}
  %e = tensor.empty(%n, %n) : {D}
  %f = linalg.fill ins(%zero : f32) outs(%e : {D}) -> {D}
  %0 = linalg.matmul ins(%a, %b : {D}, {D}) outs(%f : {D}) -> {D}
  %1 = linalg.matmul ins(%0, %a : {D}, {D}) outs(%f : {D}) -> {D}
  %2 = linalg.matmul ins(%1, %0 : {D}, {D}) outs(%f : {D}) -> {D}
  func.return %2 : {D}
}}
"""


def with_shared_device(module: bytes, pages: int) -> bytes:
    """The module with a device import that may be shared: only the import changes."""
    parsed = read(module)
    limits = Limits(pages, pages, shared=True)
    sections = tuple(
        dataclasses.replace(
            section,
            imports=tuple(
                dataclasses.replace(entry, type=MemoryType(limits)) if isinstance(entry.type, MemoryType) else entry
                for entry in section.imports
            ),
        )
        if isinstance(section, ImportSection)
        else section
        for section in parsed.sections
    )
    return write(dataclasses.replace(parsed, sections=sections))


class SharedDevice(wasmtime.SharedMemory):
    """A shared memory that can be imported."""

    def _as_extern(self) -> Any:
        # The package wraps the pointer once more, which wasmtime then takes for another type.
        union = FFI.wasmtime_extern_union(sharedmemory=cast("Any", self.ptr()))
        return FFI.wasmtime_extern_t(FFI.WASMTIME_EXTERN_SHAREDMEMORY, union)

    def bytes_view(self, size_bytes: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
        start = FFI.wasmtime_sharedmemory_data(self.ptr())
        array = (ctypes.c_uint8 * size_bytes).from_address(ctypes.addressof(start.contents))
        return np.frombuffer(cast("Any", array), dtype=np.uint8)


def block_of(slots: list[int]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A state block, with zeros behind the slots."""
    return np.frombuffer(struct.pack(f"<{len(slots)}Q", *slots).ljust(4096, b"\0"), np.uint8)


@pytest.mark.parametrize(("chain", "workers"), [(CHAIN, 1), (CHAIN, 2), (CHAIN, 3), (DYNAMIC_CHAIN, 3)])
def test_every_number_of_workers_gives_the_same_bits(chain: str, workers: int):
    artifact = zellige.compile(chain)
    function = artifact.program.functions[0]
    grids = [entry.workgroups for entry in artifact.program.entry_points]
    assert None in grids or max(np.prod(grid or ()) for grid in grids) > 1
    open_sizes = [SIZE] * sum(argument.shape.count(None) for argument in function.arguments)
    pages = 128
    config = wasmtime.Config()
    config.shared_memory = True
    engine = wasmtime.Engine(config)
    module = wasmtime.Module(engine, with_shared_device(artifact.module, pages))
    limits = wasmtime.Limits(pages, pages)
    memory = SharedDevice(engine, wasmtime.MemoryType(limits, is_64=False, shared=True))
    device = memory.bytes_view(pages * 65536)

    generator = np.random.default_rng(3)
    inputs = [generator.standard_normal((SIZE, SIZE), dtype=np.float32) * 0.1 for _ in range(2)]
    address = artifact.program.heap_base
    slab_bytes = function.slab_bytes
    if not function.is_static:
        device[address : address + 4096] = block_of([0, 1, *[0] * 5, *open_sizes])
        store = wasmtime.Store(engine)
        ask = wasmtime.Instance(store, module, [memory]).exports(store)[function.sizes_name]
        assert isinstance(ask, wasmtime.Func)
        ask(store, address)
        reported = device[address : address + function.state_slots * STATE_SLOT_BYTES].view(np.uint64)
        assert list(reported[-3:-1]) == [SIZE, SIZE]
        slab_bytes = int(reported[-1])
        assert slab_bytes > function.slab_bytes
    places: list[int] = []
    for size_bytes in [SYNC_BYTES, slab_bytes, *(x.nbytes for x in inputs), inputs[0].nbytes]:
        places.append(address)
        address += -(-size_bytes // 64) * 64
    sync, slab, *buffers = places
    for x, place in zip(inputs, buffers, strict=False):
        device[place : place + x.nbytes] = np.frombuffer(x.tobytes(), np.uint8)
    device[sync : sync + SYNC_BYTES] = 0

    faults: list[BaseException] = []

    def work(index: int, state: int) -> None:
        try:
            store = wasmtime.Store(engine)
            instance = wasmtime.Instance(store, module, [memory])
            main = instance.exports(store)[function.name]
            assert isinstance(main, wasmtime.Func)
            for _ in range(4):
                main(store, state)
        except BaseException as fault:
            faults.append(fault)

    threads: list[threading.Thread] = []
    for index in range(workers):
        state = address + index * 4096
        slots = [index, workers, slab, sync, *buffers, *open_sizes]
        assert len(slots) == function.argument_sizes_slot + len(open_sizes)
        device[state : state + 4096] = block_of(slots)
        threads.append(threading.Thread(target=work, args=(index, state)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults

    result = bytes(device[buffers[2] : buffers[2] + inputs[0].nbytes])
    expected = cast("np.ndarray[Any, np.dtype[np.float32]]", zellige.load(artifact, cache=False)["main"](*inputs))
    assert result == expected.tobytes()
    a, b = (x.astype(np.float64) for x in inputs)
    np.testing.assert_allclose(expected, (a @ b @ a) @ (a @ b), rtol=1e-3, atol=1e-3)
