"""Copies: as a `linalg.generic`, as an executable, and as a dispatch of it."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, DictionaryAttr, TensorType, UnitAttr
from xdsl.dialects.linalg.attrs import IteratorType, IteratorTypeAttr
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.rewriter import InsertPoint

from zellige.dialects import flow
from zellige.dialects.hal import Memory, MemoryAttr
from zellige.dialects.shaped_types import tensor_type

COPY = "hal.copy"
"""Unit attribute of dispatches that only move a value; the memory plan drops those that it finds no use for."""


def copy_generic(value: SSAValue, place: InsertPoint) -> SSAValue:
    """A generic that copies a tensor into an empty one."""
    contents = tensor_type(value)
    rank = contents.get_num_dims()
    builder = Builder(place)
    empty = builder.insert(tensor.EmptyOp([], contents))
    block = Block(arg_types=[contents.element_type] * 2)
    block.add_op(YieldOp(block.args[0]))
    identity = AffineMapAttr(AffineMap.identity(rank))
    parallel = [IteratorTypeAttr(IteratorType.PARALLEL)] * rank
    copy = builder.insert(GenericOp([value], [empty.tensor], Region(block), [identity] * 2, parallel, [contents]))
    if isinstance(value.owner, Operation):
        empty.location = copy.location = value.owner.location
    copy.results[0].name_hint = value.name_hint
    return copy.results[0]


def copy_executable_name(contents: TensorType, is_constant: bool) -> str:
    """Name of the executable that copies tensors of this type, from constant memory or from device memory."""
    sizes = "".join(f"{size}x" for size in contents.get_shape())
    return f"copy_{'constant_' if is_constant else ''}{sizes}{contents.element_type}"


def copy_executable(contents: TensorType, is_constant: bool) -> flow.ExecutableOp:
    """The executable of that name."""
    name = copy_executable_name(contents, is_constant)
    memory = {"hal.memory": MemoryAttr(Memory.CONSTANT)} if is_constant else {}
    kernel = func.FuncOp(
        name,
        ([contents], [contents]),
        arg_attrs=ArrayAttr([DictionaryAttr(memory)]) if memory else None,
    )
    block = kernel.body.block
    block.args[0].name_hint = "source"
    block.add_op(func.ReturnOp(copy_generic(block.args[0], InsertPoint.at_end(block))))
    return flow.ExecutableOp(name, [kernel])


def copy_dispatch(value: SSAValue, is_constant: bool) -> flow.DispatchOp:
    """A dispatch that moves a value to a place of its own."""
    dispatch = flow.DispatchOp(copy_executable_name(tensor_type(value), is_constant), [value], [value.type])
    dispatch.attributes[COPY] = UnitAttr()
    dispatch.outputs[0].name_hint = value.name_hint
    return dispatch
