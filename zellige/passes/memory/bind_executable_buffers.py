"""bind-executable-buffers: let kernels read their arguments from buffers and write their results into buffers.

Before:  func.func @k(%a: tensor<8xf32>, %b: tensor<8xf32> {hal.memory = #hal.memory<constant>}) -> tensor<8xf32> {
           %0 = linalg.generic … ins(%a, %b) …
           func.return %0
         }
After:   func.func @k(%a: memref<8xf32, #hal.memory<device>> {llvm.noalias},
                      %b: memref<8xf32, #hal.memory<constant>> {llvm.noalias},
                      %out: memref<8xf32, #hal.memory<device>> {llvm.noalias}) {
           %1 = bufferization.to_tensor %a restrict : …
           %2 = bufferization.to_tensor %b restrict : …
           %0 = linalg.generic … ins(%1, %2) …
           bufferization.materialize_in_destination %0 in restrict writable %out : …
           func.return
         }

A result that is tied to an argument has no buffer of its own: the inserted slice is written into a `memref.subview` of
argument 0, the result of an op of `linalg_ext` into the argument. Where some dispatch of the kernel lets the result
take the bytes of an argument, neither has `llvm.noalias`.

Requires: `plan-memory`.
Ensures:  kernels have no results and no tensors as arguments: first the buffers of the arguments, then of the results
          that are not tied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, DictionaryAttr, FunctionType, ModuleOp, UnitAttr, i64
from xdsl.ir import Attribute, Block, BlockArgument, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.placements import placement_of
from zellige.dialects import flow
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.buffers import buffer_type, slice_of_buffer
from zellige.dialects.hal import SIZES, Memory, MemoryAttr
from zellige.dialects.shaped_types import is_tensor


@dataclass
class _Sharing:
    """What the dispatches of one executable do with its borders."""

    tied: tuple[int, ...]
    arguments: set[int] = field(default_factory=set[int])
    results: set[int] = field(default_factory=set[int])


class BindExecutableBuffersPass(ModulePass):
    """Turn tensors at the border of kernels into memrefs."""

    name = "bind-executable-buffers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        sharing: dict[str, _Sharing] = {}
        for dispatch in [o for o in op.walk() if isinstance(o, flow.DispatchOp)]:
            known = sharing.setdefault(dispatch.executable.string_value(), _Sharing(dispatch.tied_operands))
            _note_shared(dispatch, known)
        for executable in flow.executables(op):
            _bind(executable.kernel, sharing[executable.sym_name.data])


def _note_shared(dispatch: flow.DispatchOp, known: _Sharing) -> None:
    places = {index: placement_of(value) for index, value in enumerate(dispatch.arguments)}
    for number, (result, tied) in enumerate(zip(dispatch.outputs, dispatch.tied_operands, strict=True)):
        place = placement_of(result)
        for index, other in places.items():
            if tied < 0 and place is not None and other == place:
                known.arguments.add(index)
                known.results.add(number)


def _bind(kernel: func.FuncOp, sharing: _Sharing) -> None:
    block = kernel.body.block
    terminator = block.last_op
    assert isinstance(terminator, func.ReturnOp)
    memories = kernel.arg_attrs.data if kernel.arg_attrs is not None else (DictionaryAttr({}),) * len(block.args)
    attributes: list[DictionaryAttr] = []
    buffers: list[SSAValue] = []
    reader = Builder(InsertPoint.at_start(block))
    sizes_of_results = [_sizes(value) for value in terminator.arguments]
    for argument, memory in zip(block.args, memories, strict=True):
        buffers.append(_argument_buffer(argument, memory, block, reader))
        sizes = {SIZES: memory.data[SIZES]} if SIZES in memory.data else {}
        attributes.append(_buffer_attributes(is_tensor(argument.type), argument.index in sharing.arguments, sizes))
    for number, (value, tied) in enumerate(zip(terminator.arguments, sharing.tied, strict=True)):
        if tied >= 0:
            if isinstance(value.owner, tensor.InsertSliceOp):
                _write_slice(value, buffers[tied], terminator)
            else:
                _write(value, buffers[tied], terminator)
            continue
        assert is_tensor(value.type)
        out = block.insert_arg(buffer_type(value.type, Memory.DEVICE), len(block.args))
        out.name_hint = "out"
        attributes.append(_buffer_attributes(True, number in sharing.results, sizes_of_results[number]))
        _write(value, out, terminator)
    for argument in block.args[: len(buffers)]:
        block.erase_arg(argument)
    end = func.ReturnOp()
    end.location = terminator.location
    Rewriter.replace_op(terminator, end, [])
    kernel.function_type = FunctionType.from_lists(block.arg_types, [])
    kernel.arg_attrs = ArrayAttr(attributes)


def _buffer_attributes(is_buffer: bool, is_shared: bool, sizes: Mapping[str, Attribute]) -> DictionaryAttr:
    aliasing: dict[str, Attribute] = {"llvm.noalias": UnitAttr()} if is_buffer and not is_shared else {}
    return DictionaryAttr(aliasing | dict(sizes))


def _sizes(value: SSAValue) -> dict[str, Attribute]:
    """Which arguments of the kernel are the sizes of a result."""
    numbers = [size.index if isinstance(size, BlockArgument) else -1 for size in sizes_of(value)]
    return {SIZES: DenseArrayBase.from_list(i64, numbers)} if max(numbers, default=-1) >= 0 else {}


def _argument_buffer(argument: BlockArgument, attributes: DictionaryAttr, block: Block, reader: Builder) -> SSAValue:
    """The memref that stands for a tensor argument, at the end of the block's arguments; scalars move there too."""
    if not is_tensor(argument.type):
        moved = block.insert_arg(argument.type, len(block.args), argument.location)
        moved.name_hint = argument.name_hint
        argument.replace_all_uses_with(moved)
        return moved
    memory = attributes.data.get("hal.memory", MemoryAttr(Memory.DEVICE))
    assert isinstance(memory, MemoryAttr)
    buffer = block.insert_arg(buffer_type(argument.type, memory.data), len(block.args), argument.location)
    buffer.name_hint = argument.name_hint
    if argument.first_use is not None:
        contents = reader.insert(ToTensorOp(buffer))
        contents.tensor.name_hint = argument.name_hint
        argument.replace_all_uses_with(contents.tensor)
    return buffer


def _write(value: SSAValue, buffer: SSAValue, before: func.ReturnOp) -> None:
    write = MaterializeInDestinationOp(value, buffer)
    write.location = before.location
    Rewriter.insert_op(write, InsertPoint.before(before))


def _write_slice(value: SSAValue, buffer: SSAValue, before: func.ReturnOp) -> None:
    """Write what is inserted into its place, and forget the insertion."""
    insert = value.owner
    assert isinstance(insert, tensor.InsertSliceOp)
    view = slice_of_buffer(buffer, insert)
    Rewriter.insert_op(view, InsertPoint.before(before))
    _write(insert.source, view.result, before)
    before.operands[list(before.operands).index(value)] = insert.source
    contents = insert.dest.owner
    Rewriter.erase_op(insert)
    if isinstance(contents, ToTensorOp) and contents.tensor.first_use is None:
        Rewriter.erase_op(contents)
