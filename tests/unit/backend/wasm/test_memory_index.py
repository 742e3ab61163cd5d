"""Which memory each kind of access of a linked module has: 0 device, 1 local, 2 constant."""

import pytest

from tests.wasm_objects import KERNEL, SHARED, disassembled, linked
from zellige.backend.wasm.types import MemArg

LOCAL = """
@__zellige_constants = external global [0 x i8]
declare void @llvm.memset.p0.i32(ptr, i8, i32, i1)
declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)
define void @main(i32 %n, ptr %p) {
  %stack = alloca [256 x i8], align 16
  call void @llvm.memset.p0.i32(ptr %stack, i8 7, i32 %n, i1 false)
  call void @llvm.memcpy.p0.p0.i32(ptr %p, ptr %stack, i32 %n, i1 false)
  %v = load volatile <4 x float>, ptr %p
  store volatile <4 x float> %v, ptr %stack
  %a = atomicrmw add ptr %p, i32 1 seq_cst
  ret void
}
"""


def accesses(ir: str, *others: str) -> dict[str, tuple[int, ...]]:
    """Instruction -> memories, over the body of `main`."""
    found: dict[str, set[int]] = {}
    for instruction in disassembled(linked(ir, *others)):
        for kind, value in zip(instruction.opcode.immediates, instruction.immediates, strict=True):
            if isinstance(value, MemArg):
                found.setdefault(instruction.name, set()).add(value.memory)
            elif kind == "memory" and isinstance(value, int):
                found.setdefault(instruction.name, set()).add(value)
    return {name: tuple(sorted(memories)) for name, memories in found.items()}


def test_a_kernel():
    assert accesses(KERNEL, SHARED) == {
        "v128.load": (0,),
        "v128.store": (0,),
        "v128.load32_splat": (2,),
        "v128.load32_lane": (1,),  # from a table in the local data
        "i32.load": (1,),  # a pointer to a function
        "i32.atomic.rmw.add": (0,),
        "memory.fill": (0,),
        "memory.copy": (0, 2),
    }


def test_the_stack_is_local():
    assert accesses(LOCAL) == {
        "memory.fill": (1,),
        "memory.copy": (1,),
        "v128.load": (1,),
        "v128.store": (1,),
        "i32.atomic.rmw.add": (1,),
    }


@pytest.mark.parametrize("memory", [0, 2])
@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("v128.load32_lane.m{}.a2.l1", "<4 x i32>"),
        ("v128.load16x4_u.m{}.a3", "<4 x i32>"),
        ("v128.load64_zero.m{}.a3", "<2 x double>"),
        ("i32.load8_u.m{}.a0", "i32"),
        ("i64.atomic.load.m{}.a3", "i64"),
    ],
)
def test_every_form_of_load(name: str, result: str, memory: int):
    symbol = f"zellige.{name.format(memory)}"
    has_lane = "lane" in name
    declared = f"i32, {'<4 x i32>, ' * has_lane}i32"
    operands = f"i32 %a, {'<4 x i32> zeroinitializer, ' * has_lane}i32 4096"
    ir = f"""
    declare {result} @{symbol}({declared})
    define {result} @main(i32 %a) {{
      %x = call {result} @{symbol}({operands})
      ret {result} %x
    }}"""
    *_, access, _ = disassembled(linked(ir))
    memarg = access.immediates[0]
    assert access.name == name.partition(".m")[0]
    assert isinstance(memarg, MemArg)
    assert (memarg.memory, memarg.offset) == (memory, 4096)


def test_objects_have_no_access_of_another_memory():
    """The index comes from the linker: with one memory, all accesses have index 0."""
    body = disassembled(linked(LOCAL.replace("%a = atomicrmw add ptr %p, i32 1 seq_cst", ""), profile="simd"))
    memories = {value.memory for i in body for value in i.immediates if isinstance(value, MemArg)}
    assert memories == {0}
