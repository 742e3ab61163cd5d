"""Copies: as a `linalg.generic`, as an executable, and as a dispatch of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from xdsl.builder import Builder
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AffineMapAttr,
    ArrayAttr,
    DenseArrayBase,
    DictionaryAttr,
    TensorType,
    UnitAttr,
    i64,
)
from xdsl.dialects.linalg.attrs import IteratorType, IteratorTypeAttr
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.dialects import flow
from zellige.dialects.hal import SIZES, Memory, MemoryAttr
from zellige.dialects.index_arithmetic import type_index
from zellige.dialects.shaped_types import tensor_type

COPY = "hal.copy"
"""Unit attribute of dispatches that only move a value; the memory plan drops those that it finds no use for."""


def copy_generic(
    value: SSAValue, place: InsertPoint, sizes: Sequence[SSAValue] = (), order: Sequence[int] | None = None
) -> SSAValue:
    """A generic that copies a tensor into an empty one, with the dimensions in this order (by default as they are).

    `sizes` are those that the type of the copy leaves open.
    """
    source = tensor_type(value)
    rank = source.get_num_dims()
    order = range(rank) if order is None else order
    contents = TensorType(source.element_type, [source.get_shape()[dimension] for dimension in order])
    builder = Builder(place)
    empty = builder.insert(tensor.EmptyOp(sizes, contents))
    block = Block(arg_types=[contents.element_type] * 2)
    block.add_op(YieldOp(block.args[0]))
    read = AffineMap(rank, 0, tuple(AffineExpr.dimension(list(order).index(dimension)) for dimension in range(rank)))
    maps = [AffineMapAttr(read), AffineMapAttr(AffineMap.identity(rank))]
    parallel = [IteratorTypeAttr(IteratorType.PARALLEL)] * rank
    copy = builder.insert(GenericOp([value], [empty.tensor], Region(block), maps, parallel, [contents]))
    if isinstance(value.owner, Operation):
        empty.location = copy.location = value.owner.location
    copy.results[0].name_hint = value.name_hint
    return copy.results[0]


def copy_executable_name(contents: TensorType, is_constant: bool) -> str:
    """Name of the executable that copies tensors of this type, from constant memory or from device memory."""
    sizes = "".join("nx" if size == DYNAMIC_INDEX else f"{size}x" for size in contents.get_shape())
    return f"copy_{'constant_' if is_constant else ''}{sizes}{contents.element_type}"


def _size_operands(contents: TensorType) -> list[int]:
    """Which operand of a copy is the size of each dimension: the dynamic ones come in order, after what is copied."""
    number = count(1)
    return [next(number) if size == DYNAMIC_INDEX else -1 for size in contents.get_shape()]


def copy_executable(contents: TensorType, is_constant: bool) -> flow.ExecutableOp:
    """The executable of that name."""
    name = copy_executable_name(contents, is_constant)
    numbers = _size_operands(contents)
    sizes = [number for number in numbers if number >= 0]
    facts: dict[str, Attribute] = {"hal.memory": MemoryAttr(Memory.CONSTANT)} if is_constant else {}
    if sizes:
        facts[SIZES] = DenseArrayBase.from_list(i64, numbers)
    kernel = func.FuncOp(
        name,
        ([contents, *[type_index] * len(sizes)], [contents]),
        arg_attrs=ArrayAttr([DictionaryAttr(facts), *[DictionaryAttr({})] * len(sizes)]) if facts else None,
    )
    block = kernel.body.block
    block.args[0].name_hint = "source"
    block.add_op(func.ReturnOp(copy_generic(block.args[0], InsertPoint.at_end(block), block.args[1:])))
    return flow.ExecutableOp(name, [kernel])


def copy_dispatch(value: SSAValue, sizes: Sequence[SSAValue], is_constant: bool) -> flow.DispatchOp:
    """A dispatch that moves a value to a place of its own. `sizes` are those that its type leaves open."""
    dispatch = flow.DispatchOp(copy_executable_name(tensor_type(value), is_constant), [value, *sizes], [value.type])
    dispatch.attributes[COPY] = UnitAttr()
    if sizes:
        numbers = _size_operands(tensor_type(value))
        dispatch.attributes[SIZES] = ArrayAttr([DenseArrayBase.from_list(i64, numbers)])
    dispatch.outputs[0].name_hint = value.name_hint
    return dispatch
