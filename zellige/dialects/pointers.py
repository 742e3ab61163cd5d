"""Pointers into the memories of a module, and state blocks, in the llvm dialect."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import arith, llvm
from xdsl.dialects.builtin import FixedBitwidthType, IndexType, IntAttr, NoneAttr, i1, i8, i32
from xdsl.dialects.llvm import LLVMPointerType
from xdsl.ir import Attribute, SSAValue

from zellige.artifact import STATE_SLOT_BYTES
from zellige.dialects.hal import Memory, MemoryAttr
from zellige.dialects.shaped_types import element_type, with_element_type


def pointer_type(memory: Memory) -> LLVMPointerType:
    """The type of pointers into a memory."""
    space = MemoryAttr(memory).address_space
    return LLVMPointerType(IntAttr(space) if space else NoneAttr())


DEVICE_POINTER = pointer_type(Memory.DEVICE)
CONSTANT_POINTER = pointer_type(Memory.CONSTANT)


def memory_type(type_: Attribute) -> Attribute:
    """Type of a scalar or vector in memory: a truth value takes a byte, an index four."""
    element = element_type(type_)
    if element == i1:
        return with_element_type(type_, i8)
    return with_element_type(type_, i32) if isinstance(element, IndexType) else type_


def size_bytes(stored: Attribute) -> int:
    """Bytes of an element as it stands in memory."""
    assert isinstance(stored, FixedBitwidthType)
    return stored.bitwidth // 8


def pointer_from_address(builder: Builder, address: SSAValue, type_: LLVMPointerType) -> SSAValue:
    """The pointer for an i32."""
    return builder.insert(llvm.IntToPtrOp.build(operands=[address], result_types=[type_])).output


def moved(builder: Builder, pointer: SSAValue, count: int | SSAValue, element: Attribute = i8) -> SSAValue:
    """The pointer, so many bytes or other elements further on."""
    if count == 0:
        return pointer
    assert isinstance(pointer.type, LLVMPointerType)
    step = llvm.GEPOp.from_mixed_indices(pointer, [count], element, pointer.type, inbounds=True)
    return builder.insert(step).result


def load_slot(builder: Builder, state: SSAValue, slot: int, type_: Attribute) -> SSAValue:
    """Slot `slot` of a state block: a scalar, or the pointer for an address."""
    place = moved(builder, state, slot * STATE_SLOT_BYTES)
    if isinstance(type_, LLVMPointerType):
        address = builder.insert(llvm.LoadOp(place, i32, alignment=4)).dereferenced_value
        return pointer_from_address(builder, address, type_)
    return load(builder, place, type_)


def load(builder: Builder, place: SSAValue, type_: Attribute) -> SSAValue:
    """A scalar or vector from memory."""
    stored = memory_type(type_)
    alignment = size_bytes(element_type(stored))
    loaded = builder.insert(llvm.LoadOp(place, stored, alignment=alignment)).dereferenced_value
    if stored == type_:
        return loaded
    if element_type(type_) == i1:
        return builder.insert(llvm.TruncOp(loaded, type_)).res
    return builder.insert(arith.IndexCastOp(loaded, type_)).result


def store(builder: Builder, place: SSAValue, value: SSAValue) -> None:
    """Write a scalar or vector to memory."""
    stored = memory_type(value.type)
    if element_type(value.type) == i1:
        value = builder.insert(llvm.ZExtOp(value, stored)).res
    elif stored != value.type:
        value = builder.insert(arith.IndexCastOp(value, stored)).result
    builder.insert(llvm.StoreOp(value, place, alignment=size_bytes(element_type(stored))))
