"""convert-intrinsic-to-llvm: the portable form of built-in functions, and of code that chooses among them.

Before:  intrinsic.group @vnni versions [1, 2]
         intrinsic.func @sum(%a: !intrinsic.vector<8xf32>) -> f32
             attributes {intrinsic.builtin = #intrinsic.builtin<group @vnni version 1>} { … }
         …
           %y = intrinsic.choice @vnni -> (f32) {
             %s = intrinsic.call @sum(%v) : (!intrinsic.vector<8xf32>) -> f32
             intrinsic.yield %s : f32
           } version 2 { … }
After:   llvm.func @vnni.is_available() -> i32
             attributes {intrinsic.builtin = #intrinsic.builtin<group @vnni version 2>} { return 0 }
         llvm.func @sum(%a: vector<4xf32>, %b: vector<4xf32>) -> f32
             attributes {intrinsic.builtin = #intrinsic.builtin<group @vnni version 1>} { … }
         …
           %n = llvm.call @vnni.is_available() : () -> i32
           %c = arith.cmpi uge, %n, %two : i32
           %y = scf.if %c -> (f32) { … } else {
             %s = llvm.call @sum(%p, %q) : (vector<4xf32>, vector<4xf32>) -> f32
             scf.yield %s : f32
           }

A wide value is the tuple of its 128-bit pieces. A function with several results, or pieces of one, writes them to local
memory that its caller lends it, 16 bytes each.

Requires: no memref is left in kernels and built-in functions (`convert-memref-to-llvm`).
Ensures:  no `intrinsic` op but `intrinsic.template` is left.
Fails:    for a group, version or function that is not declared, a call of other types, and wide values that go through
          ops of other dialects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, llvm, scf
from xdsl.dialects.builtin import Float32Type, Float64Type, IndexType, IntegerAttr, IntegerType, ModuleOp, i8, i32
from xdsl.dialects.llvm import LLVMFunctionType, LLVMPointerType, LLVMVoidType
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects import intrinsic
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.index_arithmetic import type_index
from zellige.dialects.intrinsic import BUILTIN, availability_function
from zellige.dialects.pointers import load, moved, store
from zellige.dialects.shaped_types import is_vector
from zellige.dialects.wide_types import PORTABLE_BITS, is_wide, portable_types
from zellige.support.errors import CompileError, Note
from zellige.support.printing import types_text

PIECE_BYTES = PORTABLE_BITS // 8


class ConvertIntrinsicToLlvmPass(ModulePass):
    """Lower groups to functions that say 0, and what asks them to branches."""

    name = "convert-intrinsic-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        tops = list(op.body.block.ops)
        known = _Declarations(
            groups={o.sym_name.data: o.version_numbers for o in tops if isinstance(o, intrinsic.GroupOp)},
            functions={o.sym_name.data: _Signature.of(o) for o in tops if isinstance(o, intrinsic.FuncOp)},
        )
        for top in tops:
            _check_wide_values(top)
            conversion = _Conversion(known)
            conversion.convert(top)
            match top:
                case intrinsic.GroupOp():
                    _replace(top, _availability(top))
                case intrinsic.FuncOp():
                    _replace(top, _function(top, known))
                case ExecutableOp():
                    for name in conversion.called:
                        Rewriter.insert_op(known.declaration(name), InsertPoint.at_end(top.body.block))
                case _:
                    pass


def _error(message: str, op: Operation, hint: str) -> CompileError:
    return CompileError(message, op=op, notes=(Note(hint),), pass_name=ConvertIntrinsicToLlvmPass.name)


def _replace(op: Operation, replacement: Operation) -> None:
    replacement.location = op.location
    Rewriter.replace_op(op, replacement, [])


def _check_wide_values(top: Operation) -> None:
    for op in top.walk():
        if op.dialect_name() == "intrinsic":
            continue
        arguments = [argument for region in op.regions for block in region.blocks for argument in block.args]
        for value in (*op.operands, *op.results, *arguments):
            if is_wide(value.type):
                raise _error(f"a value of type {value.type} may not go through '{op.name}'", op, "split it before")


@dataclass(frozen=True)
class _Signature:
    """A built-in function as it is called: its types, and those of the llvm function."""

    inputs: tuple[Attribute, ...]
    outputs: tuple[Attribute, ...]
    arguments: tuple[Attribute, ...]
    pieces: tuple[Attribute, ...]

    @staticmethod
    def of(op: intrinsic.FuncOp) -> _Signature:
        inputs, outputs = op.function_type.inputs.data, op.function_type.outputs.data
        for type_ in (*inputs, *outputs):
            if not all(_is_lowered(piece) for piece in portable_types(type_)):
                hint = "arguments may be buffers too; results are scalars and vectors"
                raise _error(f"a built-in function cannot take or return {type_}", op, hint)
        return _Signature(inputs, outputs, _lowered_types(inputs), _lowered_types(outputs))

    @property
    def returns_in_memory(self) -> bool:
        return len(self.pieces) > 1

    @property
    def llvm_type(self) -> LLVMFunctionType:
        if self.returns_in_memory:
            return LLVMFunctionType([LLVMPointerType(), *self.arguments], LLVMVoidType())
        return LLVMFunctionType(self.arguments, self.pieces[0] if self.pieces else LLVMVoidType())


def _is_lowered(type_: Attribute) -> bool:
    if is_vector(type_):
        return type_.get_num_dims() == 1
    return isinstance(type_, IndexType | IntegerType | Float32Type | Float64Type | LLVMPointerType)


def _lowered_types(types: Sequence[Attribute]) -> tuple[Attribute, ...]:
    pieces = (piece for type_ in types for piece in portable_types(type_))
    return tuple(i32 if isinstance(piece, IndexType) else piece for piece in pieces)


@dataclass(frozen=True)
class _Declarations:
    """Groups with their versions, and built-in functions."""

    groups: Mapping[str, tuple[int, ...]]
    functions: Mapping[str, _Signature]

    def check_version(self, group: str, version: int | None, op: Operation) -> None:
        if group not in self.groups:
            hint = f"declare it with 'intrinsic.group @{group} versions […]'"
            raise _error(f"group '@{group}' is not declared", op, hint)
        if version is not None and version not in self.groups[group]:
            versions = ", ".join(map(str, self.groups[group]))
            raise _error(f"expected a version of group '@{group}', got {version}", op, f"it has {versions}")

    def declaration(self, name: str) -> llvm.FuncOp:
        """What an executable says of a function of another object."""
        is_builtin = name in self.functions
        type_ = self.functions[name].llvm_type if is_builtin else LLVMFunctionType([], i32)
        return llvm.FuncOp(name, type_, linkage=llvm.LinkageAttr("external"))


def _availability(group: intrinsic.GroupOp) -> llvm.FuncOp:
    """The function that says which version of a group is replaced: none, until a runtime replaces it itself."""
    block = Block()
    builder = Builder(InsertPoint.at_end(block))
    builder.insert(llvm.ReturnOp(builder.insert(llvm.ConstantOp(IntegerAttr(0, i32), i32)).result))
    name = group.sym_name.data
    return llvm.FuncOp(
        availability_function(name),
        LLVMFunctionType([], i32),
        linkage=llvm.LinkageAttr("external"),
        body=Region(block),
        extra_attrs={BUILTIN: intrinsic.BuiltinAttr(name, group.version_numbers[-1])},
    )


def _function(op: intrinsic.FuncOp, known: _Declarations) -> llvm.FuncOp:
    known.check_version(*op.builtin.place, op)
    return llvm.FuncOp(
        op.sym_name,
        known.functions[op.sym_name.data].llvm_type,
        linkage=llvm.LinkageAttr("external"),
        body=op.detach_region(op.body),
        extra_attrs=op.attributes,
    )


@dataclass
class _Conversion:
    """The ops inside one op of the module. `called` are the functions that they call, in order."""

    known: _Declarations
    called: dict[str, None] = field(default_factory=dict[str, None])
    pieces: dict[SSAValue, Sequence[SSAValue]] = field(default_factory=dict[SSAValue, Sequence[SSAValue]])
    place_of_results: SSAValue | None = None

    def convert(self, top: Operation) -> None:
        ops = [op for op in top.walk(region_first=True) if op is not top and op.dialect_name() == "intrinsic"]
        old_arguments = self._convert_arguments(top) if isinstance(top, intrinsic.FuncOp) else ()
        for op in ops:
            self._convert(op)
        for op in reversed(ops):
            Rewriter.erase_op(op)
        for argument in old_arguments:
            argument.block.erase_arg(argument)

    def _convert_arguments(self, function: intrinsic.FuncOp) -> tuple[BlockArgument, ...]:
        """Give the body the arguments of the llvm function. Returns the old ones, which its ops still use."""
        signature = self.known.functions[function.sym_name.data]
        block = function.body.blocks[0]
        old = tuple(block.args)
        builder = Builder(InsertPoint.at_start(block))
        if signature.returns_in_memory:
            self.place_of_results = block.insert_arg(LLVMPointerType(), len(block.args))
            self.place_of_results.name_hint = "results"
        for argument in old:
            lowered = _lowered_types([argument.type])
            pieces = [block.insert_arg(type_, len(block.args)) for type_ in lowered]
            for piece in pieces:
                piece.name_hint = argument.name_hint
            self._define(builder, argument, pieces)
        return old

    def _define(self, builder: Builder, value: SSAValue, pieces: Sequence[SSAValue]) -> None:
        """Let lowered values stand for `value`."""
        if is_wide(value.type):
            self.pieces[value] = pieces
            return
        (piece,) = pieces
        if isinstance(value.type, IndexType) and piece.type == i32:
            piece = builder.insert(arith.IndexCastOp(piece, type_index)).result
        if piece.name_hint is None:
            piece.name_hint = value.name_hint
        value.replace_all_uses_with(piece)

    def _define_all(self, builder: Builder, values: Sequence[SSAValue], pieces: Sequence[SSAValue]) -> None:
        start = 0
        for value in values:
            end = start + len(portable_types(value.type))
            self._define(builder, value, pieces[start:end])
            start = end

    def _flat(self, values: Sequence[SSAValue]) -> list[SSAValue]:
        return [piece for value in values for piece in self.pieces.get(value, (value,))]

    def _lowered(self, builder: Builder, values: Sequence[SSAValue]) -> list[SSAValue]:
        """Pieces as functions take and return them."""
        return [
            builder.insert(arith.IndexCastOp(piece, i32)).result if isinstance(piece.type, IndexType) else piece
            for piece in self._flat(values)
        ]

    def _convert(self, op: Operation) -> None:
        """Put what replaces the op before it."""
        builder = Builder(InsertPoint.before(op))
        match op:
            case intrinsic.JoinOp():
                self.pieces[op.result] = op.pieces
            case intrinsic.SplitOp():
                for old, piece in zip(op.pieces, self.pieces[op.value], strict=True):
                    old.replace_all_uses_with(piece)
            case intrinsic.CallOp():
                self._call(op, builder)
            case intrinsic.IsAvailableOp():
                version = None if op.version is None else op.version.value.data
                op.result.replace_all_uses_with(self._is_available(builder, op.group.string_value(), version, op))
            case intrinsic.ChoiceOp():
                self._choose(op, builder)
            case intrinsic.YieldOp():
                builder.insert(scf.YieldOp(*self._flat(op.arguments))).location = op.location
            case intrinsic.ReturnOp():
                self._return(op, builder)
            case _:
                pass

    def _call(self, op: intrinsic.CallOp, builder: Builder) -> None:
        name = op.callee.string_value()
        signature = self.known.functions.get(name)
        if signature is None:
            raise _error(f"there is no built-in function '@{name}'", op, "an 'intrinsic.func' is called by its name")
        for what, got, expected in (
            ("takes", op.arguments.types, signature.inputs),
            ("returns", op.outputs.types, signature.outputs),
        ):
            if tuple(got) != expected:
                raise _error(f"the call has types {types_text(got)}", op, f"'@{name}' {what} {types_text(expected)}")
        self.called[name] = None
        arguments = self._lowered(builder, op.arguments)
        if signature.returns_in_memory:
            results = self._call_through_memory(builder, op, signature, arguments)
        else:
            result_type = signature.pieces[0] if signature.pieces else None
            call = builder.insert(llvm.CallOp(name, *arguments, return_type=result_type))
            call.location = op.location
            results = call.results
        self._define_all(builder, op.outputs, results)

    def _call_through_memory(
        self, builder: Builder, op: intrinsic.CallOp, signature: _Signature, arguments: Sequence[SSAValue]
    ) -> list[SSAValue]:
        entry = Builder(InsertPoint.at_start(_entry_block(op)))
        one = entry.insert(llvm.ConstantOp(IntegerAttr(1, i32), i32)).result
        area = llvm.LLVMArrayType(PIECE_BYTES * len(signature.pieces), i8)
        place = entry.insert(llvm.AllocaOp(one, area, alignment=PIECE_BYTES)).res
        builder.insert(llvm.CallOp(op.callee, place, *arguments)).location = op.location
        return [
            load(builder, moved(builder, place, PIECE_BYTES * number), type_)
            for number, type_ in enumerate(signature.pieces)
        ]

    def _return(self, op: intrinsic.ReturnOp, builder: Builder) -> None:
        pieces = self._lowered(builder, op.arguments)
        if self.place_of_results is not None:
            for number, piece in enumerate(pieces):
                store(builder, moved(builder, self.place_of_results, PIECE_BYTES * number), piece)
            pieces = []
        builder.insert(llvm.ReturnOp(*pieces)).location = op.location

    def _is_available(self, builder: Builder, group: str, version: int | None, op: Operation) -> SSAValue:
        """Whether the runtime replaces functions of a version of a group; without one, of any."""
        self.known.check_version(group, version, op)
        name = availability_function(group)
        self.called[name] = None
        newest = builder.insert(llvm.CallOp(name, return_type=i32)).returned
        assert newest is not None
        least = builder.insert(arith.ConstantOp(IntegerAttr(version or 1, i32))).result
        return builder.insert(arith.CmpiOp(newest, least, "uge")).result

    def _choose(self, op: intrinsic.ChoiceOp, builder: Builder) -> None:
        """Ask for the newest version first; the default is what is left."""
        types = [piece for output in op.outputs for piece in portable_types(output.type)]
        otherwise, *regions = [op.detach_region(region) for region in list(op.regions)]
        *older, (newest, region) = zip(op.version_numbers, regions, strict=True)
        for version, its_region in older:
            block = Block()
            inner = Builder(InsertPoint.at_end(block))
            inner.insert(scf.YieldOp(*self._branch(inner, op, version, types, its_region, otherwise)))
            otherwise = Region(block)
        self._define_all(builder, op.outputs, self._branch(builder, op, newest, types, region, otherwise))

    def _branch(
        self,
        builder: Builder,
        op: intrinsic.ChoiceOp,
        version: int,
        types: Sequence[Attribute],
        region: Region,
        otherwise: Region,
    ) -> Sequence[SSAValue]:
        is_available = self._is_available(builder, op.group.string_value(), version, op)
        branch = builder.insert(scf.IfOp(is_available, types, region, otherwise))
        branch.location = op.location
        return branch.results


def _entry_block(op: Operation) -> Block:
    """The first block of the function around `op`."""
    function = op.parent_op()
    while not isinstance(function, llvm.FuncOp | intrinsic.FuncOp):
        assert function is not None
        function = function.parent_op()
    return function.body.blocks[0]
