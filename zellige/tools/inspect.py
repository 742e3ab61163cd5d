"""zellige inspect: what is inside a module."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from zellige.artifact import Artifact, EntryPointInfo, FunctionInfo, sections
from zellige.tools.arguments import ArgumentParser, add_compile_options
from zellige.tools.files import load_artifact

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


def parser() -> ArgumentParser:
    result = ArgumentParser(
        "zellige inspect",
        "Show the functions, entry points, memories, features, sections and the memory plan of a program.",
        "zellige inspect model.wasm --json",
    )
    result.add_argument("file", metavar="FILE", help="a compiled module, or MLIR text, which is compiled first")
    result.add_argument("--json", action="store_true", help="print one JSON object")
    add_compile_options(result)
    return result


def run(options: argparse.Namespace) -> int:
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
        "sections": [{"name": name, "bytes": size} for name, size in section_sizes(artifact.module)],
    }


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
    yield "memories"
    for memory in program.memories:
        origin = "imported" if memory.imported else "defined"
        yield f"  {memory.index} {memory.name:8} {origin:8} at least {memory.min_pages} pages"
    yield f"  constants: {program.constant_bytes:,} bytes from {program.constant_base}; heap from {program.heap_base}"
    yield f"features: {', '.join(program.features)}"
    yield "sections"
    for name, size in section_sizes(artifact.module):
        yield f"  {size:12,} bytes  {name}"


def _signature(function: FunctionInfo) -> str:
    arguments = ", ".join(str(argument) for argument in function.arguments)
    results = ", ".join(str(result) for result in function.results)
    return f"{function.name}({arguments}) -> ({results})"


def _slab(function: FunctionInfo) -> str:
    least = function.slab_lower_bound_bytes
    ratio = f", {function.slab_bytes / least:.2f} times that" if least else ""
    return f"{function.slab_bytes:,} bytes (lower bound {least:,}{ratio})"


def _entry_point(entry: EntryPointInfo) -> str:
    x, y, z = entry.workgroups
    return f"{entry.name}: {x} x {y} x {z} workgroups ({', '.join(map(str, entry.bindings))})"
