"""zellige compile: a program to a module, or the IR from one phase to another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from zellige.artifact import Artifact
from zellige.compiler.driver import compile_from, lower, pipeline_between
from zellige.compiler.observers import DumpToFolder, Observer, PrintAfter, Progress, Timing
from zellige.compiler.options import CompileOptions
from zellige.compiler.phases import PHASE_NAMES, phases
from zellige.compiler.pipeline import Pipeline
from zellige.native.levels import WORDS, Level, levels_of
from zellige.support.errors import UsageError, nearest
from zellige.support.printing import module_text
from zellige.template_database import DATABASE_SUFFIX
from zellige.tools.arguments import ArgumentParser, add_compile_options, compile_options
from zellige.tools.files import write_text

FIRST, LAST = PHASE_NAMES[0], PHASE_NAMES[-1]


class _NativeTemplates(Protocol):
    """What `native_templates` has. It takes the runtime, which a compilation without it does not import."""

    def write_templates(
        self, artifact: Artifact, levels: Sequence[Level], module: str, progress: Progress | None
    ) -> Artifact: ...


def _native_templates() -> _NativeTemplates:
    return cast("_NativeTemplates", import_module("zellige.tools.native_templates"))


def parser() -> ArgumentParser:
    result = ArgumentParser(
        "zellige compile",
        "Compile MLIR text or an ONNX model to one WebAssembly module. With --to, stop after a phase and write its\n"
        f"IR; with --from, go on from such IR.\n\nphases: {', '.join(PHASE_NAMES)}",
        "zellige compile model.mlir -o model.wasm --native-templates avx512,avx2",
    )
    result.add_argument("input", nargs="?", metavar="IN", help="file with MLIR text, or ONNX model (.onnx)")
    result.add_argument("-o", "--output", metavar="OUT", help="file to write; IR may go to -, standard output")
    result.add_argument("--from", default=FIRST, dest="first", metavar="PHASE", help="first phase to run")
    result.add_argument("--to", default=LAST, dest="last", metavar="PHASE", help="last phase to run")
    add_compile_options(result)
    result.add_argument(
        "--native-templates",
        default="",
        metavar="LEVELS",
        help="also make native code for kernels, for feature levels with commas between them"
        f" ({', '.join(WORDS)}), and write it beside OUT, with the suffix {DATABASE_SUFFIX}",
    )
    result.add_argument("--print-pipeline", action="store_true", help="print the passes of each phase, and do nothing")
    result.add_argument(
        "--print-after", action="append", default=[], metavar="PASS", help="print the IR after a pass on standard error"
    )
    result.add_argument("--timing", action="store_true", help="print the time of each pass on standard error")
    result.add_argument("--dump", type=Path, metavar="DIR", help="write the IR after each pass to a numbered file")
    return result


def run(options: argparse.Namespace) -> int:
    chosen = compile_options(options)
    first: str = options.first
    last: str = options.last
    pipeline = pipeline_between(chosen, first, last)
    if options.print_pipeline:
        _print_pipeline(chosen, first, last)
        return 0
    _check(options, pipeline)
    levels = levels_of(options.native_templates.split(",")) if options.native_templates else ()
    timing = Timing()
    observers: list[Observer] = [timing]
    if options.print_after:
        observers.append(PrintAfter(options.print_after, sys.stderr))
    if options.dump is not None:
        observers.append(DumpToFolder(options.dump))
    progress = Progress(sys.stderr)
    on_terminal = sys.stderr.isatty()
    if on_terminal:
        observers.append(progress)
    try:
        if last == LAST:
            artifact = compile_from(Path(options.input), chosen, first, observers)
            if levels:
                artifact = _native_templates().write_templates(
                    artifact, levels, options.output, progress if on_terminal else None
                )
            artifact.save(options.output)
        else:
            text = module_text(lower(Path(options.input), chosen, first, last, observers))
            if options.output is None:
                sys.stdout.write(text)
            else:
                write_text(options.output, text)
    finally:
        if on_terminal:
            progress.clear()
    if options.timing:
        sys.stderr.write(timing.table())
    return 0


def _check(options: argparse.Namespace, pipeline: Pipeline) -> None:
    if options.input is None:
        raise UsageError("needs the file to compile: zellige compile IN -o OUT")
    if options.output == "-":
        options.output = None
    if options.last == LAST and options.output is None:
        raise UsageError("needs '-o OUT': a module is not written to standard output")
    if options.parameters == "external" and options.last != LAST:
        raise UsageError(
            f"'--parameters external' writes a file beside a module, '--to {options.last}' stops before there is one"
        )
    if options.native_templates and options.last != LAST:
        raise UsageError(
            f"'--native-templates' are made from a module, '--to {options.last}' stops before there is one"
        )
    if options.native_templates and not options.builtins:
        raise UsageError("'--native-templates' are made for built-in functions, '--no-builtins' makes none")
    if options.native_templates and options.output is not None and Path(options.output).suffix == DATABASE_SUFFIX:
        raise UsageError(
            f"'{options.output}' is where the templates go, expected another suffix than {DATABASE_SUFFIX}"
        )
    names = {pass_.name for pass_ in pipeline.passes}
    for name in options.print_after:
        if name not in names:
            raise UsageError(f"pass '{name}' is not in the pipeline", nearest=nearest(name, names))


def _print_pipeline(chosen: CompileOptions, first: str, last: str) -> None:
    for phase in phases(chosen)[PHASE_NAMES.index(first) : PHASE_NAMES.index(last) + 1]:
        print(f"{phase.name}: {pipeline_between(chosen, phase.name, phase.name)}")
