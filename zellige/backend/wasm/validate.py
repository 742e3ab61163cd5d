"""Whether a `Module` makes sense: indices, limits, constant expressions, and the types of all bodies."""

from __future__ import annotations

from collections.abc import Sequence

from zellige.backend.wasm.errors import InvalidModuleError, WasmFormatError
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.sections import (
    DataCountSection,
    ElementSection,
    ElementSegment,
    FunctionSection,
    GlobalSection,
    Module,
    StartSection,
)
from zellige.backend.wasm.typecheck import Context, check_body
from zellige.backend.wasm.types import MAX_PAGES, FunctionType, GlobalType, Limits

MAX_BODY_BYTES = 7_654_321
MAX_PARAMS = 1_000
MAX_TABLE_ELEMENTS = 10_000_000
MAX_MEMORIES = 100
MAX_DATA_SEGMENTS = 100_000
MAX_NAME_BYTES = 100_000
"""Limits that all engines share (the JavaScript API's)."""

_CONSTANT_ARITHMETIC = frozenset({"i32.add", "i32.sub", "i32.mul", "i64.add", "i64.sub", "i64.mul"})
_CONSTANTS = frozenset({"i32.const", "i64.const", "f32.const", "f64.const", "v128.const"})


def validate(module: Module) -> None:
    """Raises `InvalidModuleError` with the reason, and the defined function where it is in a body."""
    types = module.types
    for function_type in types:
        if max(len(function_type.params), len(function_type.results)) > MAX_PARAMS:
            raise InvalidModuleError(f"expected at most {MAX_PARAMS} parameters and results, got {function_type}")
    for index in module.function_types:
        _in_range("type", index, len(types))
    functions = [types[index] for index in module.function_types]
    _check_tables_and_memories(module)
    _check_names(module)
    expressions = _Expressions(module, len(functions))
    _check_globals(module, expressions)
    _check_elements(module, expressions)
    _check_data(module, expressions)
    _check_exports(module, len(functions))
    start = module.find(StartSection)
    if start is not None:
        _in_range("function", start.function, len(functions))
        if functions[start.function] != FunctionType((), ()):
            raise InvalidModuleError(f"the start function must be () -> (), got {functions[start.function]}")
    _check_bodies(module, functions, expressions)


class _Expressions:
    """Checks constant expressions, and collects the functions that they refer to."""

    def __init__(self, module: Module, functions: int) -> None:
        self._imported_globals = [entry.type for entry in module.imports if isinstance(entry.type, GlobalType)]
        self._functions = functions
        self.functions: set[int] = set()

    def check(self, expression: bytes, expected: str) -> None:
        stack: list[str] = []
        for instruction in instructions(expression, 0):
            name = instruction.name
            if name in _CONSTANTS:
                stack.append(name.partition(".")[0])
            elif name in _CONSTANT_ARITHMETIC:
                value_type = name.partition(".")[0]
                if stack[-2:] != [value_type, value_type]:
                    raise InvalidModuleError(f"'{name}' in a constant expression expects two {value_type}, got {stack}")
                stack.pop()
            elif name == "global.get":
                stack.append(self._global(instruction.immediates[0]))
            elif name == "ref.null":
                stack.append(str(instruction.immediates[0]))
            elif name == "ref.func":
                stack.append(self._function(instruction.immediates[0]))
            elif name != "end":
                raise InvalidModuleError(f"'{name}' is no constant")
        if stack != [expected]:
            raise InvalidModuleError(f"a constant expression gives {stack}, expected {expected}")

    def _global(self, index: object) -> str:
        assert isinstance(index, int)
        _in_range("imported global", index, len(self._imported_globals))
        if self._imported_globals[index].mutable:
            raise InvalidModuleError(f"global {index} in a constant expression is mutable")
        return self._imported_globals[index].value_type

    def _function(self, index: object) -> str:
        assert isinstance(index, int)
        _in_range("function", index, self._functions)
        self.functions.add(index)
        return "funcref"


def _in_range(what: str, index: int, count: int) -> None:
    if index >= count:
        raise InvalidModuleError(f"{what} {index} does not exist, there are {count}")


def _check_limits(what: str, limits: Limits, most: int) -> None:
    if limits.minimum > most or (limits.maximum is not None and what == "memory" and limits.maximum > most):
        raise InvalidModuleError(f"the limits of a {what} must be at most {most}")
    if limits.maximum is not None and limits.maximum < limits.minimum:
        raise InvalidModuleError(f"a {what} has least size {limits.minimum} and greatest {limits.maximum}")
    if limits.shared and limits.maximum is None:
        raise InvalidModuleError(f"a shared {what} needs a greatest size")


def _check_tables_and_memories(module: Module) -> None:
    for table in module.tables:
        _check_limits("table", table.limits, MAX_TABLE_ELEMENTS)
    for memory in module.memories:
        _check_limits("memory", memory.limits, MAX_PAGES)
    for what, found in (("memories", module.memories), ("tables", module.tables)):
        if len(found) > MAX_MEMORIES:
            raise InvalidModuleError(f"expected at most {MAX_MEMORIES} {what}, got {len(found)}")


def _check_names(module: Module) -> None:
    names = [name for entry in module.imports for name in (entry.module, entry.name)]
    names += [entry.name for entry in module.exports]
    for name in names:
        if len(name) > MAX_NAME_BYTES or len(name.encode()) > MAX_NAME_BYTES:
            raise InvalidModuleError(f"a name has more than {MAX_NAME_BYTES} bytes")


def _check_globals(module: Module, expressions: _Expressions) -> None:
    section = module.find(GlobalSection)
    for variable in () if section is None else section.globals:
        expressions.check(variable.init, variable.type.value_type)


def _elements(module: Module) -> Sequence[ElementSegment]:
    section = module.find(ElementSection)
    return () if section is None else section.segments


def _check_elements(module: Module, expressions: _Expressions) -> None:
    tables = module.tables
    for segment in _elements(module):
        if segment.mode == "active":
            _in_range("table", segment.table, len(tables))
            if tables[segment.table].element != segment.element:
                raise InvalidModuleError(f"a table of {tables[segment.table].element} cannot hold {segment.element}")
            expressions.check(segment.offset, "i32")
        for index in segment.functions:
            _in_range("function", index, len(module.function_types))
        expressions.functions.update(segment.functions)
        for expression in segment.expressions:
            expressions.check(expression, segment.element)


def _check_data(module: Module, expressions: _Expressions) -> None:
    segments = module.data_segments
    if len(segments) > MAX_DATA_SEGMENTS:
        raise InvalidModuleError(f"expected at most {MAX_DATA_SEGMENTS} data segments, got {len(segments)}")
    memories = len(module.memories)
    for segment in segments:
        if not segment.is_passive:
            _in_range("memory", segment.memory, memories)
            expressions.check(segment.offset, "i32")
    count = module.find(DataCountSection)
    if count is not None and count.count != len(segments):
        raise InvalidModuleError(f"the data count is {count.count}, there are {len(segments)} data segments")


def _check_exports(module: Module, functions: int) -> None:
    sizes = {
        "function": functions,
        "table": len(module.tables),
        "memory": len(module.memories),
        "global": len(module.globals),
    }
    seen: set[str] = set()
    for export in module.exports:
        _in_range(export.kind, export.index, sizes[export.kind])
        if export.name in seen:
            raise InvalidModuleError(f"'{export.name}' is exported twice")
        seen.add(export.name)


def _check_bodies(module: Module, functions: Sequence[FunctionType], expressions: _Expressions) -> None:
    section = module.find(FunctionSection)
    defined = 0 if section is None else len(section.type_indices)
    if defined != len(module.bodies):
        raise InvalidModuleError(f"expected a body for each of {defined} functions, got {len(module.bodies)}")
    count = module.find(DataCountSection)
    exported = {export.index for export in module.exports if export.kind == "function"}
    context = Context(
        types=module.types,
        functions=functions,
        tables=module.tables,
        memories=len(module.memories),
        globals=module.globals,
        elements=[segment.element for segment in _elements(module)],
        data_count=None if count is None else count.count,
        declared=frozenset(expressions.functions | exported),
    )
    for index, (code, function_type) in enumerate(
        zip(module.bodies, functions[len(functions) - defined :], strict=True)
    ):
        if len(code.body) > MAX_BODY_BYTES:
            raise InvalidModuleError(f"a body has {len(code.body)} bytes, at most {MAX_BODY_BYTES}", function=index)
        try:
            check_body(context, index, function_type, code.body)
        except WasmFormatError as cause:
            raise InvalidModuleError(cause.message, function=index) from cause
