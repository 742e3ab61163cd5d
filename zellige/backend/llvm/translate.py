"""The llvm dialect as LLVM IR text.

One `llvm` op is one line of LLVM IR; constants stand where they are used. Block arguments become phis. xDSL's own
translation builds llvmlite objects and knows half of the operations that kernels use.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from xdsl.dialects import llvm
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntAttr,
    IntegerAttr,
    IntegerType,
    VectorType,
)
from xdsl.ir import Attribute, Block, Operation, SSAValue

from zellige.dialects.llvm import (
    AtomicLoadOp,
    AtomicRMWOp,
    ExtractElementOp,
    FCmpOp,
    SelectOp,
)
from zellige.dialects.shaped_types import is_vector
from zellige.support.errors import CompileError

BINARY = {
    "llvm.add": "add",
    "llvm.sub": "sub",
    "llvm.mul": "mul",
    "llvm.udiv": "udiv",
    "llvm.sdiv": "sdiv",
    "llvm.urem": "urem",
    "llvm.srem": "srem",
    "llvm.and": "and",
    "llvm.or": "or",
    "llvm.xor": "xor",
    "llvm.shl": "shl",
    "llvm.lshr": "lshr",
    "llvm.ashr": "ashr",
    "llvm.fadd": "fadd",
    "llvm.fsub": "fsub",
    "llvm.fmul": "fmul",
    "llvm.fdiv": "fdiv",
    "llvm.frem": "frem",
}

CASTS = {
    "llvm.trunc": "trunc",
    "llvm.zext": "zext",
    "llvm.sext": "sext",
    "llvm.bitcast": "bitcast",
    "llvm.fpext": "fpext",
    "llvm.fptrunc": "fptrunc",
    "llvm.sitofp": "sitofp",
    "llvm.uitofp": "uitofp",
    "llvm.inttoptr": "inttoptr",
    "llvm.ptrtoint": "ptrtoint",
}

LINKAGES = ("internal", "weak")
"""Those that are written; the others are LLVM's default."""

ARGUMENT_FLAGS = {"llvm.noalias": "noalias", "llvm.noundef": "noundef", "llvm.nonnull": "nonnull"}


def type_text(value_type: Attribute) -> str:
    """A type in LLVM's spelling."""
    match value_type:
        case IntegerType():
            return f"i{value_type.bitwidth}"
        case Float32Type():
            return "float"
        case Float64Type():
            return "double"
        case VectorType():
            (lanes,) = value_type.get_shape()
            return f"<{lanes} x {type_text(value_type.element_type)}>"
        case llvm.LLVMPointerType():
            space = value_type.addr_space
            return f"ptr addrspace({space.data})" if isinstance(space, IntAttr) else "ptr"
        case llvm.LLVMArrayType():
            return f"[{value_type.size.data} x {type_text(value_type.type)}]"
        case llvm.LLVMVoidType():
            return "void"
        case _:
            raise CompileError(f"type '{value_type}' has no counterpart in LLVM IR")


def _float_text(value: float) -> str:
    """A float as the bits of the double of the same value, which LLVM reads back exactly."""
    if math.isnan(value):
        return "0x7FF8000000000000"
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


def _number_text(value: float, element: Attribute) -> str:
    if element == IntegerType(1):
        return "true" if value else "false"
    return _float_text(value) if isinstance(value, float) else str(value)


def _constant_text(value: Attribute, value_type: Attribute) -> str:
    match value:
        case IntegerAttr():
            return _number_text(value.value.data, value_type)
        case FloatAttr():
            return _float_text(value.value.data)
        case DenseIntOrFPElementsAttr():
            assert is_vector(value_type)
            element = value_type.element_type
            numbers = cast("list[float]", list(value.get_values()))
            lanes = value_type.get_shape()[0]
            numbers = numbers * lanes if len(numbers) == 1 else numbers
            texts = [_number_text(number, element) for number in numbers]
            return "<" + ", ".join(f"{type_text(element)} {text}" for text in texts) + ">"
        case _:
            raise CompileError(f"constant '{value}' has no counterpart in LLVM IR")


@dataclass
class _Function:
    """Translation of one function: names of values and blocks, and the lines so far."""

    names: dict[SSAValue, str] = field(default_factory=dict[SSAValue, str])
    blocks: dict[Block, str] = field(default_factory=dict[Block, str])
    lines: list[str] = field(default_factory=list[str])
    intrinsics: dict[str, str] = field(default_factory=dict[str, str])

    def name(self, value: SSAValue) -> str:
        return self.names[value]

    def typed(self, value: SSAValue) -> str:
        return f"{type_text(value.type)} {self.names[value]}"

    def define(self, op: Operation, text: str) -> None:
        """A line that computes the only result of `op`."""
        self.names[op.results[0]] = f"%v{len(self.names)}"
        self.lines.append(f"  {self.names[op.results[0]]} = {text}")

    def function(self, op: llvm.FuncOp) -> None:
        blocks = list(op.body.blocks)
        for number, block in enumerate(blocks):
            self.blocks[block] = f"b{number}"
            for argument in block.args:
                self.names[argument] = f"%v{len(self.names)}"
        incoming = _incoming(blocks)
        bodies: list[list[str]] = []
        for block in blocks:
            self.lines = []
            for inner in block.ops:
                self.op(inner)
            bodies.append(self.lines)
        self.lines = []
        for block, body in zip(blocks, bodies, strict=True):
            phis = self._phis(block, incoming.get(block, [])) if block is not blocks[0] else ()
            self.lines += [f"{self.blocks[block]}:", *phis, *body]

    def _phis(self, block: Block, sources: Sequence[tuple[Block, Sequence[SSAValue]]]) -> Iterable[str]:
        for number, argument in enumerate(block.args):
            values = ", ".join(f"[ {self.names[args[number]]}, %{self.blocks[origin]} ]" for origin, args in sources)
            yield f"  {self.names[argument]} = phi {type_text(argument.type)} {values}"

    def op(self, op: Operation) -> None:
        if op.name in BINARY:
            self.define(op, f"{BINARY[op.name]}{_flags(op)} {self.typed(op.operands[0])}, {self.name(op.operands[1])}")
        elif op.name in CASTS:
            self.define(op, f"{CASTS[op.name]} {self.typed(op.operands[0])} to {type_text(op.results[0].type)}")
        elif op.name in _TRANSLATORS:
            _TRANSLATORS[op.name](self, op)
        else:
            raise CompileError(f"'{op.name}' has no counterpart in LLVM IR", op=op)


def _flags(op: Operation) -> str:
    match op:
        case llvm.ArithmeticBinOpOverflow() if op.overflowFlags:
            words = llvm.OverflowAttr.from_int(op.overflowFlags.value.data).data
        case llvm.AbstractFloatArithOp() if op.fastmathFlags:
            words = op.fastmathFlags.data
        case _:
            return ""
    return "".join(f" {word.value}" for word in words)


def _incoming(blocks: Iterable[Block]) -> dict[Block, list[tuple[Block, Sequence[SSAValue]]]]:
    """For each block the blocks that branch to it, with the values they pass."""
    sources: dict[Block, list[tuple[Block, Sequence[SSAValue]]]] = {}
    for block in blocks:
        match block.last_op:
            case llvm.BrOp() as branch:
                sources.setdefault(branch.successor, []).append((block, branch.arguments))
            case llvm.CondBrOp() as branch:
                sources.setdefault(branch.then_block, []).append((block, branch.then_arguments))
                sources.setdefault(branch.else_block, []).append((block, branch.else_arguments))
            case _:
                pass
    return sources


Translator = Callable[[_Function, Operation], None]


def _constant(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.ConstantOp)
    f.names[op.result] = _constant_text(op.value, op.result.type)


def _undef(f: _Function, op: Operation) -> None:
    f.names[op.results[0]] = "poison"


def _zero(f: _Function, op: Operation) -> None:
    f.names[op.results[0]] = "null" if isinstance(op.results[0].type, llvm.LLVMPointerType) else "zeroinitializer"


def _address_of(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.AddressOfOp)
    f.names[op.result] = f"@{op.global_name.root_reference.data}"


def _integer_comparison(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.ICmpOp)
    word = llvm.ICmpPredicateFlag.from_int(op.predicate.value.data).value
    f.define(op, f"icmp {word} {f.typed(op.lhs)}, {f.name(op.rhs)}")


def _float_comparison(f: _Function, op: Operation) -> None:
    assert isinstance(op, FCmpOp)
    f.define(op, f"fcmp {op.predicate_word} {f.typed(op.lhs)}, {f.name(op.rhs)}")


def _select(f: _Function, op: Operation) -> None:
    assert isinstance(op, SelectOp)
    f.define(op, f"select {f.typed(op.cond)}, {f.typed(op.lhs)}, {f.typed(op.rhs)}")


def _negate(f: _Function, op: Operation) -> None:
    f.define(op, f"fneg {f.typed(op.operands[0])}")


def _load(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.LoadOp)
    align = f", align {op.alignment.value.data}" if op.alignment is not None else ""
    f.define(op, f"load {type_text(op.dereferenced_value.type)}, {f.typed(op.ptr)}{align}")


def _store(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.StoreOp)
    align = f", align {op.alignment.value.data}" if op.alignment is not None else ""
    f.lines.append(f"  store {f.typed(op.value)}, {f.typed(op.ptr)}{align}")


def _atomic_load(f: _Function, op: Operation) -> None:
    assert isinstance(op, AtomicLoadOp)
    f.define(op, f"load atomic {type_text(op.res.type)}, {f.typed(op.ptr)} seq_cst, align {op.alignment.value.data}")


def _atomic_rmw(f: _Function, op: Operation) -> None:
    assert isinstance(op, AtomicRMWOp)
    f.define(op, f"atomicrmw {op.bin_op.data} {f.typed(op.ptr)}, {f.typed(op.val)} seq_cst")


def _alloca(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.AllocaOp)
    align = f", align {op.alignment.value.data}" if op.alignment is not None else ""
    f.define(op, f"alloca {type_text(op.elem_type)}, {f.typed(op.size)}{align}")


def _address(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.GEPOp)
    dynamic = iter(op.ssa_indices)
    indices = [
        f.typed(next(dynamic)) if index == llvm.GEP_USE_SSA_VAL else f"i32 {index}"
        for index in op.rawConstantIndices.iter_values()
    ]
    inbounds = " inbounds" if op.inbounds is not None else ""
    f.define(op, f"getelementptr{inbounds} {type_text(op.elem_type)}, {f.typed(op.ptr)}, {', '.join(indices)}")


def _insert_element(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.InsertElementOp)
    f.define(op, f"insertelement {f.typed(op.vector)}, {f.typed(op.value)}, {f.typed(op.index)}")


def _extract_element(f: _Function, op: Operation) -> None:
    assert isinstance(op, ExtractElementOp)
    f.define(op, f"extractelement {f.typed(op.vector)}, {f.typed(op.position)}")


def _shuffle(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.ShuffleVectorOp)
    lanes = [f"i32 {lane}" for lane in op.mask.iter_values()]
    f.define(op, f"shufflevector {f.typed(op.v1)}, {f.typed(op.v2)}, <{len(lanes)} x i32> <{', '.join(lanes)}>")


def _call_intrinsic(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.CallIntrinsicOp)
    result = type_text(op.ress.type) if op.ress is not None else "void"
    name = op.intrin.data
    f.intrinsics[name] = f"declare {result} @{name}({', '.join(type_text(arg.type) for arg in op.args)})"
    text = f"call {result} @{name}({', '.join(f.typed(arg) for arg in op.args)})"
    if op.ress is None:
        f.lines.append(f"  {text}")
    else:
        f.define(op, text)


def _call(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.CallOp)
    assert op.callee is not None, "calls are direct"
    result = type_text(op.returned.type) if op.returned is not None else "void"
    text = f"call {result} @{op.callee.string_value()}({', '.join(f.typed(arg) for arg in op.args)})"
    if op.returned is None:
        f.lines.append(f"  {text}")
    else:
        f.define(op, text)


def _branch(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.BrOp)
    f.lines.append(f"  br label %{f.blocks[op.successor]}")


def _conditional_branch(f: _Function, op: Operation) -> None:
    assert isinstance(op, llvm.CondBrOp)
    f.lines.append(f"  br {f.typed(op.cond)}, label %{f.blocks[op.then_block]}, label %{f.blocks[op.else_block]}")


def _return(f: _Function, op: Operation) -> None:
    f.lines.append(f"  ret {f.typed(op.operands[0])}" if op.operands else "  ret void")


def _unreachable(f: _Function, op: Operation) -> None:
    f.lines.append("  unreachable")


_TRANSLATORS: dict[str, Translator] = {
    "llvm.mlir.constant": _constant,
    "llvm.mlir.undef": _undef,
    "llvm.mlir.zero": _zero,
    "llvm.mlir.addressof": _address_of,
    "llvm.icmp": _integer_comparison,
    "llvm.fcmp": _float_comparison,
    "llvm.select": _select,
    "llvm.fneg": _negate,
    "llvm.load": _load,
    "llvm.store": _store,
    "llvm.atomic_load": _atomic_load,
    "llvm.atomicrmw": _atomic_rmw,
    "llvm.alloca": _alloca,
    "llvm.getelementptr": _address,
    "llvm.insertelement": _insert_element,
    "llvm.extractelement": _extract_element,
    "llvm.shufflevector": _shuffle,
    "llvm.call_intrinsic": _call_intrinsic,
    "llvm.call": _call,
    "llvm.br": _branch,
    "llvm.cond_br": _conditional_branch,
    "llvm.return": _return,
    "llvm.unreachable": _unreachable,
}


def translate(ops: Sequence[Operation], declared: Sequence[llvm.FuncOp] = ()) -> str:
    """LLVM IR of functions and globals. `declared` are functions of other objects."""
    texts = [_declaration_text(op) for op in declared]
    intrinsics: dict[str, str] = {}
    for op in ops:
        match op:
            case llvm.FuncOp():
                function = _Function()
                texts.append(_function_text(op, function))
                intrinsics |= function.intrinsics
            case llvm.GlobalOp() if op.value is None:
                texts.append(f"@{op.sym_name.data} = external global {type_text(op.global_type)}")
            case _:
                raise CompileError(f"'{op.name}' has no counterpart in LLVM IR", op=op)
    return "\n".join([*texts, *intrinsics.values(), ""])


def _declaration_text(op: llvm.FuncOp) -> str:
    arguments = ", ".join(type_text(argument) for argument in op.function_type.inputs)
    return f"declare {type_text(op.function_type.output)} @{op.sym_name.data}({arguments})"


def _function_text(op: llvm.FuncOp, function: _Function) -> str:
    if not op.body.blocks:
        return _declaration_text(op)
    result = type_text(op.function_type.output)
    function.function(op)
    attributes = op.arg_attrs.data if op.arg_attrs is not None else [DictionaryAttr({})] * len(op.body.blocks[0].args)
    arguments = ", ".join(
        " ".join([type_text(argument.type), *_argument_flags(attribute), function.names[argument]])
        for argument, attribute in zip(op.body.blocks[0].args, attributes, strict=True)
    )
    word = op.linkage.linkage.data
    linkage = f"{word} " if word in LINKAGES else ""
    # A kernel is called from its entry point here and from program functions elsewhere: one copy serves all.
    head = f'define {linkage}{result} @{op.sym_name.data}({arguments}) noinline nounwind "no-builtins" {{'
    return "\n".join([head, *function.lines, "}"])


def _argument_flags(attributes: DictionaryAttr) -> list[str]:
    return [word for name, word in ARGUMENT_FLAGS.items() if name in attributes.data]
