"""Objects in wasmtime: each form of access has the effect that numpy says, in the memory that its space names."""

from __future__ import annotations

import numpy as np
import pytest

from tests.wasm_objects import Running, describe
from zellige.backend.llvm.objects import ObjectOptions, emit_object
from zellige.backend.wasm.link import ConstantSegment, LinkOptions, link
from zellige.compiler.options import CompileOptions
from zellige.support.errors import CompilerBug

HEAP = 40 * 65536 - 4096
SOURCE, TARGET = HEAP, HEAP + 1024
BYTES = np.random.default_rng(0).integers(0, 256, 256, np.uint8)
FEATURES = CompileOptions().features
OPTIONS = ObjectOptions(FEATURES, several_memories=True)


def run(text: str, *arguments: int, constants: bytes = b"") -> Running:
    """Run `@main` of this LLVM IR, with `BYTES` at `SOURCE` in device memory."""
    segments = [ConstantSegment(64, constants)] if constants else []
    module = link([("main", emit_object(text, OPTIONS))], segments, LinkOptions("full", ("main",), FEATURES), describe)
    running = Running(module)
    running.write(SOURCE, BYTES.tobytes())
    running.call("main", *arguments)
    return running


KINDS = {
    "i8": np.uint8,
    "i16": np.uint16,
    "i32": np.uint32,
    "i64": np.uint64,
    "float": np.float32,
    "double": np.float64,
}


def bits_of(kind: str) -> int:
    return 8 * np.dtype(KINDS[kind]).itemsize


@pytest.mark.parametrize("bits", [16, 32, 64, 128])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("align", [1, 16])
def test_moving(kind: str, bits: int, align: int) -> None:
    """A value of each width is read at one offset and written at another; its neighbours stay."""
    lanes = bits // bits_of(kind)
    if not lanes:
        return
    name = kind if lanes == 1 else f"<{lanes} x {kind}>"
    running = run(
        f"""
        define void @main(ptr addrspace(2) %from, ptr addrspace(2) %to) {{
          %p = getelementptr inbounds i8, ptr addrspace(2) %from, i32 32
          %q = getelementptr inbounds i8, ptr addrspace(2) %to, i32 16
          %v = load {name}, ptr addrspace(2) %p, align {align}
          store {name} %v, ptr addrspace(2) %q, align {align}
          ret void
        }}""",
        SOURCE,
        TARGET,
    )
    size = bits // 8
    expected = bytes(16) + BYTES[32 : 32 + size].tobytes() + bytes(48 - size)
    assert running.read(TARGET, 64) == expected


@pytest.mark.parametrize("kind", ["i8", "i16", "i32", "i64", "float", "double"])
def test_spreading(kind: str) -> None:
    """One element in all lanes."""
    lanes = 128 // bits_of(kind)
    running = run(
        f"""
        define void @main(ptr addrspace(2) %from, ptr addrspace(2) %to) {{
          %p = getelementptr inbounds {kind}, ptr addrspace(2) %from, i32 3
          %x = load {kind}, ptr addrspace(2) %p, align 1
          %i = insertelement <{lanes} x {kind}> poison, {kind} %x, i32 0
          %s = shufflevector <{lanes} x {kind}> %i, <{lanes} x {kind}> poison, <{lanes} x i32> zeroinitializer
          store <{lanes} x {kind}> %s, ptr addrspace(2) %to, align 1
          ret void
        }}""",
        SOURCE,
        TARGET,
    )
    assert running.read(TARGET, 16) == np.repeat(BYTES.view(KINDS[kind])[3], lanes).tobytes()


def test_spreading_values_without_names() -> None:
    """LLVM numbers what has no name in the order of lines, which stays."""
    running = run(
        """
        define void @main(ptr addrspace(2) %0, ptr addrspace(2) %1) {
          %3 = load i32, ptr addrspace(2) %0, align 4
          %4 = getelementptr i8, ptr addrspace(2) %1, i32 64
          %5 = insertelement <4 x i32> poison, i32 %3, i32 0
          %6 = load i32, ptr addrspace(2) %4, align 4
          %7 = shufflevector <4 x i32> %5, <4 x i32> poison, <4 x i32> zeroinitializer
          store <4 x i32> %7, ptr addrspace(2) %1, align 16
          store i32 %6, ptr addrspace(2) %0, align 4
          ret void
        }""",
        SOURCE,
        TARGET,
    )
    assert running.read(TARGET, 16) == np.repeat(BYTES.view(np.uint32)[0], 4).tobytes()
    assert running.read(SOURCE, 4) == bytes(4)


def test_constant_memory_is_another_memory() -> None:
    content = b"what is at 64 in constant memory"
    running = run(
        """
        @__zellige_constants = external global [0 x i8]
        define void @main(i32 %to) {
          %base = ptrtoint ptr @__zellige_constants to i32
          %p = inttoptr i32 %base to ptr addrspace(3)
          %q = inttoptr i32 %to to ptr addrspace(2)
          %r = getelementptr i8, ptr addrspace(3) %p, i32 64
          call void @llvm.memcpy.p2.p3.i32(ptr addrspace(2) %q, ptr addrspace(3) %r, i32 32, i1 false)
          ret void
        }
        declare void @llvm.memcpy.p2.p3.i32(ptr addrspace(2), ptr addrspace(3), i32, i1)""",
        TARGET,
        constants=content,
    )
    assert running.read(TARGET, 32) == content


def test_blocks_and_atomics() -> None:
    running = run(
        """
        define void @main(ptr addrspace(2) %from, ptr addrspace(2) %to, i32 %n) {
          call void @llvm.memset.p2.i32(ptr addrspace(2) %to, i8 7, i32 %n, i1 false)
          %p = getelementptr i8, ptr addrspace(2) %to, i32 8
          call void @llvm.memmove.p2.p2.i32(ptr addrspace(2) %p, ptr addrspace(2) %from, i32 %n, i1 false)
          %old = atomicrmw add ptr addrspace(2) %to, i32 3 seq_cst
          %now = load atomic i32, ptr addrspace(2) %to seq_cst, align 4
          %q = getelementptr i8, ptr addrspace(2) %to, i32 4
          %sum = add i32 %old, %now
          store atomic i32 %sum, ptr addrspace(2) %q seq_cst, align 4
          ret void
        }
        declare void @llvm.memset.p2.i32(ptr addrspace(2), i8, i32, i1)
        declare void @llvm.memmove.p2.p2.i32(ptr addrspace(2), ptr addrspace(2), i32, i1)""",
        SOURCE,
        TARGET,
        40,
    )
    filled = int.from_bytes(bytes([7] * 4), "little")
    words = np.array([filled + 3, 2 * filled + 3], np.uint32).tobytes()
    assert running.read(TARGET, 52) == words + BYTES[:40].tobytes() + bytes(4)


def test_local_memory_is_not_device_memory() -> None:
    """The stack has addresses of its own, which a device buffer may have too."""
    running = run(
        """
        define void @main(ptr addrspace(2) %from, ptr addrspace(2) %to) {
          %stack = alloca [4 x i32], align 16
          store volatile i32 77, ptr %stack, align 16
          %x = load i32, ptr addrspace(2) %from, align 4
          %y = load volatile i32, ptr %stack, align 16
          %z = add i32 %x, %y
          store i32 %z, ptr addrspace(2) %to, align 4
          ret void
        }""",
        SOURCE,
        TARGET,
    )
    assert running.read(TARGET, 4) == (BYTES.view(np.uint32)[:1] + np.uint32(77)).tobytes()


def test_refused_ir_is_our_fault() -> None:
    with pytest.raises(CompilerBug, match="LLVM refuses the IR"):
        emit_object("define void @main() { ret i32 0 }", OPTIONS)
