"""convert-memref-to-llvm: kernels get pointers, and reads and writes get addresses.

Before:  func.func @relu(%x: memref<64x8xf32, #hal.memory<device>> {llvm.noalias}, …) {
           %id = hal.workgroup_id 0
           %s = memref.subview %x[%i, 0] [1, 8] [1, 1] : …
           %v = vector.transfer_read %s[%c0, %c4], %pad {in_bounds = [true]} : …, vector<4xf32>
After:   llvm.func @relu.tile(%x: !llvm.ptr<2> {llvm.noalias, hal.buffer = memref<64x8xf32, …>, llvm.readonly}, …,
                             %wx: i32, %wy: i32, %wz: i32) {
           %row = arith.muli %i, %c8 : index
           %at = arith.index_cast %row : index to i32
           %p = llvm.getelementptr inbounds %x[%at] : (!llvm.ptr<2>, i32) -> !llvm.ptr<2>, f32
           %q = llvm.getelementptr inbounds %p[4] : (!llvm.ptr<2>) -> !llvm.ptr<2>, f32
           %v = llvm.load %q {alignment = 4} : !llvm.ptr<2> -> vector<4xf32>

The constant part of an address is added last, where it becomes the offset of a wasm instruction. A truth value takes
one byte in memory. Local buffers are on the stack.

Requires: vectors of one dimension along neighbours in memory (`unroll-vectors`).
Ensures:  no `memref` and no `vector.transfer_*` is left in kernels.
Fails:    when the local buffers of a kernel need more than `local-bytes`, most of the module's stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, func, llvm, memref, vector
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IndexType,
    IntegerAttr,
    ModuleOp,
    UnitAttr,
    i32,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.strides import element_strides
from zellige.dialects import index_arithmetic
from zellige.dialects.flow import executables
from zellige.dialects.hal import MemoryAttr, WorkgroupIdOp
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.pointers import load, memory_type, moved, pointer_type, size_bytes, store
from zellige.dialects.shaped_types import element_type, is_memref, memref_type
from zellige.support.errors import CompileError, Note


@dataclass(frozen=True)
class ConvertMemrefToLlvmPass(ModulePass):
    """Turn kernels into `llvm.func`s over pointers."""

    name = "convert-memref-to-llvm"
    local_bytes: int = 960 << 10

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            self._check_local_bytes(executable.kernel)
            _convert_kernel(executable.kernel)

    def _check_local_bytes(self, kernel: func.FuncOp) -> None:
        needed = 0
        for alloc in [o for o in kernel.walk() if isinstance(o, memref.AllocOp)]:
            buffer = memref_type(alloc.memref)
            needed += buffer.element_count() * size_bytes(memory_type(buffer.element_type))
            if needed > self.local_bytes:
                raise CompileError(
                    f"a workgroup needs {needed} bytes of local memory, it has {self.local_bytes}",
                    op=alloc,
                    pass_name=self.name,
                    notes=(Note("values between the ops of one kernel live there; smaller workgroups need less"),),
                )


@dataclass(frozen=True)
class _View:
    """A memref as a pointer, elements to add to it, and the elements between neighbours of each dimension."""

    pointer: SSAValue
    terms: tuple[tuple[SSAValue, int], ...]
    constant: int
    strides: tuple[int, ...]

    def moved(self, indices: Sequence[Index], strides: Sequence[int]) -> _View:
        terms, constant = list(self.terms), self.constant
        for index, stride in zip(indices, self.strides, strict=True):
            if isinstance(index, int):
                constant += index * stride
            else:
                terms.append((index, stride))
        return _View(self.pointer, tuple(terms), constant, tuple(strides))


def _convert_kernel(kernel: func.FuncOp) -> None:
    argument_types: list[Attribute] = []
    for argument in kernel.body.block.args:
        if is_memref(argument.type):
            assert isinstance(argument.type.memory_space, MemoryAttr)
            argument_types.append(pointer_type(argument.type.memory_space.data))
        else:
            argument_types.append(i32 if isinstance(argument.type, IndexType) else argument.type)
    function_type = llvm.LLVMFunctionType([*argument_types, i32, i32, i32])
    old = kernel.body.block
    new = Block(arg_types=function_type.inputs.data)
    replacement = llvm.FuncOp(
        f"{kernel.sym_name.data}.tile",
        function_type,
        linkage=llvm.LinkageAttr("external"),
        body=Region(new),
    )
    replacement.location = kernel.location
    Builder(InsertPoint.before(kernel)).insert(replacement)
    builder = Builder(InsertPoint.at_end(new))
    views: dict[SSAValue, _View] = {}
    for argument, pointer in zip(old.args, new.args[:-3], strict=True):
        pointer.name_hint = argument.name_hint
        if is_memref(argument.type):
            views[argument] = _View(pointer, (), 0, _static_strides(argument))
        elif isinstance(argument.type, IndexType):
            argument.replace_all_uses_with(builder.insert(arith.IndexCastOp(pointer, type_index)).result)
        else:
            argument.replace_all_uses_with(pointer)
    workgroup: list[SSAValue] = [builder.insert(arith.IndexCastOp(value, type_index)).result for value in new.args[-3:]]
    conversion = _Conversion(builder.insertion_point.block, workgroup, views)
    for op in list(old.ops):
        op.detach()
        new.add_op(op)
    for op in list(new.walk()):
        conversion.op(op)
    replacement.arg_attrs = ArrayAttr([*_argument_attributes(kernel, conversion), *[DictionaryAttr({})] * 3])
    for op in reversed(conversion.replaced):
        op.detach()
        op.erase()
    kernel.detach()
    kernel.erase()


def _argument_attributes(kernel: func.FuncOp, conversion: _Conversion) -> Iterator[DictionaryAttr]:
    """The attributes of each argument; of a buffer, also its type and what is done with it."""
    old = kernel.arg_attrs or [DictionaryAttr({})] * len(kernel.args)
    for argument, attributes in zip(kernel.args, old, strict=True):
        data = dict(attributes.data)
        if argument in conversion.views:
            pointer = conversion.views[argument].pointer
            data["hal.buffer"] = argument.type
            if pointer not in conversion.written:
                data["llvm.readonly"] = UnitAttr()
            elif pointer not in conversion.read:
                data["llvm.writeonly"] = UnitAttr()
        yield DictionaryAttr(data)


def _static_strides(value: SSAValue) -> tuple[int, ...]:
    strides = element_strides(value)
    known = tuple(stride for stride in strides if stride is not None)
    assert len(known) == len(strides), "buffers have static strides"
    return known


@dataclass
class _Conversion:
    entry: Block
    workgroup: list[SSAValue]
    views: dict[SSAValue, _View]
    replaced: list[Operation] = field(default_factory=list[Operation])
    pointers: dict[tuple[Block, SSAValue, tuple[tuple[SSAValue, int], ...], Attribute], SSAValue] = field(
        default_factory=dict[tuple[Block, SSAValue, tuple[tuple[SSAValue, int], ...], Attribute], SSAValue]
    )
    """The moving part of addresses, by block: accesses that differ by a constant share it."""
    read: set[SSAValue] = field(default_factory=set[SSAValue])
    written: set[SSAValue] = field(default_factory=set[SSAValue])
    """Pointers to the buffers that are read and written."""

    def op(self, op: Operation) -> None:
        builder = Builder(InsertPoint.before(op))
        match op:
            case memref.AllocOp():
                self._alloc(op)
            case memref.SubviewOp():
                self._subview(op)
            case memref.ReinterpretCastOp():
                view = self.views[op.source]
                strides = tuple(int(n) for n in op.static_strides.get_values())
                self.views[op.result] = _View(view.pointer, view.terms, view.constant, strides)
            case memref.LoadOp():
                place = self._address(builder, op.memref, op.indices, op.res.type)
                self.read.add(self.views[op.memref].pointer)
                op.res.replace_all_uses_with(load(builder, place, op.res.type))
            case memref.StoreOp():
                store(builder, self._address(builder, op.memref, op.indices, op.value.type), op.value)
                self.written.add(self.views[op.memref].pointer)
            case vector.TransferReadOp():
                self._check_contiguous(op, op.source, op.permutation_map.data.results)
                place = self._address(builder, op.source, op.indices, op.result.type)
                self.read.add(self.views[op.source].pointer)
                op.result.replace_all_uses_with(load(builder, place, op.result.type))
            case vector.TransferWriteOp():
                self._check_contiguous(op, op.source, op.permutation_map.data.results)
                store(builder, self._address(builder, op.source, op.indices, op.vector.type), op.vector)
                self.written.add(self.views[op.source].pointer)
            case WorkgroupIdOp():
                op.coordinate.replace_all_uses_with(self.workgroup[op.dimension.value.data])
            case func.ReturnOp():
                builder.insert(llvm.ReturnOp())
            case _:
                return
        self.replaced.append(op)

    def _check_contiguous(self, op: Operation, source: SSAValue, results: Sequence[object]) -> None:
        along = results[0]
        assert isinstance(along, AffineDimExpr)
        if len(results) != 1 or self.views[source].strides[along.position] != 1:
            raise CompileError(
                "vector elements must be neighbours in memory",
                op=op,
                pass_name=ConvertMemrefToLlvmPass.name,
            )

    def _alloc(self, op: memref.AllocOp) -> None:
        buffer = memref_type(op.memref)
        count = max(1, buffer.element_count())
        first = self.entry.first_op
        assert first is not None
        builder = Builder(InsertPoint.before(first))
        one = builder.insert(llvm.ConstantOp(IntegerAttr(1, i32), i32))
        array = llvm.LLVMArrayType(count, memory_type(buffer.element_type))
        pointer = builder.insert(llvm.AllocaOp(one, array, alignment=16)).res
        self.views[op.memref] = _View(pointer, (), 0, _static_strides(op.memref))

    def _subview(self, op: memref.SubviewOp) -> None:
        dynamic = iter(op.offsets)
        offsets: list[Index] = [
            next(dynamic) if offset < 0 else int(offset) for offset in op.static_offsets.get_values()
        ]
        self.views[op.result] = self.views[op.source].moved(offsets, _static_strides(op.result))

    def _address(self, builder: Builder, buffer: SSAValue, indices: Sequence[SSAValue], type_: Attribute) -> SSAValue:
        """The pointer to what is read or written as a scalar or vector of a type."""
        view, element = self.views[buffer], element_type(memory_type(type_))
        known = [index_arithmetic.constant_value(index) for index in indices]
        places: list[Index] = [index if value is None else value for index, value in zip(indices, known, strict=True)]
        place = view.moved(places, view.strides)
        pointer = place.pointer
        if place.terms:
            key = (builder.insertion_point.block, pointer, place.terms, element)
            if key not in self.pointers:
                self.pointers[key] = self._moved_pointer(builder, pointer, place.terms, element)
            pointer = self.pointers[key]
        return moved(builder, pointer, place.constant, element)

    def _moved_pointer(
        self, builder: Builder, pointer: SSAValue, terms: tuple[tuple[SSAValue, int], ...], element: Attribute
    ) -> SSAValue:
        total: Index = 0
        for index, stride in terms:
            total = index_arithmetic.add(builder, total, index_arithmetic.scale(builder, index, stride))
        elements = builder.insert(arith.IndexCastOp(index_arithmetic.materialize(builder, total), i32)).result
        return moved(builder, pointer, elements, element)
