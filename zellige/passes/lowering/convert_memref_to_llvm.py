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
one byte in memory. Local buffers are on the stack. Strides of a buffer with dynamic sizes (`hal.sizes`) are products of
these.

A built-in function of the program (`intrinsic.func`) takes pointers too, and its calls pass them.

Requires: vectors of one dimension along neighbours in memory (`unroll-vectors`).
Ensures:  no `memref` and no `vector.transfer_*` is left in kernels and built-in functions.
Fails:    when the local buffers of a kernel need more than `local-bytes`, most of the module's stack, and where a call
          of a built-in function passes a buffer of another form than the function takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, func, llvm, memref, vector
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    UnitAttr,
    i32,
)
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.strides import element_strides
from zellige.dialects import index_arithmetic, intrinsic
from zellige.dialects.flow import executables
from zellige.dialects.hal import MemoryAttr, WorkgroupIdOp
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.packed import WordsOp
from zellige.dialects.pointers import load, memory_type, moved, pointer_type, size_bytes, store
from zellige.dialects.shaped_types import element_type, is_memref, kept_dimensions, memref_type
from zellige.dialects.slices import mixed
from zellige.passes.buffer_reshapes import row_major_strides
from zellige.support.errors import CompileError, Note


@dataclass(frozen=True)
class ConvertMemrefToLlvmPass(ModulePass):
    """Turn kernels into `llvm.func`s over pointers."""

    name = "convert-memref-to-llvm"
    local_bytes: int = 960 << 10

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [o for o in op.ops if isinstance(o, intrinsic.FuncOp)]
        builtins = {function.sym_name.data: function.function_type for function in functions}
        for executable in executables(op):
            self._check_local_bytes(executable.kernel)
            _convert_kernel(executable.kernel, builtins)
        for function in functions:
            self._check_local_bytes(function)
            _convert_builtin(function, builtins)

    def _check_local_bytes(self, kernel: Operation) -> None:
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
    terms: tuple[tuple[Index, Index], ...]
    constant: int
    strides: tuple[Index, ...]

    def moved(self, indices: Sequence[Index], strides: Sequence[Index]) -> _View:
        terms, constant = list(self.terms), self.constant
        for index, stride in zip(indices, self.strides, strict=True):
            if isinstance(index, int) and isinstance(stride, int):
                constant += index * stride
            elif index != 0:
                terms.append((index, stride))
        return _View(self.pointer, tuple(terms), constant, tuple(strides))


def _convert_kernel(kernel: func.FuncOp, builtins: Mapping[str, FunctionType]) -> None:
    argument_types: list[Attribute] = []
    for argument in kernel.body.block.args:
        if is_memref(argument.type):
            argument_types.append(_pointer_type(argument.type))
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
    scalars: dict[SSAValue, SSAValue] = {}
    for argument, pointer in zip(old.args, new.args[:-3], strict=True):
        pointer.name_hint = argument.name_hint
        if isinstance(argument.type, IndexType):
            scalars[argument] = builder.insert(arith.IndexCastOp(pointer, type_index)).result
        elif not is_memref(argument.type):
            scalars[argument] = pointer
    for argument, pointer in zip(old.args, new.args[:-3], strict=True):
        if is_memref(argument.type):
            sizes = [scalars[size] if isinstance(size, SSAValue) else size for size in sizes_of(argument)]
            views[argument] = _View(pointer, (), 0, tuple(row_major_strides(builder, sizes)))
    for argument, value in scalars.items():
        argument.replace_all_uses_with(value)
    workgroup: list[SSAValue] = [builder.insert(arith.IndexCastOp(value, type_index)).result for value in new.args[-3:]]
    for op in list(old.ops):
        op.detach()
        new.add_op(op)
    conversion = _Conversion(new, workgroup, views, builtins)
    conversion.convert(replacement)
    replacement.arg_attrs = ArrayAttr([*_argument_attributes(kernel, conversion), *[DictionaryAttr({})] * 3])
    kernel.detach()
    kernel.erase()


def _convert_builtin(function: intrinsic.FuncOp, builtins: Mapping[str, FunctionType]) -> None:
    """Give a built-in function pointers for its buffers, in place."""
    block = function.body.blocks[0]
    views: dict[SSAValue, _View] = {}
    buffers = [argument for argument in block.args if is_memref(argument.type)]
    for buffer in buffers:
        _check_buffer(buffer, function)
    for buffer in buffers:
        pointer = block.insert_arg(_pointer_type(memref_type(buffer)), buffer.index)
        pointer.name_hint = buffer.name_hint
        views[buffer] = _View(pointer, (), 0, _static_strides(buffer))
    _Conversion(block, (), views, builtins).convert(function)
    for buffer in buffers:
        block.erase_arg(buffer)
    outputs = function.function_type.outputs
    function.properties["function_type"] = FunctionType.from_attrs(ArrayAttr(block.arg_types), outputs)


def _check_buffer(argument: BlockArgument, function: intrinsic.FuncOp) -> None:
    buffer = memref_type(argument)
    if not isinstance(buffer.memory_space, MemoryAttr) or None in element_strides(argument):
        raise CompileError(
            f"argument {argument.index} of '@{function.sym_name.data}' is a buffer with static strides"
            f" in a memory such as #hal.memory<device>, got {buffer}",
            op=function,
            pass_name=ConvertMemrefToLlvmPass.name,
        )


def _pointer_type(buffer: MemRefType[Attribute]) -> llvm.LLVMPointerType:
    assert isinstance(buffer.memory_space, MemoryAttr)
    return pointer_type(buffer.memory_space.data)


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


def _form(buffer: MemRefType[Attribute]) -> object:
    """All of a type but where in its memory the buffer starts."""
    return buffer.get_shape(), buffer.element_type, buffer.get_strides(), buffer.memory_space


def _static_strides(value: SSAValue) -> tuple[int, ...]:
    strides = element_strides(value)
    known = tuple(stride for stride in strides if stride is not None)
    assert len(known) == len(strides), "buffers have static strides"
    return known


@dataclass
class _Conversion:
    """The body of a function. `workgroup` are the coordinates of the workgroup, none in a built-in function."""

    entry: Block
    workgroup: Sequence[SSAValue]
    views: dict[SSAValue, _View]
    builtins: Mapping[str, FunctionType]
    replaced: list[Operation] = field(default_factory=list[Operation])
    pointers: dict[tuple[Block, SSAValue, tuple[tuple[Index, Index], ...], Attribute], SSAValue] = field(
        default_factory=dict[tuple[Block, SSAValue, tuple[tuple[Index, Index], ...], Attribute], SSAValue]
    )
    """The moving part of addresses, by block: accesses that differ by a constant share it."""
    read: set[SSAValue] = field(default_factory=set[SSAValue])
    written: set[SSAValue] = field(default_factory=set[SSAValue])
    """Pointers to the buffers that are read and written."""

    def convert(self, function: Operation) -> None:
        for op in [o for o in function.walk() if o is not function]:
            self.op(op)
        for op in reversed(self.replaced):
            op.detach()
            op.erase()

    def op(self, op: Operation) -> None:
        builder = Builder(InsertPoint.before(op))
        match op:
            case memref.AllocOp():
                self._alloc(op)
            case memref.SubviewOp():
                self._subview(builder, op)
            case memref.ReinterpretCastOp():
                view = self.views[op.source]
                strides = mixed(op.static_strides.get_values(), op.strides)
                self.views[op.result] = _View(view.pointer, view.terms, view.constant, tuple(strides))
            case WordsOp():
                whole = self.views[op.source]
                assert not whole.terms
                assert not whole.constant
                self.views[op.result] = _View(whole.pointer, (), 0, _static_strides(op.result))
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
                if not self.workgroup:
                    raise CompileError(
                        "a built-in function has no workgroup",
                        op=op,
                        notes=(Note("pass the coordinate as an argument"),),
                        pass_name=ConvertMemrefToLlvmPass.name,
                    )
                op.coordinate.replace_all_uses_with(self.workgroup[op.dimension.value.data])
            case func.ReturnOp():
                builder.insert(llvm.ReturnOp())
            case intrinsic.CallOp():
                self._pass_buffers(builder, op)
                return
            case _:
                return
        self.replaced.append(op)

    def _pass_buffers(self, builder: Builder, op: intrinsic.CallOp) -> None:
        function_type = self.builtins.get(op.callee.string_value())
        expected = function_type.inputs.data if function_type is not None else ()
        for (index, value), taken in zip(enumerate(op.operands), expected, strict=False):
            if not is_memref(value.type):
                continue
            if not (is_memref(taken) and _form(value.type) == _form(taken)):
                raise CompileError(
                    f"argument {index} of '@{op.callee.string_value()}' is {taken}, got {value.type}",
                    op=op,
                    pass_name=ConvertMemrefToLlvmPass.name,
                )
            view = self.views[value]
            self.read.add(view.pointer)
            self.written.add(view.pointer)
            op.operands[index] = self._pointer(builder, view, element_type(memory_type(value.type)))

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

    def _subview(self, builder: Builder, op: memref.SubviewOp) -> None:
        whole = self.views[op.source]
        steps = mixed(op.static_strides.get_values(), op.strides)
        kept = kept_dimensions(op.static_sizes.get_values(), memref_type(op.result).get_shape())
        strides = [
            index_arithmetic.multiply(builder, whole.strides[dimension], steps[dimension]) if known is None else known
            for dimension, known in zip(kept, element_strides(op.result), strict=True)
        ]
        self.views[op.result] = whole.moved(mixed(op.static_offsets.get_values(), op.offsets), strides)

    def _address(self, builder: Builder, buffer: SSAValue, indices: Sequence[SSAValue], type_: Attribute) -> SSAValue:
        """The pointer to what is read or written as a scalar or vector of a type."""
        view, element = self.views[buffer], element_type(memory_type(type_))
        known = [index_arithmetic.constant_value(index) for index in indices]
        places: list[Index] = [index if value is None else value for index, value in zip(indices, known, strict=True)]
        return self._pointer(builder, view.moved(places, view.strides), element)

    def _pointer(self, builder: Builder, place: _View, element: Attribute) -> SSAValue:
        """The pointer to the first element of a view."""
        pointer = place.pointer
        if place.terms:
            key = (builder.insertion_point.block, pointer, place.terms, element)
            if key not in self.pointers:
                self.pointers[key] = self._moved_pointer(builder, pointer, place.terms, element)
            pointer = self.pointers[key]
        return moved(builder, pointer, place.constant, element)

    def _moved_pointer(
        self, builder: Builder, pointer: SSAValue, terms: tuple[tuple[Index, Index], ...], element: Attribute
    ) -> SSAValue:
        total: Index = 0
        for index, stride in terms:
            total = index_arithmetic.add(builder, total, index_arithmetic.multiply(builder, index, stride))
        elements = builder.insert(arith.IndexCastOp(index_arithmetic.materialize(builder, total), i32)).result
        return moved(builder, pointer, elements, element)
