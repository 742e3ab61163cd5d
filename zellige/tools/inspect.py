"""zellige inspect: what is inside a module."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zellige.artifact import Artifact, EntryPointInfo, FunctionInfo, custom_section, sections
from zellige.backend.wasm import builtin_section
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, IS_AVAILABLE, BuiltinRecord
from zellige.backend.wasm.template_section import templates_text
from zellige.template_database import DATABASE_HEADER, TemplateDatabase
from zellige.tools.arguments import PROGRAM, ArgumentParser, add_compile_options
from zellige.tools.files import load_artifact, starts_like
from zellige.tools.inspect_database import database_facts, database_lines

SECTION_NAMES = (
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
)
"""Sections of a module by their id."""

_DIGEST_PREFIX = 16
"""Hexadecimal digits that tell one digest from the others."""


def parser() -> ArgumentParser:
    result = ArgumentParser(
        "zellige inspect",
        "Show the functions, entry points, built-in functions, memories, features, sections and the memory plan of a"
        " program, or the templates of a database.",
        "zellige inspect model.wasm --json",
    )
    result.add_argument("file", metavar="FILE", help=f"{PROGRAM}; or a template database")
    result.add_argument("--json", action="store_true", help="print one JSON object")
    add_compile_options(result)
    return result


def run(options: argparse.Namespace) -> int:
    if starts_like(Path(options.file), DATABASE_HEADER):
        database = TemplateDatabase.load(options.file)
        print(json.dumps(database_facts(database), indent=2) if options.json else "\n".join(database_lines(database)))
        return 0
    artifact = load_artifact(options.file, options)
    print(json.dumps(facts(artifact), indent=2) if options.json else "\n".join(_lines(artifact)))
    return 0


def facts(artifact: Artifact) -> dict[str, Any]:
    """The description of the program, and what follows from it and from the bytes."""
    program = artifact.program
    return {
        **asdict(program),
        "module_bytes": len(artifact.module),
        "dispatches": sum(function.dispatches for function in program.functions),
        "executables": len(program.entry_points),
        "builtins": [_builtin_facts(record) for record in builtins(artifact)],
        "templates_bytes": _templates_bytes(artifact),
        "template_databases": [sha256.hex() for sha256 in artifact.template_databases],
        "sections": [{"name": name, "bytes": size} for name, size in section_sizes(artifact.module)],
    }


def builtins(artifact: Artifact) -> tuple[BuiltinRecord, ...]:
    """What the module declares. Raises `WasmFormatError` when that is malformed."""
    content = custom_section(artifact.module, BUILTIN_SECTION)
    return () if content is None else builtin_section.decode(content)


def _builtin_facts(record: BuiltinRecord) -> dict[str, Any]:
    kind = "is_available" if record.kind == IS_AVAILABLE else "function"
    return {**asdict(record), "kind": kind, "digest": record.digest.hex()}


def _templates_bytes(artifact: Artifact) -> int | None:
    text = templates_text(artifact.module)
    return None if text is None else len(text.encode())


def section_sizes(module: bytes) -> list[tuple[str, int]]:
    """Name and content size of each section; a custom section has its own name."""
    return [(_section_name(module, kind, start), end - start) for kind, start, end in sections(module)]


def _section_name(module: bytes, kind: int, start: int) -> str:
    if kind != 0:
        return SECTION_NAMES[kind] if kind < len(SECTION_NAMES) else f"section {kind}"
    length = module[start]  # names of 128 bytes and more do not occur
    return f"custom '{module[start + 1 : start + 1 + length].decode(errors='replace')}'"


def _lines(artifact: Artifact) -> Iterator[str]:
    program = artifact.program
    yield f"one module, {len(artifact.module):,} bytes, profile {program.profile}"
    yield "functions"
    for function in program.functions:
        yield f"  {_signature(function)}"
        yield f"    dispatches: {function.dispatches}; slab: {_slab(function)}"
    dispatches = sum(function.dispatches for function in program.functions)
    yield f"entry points (executables: {len(program.entry_points)}, dispatches: {dispatches})"
    for entry in program.entry_points:
        yield f"  {_entry_point(entry)}"
    yield from _builtin_lines(artifact)
    yield "memories"
    for memory in program.memories:
        origin = "imported" if memory.imported else "defined"
        yield f"  {memory.index} {memory.name:8} {origin:8} at least {memory.min_pages} pages"
    yield f"  constants: {program.constant_bytes:,} bytes from {program.constant_base}; heap from {program.heap_base}"
    if program.globals_bytes:
        yield f"  globals: {program.globals_bytes:,} bytes, set by {program.initializer}"
    yield f"features: {', '.join(program.features)}"
    yield "sections"
    for name, size in section_sizes(artifact.module):
        yield f"  {size:12,} bytes  {name}"


def _builtin_lines(artifact: Artifact) -> Iterator[str]:
    records = builtins(artifact)
    if not records:
        return
    yield "built-in functions"
    for record in records:
        group, name = (json.dumps(text, ensure_ascii=False) for text in (record.group, record.name))
        digest = f" {record.digest.hex()[:_DIGEST_PREFIX]}" if record.digest else ""
        yield f"  function {record.function_index}: (@builtin {group} {name} {record.version}{digest})"
    size = _templates_bytes(artifact)
    yield "  templates: none" if size is None else f"  templates: made from {size:,} bytes of text in the module"
    databases = ", ".join(sha256.hex()[:_DIGEST_PREFIX] for sha256 in artifact.template_databases)
    yield f"  template databases: {databases or 'none'}"


def _signature(function: FunctionInfo) -> str:
    arguments = ", ".join(str(argument) for argument in function.arguments)
    results = ", ".join(str(result) for result in function.results)
    return f"{function.name}({arguments}) -> ({results})"


def _slab(function: FunctionInfo) -> str:
    if not function.is_static:
        return f"{function.slab_bytes:,} bytes, and what depends on the sizes of the arguments"
    least = function.slab_lower_bound_bytes
    ratio = f", {function.slab_bytes / least:.2f} times that" if least else ""
    return f"{function.slab_bytes:,} bytes (lower bound {least:,}{ratio})"


def _entry_point(entry: EntryPointInfo) -> str:
    grid = "by its scalars" if entry.workgroups is None else "{} x {} x {} workgroups".format(*entry.workgroups)
    return f"{entry.name}: {grid} ({', '.join(map(str, entry.bindings))})"
