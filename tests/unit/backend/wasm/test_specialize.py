"""Linked modules whose built-in functions ask an import first."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import wasmtime

import zellige
from tests.conformance.programs import PROGRAMS, Program, compiled
from tests.native_host import NativeHost, with_all_kernels, with_records
from tests.wasm_objects import CORPUS, KERNEL, SHARED, Running, linked
from zellige.artifact import CONSTANT_EXPORT, NATIVE_MODULE
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, FUNCTION, IS_AVAILABLE, Builtin, BuiltinRecord
from zellige.backend.wasm.errors import SpecializeError, WasmFormatError
from zellige.backend.wasm.function_indices import make_room
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CustomSection, Export, ExportSection, Module
from zellige.backend.wasm.specialize import builtin_records, matching, specialize
from zellige.backend.wasm.types import PAGE_BYTES, FunctionType
from zellige.backend.wasm.validate import validate
from zellige.backend.wasm.writer import write

PROFILES = ("full", "simd", "mvp")
GROUP = "zellige.kernels"


def specialized(module: bytes, records: Sequence[BuiltinRecord] | None = None) -> bytes:
    """All built-in functions, or some, are replaced; wasmtime and our own validator accept the result."""
    chosen = [record.function_index for record in (matching(module) if records is None else records)]
    assert chosen
    result = specialize(module, chosen)
    wasmtime.Module.validate(wasmtime.Engine(), result)
    validate(read(result))
    return result


def declines(_host: NativeHost, _name: str, _arguments: Sequence[Any]) -> int:
    return 0


def does_nothing(_host: NativeHost, _name: str, _arguments: Sequence[Any]) -> int:
    return 1


SAMPLE = ("matmul_f32", "matmul_i8", "softmax", "convolution", "if_and_while", "several_results", "elementwise_f64")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("program", [PROGRAMS[name] for name in SAMPLE], ids=SAMPLE)
def test_where_the_import_declines_the_portable_body_runs(program: Program, profile: str):
    module = with_all_kernels(compiled(program.path, profile).module)
    portable = NativeHost(module, declines)
    host = NativeHost(specialized(module), declines)
    expected, results = (h.run("main", *program.arguments) for h in (portable, host))
    assert [r.tobytes() for r in results] == [r.tobytes() for r in expected]
    assert {name for name, _ in host.calls} <= {record.name for record in matching(module)}
    assert host.calls
    assert not portable.calls
    pages = [host.device.size(host.store), host.constants.size(host.store)]
    for _, arguments in host.calls:
        assert list(arguments[-2 if profile == "full" else -1 :]) == pages[: 2 if profile == "full" else 1]


LAYERS = """
func.func @main(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.5]]> : tensor<4x2xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x8xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
  %t = tensor.empty() : tensor<2x4xf32>
  %wt = linalg.transpose ins(%w : tensor<4x2xf32>) outs(%t : tensor<2x4xf32>) permutation = [1, 0]
  %0 = linalg.matmul ins(%wt, %x : tensor<2x4xf32>, tensor<4x8xf32>) outs(%z : tensor<2x8xf32>) -> tensor<2x8xf32>
  %f = tensor.empty() : tensor<4x8xf32>
  %y = linalg.fill ins(%zero : f32) outs(%f : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.matmul ins(%w, %0 : tensor<4x2xf32>, tensor<2x8xf32>) outs(%y : tensor<4x8xf32>) -> tensor<4x8xf32>
  func.return %1 : tensor<4x8xf32>
}
"""


@cache
def layers(profile: str) -> bytes:
    return with_all_kernels(zellige.compile(LAYERS, profile=profile).module)


@pytest.mark.parametrize("profile", PROFILES)
def test_an_import_that_does_the_work_reads_weights_and_writes_results(profile: str):
    module = specialized(layers(profile))

    def matmul(host: NativeHost, name: str, arguments: Sequence[Any]) -> int:
        entry = next(entry for entry in host.program.entry_points if entry.name == name)
        buffers = [
            (address, size, host.constants if binding.kind == "constant" else host.device)
            for address, binding in zip(arguments, entry.bindings, strict=False)
            for size in [binding.size_bytes // 4]
        ]
        (a, n, first), (b, m, second), (c, size, _) = buffers
        k = round((n * m // size) ** 0.5)
        product = host.array(a, "<f4", (n // k, k), first) @ host.array(b, "<f4", (k, m // k), second)
        host.write(c, product.tobytes())
        return 1

    host = NativeHost(module, matmul)
    x = np.arange(32, dtype="f4").reshape(4, 8)
    w = np.array([[1, 2], [3, 4], [5, 6], [7, 8.5]], "f4")
    (result,) = host.run("main", x)
    np.testing.assert_array_equal(result, w @ (w.T @ x))
    assert len(host.calls) == 2


@pytest.mark.parametrize("profile", PROFILES)
def test_the_portable_body_does_not_run_behind_an_import_that_did_the_work(profile: str):
    host = NativeHost(specialized(layers(profile)), does_nothing)
    (result,) = host.run("main", np.ones((4, 8), "f4"))
    np.testing.assert_array_equal(result, np.zeros((4, 8)))


@pytest.mark.parametrize("profile", PROFILES)
def test_one_function_of_several_is_replaced(profile: str):
    module = layers(profile)
    records = matching(module)
    host = NativeHost(specialized(module, records[:1]), declines)
    (result,) = host.run("main", np.ones((4, 8), "f4"))
    (expected,) = NativeHost(module, declines).run("main", np.ones((4, 8), "f4"))
    assert result.tobytes() == expected.tobytes()
    assert {name for name, _ in host.calls} == {records[0].name}


TILE = """
declare void @zellige.i32.store.m0.a2(i32, i32, i32)
define void @{0}.tile(i32 %p, float %x) noinline {{
  call void @zellige.i32.store.m0.a2(i32 %p, i32 {1}, i32 0)
  ret void
}}
"""
AVAILABLE = "define i32 @{}.is_available() noinline {{\n ret i32 0\n}}\n"
CHOICE = """
declare i32 @zellige.kernels.is_available()
declare void @a.tile(i32, float)
declare void @b.tile(i32, float)
define i32 @main(i32 %p) {
  call void @a.tile(i32 %p, float 1.5)
  %q = add i32 %p, 4
  call void @b.tile(i32 %q, float 2.5)
  %v = call i32 @zellige.kernels.is_available()
  %z = call i32 @zero()
  %w = mul i32 %z, 100
  %r = add i32 %v, %w
  ret i32 %r
}
define i32 @zero() noinline {
  ret i32 0
}
"""
BUILTINS = (
    Builtin("zellige.kernels.is_available", GROUP, "is_available", 3, IS_AVAILABLE),
    Builtin("b.tile", GROUP, "b", 2),
    Builtin("a.tile", GROUP, "a", 1),
)


def choice(*, builtins: Sequence[Builtin] = BUILTINS, export: str = "main") -> bytes:
    irs = (TILE.format("a", 7), CHOICE, AVAILABLE.format(GROUP), TILE.format("b", 8))
    return linked(*irs, builtins=builtins, exports=(export,))


def run(module: bytes) -> tuple[int, int, int, NativeHost]:
    """What `main` returns and stores, where the import declines."""
    host = NativeHost(module, declines)
    address = host.program.heap_base
    version = host.call("main", address)
    first, second = host.array(address, "<i4", (2,)).tolist()
    return version, first, second, host


def test_is_available_says_the_newest_version_that_is_replaced():
    module = choice()
    a, b = matching(module)
    assert (a.name, b.name) == ("a", "b")
    assert run(module)[:3] == (0, 7, 8)
    assert run(specialized(module, [a]))[:3] == (1, 7, 8)
    assert run(specialized(module, [b, a]))[:3] == (2, 7, 8)


def test_the_import_gets_the_arguments_and_the_sizes_of_memories():
    *_, host = run(specialized(choice()))
    address, pages = host.program.heap_base, host.device.size(host.store)
    assert host.calls == [("a", (address, 1.5, pages, 0)), ("b", (address + 4, 2.5, pages, 0))]


def test_another_group_is_not_available():
    module = choice(builtins=[replace(b, group="other") if b.kind == FUNCTION else b for b in BUILTINS])
    assert run(specialized(module))[0] == 0


def test_nothing_else_changes():
    module = choice()
    before, after = read(module), read(specialized(module))
    a, b = matching(module)
    native = FunctionType(("i32", "f32", "i32", "i32"), ("i32",))
    assert after.types == (*before.types, native)
    assert after.imports[:1] == before.imports
    assert [(e.module, e.name) for e in after.imports[1:]] == [(NATIVE_MODULE, "a"), (NATIVE_MODULE, "b")]
    assert {after.types[index] for index in after.function_types[:2]} == {native}
    assert after.exports == (
        Export("main", "function", before.exports[0].index + 2),
        Export(CONSTANT_EXPORT, "memory", 2),
    )
    for old in (a, b):
        shifted = next(r for r in builtin_records(write(after)) if r.name == old.name)
        assert shifted == replace(old, function_index=old.function_index + 2)
        body = before.bodies[old.function_index].body
        assert after.bodies[old.function_index].body.endswith(body[1:])
    changed = {a.function_index, b.function_index}
    assert sum(x.body != y.body for x, y in zip(before.bodies, after.bodies, strict=True)) == len(changed) + 2
    assert [type(section) for section in after.sections] == [type(section) for section in before.sections]
    customs = [{s.name: s.content for s in m.sections if isinstance(s, CustomSection)} for m in (before, after)]
    for name in customs[0].keys() - {"name", BUILTIN_SECTION}:
        assert customs[0][name] == customs[1][name]


def test_a_module_without_choice_stays_as_it_is():
    module = choice()
    assert specialize(module, []) is module


def test_names_of_functions_follow_their_functions():
    crash = "define void @k.tile() {\n call void @llvm.trap()\n ret void\n}\ndeclare void @llvm.trap()\n"
    main = "declare void @k.tile()\ndefine void @main() {\n call void @k.tile()\n ret void\n}"
    module = linked(crash, main, builtins=[Builtin("k.tile", GROUP, "k", 1)])
    with pytest.raises(wasmtime.Trap) as trap:
        NativeHost(specialized(module), declines).call("main")
    assert [frame.func_name for frame in trap.value.frames] == ["k.tile", "main"]


def test_tables_start_functions_and_stacks_work_as_before():
    start = CORPUS["start"][0].replace("@init", "@first")
    module = linked(
        *(KERNEL.replace("@main", "@kernel.tile"), SHARED, start, TILE.format("a", 7)),
        constants={0: struct.pack("4f", 10, 20, 30, 40)},
        exports=("kernel.tile", "get", "a.tile"),
        builtins=[Builtin("a.tile", GROUP, "a", 1)],
    )
    result = specialized(module)
    outcomes: list[bytes] = []
    for running in (Running(module), NativeHost(result, declines)):
        memory = running.memory if isinstance(running, Running) else running.device
        address = memory.size(running.store) * PAGE_BYTES - 256
        running.write(address, bytes((3, *bytes(255))))
        running.call("kernel.tile", address, 5)
        outcomes.append(bytes(memory.read(running.store, address, address + 256)))
        assert running.call("get") == 42
    assert outcomes[0] == outcomes[1]


def test_room_for_no_functions_changes_nothing():
    module = choice()
    assert write(make_room(read(module), 0)) == module


def test_a_digest_that_is_not_the_one_of_the_body_matches_nothing():
    module = choice()
    a, b = matching(module)
    assert matching(with_records(module, replace(a, digest=b.digest), b)) == (b,)
    assert matching(with_records(module, replace(a, function_index=b.function_index))) == ()
    assert matching(with_records(module, replace(a, function_index=1000))) == ()
    assert matching(linked(SHARED, exports=("shared",))) == ()
    assert matching(specialized(module, [a])) == (replace(b, function_index=b.function_index + 1),)


def test_what_cannot_be_replaced():
    module = choice()
    a, b = matching(module)
    available = next(r for r in builtin_records(module) if r.kind == IS_AVAILABLE)
    main = read(module).exports[0].index

    def refused(content: bytes, *chosen: int) -> str:
        with pytest.raises(SpecializeError) as error:
            specialize(content, chosen)
        return error.value.message

    assert refused(module, 17) == "function 17 is none of the 2 built-in functions of the module"
    assert refused(module, available.function_index) == (
        f"function {available.function_index} is none of the 2 built-in functions of the module"
    )
    assert refused(with_records(module, replace(a, function_index=main)), main) == (
        "'a' has type (i32) -> (i32), expected no results"
    )
    assert refused(with_records(module, replace(b, function_index=99)), 99) == (
        "'b' is function 99, which has no body or no type"
    )
    twice = with_records(module, a, replace(b, name="a", group="other"))
    assert refused(twice, a.function_index, b.function_index) == "two of the functions to replace are called 'a'"
    wrong = with_records(module, a, replace(available, function_index=main))
    assert refused(wrong, a.function_index) == (
        "'is_available' of 'zellige.kernels' is no function () -> (i32) that returns 0"
    )
    parsed = read(module)
    exported = tuple(
        replace(s, exports=(Export(CONSTANT_EXPORT, "memory", 1),), size_width=0) if isinstance(s, ExportSection) else s
        for s in parsed.sections
    )
    assert (
        refused(write(Module(exported)), a.function_index) == "the module exports something else as 'zellige.constant'"
    )
    silent = tuple(s for s in parsed.sections if not isinstance(s, ExportSection))
    assert refused(write(Module(silent)), a.function_index).startswith("the module exports nothing")


def test_a_malformed_name_section_is_refused():
    module = choice()
    sections = tuple(
        CustomSection("name", b"\1\2\5\0") if isinstance(s, CustomSection) and s.name == "name" else s
        for s in read(module).sections
    )
    with pytest.raises(WasmFormatError, match="5 items do not fit into the 1 bytes left"):
        specialize(write(Module(sections)), [matching(module)[0].function_index])
