"""Small modules made by hand, as `docs/design/abi.md` says, so that the runtime is tested without the compiler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
import wasmtime

from zellige.artifact import (
    ABI_VERSION,
    PROGRAM_SECTION,
    Artifact,
    BindingInfo,
    EntryPointInfo,
    FunctionInfo,
    MemoryInfo,
    ProgramInfo,
    TensorSignature,
)

DEVICE_IMPORT = '(import "zellige" "device" (memory $device 1))'
FULL_MEMORIES = '(memory $local 1) (memory $constant 1) (data (memory $constant) (i32.const 64) "\\00\\00\\c0\\3f")'


def leb128(value: int) -> bytes:
    content = bytearray()
    while value >= 0x80:
        content.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*content, value])


def with_section(module: bytes, name: str, content: bytes) -> bytes:
    body = leb128(len(name)) + name.encode() + content
    return module + b"\0" + leb128(len(body)) + body


def tensor(name: str, dtype: str, *shape: int | None) -> TensorSignature:
    return TensorSignature(name, dtype, shape)


def slot(index: int) -> str:
    """The address in a slot of the state block."""
    return f"(i32.load (i32.add (local.get $state) (i32.const {8 * index})))"


@dataclass(frozen=True)
class Handmade:
    """A module in parts: text of its functions, and what its description says."""

    functions: tuple[FunctionInfo, ...] = ()
    entry_points: tuple[EntryPointInfo, ...] = ()
    messages: tuple[str, ...] = ()
    code: str = ""
    profile: str = "full"
    imports: str = DEVICE_IMPORT
    memories: str | None = None
    heap_base: int = 65536
    device_pages: int = 1

    def function(
        self,
        name: str,
        arguments: Sequence[TensorSignature],
        results: Sequence[TensorSignature],
        body: str,
        *,
        slab_bytes: int = 0,
    ) -> Handmade:
        """The same with a program function; in `body`, `$state` is the state block."""
        info = FunctionInfo(name, tuple(arguments), tuple(results), slab_bytes, slab_bytes, 1)
        text = f'(func ${name} (export "{name}") (param $state i32) {body})'
        return replace(self, functions=(*self.functions, info), code=f"{self.code}\n{text}")

    def entry_point(
        self, name: str, workgroups: tuple[int, int, int], bindings: Sequence[str | BindingInfo], body: str
    ) -> Handmade:
        info = EntryPointInfo(name, workgroups, tuple(BindingInfo(b) if isinstance(b, str) else b for b in bindings))
        text = (
            f'(func ${name} (export "{name}") (param $state i32) (param $x i32) (param $y i32) (param $z i32) {body})'
        )
        return replace(self, entry_points=(*self.entry_points, info), code=f"{self.code}\n{text}")

    def info(self) -> ProgramInfo:
        memories = (
            MemoryInfo("device", 0, self.device_pages, True),
            MemoryInfo("local", 1, 1, False),
            MemoryInfo("constant", 2, 1, False),
        )
        return ProgramInfo(
            abi=ABI_VERSION,
            profile=self.profile,
            features=("multimemory",) if self.profile == "full" else (),
            memories=memories if self.profile == "full" else memories[:1],
            heap_base=self.heap_base,
            constant_base=0 if self.profile == "full" else 65536,
            constant_bytes=68 if self.profile == "full" else 0,
            functions=self.functions,
            entry_points=self.entry_points,
            messages=self.messages,
        )

    def module(self) -> bytes:
        """The bytes without a description."""
        memories = self.memories if self.memories is not None else FULL_MEMORIES if self.profile == "full" else ""
        return bytes(wasmtime.wat2wasm(f"(module {self.imports} {memories} {self.code})"))

    def artifact(self, info: ProgramInfo | None = None) -> Artifact:
        description = (info if info is not None else self.info()).to_json()
        return Artifact(with_section(self.module(), PROGRAM_SECTION, description))

    def adding(self, name: str = "main", elements: int = 6) -> Handmade:
        """The same with `name(x, y) = x + y + 1.5` on tensors of 2 x elements / 2; 1.5 is in the constant memory."""
        constant = "(f32.load $constant (i32.const 64))" if self.profile == "full" else "(f32.const 1.5)"
        body = f"""(local $i i32)
          (loop $next
            (f32.store $device (i32.add {slot(6)} (local.get $i))
              (f32.add {constant} (f32.add
                (f32.load $device (i32.add {slot(4)} (local.get $i)))
                (f32.load $device (i32.add {slot(5)} (local.get $i))))))
            (local.set $i (i32.add (local.get $i) (i32.const 4)))
            (br_if $next (i32.lt_u (local.get $i) (i32.const {4 * elements}))))"""
        arguments = [tensor("x", "f32", 2, elements // 2), tensor("y", "f32", 2, elements // 2)]
        return self.function(name, arguments, [tensor("sum", "f32", 2, elements // 2)], body)

    def copying(self, name: str, dtype: str, shape: tuple[int, ...], size_bytes: int) -> Handmade:
        """The same with the identity on a tensor."""
        body = f"(memory.copy $device $device {slot(5)} {slot(4)} (i32.const {size_bytes}))"
        return self.function(name, [tensor("x", dtype, *shape)], [tensor("same", dtype, *shape)], body)


@pytest.fixture
def handmade() -> Handmade:
    """An empty module of profile `full`."""
    return Handmade()


@pytest.fixture
def single_memory() -> Handmade:
    """An empty module of profile `simd`, whose own region of device memory ends at 131072."""
    return Handmade(
        profile="simd", imports='(import "zellige" "device" (memory $device 2))', heap_base=131072, device_pages=2
    )
