"""Built-in functions of a module -> calls of imports that do the same work, where there are such.

    (func $gelu.tile (param i32 i32 i32 i32 i32)           (import "zellige.native" "gelu" (func $native
      …portable body…)                                       (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
                                                           (func $gelu.tile (param i32 i32 i32 i32 i32)
                                                             local.get 0 … local.get 4
                                                             memory.size $device  memory.size $constant
                                                             call $native  if return end
                                                             …portable body…)

The import has the parameters of the function, then the sizes of the device memory and, in profile `full`, of the
constant memory, in pages. It returns 1 when it has done the work, and 0 when the portable body has to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zellige.artifact import CONSTANT_EXPORT, NATIVE_MODULE, Artifact
from zellige.backend.wasm import builtin_section
from zellige.backend.wasm.assemble import constant_i32
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, FUNCTION, IS_AVAILABLE, BuiltinRecord
from zellige.backend.wasm.digest import BodyDigests, memory_kinds
from zellige.backend.wasm.errors import DigestError, SpecializeError, WasmFormatError
from zellige.backend.wasm.function_indices import make_room
from zellige.backend.wasm.instructions import encode, instructions, local_declarations
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import (
    Code,
    CodeSection,
    Export,
    ExportSection,
    FunctionSection,
    Import,
    ImportSection,
    Module,
    Section,
    TypeSection,
)
from zellige.backend.wasm.types import FunctionType
from zellige.backend.wasm.writer import write


def _instruction(name: str, *immediates: int | None) -> bytes:
    return encode(OPCODE_OF_NAME[name], *immediates)


_RETURN_IF_DONE = _instruction("if", None) + _instruction("return") + _instruction("end")
_NO_LOCALS = b"\0"
_UNAVAILABLE = _NO_LOCALS + constant_i32(0)


def builtin_records(module: bytes) -> tuple[BuiltinRecord, ...]:
    """The built-in functions that a module declares. Raises `WasmFormatError` for malformed bytes."""
    return _records(read(module))


def matching(module: bytes) -> tuple[BuiltinRecord, ...]:
    """The built-in functions whose digest agrees with the body that they have: only these may be replaced.

    Raises `WasmFormatError` or `RuntimeTrap` for a module that zellige did not make.
    """
    parsed = read(module)
    records = [record for record in _records(parsed) if record.kind == FUNCTION]
    if not records:
        return ()
    try:
        digests = BodyDigests(parsed, Artifact(module).program.constant_base)
    except DigestError:
        return ()
    return tuple(record for record in records if _agrees(record, digests))


def called_by_exports(module: Module) -> dict[str, tuple[int, ...]]:
    """The functions that each exported function calls, in the order of the calls, none where its body is malformed."""
    return {entry.name: tuple(_calls(module, entry.index)) for entry in module.exports if entry.kind == "function"}


def _calls(module: Module, function: int) -> Iterator[int]:
    position = function - module.imported_functions
    if not 0 <= position < len(module.bodies):
        return
    try:
        found = list(instructions(module.bodies[position].body))
    except WasmFormatError:
        return
    for instruction in found:
        called = instruction.immediates[0] if instruction.name == "call" else None
        if isinstance(called, int):
            yield called


def specialize(module: bytes, chosen: Sequence[int]) -> bytes:
    """The module in which the built-in functions with the indices `chosen` ask their import first.

    The indices are those of records of kind `FUNCTION`. Where one of a group is chosen, the group's `is_available`
    returns its version, the newest of several. In profile `full` the constant memory is exported under
    `zellige.constant`. All else stays as it is, with other function indices where they have to be, so that a valid
    module stays valid.

    Raises `SpecializeError` for a function that cannot be replaced, and `WasmFormatError` for malformed bytes.
    """
    if not chosen:
        return module
    parsed = read(module)
    sizes = _memory_sizes(parsed)
    replaced = tuple(_replaced_functions(parsed, chosen))
    types = list(parsed.types)
    imports: list[Import] = []
    for function in replaced:
        native = FunctionType((*function.type.params, *("i32" for _ in sizes)), ("i32",))
        if native not in types:
            types.append(native)
        imports.append(Import(NATIVE_MODULE, function.record.name, types.index(native)))
    moved = make_room(parsed, len(replaced))
    bodies = [code.body for code in moved.bodies]
    for index, function in enumerate(replaced, parsed.imported_functions):
        bodies[function.position] = _with_call(function, bodies[function.position], index, sizes)
    for position, version in _available_versions(parsed, [function.record for function in replaced]):
        bodies[position] = _NO_LOCALS + constant_i32(version)
    return write(
        _with_sections(
            moved,
            TypeSection(tuple(types)),
            ImportSection((*moved.imports, *imports)),
            ExportSection(tuple(_exports(moved, sizes))),
            CodeSection(tuple(map(Code, bodies))),
        )
    )


def _records(module: Module) -> tuple[BuiltinRecord, ...]:
    section = module.custom(BUILTIN_SECTION)
    return () if section is None else builtin_section.decode(bytes(section.content))


def _agrees(record: BuiltinRecord, digests: BodyDigests) -> bool:
    try:
        return digests.of(record.function_index) == record.digest
    except (DigestError, WasmFormatError):
        return False


@dataclass(frozen=True)
class _Function:
    """A function with a record. `position` is that of its body among the bodies."""

    record: BuiltinRecord
    position: int
    type: FunctionType


def _functions(module: Module) -> Iterator[_Function]:
    """The functions that the module declares as built-in functions, all of which have a body."""
    section = module.find(FunctionSection)
    defined = () if section is None else section.type_indices
    if len(defined) != len(module.bodies):
        raise SpecializeError(f"expected a body for each of {len(defined)} functions, got {len(module.bodies)}")
    types = module.types
    for record in _records(module):
        position = record.function_index - module.imported_functions
        if not 0 <= position < len(defined) or defined[position] >= len(types):
            raise SpecializeError(f"'{record.name}' is function {record.function_index}, which has no body or no type")
        yield _Function(record, position, types[defined[position]])


def _replaced_functions(module: Module, chosen: Sequence[int]) -> Iterator[_Function]:
    """The chosen functions by their index."""
    functions = {f.record.function_index: f for f in _functions(module) if f.record.kind == FUNCTION}
    names: set[str] = set()
    for index in sorted(set(chosen)):
        if index not in functions:
            raise SpecializeError(f"function {index} is none of the {len(functions)} built-in functions of the module")
        function = functions[index]
        name = function.record.name
        if function.type.results:
            raise SpecializeError(f"'{name}' has type {function.type}, expected no results")
        if name in names:
            raise SpecializeError(f"two of the functions to replace are called '{name}'")
        names.add(name)
        yield function


def _available_versions(module: Module, replaced: Iterable[BuiltinRecord]) -> Iterator[tuple[int, int]]:
    """Position of each `is_available` that has something to tell, and the newest version that is replaced."""
    newest: dict[str, int] = {}
    for record in replaced:
        newest[record.group] = max(record.version, newest.get(record.group, 0))
    for function in _functions(module):
        record = function.record
        if record.kind == IS_AVAILABLE and record.group in newest:
            if function.type != FunctionType((), ("i32",)) or module.bodies[function.position].body != _UNAVAILABLE:
                raise SpecializeError(f"'{record.name}' of '{record.group}' is no function () -> (i32) that returns 0")
            yield function.position, newest[record.group]


def _memory_sizes(module: Module) -> tuple[int, ...]:
    """Indices of the memories whose sizes a native function is told: device, and constant where there is one."""
    kinds = memory_kinds(module)
    if kinds[:1] != ("device",):
        raise SpecializeError("the module imports no device memory")
    return (0, kinds.index("constant")) if "constant" in kinds else (0,)


def _with_call(function: _Function, body: bytes, native: int, sizes: Sequence[int]) -> bytes:
    """The body, which does nothing where function `native` did its work."""
    start = local_declarations(body)[1]
    arguments = b"".join(_instruction("local.get", index) for index in range(len(function.type.params)))
    arguments += b"".join(_instruction("memory.size", memory) for memory in sizes)
    return body[:start] + arguments + _instruction("call", native) + _RETURN_IF_DONE + body[start:]


def _exports(module: Module, sizes: Sequence[int]) -> Iterator[Export]:
    yield from module.exports
    if len(sizes) > 1:
        exported = Export(CONSTANT_EXPORT, "memory", sizes[1])
        others = [entry for entry in module.exports if entry.name == CONSTANT_EXPORT]
        if not others:
            yield exported
        elif others != [exported]:
            raise SpecializeError(f"the module exports something else as '{CONSTANT_EXPORT}'")


def _with_sections(module: Module, *changed: Section) -> Module:
    """These sections in the places of the module's own, all of which it has."""
    if module.find(ExportSection) is None:
        raise SpecializeError("the module exports nothing, so that nothing calls its functions")
    by_class = {type(section): section for section in changed}
    return Module(tuple(by_class.get(type(section), section) for section in module.sections))
