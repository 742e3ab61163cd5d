"""Copies: as a `linalg.generic`, as an executable, and as a dispatch of it."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import func, linalg, tensor
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, DictionaryAttr, TensorType, UnitAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.rewriter import InsertPoint

from zellige.dialects import flow
from zellige.dialects.hal import Memory, MemoryAttr

COPY = "hal.copy"
"""Unit attribute of dispatches that only move a value; the memory plan drops those that it finds no use for."""


def copy_generic(value: SSAValue, place: InsertPoint) -> SSAValue:
    """A generic that copies a tensor into an empty one."""
    tensor_type = value.type
    assert isinstance(tensor_type, TensorType)
    rank = tensor_type.get_num_dims()
    builder = Builder(place)
    empty = builder.insert(tensor.EmptyOp([], tensor_type))
    block = Block(arg_types=[tensor_type.element_type] * 2)
    block.add_op(linalg.YieldOp(block.args[0]))
    identity = AffineMapAttr(AffineMap.identity(rank))
    parallel = [linalg.IteratorTypeAttr(linalg.IteratorType.PARALLEL)] * rank
    copy = builder.insert(
        linalg.GenericOp([value], [empty.tensor], Region(block), [identity] * 2, parallel, [tensor_type])
    )
    if isinstance(value.owner, Operation):
        empty.location = copy.location = value.owner.location
    copy.results[0].name_hint = value.name_hint
    return copy.results[0]


def copy_executable_name(tensor_type: TensorType, is_constant: bool) -> str:
    """Name of the executable that copies tensors of this type, from constant memory or from device memory."""
    sizes = "".join(f"{size}x" for size in tensor_type.get_shape())
    return f"copy_{'constant_' if is_constant else ''}{sizes}{tensor_type.element_type}"


def copy_executable(tensor_type: TensorType, is_constant: bool) -> flow.ExecutableOp:
    """The executable of that name."""
    name = copy_executable_name(tensor_type, is_constant)
    memory = {"hal.memory": MemoryAttr(Memory.CONSTANT)} if is_constant else {}
    kernel = func.FuncOp(
        name,
        ([tensor_type], [tensor_type]),
        arg_attrs=ArrayAttr([DictionaryAttr(memory)]) if memory else None,
    )
    block = kernel.body.block
    block.args[0].name_hint = "source"
    block.add_op(func.ReturnOp(copy_generic(block.args[0], InsertPoint.at_end(block))))
    return flow.ExecutableOp(name, [kernel])


def copy_dispatch(value: SSAValue, is_constant: bool) -> flow.DispatchOp:
    """A dispatch that moves a value to a place of its own."""
    assert isinstance(value.type, TensorType)
    dispatch = flow.DispatchOp(copy_executable_name(value.type, is_constant), [value], [value.type])
    dispatch.attributes[COPY] = UnitAttr()
    dispatch.outputs[0].name_hint = value.name_hint
    return dispatch
