"""Relocatable objects that LLVM makes from IR text, and modules linked from them, for the tests of the linker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast

import wasmtime

from zellige.artifact import ABI_VERSION, ProgramInfo
from zellige.backend.wasm.builtin_section import Builtin
from zellige.backend.wasm.instructions import Instruction, instructions
from zellige.backend.wasm.layout import Layout
from zellige.backend.wasm.link import ConstantSegment, LinkOptions, link
from zellige.backend.wasm.reader import read

binding: Any = import_module("llvmlite.binding")  # llvmlite has no types

FULL = "+simd128,+relaxed-simd,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals,+multivalue,+atomics"
SIMD = "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals"
MVP = "-simd128,-bulk-memory,-nontrapping-fptoint,-sign-ext,-multivalue,-reference-types,-call-indirect-overlong"
FEATURES = {"full": FULL, "simd": SIMD, "mvp": MVP}


@cache
def emit(ir: str, features: str = FULL, triple: str = "wasm32-unknown-unknown") -> bytes:
    """The object of a module of LLVM IR."""
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    machine = binding.Target.from_triple(triple).create_target_machine(opt=3, features=features, reloc="static")
    with binding.parse_assembly(f'target triple = "{triple}"\n{ir}') as module:
        module.verify()
        return cast("bytes", machine.emit_object(module))


def describe(layout: Layout) -> ProgramInfo:
    """A program without functions, at the linker's addresses."""
    return ProgramInfo(
        abi=ABI_VERSION,
        profile=layout.profile,
        features=layout.features,
        memories=layout.memories,
        heap_base=layout.heap_base,
        constant_base=layout.constant_base,
        constant_bytes=layout.constant_bytes,
        functions=(),
        entry_points=(),
        messages=(),
    )


def linked(
    *irs: str,
    exports: Sequence[str] = ("main",),
    constants: Mapping[int, bytes] | None = None,
    profile: str = "full",
    stack_bytes: int = 1 << 20,
    builtins: Sequence[Builtin] = (),
    templates: str = "",
) -> bytes:
    """A module of the objects `0.o`, `1.o`, …, which wasmtime accepts."""
    objects = [(f"{index}.o", emit(ir, FEATURES[profile])) for index, ir in enumerate(irs)]
    segments = [ConstantSegment(offset, content) for offset, content in (constants or {}).items()]
    options = LinkOptions(profile, tuple(exports), ("simd128",), stack_bytes, tuple(builtins), templates)
    module = link(objects, segments, options, describe)
    wasmtime.Module.validate(wasmtime.Engine(), module)
    return module


class Running:
    """An instance of a module with a device memory of its own."""

    def __init__(self, module: bytes, pages: int = 40) -> None:
        self.store = wasmtime.Store()
        self.memory = wasmtime.Memory(self.store, wasmtime.MemoryType(wasmtime.Limits(pages, 65536)))
        self.instance = wasmtime.Instance(self.store, wasmtime.Module(self.store.engine, module), [self.memory])

    def call(self, name: str, *arguments: float) -> Any:
        function = self.instance.exports(self.store)[name]
        assert isinstance(function, wasmtime.Func)
        return function(self.store, *arguments)

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.memory.read(self.store, address, address + size))

    def write(self, address: int, content: bytes) -> None:
        self.memory.write(self.store, content, address)


def disassembled(module: bytes, export: str = "main") -> list[Instruction]:
    """The body of an exported function."""
    parsed = read(module)
    index = next(entry.index for entry in parsed.exports if entry.name == export)
    return list(instructions(parsed.bodies[index].body))


KERNEL = """
@table = internal constant [4 x float] [float 1.0, float 2.0, float 3.0, float 4.0], align 16
@handlers = internal global [2 x ptr] [ptr @one, ptr @two]
@__zellige_constants = external global [0 x i8]

declare <4 x float> @zellige.v128.load.m0.a4(i32, i32)
declare <4 x float> @zellige.v128.load32_splat.m2.a2(i32, i32)
declare void @zellige.v128.store.m0.a4(i32, <4 x float>, i32)
declare void @zellige.memory.fill.m0(i32, i32, i32)
declare void @zellige.memory.copy.m0.m2(i32, i32, i32)
declare i32 @zellige.i32.atomic.rmw.add.m0.a2(i32, i32, i32)
declare i32 @shared(i32, ptr)

define internal i32 @one(i32 %x) {
  ret i32 1
}

define internal i32 @two(i32 %x) {
  %y = shl i32 %x, 1
  ret i32 %y
}

define void @main(i32 %a, i32 %i) {
  %stack = alloca [16 x i8], align 16
  %n = call i32 @shared(i32 %i, ptr %stack)
  %x = call <4 x float> @zellige.v128.load.m0.a4(i32 %a, i32 64)
  %c = call <4 x float> @zellige.v128.load32_splat.m2.a2(i32 ptrtoint (ptr @__zellige_constants to i32), i32 8)
  %p = getelementptr float, ptr @table, i32 %n
  %v = load float, ptr %p
  %y = insertelement <4 x float> %x, float %v, i32 0
  %z = fadd <4 x float> %y, %c
  call void @zellige.v128.store.m0.a4(i32 %a, <4 x float> %z, i32 200)
  %q = getelementptr ptr, ptr @handlers, i32 %n
  %f = load ptr, ptr %q
  %m = call i32 %f(i32 %i)
  %t = call i32 @zellige.i32.atomic.rmw.add.m0.a2(i32 %a, i32 %m, i32 0)
  call void @zellige.memory.fill.m0(i32 %a, i32 0, i32 %t)
  call void @zellige.memory.copy.m0.m2(i32 %a, i32 0, i32 4)
  ret void
}
"""
"""Every kind of relocation and access that one kernel of profile `full` may have."""

SHARED = """
define linkonce_odr i32 @shared(i32 %i, ptr %p) {
  store volatile i32 %i, ptr %p
  %x = load volatile i32, ptr %p
  %y = and i32 %x, 1
  ret i32 %y
}
"""
"""What `KERNEL` calls in another object."""

CORPUS: Mapping[str, tuple[str, str, str]] = {
    "kernel": (KERNEL, FULL, "wasm32-unknown-unknown"),
    "shared": (SHARED, FULL, "wasm32-unknown-unknown"),
    "mvp": (SHARED, MVP, "wasm32-unknown-unknown"),
    "empty": ("", FULL, "wasm32-unknown-unknown"),
    "start": (
        """
        @llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 7, ptr @init, ptr null }]
        @state = global i32 0
        define internal void @init() {
          store i32 42, ptr @state
          ret void
        }
        define i32 @get() {
          %x = load i32, ptr @state
          ret i32 %x
        }
        """,
        FULL,
        "wasm32-unknown-unknown",
    ),
    "debug": (
        """
        define i32 @main(i32 %x) !dbg !4 {
          %y = add i32 %x, 1, !dbg !5
          ret i32 %y, !dbg !5
        }
        !llvm.dbg.cu = !{!0}
        !llvm.module.flags = !{!2, !3}
        !0 = distinct !DICompileUnit(language: DW_LANG_C, file: !1, isOptimized: true, emissionKind: FullDebug)
        !1 = !DIFile(filename: "model.mlir", directory: "")
        !2 = !{i32 2, !"Debug Info Version", i32 3}
        !3 = !{i32 7, !"Dwarf Version", i32 5}
        !4 = distinct !DISubprogram(name: "main", file: !1, line: 1, type: !6, unit: !0, spFlags: DISPFlagDefinition)
        !5 = !DILocation(line: 2, column: 3, scope: !4)
        !6 = !DISubroutineType(types: !{null})
        """,
        FULL,
        "wasm32-unknown-unknown",
    ),
    "comdat": (
        """
        $group = comdat any
        @group = linkonce_odr global [70000 x i8] zeroinitializer, comdat
        define weak i32 @weak() {
          %x = load i8, ptr @group
          %y = zext i8 %x to i32
          ret i32 %y
        }
        """,
        FULL,
        "wasm32-unknown-unknown",
    ),
    "control flow": (
        """
        define { i32, i64 } @main(i32 %x) {
          switch i32 %x, label %other [
            i32 0, label %a
            i32 1, label %b
            i32 2, label %c
            i32 3, label %d
          ]
        a:
          br label %end
        b:
          br label %end
        c:
          br label %end
        d:
          br label %end
        other:
          unreachable
        end:
          %v = phi i64 [ 4000000000, %a ], [ -1, %b ], [ 77, %c ], [ 123456789012, %d ]
          %r = insertvalue { i32, i64 } { i32 5, i64 undef }, i64 %v, 1
          ret { i32, i64 } %r
        }
        """,
        FULL,
        "wasm32-unknown-unknown",
    ),
}
"""Name -> IR, features, triple: what LLVM makes that looks different in an object."""


def corpus() -> dict[str, bytes]:
    return {name: emit(*case) for name, case in CORPUS.items()}
