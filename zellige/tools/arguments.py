"""Command lines whose faults are `UsageError`s, with the nearest option that there is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from zellige.compiler.options import CompileOptions
from zellige.support.errors import UsageError, nearest

PROGRAM = "a compiled module, or MLIR text or an ONNX model, which is compiled first"
"""What a command reads that runs a program."""


class ArgumentParser(argparse.ArgumentParser):
    """argparse without abbreviations, which raises instead of exiting. `example` is shown at the end of the help."""

    def __init__(self, prog: str, description: str, example: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"example: {example}",
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def parse(self, arguments: Sequence[str] | None) -> argparse.Namespace:
        """The options. Raises `UsageError`."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            known = [word for action in self._actions for word in action.option_strings]
            word = unknown[0].partition("=")[0]
            kind = "option" if word.startswith("-") else "argument"
            raise UsageError(f"unknown {kind} '{word}'", nearest=nearest(word, known) if kind == "option" else None)
        return options

    def error(self, message: str) -> NoReturn:
        for pattern, text in _REWORDED:
            message = pattern.sub(text, message)
        raise UsageError(message)


_OPTION = r"^argument (?:-\w/)?(--?[\w-]+): "
_REWORDED = (
    (re.compile(_OPTION + "expected one argument$"), r"option '\1' needs a value"),
    (re.compile(_OPTION + "invalid int value: "), r"option '\1' takes a whole number, got "),
    (re.compile(_OPTION + "invalid float value: "), r"option '\1' takes a number, got "),
    (re.compile(_OPTION + r"invalid choice: (.*) \(choose from (.*)\)$"), r"option '\1' is one of \3, got \2"),
    (re.compile("^the following arguments are required: "), "needs "),
)
"""What argparse says, and what is said instead."""


def add_compile_options(parser: argparse.ArgumentParser) -> None:
    """The fields of `CompileOptions` as options."""
    parser.add_argument("--profile", default="full", metavar="PROFILE", help="full (the default), simd or mvp")
    parser.add_argument("--deterministic", action="store_true", help="results equal bit by bit in every engine")
    parser.add_argument(
        "--no-builtins", action="store_false", dest="builtins", help="mark no kernels for replacement by native code"
    )
    parser.add_argument(
        "--dimension",
        action="append",
        default=[],
        dest="dimensions",
        type=_dimension,
        metavar="NAME=SIZE",
        help="size of a dimension that an ONNX model leaves open; INPUT:AXIS for one without a name",
    )
    parser.add_argument(
        "--parameters",
        default="embed",
        metavar="WHERE",
        help="where weights are: embed (in the module, the default), or external (beside it, as .safetensors)",
    )


def add_specialize_options(parser: argparse.ArgumentParser) -> None:
    """The options of `zellige.load` that say how a program is specialised."""
    parser.add_argument(
        "--specialize",
        choices=["native", "require"],
        help="native code for built-in functions: where there is some (native), or else an error (require)",
    )
    parser.add_argument("--templates", metavar="FILE", help="a database of native code; default: made here, and kept")
    parser.add_argument("--verify", action="store_true", help="compare native code with the module's own first")
    parser.add_argument("--strict", action="store_true", help="only native code that is equal bit by bit")


def add_load_options(parser: argparse.ArgumentParser) -> None:
    """The options of `zellige.load`."""
    add_specialize_options(parser)
    parser.add_argument(
        "--parameter-file", metavar="FILE", help="weights, as .safetensors, for a module that was compiled without them"
    )


def compile_options(options: argparse.Namespace) -> CompileOptions:
    return CompileOptions(
        profile=options.profile,
        deterministic=options.deterministic,
        builtins=options.builtins,
        dimensions=dict(options.dimensions),
        parameters=options.parameters,
    )


def _dimension(text: str) -> tuple[str, int]:
    """A name and a size from `NAME=SIZE`. Raises `UsageError`."""
    name, _, size = text.rpartition("=")
    if not name or not size.isdecimal():
        raise UsageError(f"expected --dimension NAME=SIZE, got '{text}'")
    return name, int(size)
