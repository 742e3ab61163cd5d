"""bufferize-host-functions: let program functions name bytes in place of tensors.

Before:  func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> attributes {hal.slab_bytes = 0, …} {
           %w = arith.constant {hal.placements = [#hal.placement<constant 0 64>]} dense<…> : tensor<8xf32>
           %0 = flow.dispatch @add(%x, %w) {hal.placements = [#hal.placement<result 0 0>]} : …
           func.return %0
         }
After:   hal.constant @constant_64 at 64 = dense<…> : tensor<8xf32>
         func.func @main() attributes {hal.arguments = [{name = "x", type = tensor<8xf32>}], hal.results = […], …} {
           %x = hal.subspan "argument" 0[%c0] : memref<8xf32, #hal.memory<device>>
           %w = hal.subspan "constant" 0[%c64] : memref<8xf32, #hal.memory<constant>>
           %0 = hal.subspan "result" 0[%c0] : memref<8xf32, #hal.memory<device>>
           hal.dispatch @add(%x, %w, %0) : …
           func.return
         }

A function that takes sizes asks for them with `hal.argument_size`; what is in a slot is in the slab, at an offset that
it computes.

Requires: `bind-executable-buffers`.
Ensures:  no tensors are left in program functions, and no globals; each range of bytes of the constant memory is one
          `hal.constant`. `hal.dispatches` is the number of dispatches in the text of the function.
"""

from __future__ import annotations

import numpy as np
from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, func, memref, scf, tensor
from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    i32,
    i64,
)
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.dimensions import dynamic_sizes_of, open_sizes
from zellige.analysis.donations import donations
from zellige.analysis.liveness import tensor_values
from zellige.analysis.placements import placement_of
from zellige.analysis.views import ViewOp
from zellige.dialects import flow, hal
from zellige.dialects.buffers import buffer_type
from zellige.dialects.hal import Memory
from zellige.dialects.hal_sizes import ArgumentSizeOp, ReserveOp
from zellige.dialects.index_arithmetic import Index, add, materialize, scale
from zellige.dialects.ml_program import GlobalLoadOp, GlobalOp, GlobalStoreOp
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.signatures import noted_types


class BufferizeHostFunctionsPass(ModulePass):
    """Replace tensors of program functions by ranges of bytes."""

    name = "bufferize-host-functions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        constants: dict[int, hal.ConstantOp] = {}
        for function in [o for o in op.ops if isinstance(o, func.FuncOp)]:
            _describe(function)
            _collect_constants(function, constants)
            _Bufferizer(function).bufferize()
        for variable in [o for o in op.ops if isinstance(o, GlobalOp)]:
            Rewriter.erase_op(variable)
        first = op.body.block.first_op
        for offset in sorted(constants):
            place = InsertPoint.at_end(op.body.block) if first is None else InsertPoint.before(first)
            Rewriter.insert_op(constants[offset], place)


def _describe(function: func.FuncOp) -> None:
    """Keep the signature, and the number of dispatches, as attributes."""
    block, outputs = function.body.block, function.function_type.outputs
    tensors = block.args[: len(block.args) - open_sizes(function)]
    argument_names = _names(function.arg_attrs, [value.name_hint or f"arg{value.index}" for value in tensors])
    result_names = _names(function.res_attrs, [f"result{index}" for index in range(len(outputs))])
    types = noted_types(function.arg_attrs, list(block.arg_types))
    arguments = list(zip(argument_names, types[: len(tensors)], strict=True))
    results = list(zip(result_names, noted_types(function.res_attrs, list(outputs)), strict=True))
    for key, signature in (("hal.arguments", arguments), ("hal.results", results)):
        entries = [DictionaryAttr({"name": StringAttr(name), "type": type_}) for name, type_ in signature]
        function.attributes[key] = ArrayAttr(entries)
    if donated := donations(function):
        pairs = [number for pair in donated.items() for number in pair]
        function.attributes[hal.DONATIONS] = DenseArrayBase.from_list(i64, pairs)
    dispatches = sum(isinstance(op, flow.DispatchOp) for op in function.walk())
    function.attributes["hal.dispatches"] = IntegerAttr(dispatches, i64)


def _names(attributes: ArrayAttr[DictionaryAttr] | None, otherwise: list[str]) -> list[str]:
    """The names that a frontend gave to arguments or results."""
    names = list(otherwise)
    for index, entry in enumerate((attributes or ArrayAttr(())).data[: len(names)]):
        given = entry.data.get(hal.NAME_ATTRIBUTE)
        if isinstance(given, StringAttr):
            names[index] = given.data
    return names


def _collect_constants(function: func.FuncOp, constants: dict[int, hal.ConstantOp]) -> None:
    for op in function.walk():
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, hal.ConstantAttr):
            place = placement_of(op.result)
            assert place is not None
            if place[2] not in constants:
                constant = hal.ConstantOp(f"constant_{place[2]}", place[2], _in_memory(op.value))
                constant.location = op.location
                constants[place[2]] = constant


def _in_memory(value: hal.ConstantAttr) -> hal.ConstantAttr:
    """The bytes as kernels read them: an index has 4."""
    if isinstance(value, DenseResourceAttr) or not isinstance(value.type.element_type, IndexType):
        return value
    narrow = np.frombuffer(value.data.data, dtype="<i8").astype("<i4").tobytes()
    return DenseIntOrFPElementsAttr(TensorType(i32, value.type.get_shape()), BytesAttr(narrow))


class _Bufferizer:
    """Rewrites one function: reads the plan, puts the new ops beside the old ones, then takes the old ones away."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        values = tensor_values(function.body.block)
        self.places = {value: placement_of(value) for value in values}
        self.sizes = {v: dynamic_sizes_of(v) for v in values if not tensor_type(v).has_static_shape()}
        self.taken: dict[SSAValue, SSAValue] = {}
        self.offsets: dict[int, SSAValue] = {}
        self.slots: _Slots | None = None

    def bufferize(self) -> None:
        self._ask_for_sizes()
        ops = list(self.function.walk())
        old: list[Operation] = []
        for op in ops:
            match op:
                case flow.DispatchOp():
                    self._replace_dispatch(op)
                    old.append(op)
                case tensor.ExtractOp():
                    self._replace_extract(op)
                    old.append(op)
                case GlobalLoadOp() | GlobalStoreOp():
                    old.append(op)
                case scf.ForOp() | scf.WhileOp() | scf.YieldOp() | scf.ConditionOp() | func.ReturnOp():
                    op.operands = [value for value in op.operands if not is_tensor(value.type)]
                case arith.ConstantOp() if is_tensor(op.result.type):
                    old.append(op)
                case tensor.EmptyOp():
                    old.append(op)
                case _ if isinstance(op, ViewOp):
                    old.append(op)
                case _:
                    pass
        for op in reversed(old):
            Rewriter.erase_op(op)
        for op in reversed(ops):
            if isinstance(op, scf.ForOp | scf.WhileOp | scf.IfOp):
                _without_tensors(op)
        block = self.function.body.block
        for argument in block.args:
            block.erase_arg(argument)
        self.function.function_type = FunctionType.from_lists([], [])
        self.function.properties.pop("arg_attrs", None)
        self.function.properties.pop("res_attrs", None)

    def _ask_for_sizes(self) -> None:
        """Let the host say what the function took as arguments, and find out where the slots are."""
        block = self.function.body.block
        start = InsertPoint.at_start(block)
        for argument in block.args:
            if not is_tensor(argument.type):
                size = Builder(start).insert(ArgumentSizeOp(len(self.taken), argument.type)).size
                size.name_hint = argument.name_hint
                argument.replace_all_uses_with(size)
                self.taken[argument] = size
        reserve = next((op for op in block.ops if isinstance(op, ReserveOp)), None)
        if reserve is not None:
            slab = self.function.attributes["hal.slab_bytes"]
            assert isinstance(slab, IntegerAttr)
            self.slots = _Slots(reserve, slab.value.data)

    def _replace_dispatch(self, op: flow.DispatchOp) -> None:
        """Arguments first, then the results that are not tied; a tied argument stands where its result does."""
        builder = Builder(InsertPoint.before(op))
        tied = {index: op.outputs[number] for number, index in enumerate(op.tied_operands) if index >= 0}
        values = [tied.get(index, value) for index, value in enumerate(op.arguments)]
        values += [out for out, index in zip(op.outputs, op.tied_operands, strict=True) if index < 0]
        buffers = [self._buffer(value, builder) for value in values]
        builder.insert(hal.DispatchOp(op.executable.string_value(), buffers)).location = op.location

    def _replace_extract(self, op: tensor.ExtractOp) -> None:
        builder = Builder(InsertPoint.before(op))
        load = builder.insert(memref.LoadOp.get(self._buffer(op.tensor, builder), op.indices))
        load.location = op.location
        load.res.name_hint = op.result.name_hint
        op.result.replace_all_uses_with(load.res)

    def _buffer(self, value: SSAValue, builder: Builder) -> SSAValue:
        if not is_tensor(value.type):
            return value
        place = self.places[value]
        assert place is not None, f"no placement of {value}"
        region, index, offset = place
        memory = Memory.CONSTANT if region is hal.Region.CONSTANT else Memory.DEVICE
        if region is hal.Region.SLOT:
            assert self.slots is not None, "slots are reserved"
            region, index, start = hal.Region.SLAB, 0, self.slots.offset(index, offset)
        else:
            start = self._offset(offset)
        sizes = [self.taken.get(size, size) for size in self.sizes.get(value, ())]
        subspan = hal.SubspanOp(region, index, start, buffer_type(value.type, memory), sizes)
        subspan.buffer.name_hint = value.name_hint
        return builder.insert(subspan).buffer

    def _offset(self, offset: int) -> SSAValue:
        if offset not in self.offsets:
            constant = arith.ConstantOp(IntegerAttr(offset, IndexType()))
            constant.result.name_hint = "offset"
            Rewriter.insert_op(constant, InsertPoint.at_start(self.function.body.block))
            self.offsets[offset] = constant.result
        return self.offsets[offset]


class _Slots:
    """Where the slots begin in the slab: one after the other, behind its static part."""

    def __init__(self, reserve: ReserveOp, start_bytes: int) -> None:
        self.builder = Builder(InsertPoint.after(reserve))
        self.units = reserve.units
        self.starts: list[Index] = [start_bytes]
        for unit, extent in zip(self.units, reserve.slot_extents, strict=True):
            self.starts.append(add(self.builder, self.starts[-1], scale(self.builder, unit, extent)))
        self.offsets: dict[tuple[int, int], SSAValue] = {}

    def offset(self, slot: int, units: int) -> SSAValue:
        """The byte of the slab that is so many units behind the start of a slot."""
        if (slot, units) not in self.offsets:
            more = scale(self.builder, self.units[slot], units)
            self.offsets[slot, units] = materialize(self.builder, add(self.builder, self.starts[slot], more))
        return self.offsets[slot, units]


def _without_tensors(op: scf.ForOp | scf.WhileOp | scf.IfOp) -> None:
    """The same op for the scalars among what it carries."""
    for region in op.regions:
        for argument in [a for block in region.blocks for a in block.args if is_tensor(a.type)]:
            argument.block.erase_arg(argument)
    op.attributes.pop("hal.placements", None)
    op.attributes.pop("hal.carried_placements", None)
    kept = [result for result in op.results if not is_tensor(result.type)]
    if len(kept) == len(op.results):
        return
    regions = [op.detach_region(region) for region in list(op.regions)]
    new: Operation
    match op:
        case scf.ForOp():
            new = scf.ForOp(op.lb, op.ub, op.step, op.iter_args, regions[0])
        case scf.WhileOp():
            new = scf.WhileOp(op.arguments, [result.type for result in kept], regions[0], regions[1])
        case scf.IfOp():
            new = scf.IfOp(op.cond, [result.type for result in kept], regions[0], regions[1])
    new.location = op.location
    new.attributes |= op.attributes
    Rewriter.insert_op(new, InsertPoint.before(op))
    for old, result in zip(kept, new.results, strict=True):
        result.name_hint = old.name_hint
        old.replace_all_uses_with(result)
    Rewriter.erase_op(op)
