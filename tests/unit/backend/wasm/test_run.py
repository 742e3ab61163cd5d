"""Linked modules in wasmtime: numbers, addresses, stacks and start functions."""

import struct

import pytest
import wasmtime

from tests.wasm_objects import CORPUS, KERNEL, SHARED, Running, linked

PROFILES = ["full", "simd", "mvp"]
HEAP = 40 * 65536 - 4096


def test_a_kernel():
    running = Running(linked(KERNEL, SHARED, constants={0: struct.pack("4f", 10, 20, 30, 40)}))
    running.write(HEAP, struct.pack("I", 3))
    running.write(HEAP + 64, struct.pack("4f", 0, 6, 7, 8))
    running.call("main", HEAP, 5)
    # lane 0 is table[5 & 1], all get the constant 30; then handlers[1](5) is added to a[0] = 3, which is the size of
    # the fill; the copy of 4 bytes of constants comes last
    assert struct.unpack("4f", running.read(HEAP + 200, 16)) == (32, 36, 37, 38)
    assert struct.unpack("f", running.read(HEAP, 4)) == (10,)


RECURSION = """
define i32 @main(i32 %n) {
  %frame = alloca [64 x i8]
  store volatile i32 %n, ptr %frame
  %more = icmp ugt i32 %n, 1
  br i1 %more, label %recurse, label %end
recurse:
  %less = sub i32 %n, 1
  %x = call i32 @main(i32 %less)
  %own = load volatile i32, ptr %frame
  %sum = add i32 %x, %own
  ret i32 %sum
end:
  ret i32 1
}
"""


@pytest.mark.parametrize("profile", PROFILES)
def test_the_stack(profile: str):
    assert Running(linked(RECURSION, profile=profile)).call("main", 100) == 5050


def test_a_stack_that_overflows_traps():
    running = Running(linked(RECURSION, stack_bytes=4096))
    assert running.call("main", 10) == 55
    with pytest.raises(wasmtime.Trap, match="out of bounds memory access"):
        running.call("main", 100)


@pytest.mark.parametrize("profile", PROFILES)
def test_start_functions_run_before_the_first_call(profile: str):
    assert Running(linked(CORPUS["start"][0], exports=("get",), profile=profile)).call("get") == 42


ADDRESSES = """
@__zellige_constants = external global [0 x i8]
@__data_end = external global i8
@__heap_base = external global i8
@maybe = extern_weak global i8
@value = global i32 99
@pointer = global ptr getelementptr (i8, ptr @value, i32 0)
@distance = global i32 sub (i32 ptrtoint (ptr @value to i32), i32 ptrtoint (ptr @distance to i32))
define ptr @constants() {
  ret ptr getelementptr (i8, ptr @__zellige_constants, i32 4)
}
define ptr @data_end() {
  ret ptr @__data_end
}
define ptr @heap_base() {
  ret ptr @__heap_base
}
define ptr @maybe_address() {
  ret ptr @maybe
}
define i32 @value_by_pointer() {
  %p = load volatile ptr, ptr @pointer
  %x = load volatile i32, ptr %p
  ret i32 %x
}
define i32 @relative() {
  %x = load volatile i32, ptr @distance
  ret i32 %x
}
"""
NAMES = ("value_by_pointer", "constants", "data_end", "heap_base", "maybe_address", "relative")


@pytest.mark.parametrize(
    ("profile", "constants", "data", "heap_base"),
    [
        ("full", 0, 1 << 20, (1 << 20) + 16),
        ("simd", 1114176, 1114112, 18 * 65536),
        ("mvp", 1114176, 1114112, 18 * 65536),
    ],
)
def test_addresses(profile: str, constants: int, data: int, heap_base: int):
    running = Running(linked(ADDRESSES, exports=NAMES, constants={0: bytes(14)}, profile=profile))
    assert running.call("value_by_pointer") == 99
    assert running.call("constants") == constants + 4
    assert running.call("data_end") == data + 12
    assert running.call("heap_base") == heap_base
    assert running.call("maybe_address") == 0
    assert running.call("relative") == -8


@pytest.mark.parametrize("profile", ["full", "mvp"])
def test_functions_by_address(profile: str):
    indirect = """
    @handlers = internal global [2 x ptr] [ptr @one, ptr @two]
    define internal i32 @one(i32 %x) {
      ret i32 1
    }
    define internal i32 @two(i32 %x) {
      %y = shl i32 %x, 1
      ret i32 %y
    }
    define i32 @main(i32 %i, i32 %x) {
      %q = getelementptr ptr, ptr @handlers, i32 %i
      %f = load ptr, ptr %q
      %y = call i32 %f(i32 %x)
      ret i32 %y
    }
    """
    running = Running(linked(indirect, profile=profile))
    assert [running.call("main", i, 21) for i in (0, 1)] == [1, 42]


def test_constants_are_where_the_profile_has_them():
    constant = """
    @__zellige_constants = external global [0 x i8]
    define float @main(i32 %i) {
      %p = getelementptr float, ptr @__zellige_constants, i32 %i
      %x = load float, ptr %p
      ret float %x
    }
    """
    running = Running(linked(constant, constants={64: struct.pack("2f", 1.5, 2.5)}, profile="simd"))
    assert [running.call("main", i) for i in (15, 16, 17)] == [0, 1.5, 2.5]
    stack_bytes = 1 << 20
    assert running.read(65536 + stack_bytes + 64, 4) == struct.pack("f", 1.5)


def test_a_trap_names_its_function():
    module = linked("define void @main() {\n call void @llvm.trap()\n ret void\n}\ndeclare void @llvm.trap()")
    with pytest.raises(wasmtime.Trap) as trap:
        Running(module).call("main")
    assert trap.value.frames[0].func_name == "main"
    assert trap.value.frames[0].module_name == "zellige"
