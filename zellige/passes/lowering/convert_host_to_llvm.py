"""convert-host-to-llvm: program functions read addresses from a state block and call kernels tile by tile.

Before:  func.func @main() attributes {hal.arguments = […], …} {
           %x = hal.subspan "argument" 0[%c0] : memref<64x8xf32, #hal.memory<device>>
           %y = hal.subspan "slab" 0[%c64] : memref<64x8xf32, #hal.memory<device>>
           hal.dispatch @relu(%x, %y) : …                                       with 4 x 2 x 1 workgroups
           hal.barrier
After:   llvm.func @main(%state: i32) attributes {hal.arguments = […], …} {
           …                                                                    loads of the state's slots
           %y = llvm.getelementptr inbounds %slab[64] : …
           scf.for %t = %k to %c8 step %n : i32 {
             %wx = arith.remui %t, %c4 : i32
             %wy = arith.divui %t, %c4 : i32
             llvm.call @relu.tile(%x, %y, %wx, %wy, %c0)
           }
           llvm.call @zellige.barrier(%sync, %n)

Each of the n workers runs the function and takes every n-th tile, see docs/design/abi.md. With `barriers=false` there
is one worker. `scf`, `arith` and `cf.assert` are left to later passes.

Requires: the workgroups of all executables are counted.
Ensures:  program functions hold no `hal` and `memref` ops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, func, llvm, memref, scf
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    IndexType,
    IntegerAttr,
    ModuleOp,
    TensorType,
    i8,
    i32,
)
from xdsl.dialects.llvm import LLVMFunctionType, LLVMPointerType, LLVMVoidType
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineExpr,
    AffineMap,
    AffineSymExpr,
)
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.hints import isa

from zellige.artifact import STATE_HEADER_SLOTS, STATE_SLOT_BYTES, SYNC_BYTES
from zellige.dialects import flow, hal, intrinsic
from zellige.dialects.barrier import BARRIER, barrier_function
from zellige.dialects.hal_sizes import ArgumentSizeOp, ReportOp
from zellige.dialects.index_arithmetic import (
    Index,
    add,
    constant_value,
    divided_up,
    materialize,
    multiply,
)
from zellige.dialects.pointers import (
    CONSTANT_POINTER,
    DEVICE_POINTER,
    load,
    load_slot,
    memory_type,
    moved,
    pointer_from_address,
    store,
)
from zellige.dialects.shaped_types import is_memref, is_tensor, memref_type
from zellige.dialects.slices import mixed

CONSTANTS = "__zellige_constants"
"""Data symbol at the start of the constant region."""


@dataclass(frozen=True)
class ConvertHostToLlvmPass(ModulePass):
    """Turn program functions into `llvm.func`s of a state block."""

    name = "convert-host-to-llvm"
    barriers: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        counts = {e.sym_name.data: e.workgroup_map for e in flow.executables(op)}
        functions = [o for o in op.ops if isinstance(o, func.FuncOp)]
        declared: dict[str, Operation] = {}
        for function in functions:
            _Conversion(function, counts, declared, self.barriers).convert()
        # First: who looks up a callee goes through the symbols in order, and there may be thousands of constants.
        Rewriter.insert_op(tuple(declared.values()), InsertPoint.at_start(op.body.block))


@dataclass
class _Conversion:
    """One program function. `declared` are the symbols of other objects that the module uses."""

    function: func.FuncOp
    counts: dict[str, AffineMap]
    declared: dict[str, Operation]
    barriers: bool
    pointers: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    sizes: dict[SSAValue, list[Index]] = field(default_factory=dict[SSAValue, list[Index]])
    slots: dict[int, SSAValue] = field(default_factory=dict[int, SSAValue])
    constants: SSAValue | None = None

    def convert(self) -> None:
        body = self.function.body.block
        state_address = body.insert_arg(i32, 0)
        state_address.name_hint = "state"
        self.entry = Builder(InsertPoint.at_start(body))
        self.state = pointer_from_address(self.entry, state_address, DEVICE_POINTER)
        ops = [o for o in self.function.walk() if o is not self.function]
        for op in reversed([op for op in ops if self._convert(op)]):
            Rewriter.erase_op(op)
        region = self.function.detach_region(self.function.body)
        new = llvm.FuncOp(
            self.function.sym_name,
            LLVMFunctionType([i32], LLVMVoidType()),
            linkage=llvm.LinkageAttr("external"),
            body=region,
            extra_attrs=self.function.attributes,
        )
        new.location = self.function.location
        Rewriter.replace_op(self.function, new, [])

    def _convert(self, op: Operation) -> bool:
        """Put what replaces the op before it. Returns whether it is replaced."""
        builder = Builder(InsertPoint.before(op))
        match op:
            case hal.SubspanOp():
                self.pointers[op.buffer] = self._pointer(op, builder)
                self.sizes[op.buffer] = mixed(memref_type(op.buffer).get_shape(), op.sizes)
            case ArgumentSizeOp():
                op.size.replace_all_uses_with(self._slot(self._sizes_slot() + op.number.value.data, op.size.type))
            case ReportOp():
                self._report(op, builder)
            case hal.DispatchOp():
                self._dispatch(op, builder)
            case hal.BarrierOp():
                if self.barriers:
                    if BARRIER not in self.declared:
                        self.declared[BARRIER] = barrier_function()
                    builder.insert(llvm.CallOp(BARRIER, self._slot(3, DEVICE_POINTER), self._slot(1, i32)))
            case memref.LoadOp():
                op.res.replace_all_uses_with(self._load(op, builder))
            case intrinsic.CallOp():
                for index, value in enumerate(op.operands):
                    op.operands[index] = self.pointers.get(value, value)
                return False
            case func.ReturnOp():
                builder.insert(llvm.ReturnOp()).location = op.location
            case _:
                return False
        return True

    def _slot(self, slot: int, type_: Attribute) -> SSAValue:
        """A slot of the state block, read once at the start of the function."""
        if slot not in self.slots:
            self.slots[slot] = load_slot(self.entry, self.state, slot, type_)
        return self.slots[slot]

    def _pointer(self, op: hal.SubspanOp, builder: Builder) -> SSAValue:
        offset = constant_value(op.offset)
        by: int | SSAValue = builder.insert(arith.IndexCastOp(op.offset, i32)).result if offset is None else offset
        if op.region.data == hal.Region.CONSTANT:
            address = self._constants_address()
            if by != 0:
                more = builder.insert(arith.ConstantOp(IntegerAttr(by, i32))).result if isinstance(by, int) else by
                address = builder.insert(arith.AddiOp(address, more)).result
            pointer = pointer_from_address(builder, address, CONSTANT_POINTER)
        else:
            pointer = moved(builder, self._slot(self._slot_of(op), DEVICE_POINTER), by)
            if op.region.data == hal.Region.GLOBAL:
                pointer = moved(builder, pointer, SYNC_BYTES)
        pointer.name_hint = op.buffer.name_hint
        return pointer

    def _slot_of(self, op: hal.SubspanOp) -> int:
        index = op.index.value.data
        match hal.Region(op.region.data):
            case hal.Region.ARGUMENT:
                return STATE_HEADER_SLOTS + index
            case hal.Region.RESULT:
                return STATE_HEADER_SLOTS + len(self._signature("hal.arguments")) + index
            case hal.Region.GLOBAL:
                return 3
            case _:
                return 2

    def _sizes_slot(self) -> int:
        """The slot with the first dynamic size of an argument."""
        return STATE_HEADER_SLOTS + len(self._signature("hal.arguments")) + len(self._signature("hal.results"))

    def _signature(self, key: str) -> list[TensorType[Attribute]]:
        entries = self.function.attributes[key]
        assert isa(entries, ArrayAttr[DictionaryAttr])
        types = [entry.data["type"] for entry in entries]
        return [type_ for type_ in types if is_tensor(type_)]

    def _report(self, op: ReportOp, builder: Builder) -> None:
        """Write what the host asks for behind the sizes of the arguments."""
        first = self._sizes_slot() + sum(
            size == DYNAMIC_INDEX for type_ in self._signature("hal.arguments") for size in type_.get_shape()
        )
        for slot, value in enumerate((*op.result_sizes, op.slab_bytes), start=first):
            store(builder, moved(builder, self.state, slot * STATE_SLOT_BYTES), value)

    def _constants_address(self) -> SSAValue:
        if self.constants is None:
            if CONSTANTS not in self.declared:
                self.declared[CONSTANTS] = llvm.GlobalOp(i8, CONSTANTS, "external", constant=True)
            symbol = self.entry.insert(llvm.AddressOfOp(CONSTANTS, LLVMPointerType())).result
            self.constants = self.entry.insert(llvm.PtrToIntOp(symbol, i32)).output
        return self.constants

    def _load(self, op: memref.LoadOp, builder: Builder) -> SSAValue:
        strides: list[Index] = [1]
        for size in reversed(self.sizes[op.memref][1:]):
            strides.insert(0, multiply(builder, strides[0], size))
        element: Index = 0
        for index, stride in zip(op.indices, strides[: len(op.indices)], strict=True):
            known = constant_value(index)
            element = add(builder, element, multiply(builder, index if known is None else known, stride))
        pointer = self.pointers[op.memref]
        if element != 0:
            number = builder.insert(arith.IndexCastOp(materialize(builder, element), i32)).result
            pointer = moved(builder, pointer, number, memory_type(op.res.type))
        loaded = load(builder, pointer, op.res.type)
        loaded.name_hint = op.res.name_hint
        return loaded

    def _dispatch(self, op: hal.DispatchOp, builder: Builder) -> None:
        name = op.executable.string_value()
        bindings = [self._binding(value, builder) for value in op.bindings]
        callee = f"{name}.tile"
        if callee not in self.declared:
            types = [value.type for value in bindings]
            self.declared[callee] = llvm.FuncOp(
                callee, LLVMFunctionType([*types, i32, i32, i32]), linkage=llvm.LinkageAttr("external")
            )
        counts = [_evaluate(builder, expression, op.bindings) for expression in self.counts[name].results]
        total = _as_i32(builder, multiply(builder, multiply(builder, counts[0], counts[1]), counts[2]))
        if total == 0:
            return
        zero = builder.insert(arith.ConstantOp(IntegerAttr(0, i32))).result
        extents = [_as_i32(builder, count) for count in counts]
        body = Block(arg_types=[] if total == 1 else [i32])
        inner = Builder(InsertPoint.at_end(body))
        tile = [zero, zero, zero] if total == 1 else _coordinates(inner, body.args[0], extents, zero)
        inner.insert(llvm.CallOp(callee, *bindings, *tile)).location = op.location
        inner.insert(scf.YieldOp())
        worker = self._slot(0, i32)
        if total == 1:
            is_first = builder.insert(arith.CmpiOp(worker, zero, "eq")).result
            builder.insert(scf.IfOp(is_first, [], Region(body))).location = op.location
            return
        loop = scf.ForOp(worker, _i32(builder, total), self._slot(1, i32), [], Region(body))
        builder.insert(loop).location = op.location

    def _binding(self, value: SSAValue, builder: Builder) -> SSAValue:
        if is_memref(value.type):
            return self.pointers[value]
        if isinstance(value.type, IndexType):
            return builder.insert(arith.IndexCastOp(value, i32)).result
        return value


def _evaluate(builder: Builder, expression: AffineExpr, bindings: Sequence[SSAValue]) -> Index:
    """An expression of a grid, whose symbols are the bindings of a dispatch."""
    match expression:
        case AffineConstantExpr():
            return expression.value
        case AffineSymExpr():
            return bindings[expression.position]
        case AffineBinaryOpExpr():
            left, right = (_evaluate(builder, side, bindings) for side in (expression.lhs, expression.rhs))
            if expression.kind is AffineBinaryOpKind.Add:
                return add(builder, left, right)
            if expression.kind is AffineBinaryOpKind.Mul:
                return multiply(builder, left, right)
            if expression.kind is AffineBinaryOpKind.CeilDiv and isinstance(right, int):
                return divided_up(builder, left, right)
        case _:
            pass
    raise AssertionError(f"a grid has sums, products and quotients that are rounded up, got {expression}")


def _as_i32(builder: Builder, value: Index) -> Index:
    return value if isinstance(value, int) else builder.insert(arith.IndexCastOp(value, i32)).result


def _i32(builder: Builder, value: Index) -> SSAValue:
    return builder.insert(arith.ConstantOp(IntegerAttr(value, i32))).result if isinstance(value, int) else value


def _coordinates(builder: Builder, tile: SSAValue, counts: Sequence[int | SSAValue], zero: SSAValue) -> list[SSAValue]:
    """The workgroup with number `tile`; x counts fastest. What has one value only is not computed."""
    coordinates: list[SSAValue] = []
    rest = tile
    for dimension, count in enumerate(counts):
        if count == 1:
            coordinates.append(zero)
        elif all(other == 1 for other in counts[dimension + 1 :]):
            coordinates.append(rest)
        else:
            size = _i32(builder, count)
            coordinates.append(builder.insert(arith.RemUIOp(rest, size)).result)
            rest = builder.insert(arith.DivUIOp(rest, size)).result
    return coordinates
