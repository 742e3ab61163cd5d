"""check-input: refuse at the door what no later pass can compile, all of it at once.

Ensures: every op is one that the input phase or a later one knows; element types are f32, f64, i1, i2, i4, i8, i16,
         i32, i64, index, complex or small floats (f16, bf16, f8); there is a public function; functions have a body of
         one block; public ones take and return scalars and ranked tensors; the step of a loop, where it is a constant,
         is above 0.
Fails:   at the first thing that is not so; a note each names the others, with the number of their occurrences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from xdsl.context import Context
from xdsl.dialects.builtin import (
    ComplexType,
    Float32Type,
    Float64Type,
    IndexType,
    IntegerType,
    MemRefType,
    ModuleOp,
    Signedness,
    TensorType,
    UnrankedTensorType,
    UnregisteredOp,
    f32,
    f64,
)
from xdsl.dialects.func import FuncOp
from xdsl.dialects.scf import ForOp
from xdsl.ir import Attribute, Operation
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from zellige.analysis.constants import constant_value
from zellige.dialects.ml_program import GlobalOp
from zellige.dialects.small_floats import is_small_float
from zellige.dialects.stablehlo.control_flow import CustomCallOp
from zellige.support.diagnostics import place_of
from zellige.support.errors import CompileError, Note

_OPS = MappingProxyType(
    {
        "builtin": "module",
        "func": "func call return",
        "cf": "assert",
        "scf": "if for while condition yield",
        "ml_program": "global global_load global_load_const global_store",
        "tensor": (
            "cast collapse_shape concat dim empty expand_shape extract extract_slice from_elements gather generate "
            "insert insert_slice pad reshape scatter splat yield"
        ),
        "arith": (
            "constant bitcast select cmpi cmpf index_cast addi subi muli divsi divui remsi remui floordivsi ceildivsi "
            "ceildivui andi ori xori shli shrsi shrui maxsi maxui minsi minui addf subf mulf divf remf negf maximumf "
            "minimumf maxnumf minnumf extf truncf extsi extui trunci fptosi fptoui sitofp uitofp"
        ),
        "complex": "constant create im re",
        "math": (
            "absf absi acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh ctlz ctpop cttz erf exp exp2 "
            "expm1 floor fpowi ipowi log log10 log1p log2 powf round roundeven rsqrt sin sinh sqrt tan tanh trunc"
        ),
    }
)
SUPPORTED_OPS = frozenset(f"{dialect}.{name}" for dialect, names in _OPS.items() for name in names.split())
"""All ops of a program that can be compiled, besides those of linalg and linalg_ext, which are all supported."""

INTEGER_WIDTHS = frozenset({1, 2, 4, 8, 16, 32, 64})
"""Widths of signless integers that a program may compute with."""


@dataclass(frozen=True)
class Complaint:
    """Something that is not supported, and what would be."""

    message: str
    hint: str | None = None


_TYPES_HINT = (
    "supported element types are f32, f64, f16, bf16, f8, complex<f32>, complex<f64>, i1, i2, i4, i8, i16, i32, i64 "
    "and index"
)


@dataclass(frozen=True)
class CheckInputPass(ModulePass):
    """Collect everything that is not supported, and raise it as one error."""

    name = "check-input"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        found: dict[Complaint, list[Operation]] = {}
        ops: list[Operation] = [op]
        while ops:
            inner = ops.pop()
            for complaint in _complaints(inner, op):
                found.setdefault(complaint, []).append(inner)
            if _is_known(inner):
                ops.extend(reversed([o for region in inner.regions for block in region.blocks for o in block.ops]))
        if found:
            raise self._error(found)
        if not any(_is_public(inner) for inner in op.ops):
            hint = Note("a function is public unless it says 'private'")
            raise CompileError("the module has no public function", op=op, notes=(hint,), pass_name=self.name)

    def _error(self, found: dict[Complaint, list[Operation]]) -> CompileError:
        first, *others = found.items()
        complaint, ops = first
        hints = dict.fromkeys(complaint.hint for complaint in found if complaint.hint is not None)
        notes = [Note(_counted(message, ops), place_of(ops[0])) for message, ops in others]
        notes += [Note(hint) for hint in hints]
        return CompileError(_counted(complaint, ops), op=ops[0], notes=notes, pass_name=self.name)


def _counted(complaint: Complaint, ops: list[Operation]) -> str:
    return complaint.message if len(ops) == 1 else f"{complaint.message} ({len(ops)} times)"


def _is_known(op: Operation) -> bool:
    """Whether it is an op that can be compiled; what is inside another one does not matter."""
    return op.name in SUPPORTED_OPS or op.dialect_name() in ("linalg", "linalg_ext")


def _complaints(op: Operation, module: ModuleOp) -> Iterator[Complaint]:
    if not _is_known(op):
        name = op.op_name.data if isinstance(op, UnregisteredOp) else op.name
        target = f" of '@{op.call_target_name.data}'" if isinstance(op, CustomCallOp) else ""
        yield Complaint(f"op '{name}'{target} is not supported")
        return
    if isinstance(op, ModuleOp) and op is not module:
        yield Complaint("a module inside a module is not supported")
    if op.parent is module.body.block and not isinstance(op, FuncOp | GlobalOp):
        yield Complaint(f"expected functions in the module, got '{op.name}'")
    if isinstance(op, FuncOp):
        yield from _function_complaints(op)
    if isinstance(op, ForOp) and (step := constant_value(op.step)) is not None and step < 1:
        yield Complaint(f"a loop with step {int(step)} is not supported, expected at least 1")
    arguments = [argument.type for region in op.regions for block in region.blocks for argument in block.args]
    complaints = [_type_complaint(type_) for type_ in (*op.result_types, *arguments)]
    yield from dict.fromkeys(complaint for complaint in complaints if complaint is not None)


def _function_complaints(function: FuncOp) -> Iterator[Complaint]:
    name = function.sym_name.data
    if not function.body.blocks:
        yield Complaint(f"function '@{name}' has no body", "a program is one text: all its functions need bodies")
    elif len(function.body.blocks) > 1:
        hint = "branches and loops are 'scf.if', 'scf.for' and 'scf.while'"
        yield Complaint(f"function '@{name}' has {len(function.body.blocks)} blocks, expected 1", hint)


def _is_public(op: Operation) -> bool:
    return isinstance(op, FuncOp) and (op.sym_visibility is None or op.sym_visibility.data == "public")


def _type_complaint(type_: Attribute) -> Complaint | None:
    if isinstance(type_, UnrankedTensorType):
        return Complaint(f"type {type_} is not supported", "give the tensor its dimensions")
    if isinstance(type_, MemRefType):
        return Complaint(f"type {type_} is not supported", "programs are on tensors, as they are before bufferization")
    element = type_.element_type if isa(type_, TensorType) else type_
    match element:
        case Float32Type() | Float64Type() | IndexType():
            return None
        case _ if is_small_float(element) or element in (ComplexType(f32), ComplexType(f64)):
            return None
        case IntegerType() if element.signedness.data == Signedness.SIGNLESS and element.bitwidth in INTEGER_WIDTHS:
            return None
        case _:
            return Complaint(f"type {element} is not supported yet", _TYPES_HINT)
