"""The custom sections that describe a module to tools: names, producers, target features."""

from __future__ import annotations

from collections.abc import Sequence

from zellige.backend.wasm.leb128 import encode_unsigned
from zellige.backend.wasm.sections import CustomSection
from zellige.backend.wasm.writer import name_bytes, vector


def names(module: str, functions: Sequence[str]) -> CustomSection:
    """`name`: of the module, and of each function by index."""
    function_names = vector(encode_unsigned(index) + name_bytes(name) for index, name in enumerate(functions))
    return CustomSection("name", _part(0, name_bytes(module)) + _part(1, function_names))


def producers(tool: str) -> CustomSection:
    """`producers`: the tool that made the module."""
    return CustomSection(
        "producers", vector([name_bytes("processed-by") + vector([name_bytes(tool) + name_bytes("")])])
    )


def target_features(features: Sequence[str]) -> CustomSection:
    """`target_features`: what an engine must have."""
    return CustomSection("target_features", vector(b"+" + name_bytes(feature) for feature in features))


def _part(kind: int, content: bytes) -> bytes:
    return bytes((kind,)) + encode_unsigned(len(content)) + content
