"""zellige-opt: any passes on any IR."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from zellige.compiler.observers import Observer, PrintAfter, Timing
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.source import read_module, read_text
from zellige.compiler.universe import context, known_passes
from zellige.support.diagnostics import check_expected, split_input
from zellige.support.errors import CompileError, UsageError
from zellige.support.printing import module_text
from zellige.tools.arguments import ArgumentParser
from zellige.tools.exits import report, run_tool

_REPLAY = re.compile(r"// REPLAY: zellige-opt %s -p '(.*)'")


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command."""
    return run_tool("zellige-opt", lambda: _run(_parser().parse(arguments)))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "zellige-opt",
        "Run passes on MLIR text and print the result.",
        "zellige-opt model.mlir -p 'canonicalize,cse'",
    )
    parser.add_argument("file", nargs="?", default="-", help="file with MLIR text; '-' (the default) is standard input")
    parser.add_argument("-p", "--passes", default="", metavar="PIPELINE", help="'pass,pass{option=value option=value}'")
    parser.add_argument("--replay", action="store_true", help="run the pipeline of the file's '// REPLAY:' line")
    parser.add_argument("--split-input-file", action="store_true", help="'// -----' lines split the file into modules")
    parser.add_argument(
        "--verify-diagnostics",
        action="store_true",
        help="succeed only if the errors are those of the 'expected-error' comments; '// -----' lines split the file",
    )
    parser.add_argument(
        "--print-after", action="append", default=[], metavar="PASS", help="print the IR after this pass"
    )
    parser.add_argument(
        "--print-op-generic", "--mlir-print-op-generic", action="store_true", help="print every op in generic form"
    )
    parser.add_argument("--timing", action="store_true", help="print the time that each pass took, on standard error")
    return parser


def _run(options: argparse.Namespace) -> int:
    file: str = options.file
    text = sys.stdin.read() if file == "-" else read_text(file)
    name = "<stdin>" if file == "-" else file
    pipeline = Pipeline.parse(_replayed(text, name) if options.replay else options.passes, known_passes())
    timing = Timing()
    watching = options.print_after or options.timing
    observers: list[Observer] = [PrintAfter(options.print_after, sys.stdout, generic=options.print_op_generic), timing]
    errors: list[CompileError] = []
    results: list[str] = []
    for part in split_input(text) if options.split_input_file or options.verify_diagnostics else [text]:
        loaded = context()
        try:
            module = read_module(part, name, loaded)
            pipeline.run(loaded, module, observers if watching else ())
            results.append(module_text(module, generic=options.print_op_generic))
        except CompileError as error:
            errors.append(error)
    if options.timing:
        sys.stderr.write(timing.table())
    if options.verify_diagnostics:
        problems = check_expected(text, errors)
        for problem in problems:
            print(f"{name}: {problem}", file=sys.stderr)
        return 1 if problems else 0
    sys.stdout.write("// -----\n".join(results))
    for error in errors:
        report("zellige-opt", error, text)
    return CompileError.exit_code if errors else 0


def _replayed(text: str, file: str) -> str:
    found = _REPLAY.search(text)
    if found is None:
        raise UsageError(f"'{file}' has no line \"// REPLAY: zellige-opt %s -p 'pipeline'\"")
    return found[1]


if __name__ == "__main__":
    sys.exit(main())
