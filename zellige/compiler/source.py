"""Reading programs: files become text, text becomes a module that verifies; ONNX models become one, too."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from zellige.artifact import WASM_HEADER
from zellige.support.errors import CompileError, Note, SourcePlace, UsageError
from zellige.support.parsing import parse_module
from zellige.support.verification import verify_module


def read_text(path: str | Path) -> str:
    """The text of a file.

    Raises `UsageError` when it cannot be read or is a compiled module, `CompileError` when it is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as cause:
        raise UsageError(f"cannot read '{path}': {(cause.strerror or str(cause)).lower()}") from cause
    except UnicodeDecodeError as cause:
        if cause.object.startswith(WASM_HEADER):
            raise UsageError(f"'{path}' is a WebAssembly module, expected MLIR text") from cause
        byte = f"{cause.object[cause.start]:#04x} at offset {cause.start}"
        raise CompileError(f"expected UTF-8 text, got byte {byte}", place=SourcePlace(str(path), 1, 1)) from cause


def read_onnx(model: object, dimensions: Mapping[str, int]) -> ModuleOp:
    """The program of an ONNX model: a path, bytes or a `ModelProto`. `dimensions` are sizes that it leaves open.

    Raises `UsageError` when the onnx package is not there, the file cannot be read or the model has no such dimension,
    `CompileError` for the model.
    """
    if find_spec("onnx") is None:
        hint = Note("install it with: pip install 'zellige[onnx]'")
        raise UsageError("reading an ONNX model takes the package 'onnx'", notes=(hint,))
    importer = import_module("zellige.frontends.onnx.importer")
    return cast("ModuleOp", importer.import_model(model, dimensions))


def read_module(text: str, file: str, context: Context, *, keeps_names: bool = False) -> ModuleOp:
    """Read and verify the text of `file`. With `keeps_names`, what was a resource has its name as an attribute.

    Raises `CompileError` at the place of the fault.
    """
    module = parse_module(text, file, context, keeps_names=keeps_names)
    verify_module(module)
    return module
