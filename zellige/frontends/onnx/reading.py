"""From a file, bytes or a `ModelProto` to a `Model`: the protocol buffer, its name, and where its external data is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from zellige.support.errors import CompileError, Note, UsageError

DEFAULT_DOMAINS = frozenset({"", "ai.onnx"})
"""Two spellings of the domain of the standard operators."""


@dataclass(frozen=True)
class Model:
    """A model that was read. `folder` is where relative paths of external data start; None where there is no file."""

    name: str
    proto: onnx.ModelProto
    folder: Path | None

    @property
    def opsets(self) -> dict[str, int]:
        """Domain -> version of its operator set; the default domain is the empty text."""
        return opsets_of(self.proto.opset_import)


def opsets_of(imports: Iterable[onnx.OperatorSetIdProto]) -> dict[str, int]:
    """The same of the imports of a model or a function."""
    return {normal_domain(entry.domain): entry.version for entry in imports}


def normal_domain(domain: str) -> str:
    return "" if domain in DEFAULT_DOMAINS else domain


def read_model(source: str | Path | bytes | onnx.ModelProto) -> Model:
    """Read a model. The bytes of external data are left where they are.

    Raises `UsageError` when the file cannot be read, `CompileError` when the content is not a model that this version
    of the onnx package knows.
    """
    if isinstance(source, onnx.ModelProto):
        return _checked(Model("<model>", source, None))
    if isinstance(source, bytes):
        return _checked(Model("<bytes>", _parse(source, "<bytes>"), None))
    path = Path(source)
    try:
        content = path.read_bytes()
    except OSError as cause:
        raise UsageError(f"cannot read '{path}': {(cause.strerror or str(cause)).lower()}") from cause
    return _checked(Model(str(path), _parse(content, str(path)), path.parent))


def _parse(content: bytes, name: str) -> onnx.ModelProto:
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError as cause:
        raise CompileError(
            f"'{name}' is cut short or not an ONNX model: {len(content)} bytes are not a whole ModelProto"
        ) from cause
    return model


def _checked(model: Model) -> Model:
    proto = model.proto
    if not proto.HasField("graph") or not proto.opset_import:
        missing = "a graph" if not proto.HasField("graph") else "the version of its operators ('opset_import')"
        raise CompileError(f"'{model.name}' is cut short or not an ONNX model: expected {missing}")
    if proto.ir_version > onnx.IR_VERSION:
        raise CompileError(
            f"'{model.name}' has version {proto.ir_version} of the ONNX format, expected at most {onnx.IR_VERSION}",
            notes=(Note("a newer 'onnx' package may know it"),),
        )
    _check_opsets(model.name, model.opsets)
    return model


def _check_opsets(name: str, opsets: dict[str, int]) -> None:
    for domain, version in opsets.items():
        if not 0 < version < 1 << 31:
            raise CompileError(
                f"'{name}' uses version {version} of the operators of domain '{domain}', expected a count"
            )
    newest = onnx.defs.onnx_opset_version()
    version = opsets.get("", newest)
    if version > newest:
        raise CompileError(
            f"'{name}' uses version {version} of the ONNX operators, expected at most {newest}",
            notes=(Note("a newer 'onnx' package may know it"),),
        )
