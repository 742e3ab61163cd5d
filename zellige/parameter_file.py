"""Parameters of a program outside its module, in the format of safetensors.

    length              u64, little-endian: bytes of the header, a multiple of 8
    header              JSON, UTF-8: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
    data                the elements of all tensors, one after the other

What is written here starts its data at a multiple of 64 and has large elements first, so that each tensor is aligned to
its elements. What is read is mapped: only the pages of the file that are copied to a program are ever read.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from zellige.support.errors import Note, RuntimeTrap, UsageError

PARAMETER_SUFFIX = ".safetensors"

DATA_ALIGNMENT_BYTES = 64
MAX_HEADER_BYTES = 100_000_000
_LENGTH_BYTES = 8

FILE_TYPES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "f64": ("F64", 8),
        "i64": ("I64", 8),
        "ui64": ("U64", 8),
        "f32": ("F32", 4),
        "i32": ("I32", 4),
        "ui32": ("U32", 4),
        "f16": ("F16", 2),
        "bf16": ("BF16", 2),
        "i16": ("I16", 2),
        "ui16": ("U16", 2),
        "i8": ("I8", 1),
        "ui8": ("U8", 1),
        "f8E4M3FN": ("F8_E4M3", 1),
        "f8E5M2": ("F8_E5M2", 1),
    }
)
"""Element type in MLIR's spelling -> that of the file, and the bytes of an element. Constants of others stay inside."""


@dataclass(frozen=True)
class ParameterTensor:
    """A parameter with its bytes: element type in MLIR's spelling, shape, and the elements in order."""

    dtype: str
    shape: tuple[int, ...]
    content: bytes | memoryview

    @property
    def description(self) -> tuple[str, tuple[int, ...]]:
        return FILE_TYPES[self.dtype][0], self.shape


def write_parameters(path: str | Path, tensors: Mapping[str, ParameterTensor]) -> None:
    """Write a file. Raises `UsageError` when that cannot be done."""
    order = sorted(tensors, key=lambda name: (-FILE_TYPES[tensors[name].dtype][1], name))
    header: dict[str, object] = {}
    end = 0
    for name in order:
        dtype, shape = tensors[name].description
        start, end = end, end + len(tensors[name].content)
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-(_LENGTH_BYTES + len(text)) % DATA_ALIGNMENT_BYTES)
    try:
        with Path(path).open("wb") as stream:
            stream.write(len(text).to_bytes(_LENGTH_BYTES, "little") + text)
            for name in order:
                stream.write(tensors[name].content)
    except OSError as cause:
        raise UsageError(f"cannot write '{path}': {(cause.strerror or str(cause)).lower()}") from cause


class ParameterFile:
    """A file of parameters, mapped."""

    def __init__(self, path: str | Path) -> None:
        """Raises `UsageError` for a file that cannot be read, `RuntimeTrap` (code `parameters`) for its content."""
        self.path = path
        try:
            with Path(path).open("rb") as stream:
                size = stream.seek(0, 2)
                content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        except OSError as cause:
            raise UsageError(f"cannot read '{path}': {(cause.strerror or str(cause)).lower()}") from cause
        self._content = memoryview(content)
        self._entries, self._data_start = self._header()

    def tensor(self, name: str, dtype: str, shape: Sequence[int]) -> memoryview:
        """The bytes of a tensor of this element type (MLIR's spelling) and shape.

        Raises `RuntimeTrap` (code `parameters`) where the file has none, or another one.
        """
        wanted, element_bytes = FILE_TYPES[dtype]
        entry = self._entries.get(name)
        if entry is None:
            raise self._error(f"has no parameter '{name}', the program needs {_text(wanted, shape)}")
        found, found_shape, start, end = self._described(name, entry)
        if (found, found_shape) != (wanted, tuple(shape)):
            got = _text(found, found_shape)
            raise self._error(f"has {got} for the parameter '{name}', the program needs {_text(wanted, shape)}")
        size = element_bytes * prod(shape)
        if end - start != size:
            raise self._error(f"has {end - start} bytes for the parameter '{name}', its type takes {size}")
        available = len(self._content) - self._data_start
        if end > available:
            raise self._error(f"is cut short: the parameter '{name}' ends at byte {end} of {available} bytes of data")
        return self._content[self._data_start + start : self._data_start + end]

    def _header(self) -> tuple[dict[str, object], int]:
        size = len(self._content)
        if size < _LENGTH_BYTES:
            raise self._error(f"is cut short: it has {size} bytes, the length of its header takes {_LENGTH_BYTES}")
        length = int.from_bytes(self._content[:_LENGTH_BYTES], "little")
        end = _LENGTH_BYTES + length
        if length > MAX_HEADER_BYTES or end > size:
            raise self._error(f"has {size} bytes, its header would end at byte {end}")
        try:
            header = cast("object", json.loads(bytes(self._content[_LENGTH_BYTES:end]), object_pairs_hook=_once))
        except (ValueError, RecursionError) as cause:
            raise self._error(f"has a header that is no JSON: {cause}") from cause
        if not isinstance(header, dict):
            raise self._error("has a header that is no JSON object")
        return cast("dict[str, object]", header), end

    def _described(self, name: str, entry: object) -> tuple[str, tuple[int, ...], int, int]:
        fields = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
        dtype, shape, offsets = fields.get("dtype"), _counts(fields.get("shape")), _counts(fields.get("data_offsets"))
        if isinstance(dtype, str) and shape is not None and offsets is not None and len(offsets) == 2:
            start, end = offsets
            if start <= end:
                return dtype, shape, start, end
        raise self._error(f"does not describe the parameter '{name}' by dtype, shape and data_offsets")

    def _error(self, what: str) -> RuntimeTrap:
        note = Note("a file of parameters is written beside the module by 'zellige compile --parameters external'")
        return RuntimeTrap(f"'{self.path}' {what}", code="parameters", notes=(note,))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which each name is there once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(name for name in found if names.count(name) > 1)}' is described twice")
    return found


def _counts(value: object) -> tuple[int, ...] | None:
    """A JSON list of counts."""
    numbers = cast("list[object]", value) if isinstance(value, list) else [None]
    counts = tuple(n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and n >= 0)
    return counts if len(counts) == len(numbers) else None


def _text(dtype: str, shape: Sequence[int]) -> str:
    return f"{dtype}[{', '.join(map(str, shape))}]"
