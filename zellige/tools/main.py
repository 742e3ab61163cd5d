"""zellige: compile, run, inspect and measure tensor programs. Each command is a file of this folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from types import MappingProxyType
from typing import Protocol, cast

from zellige.support.errors import UsageError, nearest
from zellige.support.garbage import few_collections
from zellige.tools.arguments import ArgumentParser
from zellige.tools.exits import run_tool

COMMANDS = MappingProxyType(
    {
        "compile": "compile a program to a WebAssembly module, or from one phase to another",
        "run": "run a function of a program",
        "inspect": "show what is inside a module",
        "bench": "measure the functions and entry points of a program",
    }
)
"""Command -> what it does."""


class Command(Protocol):
    """What a command's file has."""

    def parser(self) -> ArgumentParser: ...

    def run(self, options: argparse.Namespace) -> int: ...


def load_command(name: str) -> Command:
    """The file of a command; it is imported only when the command is used."""
    with few_collections():
        return cast("Command", import_module(f"zellige.tools.{name}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    return run_tool("zellige", lambda: _run(words))


def _run(words: list[str]) -> int:
    if words and words[0] in COMMANDS:
        command = load_command(words[0])
        return command.run(command.parser().parse(words[1:]))
    if words and not words[0].startswith("-"):
        known = ", ".join(COMMANDS)
        raise UsageError(f"unknown command '{words[0]}', commands are {known}", nearest=nearest(words[0], COMMANDS))
    parser = _parser()
    if parser.parse(words).version:
        print(f"zellige {version('zellige')}")
    else:
        parser.print_help()
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "zellige",
        f"""\
Compile tensor programs into one WebAssembly module, and run it.

commands ('zellige COMMAND --help' says more):
{chr(10).join(f"  {name:8} {summary}" for name, summary in COMMANDS.items())}""",
        "zellige compile model.mlir -o model.wasm",
    )
    parser.usage = "zellige COMMAND …"
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


if __name__ == "__main__":
    sys.exit(main())
