"""Files that several commands read or write."""

from __future__ import annotations

import argparse
from pathlib import Path

from zellige.artifact import WASM_HEADER, Artifact
from zellige.compiler.driver import compile_from
from zellige.compiler.options import CompileOptions
from zellige.support.errors import UsageError
from zellige.tools.arguments import compile_options


def load_artifact(path: str, options: argparse.Namespace) -> Artifact:
    """A saved module as it is; anything else is compiled.

    Raises `UsageError` for a file that cannot be read, and for options of a compilation where there is none.
    """
    source = module_or_artifact(path, options)
    return source if isinstance(source, Artifact) else Artifact.load(source)


def module_or_artifact(path: str, options: argparse.Namespace) -> Path | Artifact:
    """The path of a saved module; anything else is compiled. Raises what `load_artifact` raises."""
    file, chosen = Path(path), compile_options(options)
    if not is_module(file):
        return compile_from(file, chosen)
    if chosen != CompileOptions():
        raise UsageError(f"'{path}' is compiled already, and takes no options of a compilation")
    return file


def is_module(file: Path) -> bool:
    return file.suffix == ".wasm" or starts_like(file, WASM_HEADER)


def starts_like(file: Path, header: bytes) -> bool:
    """Whether a file can be read and begins with these bytes."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(header)) == header
    except OSError:
        return False  # whoever reads the file next says why


def write_text(path: str | Path, text: str) -> None:
    """Write a text file. Raises `UsageError` when that cannot be done."""
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as cause:
        raise UsageError(f"cannot write '{path}': {(cause.strerror or str(cause)).lower()}") from cause
