"""From a program to an artifact, or from one phase to another."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from zellige.artifact import WASM_HEADER, Artifact
from zellige.compiler.linking import link_module
from zellige.compiler.observers import Observer
from zellige.compiler.options import CompileOptions
from zellige.compiler.parameters import take_parameters
from zellige.compiler.phases import PHASE_NAMES, phases
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.source import read_module, read_onnx, read_text
from zellige.compiler.universe import context, known_passes
from zellige.support.diagnostics import excerpt_source, locate, name_of
from zellige.support.errors import CompileError, Note, UsageError, nearest
from zellige.support.garbage import few_collections
from zellige.support.verification import verify_module


class ModelProto(Protocol):
    """An ONNX model as the package `onnx` has it, which is not imported here."""

    def SerializeToString(self) -> bytes: ...  # noqa: N802  protobuf's name


Source = str | Path | bytes | ModelProto | ModuleOp
"""A path of MLIR text or of an ONNX model, MLIR text, an ONNX model or its bytes, or a module, which is not changed."""

ONNX_SUFFIX = ".onnx"
"""How the name of a file ends that is an ONNX model."""

_MLIR_START = re.compile(r"""\s*(//|["%]|[#!][\w.]+ *=|\{-#|(builtin\.)?module\s*(@|\{|attributes\b)|func\.func\b|$)""")


def compile(source: Source, *, observers: Sequence[Observer] = (), **options: object) -> Artifact:  # noqa: A001  the public name
    """Compile a program to one WebAssembly module.

    `source` is the path of a text or of an ONNX model, MLIR text, an xDSL module, or an ONNX model as bytes or as a
    `ModelProto`; `options` are the fields of `CompileOptions`. `observers` watch the passes. Raises `UsageError` for a
    file that cannot be read or an unknown option, `CompileError` for what is wrong with the program or not supported,
    and `CompilerBug` where the fault is ours.
    """
    return compile_from(source, CompileOptions.of(**options), PHASE_NAMES[0], observers)


def compile_from(
    source: Source, options: CompileOptions, first: str = PHASE_NAMES[0], observers: Sequence[Observer] = ()
) -> Artifact:
    """Like `compile`, for a source that is what the phase before `first` leaves."""
    with few_collections():
        return _Program.of(source, options.dimensions).link(options, first, observers)


def lower(
    source: Source,
    options: CompileOptions,
    first: str = PHASE_NAMES[0],
    last: str = PHASE_NAMES[-2],
    observers: Sequence[Observer] = (),
) -> ModuleOp:
    """Run the phases from `first` to `last`, both included, and return the module. `last` may not be `link`."""
    with few_collections():
        return _Program.of(source, options.dimensions).lower(pipeline_between(options, first, last), observers)


def pipeline_between(options: CompileOptions, first: str = PHASE_NAMES[0], last: str = PHASE_NAMES[-1]) -> Pipeline:
    """The check of what `first` expects, then the passes of the phases from `first` to `last`.

    Raises `UsageError` for an unknown phase or a wrong order.
    """
    for name in (first, last):
        if name not in PHASE_NAMES:
            message = f"unknown phase '{name}', phases are {', '.join(PHASE_NAMES)}"
            raise UsageError(message, nearest=nearest(name, PHASE_NAMES))
    start, stop = PHASE_NAMES.index(first), PHASE_NAMES.index(last)
    if start > stop:
        raise UsageError(f"phase '{first}' comes after phase '{last}'")
    known = known_passes()
    pipelines = [Pipeline.parse(phase.pipeline, known) for phase in phases(options)]
    door = pipelines[start - 1].passes[-1:] if start else ()
    return Pipeline((*door, *(pass_ for pipeline in pipelines[start : stop + 1] for pass_ in pipeline.passes)))


def _is_text(source: str) -> bool:
    """Whether this is MLIR text, not a path."""
    return "\n" in source or _MLIR_START.match(source) is not None


def _is_onnx(source: object) -> bool:
    if isinstance(source, str | Path):
        return str(source).endswith(ONNX_SUFFIX) and not (isinstance(source, str) and _is_text(source))
    return isinstance(source, bytes) or type(source).__name__ == "ModelProto"


@dataclass(frozen=True)
class _Program:
    """A source as text with a name, or as a module."""

    name: str
    content: str | ModuleOp

    @staticmethod
    def of(source: object, dimensions: Mapping[str, int]) -> _Program:
        if isinstance(source, bytes) and source.startswith(WASM_HEADER):
            raise UsageError("the source is a WebAssembly module, expected an ONNX model in bytes")
        if _is_onnx(source):
            name = str(source) if isinstance(source, str | Path) else "<model>"
            return _Program(name, read_onnx(source, dimensions))
        if dimensions:
            raise UsageError("dimensions have names in ONNX models only, expected one as the source")
        match source:
            case ModuleOp():
                return _Program("<module>", source)
            case str() if _is_text(source):
                return _Program("<text>", source)
            case str() | Path():
                return _Program(str(source), read_text(source))
            case _:
                raise UsageError(f"expected a path, MLIR text, an ONNX model or a module, got {type(source).__name__}")

    def lower(self, pipeline: Pipeline, observers: Sequence[Observer]) -> ModuleOp:
        with self._places():
            known = context()
            module = self._module(known)
            pipeline.run(known, module, observers, verify_each=False)
            return module

    def link(self, options: CompileOptions, first: str, observers: Sequence[Observer]) -> Artifact:
        is_external = options.parameters == "external"
        if is_external and first != PHASE_NAMES[0]:
            raise UsageError(f"parameters leave a program before phase '{PHASE_NAMES[0]}', this starts at '{first}'")
        pipeline = pipeline_between(options, first)
        with self._places():
            known = context()
            module = self._module(known, keeps_names=is_external)
            parameters = take_parameters(module) if is_external else {}
            pipeline.run(known, module, observers, verify_each=False)
            return link_module(module, options, parameters)

    def _module(self, known: Context, *, keeps_names: bool = False) -> ModuleOp:
        if isinstance(self.content, str):
            return read_module(self.content, self.name, known, keeps_names=keeps_names)
        module = self.content.clone()
        verify_module(module)
        return module

    @contextmanager
    def _places(self) -> Generator[None]:
        """Give errors that pass by their place and the source line there."""
        try:
            yield
        except CompileError as error:
            error.place = locate(error)
            if error.place is None and isinstance(error.op, Operation) and (name := name_of(error.op)) is not None:
                error.notes = (Note(f"in '{name}' of {self.name}"), *error.notes)
            if isinstance(self.content, str) and error.place is not None and error.source_line is None:
                error.source_line = excerpt_source(self.content, error.place) or None
            raise
