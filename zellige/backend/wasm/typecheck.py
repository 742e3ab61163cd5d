"""Types of one function's body, by the algorithm in the appendix of the WebAssembly specification.

The types of most instructions are in the opcode table; a method each has the ones that depend on more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from zellige.backend.wasm.errors import InvalidModuleError
from zellige.backend.wasm.instructions import MAX_LOCALS, Immediate, Instruction, instructions, local_declarations
from zellige.backend.wasm.types import REFERENCE_TYPES, FunctionType, GlobalType, MemArg, TableType

ValueTypes = tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """The index spaces that a body refers to.

    `data_count` is None without the section; `declared` are the functions that `ref.func` may name.
    """

    types: Sequence[FunctionType]
    functions: Sequence[FunctionType]
    tables: Sequence[TableType]
    memories: int
    globals: Sequence[GlobalType]
    elements: Sequence[str]
    data_count: int | None
    declared: frozenset[int]


@dataclass(slots=True)
class _Frame:
    """An open block. Behind an instruction that does not return, operands are of any type."""

    name: str
    params: ValueTypes
    results: ValueTypes
    height: int
    is_unreachable: bool = False

    @property
    def label_types(self) -> ValueTypes:
        return self.params if self.name == "loop" else self.results


class _Mismatch(Exception):
    """Why the current instruction does not type-check."""


def check_body(context: Context, function: int, function_type: FunctionType, body: bytes) -> None:
    """Raises `InvalidModuleError` with the function and the offset, or `WasmFormatError` for malformed bytes."""
    offset = 0
    try:
        declared, start = local_declarations(body)
        local_types = [*function_type.params]
        for count, value_type in declared:
            local_types += [value_type] * count
        if len(local_types) > MAX_LOCALS:
            raise _Mismatch(f"expected at most {MAX_LOCALS} locals, got {len(local_types)}")
        checker = _Checker(context, function_type, local_types)
        for instruction in instructions(body, start):
            offset = instruction.offset
            checker.check(instruction)
        offset = len(body)
        if checker.frames:
            raise _Mismatch("unexpected end of the body inside a block")
    except _Mismatch as cause:
        raise InvalidModuleError(str(cause), function=function, offset=offset) from None


class _Checker:
    """The operand stack (None is a value of any type) and the open blocks."""

    def __init__(self, context: Context, function_type: FunctionType, local_types: Sequence[str]) -> None:
        self.context = context
        self.results = function_type.results
        self.local_types = local_types
        self.operands: list[str | None] = []
        self.frames: list[_Frame] = [_Frame("function", (), function_type.results, 0)]

    def check(self, instruction: Instruction) -> None:
        if not self.frames:
            raise _Mismatch(f"'{instruction.name}' is behind the end of the function")
        opcode = instruction.opcode
        if opcode.immediates:
            for kind, value in zip(opcode.immediates, instruction.immediates, strict=True):
                if kind in _CHECK_IMMEDIATE:
                    _CHECK_IMMEDIATE[kind](self, instruction, value)
        if opcode.params is None or opcode.results is None:
            _CHECK[opcode.name](self, instruction)
        else:
            self.pop_all(opcode.params)
            self.operands += opcode.results

    def pop(self, expected: str | None = None) -> str | None:
        """Take one operand of the expected type, or of any."""
        frame = self.frames[-1]
        if len(self.operands) == frame.height:
            if frame.is_unreachable:
                return expected
            raise _Mismatch(f"expected {expected or 'an operand'}, got nothing")
        actual = self.operands.pop()
        if actual != expected and actual is not None and expected is not None:
            raise _Mismatch(f"expected {expected}, got {actual}")
        return expected if actual is None else actual

    def pop_all(self, expected: ValueTypes) -> list[str | None]:
        """Take operands, the last one first; returns them in their order."""
        taken = [self.pop(value_type) for value_type in reversed(expected)]
        taken.reverse()
        return taken

    def pop_reference(self) -> None:
        actual = self.pop()
        if actual is not None and actual not in REFERENCE_TYPES:
            raise _Mismatch(f"expected a reference, got {actual}")

    def stop(self) -> None:
        """What follows in this block is not reached."""
        frame = self.frames[-1]
        del self.operands[frame.height :]
        frame.is_unreachable = True

    def open(self, name: str, params: ValueTypes, results: ValueTypes) -> None:
        self.frames.append(_Frame(name, params, results, len(self.operands)))
        self.operands += params

    def close(self) -> _Frame:
        frame = self.frames[-1]
        self.pop_all(frame.results)
        if len(self.operands) != frame.height:
            raise _Mismatch(f"{len(self.operands) - frame.height} operands are left at the end of a block")
        return self.frames.pop()

    def label(self, depth: Immediate) -> ValueTypes:
        assert isinstance(depth, int)
        if depth >= len(self.frames):
            raise _Mismatch(f"label {depth} does not exist, {len(self.frames)} are open")
        return self.frames[-1 - depth].label_types

    def call(self, callee: FunctionType) -> None:
        self.pop_all(callee.params)
        self.operands += callee.results

    def tail_call(self, callee: FunctionType) -> None:
        if callee.results != self.results:
            raise _Mismatch(f"a tail call gives {callee.results}, the function {self.results}")
        self.pop_all(callee.params)
        self.stop()


def _index(i: Instruction, position: int = 0) -> int:
    value = i.immediates[position]
    assert isinstance(value, int)
    return value


def _open_block(c: _Checker, i: Instruction) -> None:
    match i.immediates[0]:
        case None:
            params, results = (), ()
        case int(index):
            if index >= len(c.context.types):
                raise _Mismatch(f"type {index} does not exist")
            block_type = c.context.types[index]
            params, results = block_type.params, block_type.results
        case result:
            assert isinstance(result, str)
            params, results = (), (result,)
    if i.name == "if":
        c.pop("i32")
    c.pop_all(params)
    c.open(i.name, params, results)


def _else(c: _Checker, _: Instruction) -> None:
    if c.frames[-1].name != "if":
        raise _Mismatch("'else' without 'if'")
    frame = c.close()
    c.open("else", frame.params, frame.results)


def _end(c: _Checker, _: Instruction) -> None:
    frame = c.close()
    if frame.name == "if" and frame.params != frame.results:
        raise _Mismatch("an 'if' with results needs an 'else'")
    c.operands += frame.results


def _unreachable(c: _Checker, _: Instruction) -> None:
    c.stop()


def _nop(_: _Checker, __: Instruction) -> None:
    """Nothing to check."""


def _br(c: _Checker, i: Instruction) -> None:
    c.pop_all(c.label(i.immediates[0]))
    c.stop()


def _br_if(c: _Checker, i: Instruction) -> None:
    c.pop("i32")
    types = c.label(i.immediates[0])
    c.pop_all(types)
    c.operands += types


def _br_table(c: _Checker, i: Instruction) -> None:
    c.pop("i32")
    labels = i.immediates[0]
    assert isinstance(labels, tuple)
    arity = len(c.label(labels[-1]))
    for depth in set(labels):
        types = c.label(depth)
        if len(types) != arity:
            raise _Mismatch(f"labels of 'br_table' take {len(types)} and {arity} operands")
        c.operands += c.pop_all(types)
    c.stop()


def _return(c: _Checker, _: Instruction) -> None:
    c.pop_all(c.results)
    c.stop()


def _call(c: _Checker, i: Instruction) -> None:
    c.call(c.context.functions[_index(i)])


def _return_call(c: _Checker, i: Instruction) -> None:
    c.tail_call(c.context.functions[_index(i)])


def _indirect_callee(c: _Checker, i: Instruction) -> FunctionType:
    element = c.context.tables[_index(i, 1)].element
    if element != "funcref":
        raise _Mismatch(f"an indirect call needs a table of funcref, got {element}")
    c.pop("i32")
    return c.context.types[_index(i)]


def _call_indirect(c: _Checker, i: Instruction) -> None:
    c.call(_indirect_callee(c, i))


def _return_call_indirect(c: _Checker, i: Instruction) -> None:
    c.tail_call(_indirect_callee(c, i))


def _drop(c: _Checker, _: Instruction) -> None:
    c.pop()


def _select(c: _Checker, _: Instruction) -> None:
    c.pop("i32")
    first = c.pop()
    second = c.pop(first)
    if first in REFERENCE_TYPES or second in REFERENCE_TYPES:
        raise _Mismatch("'select' of references must say its type")
    c.operands.append(second)


def _select_t(c: _Checker, i: Instruction) -> None:
    types = i.immediates[0]
    assert isinstance(types, tuple)
    if len(types) != 1:
        raise _Mismatch(f"'select' gives one value, got {len(types)}")
    value_type = str(types[0])
    c.pop_all((value_type, value_type, "i32"))
    c.operands.append(value_type)


def _local_get(c: _Checker, i: Instruction) -> None:
    c.operands.append(c.local_types[_index(i)])


def _local_set(c: _Checker, i: Instruction) -> None:
    c.pop(c.local_types[_index(i)])


def _local_tee(c: _Checker, i: Instruction) -> None:
    value_type = c.local_types[_index(i)]
    c.pop(value_type)
    c.operands.append(value_type)


def _global_get(c: _Checker, i: Instruction) -> None:
    c.operands.append(c.context.globals[_index(i)].value_type)


def _global_set(c: _Checker, i: Instruction) -> None:
    variable = c.context.globals[_index(i)]
    if not variable.mutable:
        raise _Mismatch(f"global {_index(i)} is constant")
    c.pop(variable.value_type)


def _table_operation(c: _Checker, i: Instruction) -> None:
    element = c.context.tables[_index(i)].element
    params, results = {
        "table.get": (("i32",), (element,)),
        "table.set": (("i32", element), ()),
        "table.grow": ((element, "i32"), ("i32",)),
        "table.size": ((), ("i32",)),
        "table.fill": (("i32", element, "i32"), ()),
    }[i.name]
    c.pop_all(params)
    c.operands += results


def _table_copy(c: _Checker, i: Instruction) -> None:
    to, source = c.context.tables[_index(i)].element, c.context.tables[_index(i, 1)].element
    if to != source:
        raise _Mismatch(f"a table of {to} cannot hold {source}")
    c.pop_all(("i32", "i32", "i32"))


def _ref_null(c: _Checker, i: Instruction) -> None:
    c.operands.append(str(i.immediates[0]))


def _ref_is_null(c: _Checker, _: Instruction) -> None:
    c.pop_reference()
    c.operands.append("i32")


def _ref_func(c: _Checker, i: Instruction) -> None:
    if _index(i) not in c.context.declared:
        raise _Mismatch(f"function {_index(i)} is not declared for references")
    c.operands.append("funcref")


_CHECK: Mapping[str, Callable[[_Checker, Instruction], None]] = MappingProxyType(
    {
        **dict.fromkeys(("block", "loop", "if"), _open_block),
        "else": _else,
        "end": _end,
        "unreachable": _unreachable,
        "nop": _nop,
        "br": _br,
        "br_if": _br_if,
        "br_table": _br_table,
        "return": _return,
        "call": _call,
        "call_indirect": _call_indirect,
        "return_call": _return_call,
        "return_call_indirect": _return_call_indirect,
        "drop": _drop,
        "select": _select,
        "select_t": _select_t,
        "local.get": _local_get,
        "local.set": _local_set,
        "local.tee": _local_tee,
        "global.get": _global_get,
        "global.set": _global_set,
        **dict.fromkeys(("table.get", "table.set", "table.grow", "table.size", "table.fill"), _table_operation),
        "table.copy": _table_copy,
        "ref.null": _ref_null,
        "ref.is_null": _ref_is_null,
        "ref.func": _ref_func,
    }
)


def _in_range(what: str, count: Callable[[_Checker], int]) -> Callable[[_Checker, Instruction, Immediate], None]:
    def check(c: _Checker, i: Instruction, value: Immediate) -> None:
        assert isinstance(value, int)
        if value >= count(c):
            raise _Mismatch(f"'{i.name}' names {what} {value}, there are {count(c)}")

    return check


def _check_memarg(c: _Checker, i: Instruction, value: Immediate) -> None:
    assert isinstance(value, MemArg)
    _check_memory(c, i, value.memory)
    natural = i.opcode.alignment
    if value.align > natural or (i.opcode.is_atomic and value.align != natural):
        raise _Mismatch(f"'{i.name}' has alignment 2^{value.align}, its natural one is 2^{natural}")


def _check_lane(_: _Checker, i: Instruction, value: Immediate) -> None:
    assert isinstance(value, int)
    if value >= i.opcode.lanes:
        raise _Mismatch(f"'{i.name}' names lane {value} of {i.opcode.lanes}")


def _check_shuffle(_: _Checker, i: Instruction, value: Immediate) -> None:
    assert isinstance(value, bytes)
    if max(value) >= 32:
        raise _Mismatch(f"'{i.name}' names lane {max(value)} of 32")


def _check_data(c: _Checker, i: Instruction, value: Immediate) -> None:
    assert isinstance(value, int)
    if c.context.data_count is None:
        raise _Mismatch(f"'{i.name}' needs a data count section")
    if value >= c.context.data_count:
        raise _Mismatch(f"'{i.name}' names data segment {value}, there are {c.context.data_count}")


_check_memory = _in_range("memory", lambda c: c.context.memories)

_CHECK_IMMEDIATE: Mapping[str, Callable[[_Checker, Instruction, Immediate], None]] = MappingProxyType(
    {
        "local": _in_range("local", lambda c: len(c.local_types)),
        "global": _in_range("global", lambda c: len(c.context.globals)),
        "function": _in_range("function", lambda c: len(c.context.functions)),
        "type": _in_range("type", lambda c: len(c.context.types)),
        "table": _in_range("table", lambda c: len(c.context.tables)),
        "element": _in_range("element segment", lambda c: len(c.context.elements)),
        "data": _check_data,
        "memory": _check_memory,
        "memarg": _check_memarg,
        "lane": _check_lane,
        "shuffle": _check_shuffle,
    }
)
