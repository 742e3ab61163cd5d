"""Pointers into the memories of a module, and state blocks, in the llvm dialect."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import arith, llvm
from xdsl.dialects.builtin import FixedBitwidthType, IndexType, IntAttr, NoneAttr, i1, i8, i32
from xdsl.dialects.llvm import LLVMPointerType
from xdsl.ir import Attribute, SSAValue

from zellige.artifact import STATE_SLOT_BYTES
from zellige.dialects.hal import Memory, MemoryAttr


def pointer_type(memory: Memory) -> LLVMPointerType:
    """The type of pointers into a memory."""
    space = MemoryAttr(memory).address_space
    return LLVMPointerType(IntAttr(space) if space else NoneAttr())


DEVICE_POINTER = pointer_type(Memory.DEVICE)
CONSTANT_POINTER = pointer_type(Memory.CONSTANT)


def memory_type(element: Attribute) -> Attribute:
    """Type of an element in memory: a truth value takes a byte, an index four."""
    if element == i1:
        return i8
    return i32 if isinstance(element, IndexType) else element


def pointer_from_address(builder: Builder, address: SSAValue, type_: LLVMPointerType) -> SSAValue:
    """The pointer for an i32."""
    return builder.insert(llvm.IntToPtrOp.build(operands=[address], result_types=[type_])).output


def moved(builder: Builder, pointer: SSAValue, offset_bytes: int | SSAValue) -> SSAValue:
    """The pointer, so many bytes further on."""
    if offset_bytes == 0:
        return pointer
    assert isinstance(pointer.type, LLVMPointerType)
    step = llvm.GEPOp.from_mixed_indices(pointer, [offset_bytes], i8, pointer.type, inbounds=True)
    return builder.insert(step).result


def load_slot(builder: Builder, state: SSAValue, slot: int, type_: Attribute) -> SSAValue:
    """Slot `slot` of a state block: a scalar, or the pointer for an address."""
    place = moved(builder, state, slot * STATE_SLOT_BYTES)
    if isinstance(type_, LLVMPointerType):
        address = builder.insert(llvm.LoadOp(place, i32, alignment=4)).dereferenced_value
        return pointer_from_address(builder, address, type_)
    return load_element(builder, place, type_)


def load_element(builder: Builder, place: SSAValue, type_: Attribute) -> SSAValue:
    """A scalar from memory."""
    stored = memory_type(type_)
    assert isinstance(stored, FixedBitwidthType)
    loaded = builder.insert(llvm.LoadOp(place, stored, alignment=max(1, stored.bitwidth // 8))).dereferenced_value
    if stored == type_:
        return loaded
    if type_ == i1:
        return builder.insert(llvm.TruncOp(loaded, i1)).res
    return builder.insert(arith.IndexCastOp(loaded, type_)).result
