"""Objects and constants -> one module.

Read, resolve, keep what the exports need, fold what is equal, lay out, rewrite, assemble, validate: each step is a
file of its own, and this one is their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zellige.artifact import PROGRAM_SECTION, ProgramInfo
from zellige.backend.wasm import builtin_section, custom_sections, template_section
from zellige.backend.wasm.assemble import Assembly, ConstantSegment, assemble, constant_i32
from zellige.backend.wasm.builtin_section import FUNCTION, Builtin, BuiltinRecord
from zellige.backend.wasm.digest import BodyDigests
from zellige.backend.wasm.errors import DigestError, InvalidModuleError, LinkError, WasmFormatError
from zellige.backend.wasm.folding import fold
from zellige.backend.wasm.layout import Layout, lay_out
from zellige.backend.wasm.local_data import arrange, contents
from zellige.backend.wasm.objects import ObjectFile, read_object
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME
from zellige.backend.wasm.reachability import Live, find_live
from zellige.backend.wasm.relocation_kinds import TYPE_INDEX_LEB
from zellige.backend.wasm.relocations import Placement, Relocator
from zellige.backend.wasm.resolve import STACK_POINTER, Function, Resolver, Variable
from zellige.backend.wasm.rewrite import rewrite_body
from zellige.backend.wasm.sections import CodeSection, CustomSection, Global, GlobalSection, Module, Section
from zellige.backend.wasm.types import FunctionType, GlobalType
from zellige.backend.wasm.validate import validate
from zellige.backend.wasm.writer import write

__all__ = ["ConstantSegment", "LinkOptions", "link"]

PRODUCER = "zellige"

INDIRECT_CALLS = tuple(OPCODE_OF_NAME[name].code for name in ("call_indirect", "return_call_indirect"))


@dataclass(frozen=True)
class LinkOptions:
    """`profile` is `full`, `simd` or `mvp`; `exports` are the function symbols to export under their own names;
    `features` are the words of the `target_features` section. `builtins` are declared in the module, as far as it needs
    them and their bodies have digests; they do not fold with other functions, as what replaces one may be more special
    than its body. `templates` is the text that their templates are made from.
    """

    profile: str
    exports: tuple[str, ...]
    features: tuple[str, ...]
    stack_bytes: int = 1 << 20
    builtins: tuple[Builtin, ...] = ()
    templates: str = ""


def link(
    objects: Sequence[tuple[str, bytes]],
    constants: Sequence[ConstantSegment],
    options: LinkOptions,
    describe: Callable[[Layout], ProgramInfo],
) -> bytes:
    """Link named objects into one module; `describe` says what its `zellige.program` section holds.

    The same inputs give the same bytes. Raises `LinkError`, which names the object and the symbol.
    """
    files = [_read(name, data) for name, data in objects]
    resolver = Resolver(files)
    exports = {name: resolver.function(name, "export") for name in options.exports}
    start = tuple(resolver.init_functions())
    live = find_live(files, resolver, [*exports.values(), *start])
    builtins = {builtin: resolver.function(builtin.symbol, "built-in function") for builtin in options.builtins}
    standing = fold(files, resolver, live, builtins.values())
    kept = tuple(function for function in live.functions if standing[function] == function)

    data = arrange(files, live.segments)
    layout = lay_out(
        options.profile,
        options.features,
        constant_bytes=_constant_bytes(constants),
        data_bytes=data.size_bytes,
        data_alignment=data.alignment,
        stack_bytes=options.stack_bytes,
    )
    indices = {function: index for index, function in enumerate(kept)}
    types = _types(files, kept)
    placement = Placement(
        layout,
        functions={function: indices[standing[function]] for function in live.functions},
        table={function: position for position, function in enumerate(live.addressed, 1)},
        variables=_variables(live),
        segments={segment: layout.data.base + offset for segment, offset in data.offsets.items()},
        types=types,
    )
    relocator = Relocator(files, resolver, placement)
    data_bytes = data.bytes_to_write if layout.local_memory else data.size_bytes
    assembly = Assembly(
        layout=layout,
        types=types,
        function_types=tuple(_type(files, function) for function in kept),
        bodies=tuple(_body(files, relocator, function) for function in kept),
        globals=_globals(files, live, layout),
        table=tuple(placement.functions[function] for function in live.addressed),
        has_table=bool(live.addressed) or any(_calls_through_table(files, function) for function in kept),
        exports={name: placement.functions[function] for name, function in exports.items()},
        start=tuple(placement.functions[function] for function in start),
        data=b"".join(contents(data, relocator, data_bytes)),
        constants=tuple(constants),
    )
    module = assemble(assembly)
    _validate(module, files, kept)
    symbols = _symbol_names(files)
    names = [symbols[function] for function in kept] + ["__wasm_call_ctors"] * bool(start)
    declared = {builtin: placement.functions[f] for builtin, f in builtins.items() if f in placement.functions}
    described = (
        *([template_section.encode(options.templates)] if options.templates else []),
        custom_sections.names(PRODUCER, names),
        custom_sections.producers(PRODUCER),
        custom_sections.target_features(options.features),
        CustomSection(PROGRAM_SECTION, describe(layout).to_json()),
    )
    records = tuple(_records(declared, BodyDigests(module, layout.constant_base)))
    return write(Module((*_with_records(module.sections, records), *described)))


def _read(name: str, data: bytes) -> ObjectFile:
    try:
        return read_object(name, data)
    except WasmFormatError as cause:
        raise LinkError(cause.message, object_name=name) from cause


def _constant_bytes(constants: Sequence[ConstantSegment]) -> int:
    """End of the last constant. Raises `LinkError` when two share bytes."""
    end = 0
    for segment in sorted(constants, key=lambda s: s.offset):
        if segment.offset < end:
            raise LinkError(f"the constant at offset {segment.offset} starts before byte {end}, the end of another")
        end = segment.end
    return end


def _records(declared: Mapping[Builtin, int], digests: BodyDigests) -> Iterator[BuiltinRecord]:
    """What has no digest cannot be replaced."""
    for builtin, index in declared.items():
        try:
            digest = digests.of(index) if builtin.kind == FUNCTION else b""
        except DigestError:
            continue
        yield BuiltinRecord(index, builtin.kind, builtin.group, builtin.name, builtin.version, digest)


def _with_records(sections: Sequence[Section], records: Sequence[BuiltinRecord]) -> Iterator[Section]:
    """Metadata of code stands before the code, so that an engine that compiles while it reads knows it in time."""
    for section in sections:
        if records and isinstance(section, CodeSection):
            yield builtin_section.encode(records)
        yield section


def _type(files: Sequence[ObjectFile], function: Function) -> FunctionType:
    file = files[function.object]
    return file.functions[file.imported_functions + function.index]


def _types(files: Sequence[ObjectFile], kept: Sequence[Function]) -> dict[FunctionType, int]:
    """Index of each function type that is used, equal ones once."""
    types: dict[FunctionType, int] = {}
    for function in kept:
        types.setdefault(_type(files, function), len(types))
        file = files[function.object]
        for relocation in file.code_relocations[function.index]:
            if relocation.kind == TYPE_INDEX_LEB:
                types.setdefault(file.module.types[relocation.index], len(types))
    return types


def _variables(live: Live) -> dict[Variable | str, int]:
    names: list[Variable | str] = [STACK_POINTER] if STACK_POINTER in live.linker_symbols else []
    return {name: index for index, name in enumerate([*names, *live.variables])}


def _globals(files: Sequence[ObjectFile], live: Live, layout: Layout) -> tuple[Global, ...]:
    """The stack pointer, which starts at the end of its region, and the objects' own globals."""
    made: list[Global] = []
    if STACK_POINTER in live.linker_symbols:
        made.append(Global(GlobalType("i32", mutable=True), constant_i32(layout.stack.end)))
    for variable in live.variables:
        section = files[variable.object].module.find(GlobalSection)
        assert section is not None
        made.append(section.globals[variable.index])
    return tuple(made)


def _body(files: Sequence[ObjectFile], relocator: Relocator, function: Function) -> bytes:
    file = files[function.object]
    body = file.module.bodies[function.index].body
    try:
        return rewrite_body(body, relocator.patches(function), relocator.placement.layout.local_memory)
    except WasmFormatError as cause:
        raise _in_function(files, function, cause.message) from cause
    except LinkError as cause:
        if cause.object_name is not None:
            raise
        raise _in_function(files, function, cause.message) from None


def _calls_through_table(files: Sequence[ObjectFile], function: Function) -> bool:
    """Whether a type's index stands right behind the opcode of an indirect call."""
    file = files[function.object]
    body = file.module.bodies[function.index].body
    relocations = file.code_relocations[function.index]
    return any(r.kind == TYPE_INDEX_LEB and body[r.offset - 1] in INDIRECT_CALLS for r in relocations)


def _symbol_names(files: Sequence[ObjectFile]) -> dict[Function, str]:
    """The first symbol of each function that has one."""
    names: dict[Function, str] = {}
    for position, file in enumerate(files):
        for symbol in file.symbols:
            if symbol.kind == "function" and symbol.is_defined:
                names.setdefault(Function(position, symbol.index - file.imported_functions), symbol.name)
    return names


def _in_function(files: Sequence[ObjectFile], function: Function, message: str) -> LinkError:
    name = _symbol_names(files)[function]
    return LinkError(f"function '{name}': {message}", object_name=files[function.object].name, symbol=name)


def _validate(module: Module, files: Sequence[ObjectFile], kept: Sequence[Function]) -> None:
    try:
        validate(module)
    except InvalidModuleError as cause:
        if cause.function is None or cause.function >= len(kept):
            raise LinkError(cause.message) from cause
        raise _in_function(files, kept[cause.function], cause.message) from cause
