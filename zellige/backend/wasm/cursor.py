"""Bounds-checked reading of one range of bytes, front to back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.leb128 import decode_signed, decode_unsigned

T = TypeVar("T")


class Cursor:
    """A position in `data` that never passes `end`. Every method raises `WasmFormatError` instead of reading beyond."""

    def __init__(self, data: bytes, position: int = 0, end: int | None = None) -> None:
        self.data = data
        self.position = position
        self.end = len(data) if end is None else end

    @property
    def at_end(self) -> bool:
        return self.position >= self.end

    def byte(self) -> int:
        if self.position >= self.end:
            raise WasmFormatError("unexpected end, expected 1 more byte", self.position)
        value = self.data[self.position]
        self.position += 1
        return value

    def skip(self, count: int) -> int:
        """Pass over `count` bytes; returns where they start."""
        start = self.position
        if count > self.end - start:
            raise WasmFormatError(f"unexpected end, expected {count} more bytes, got {self.end - start}", start)
        self.position = start + count
        return start

    def take(self, count: int) -> bytes:
        start = self.skip(count)
        return self.data[start : self.position]

    def view(self, count: int) -> memoryview:
        """Like `take`, without a copy."""
        start = self.skip(count)
        return memoryview(self.data)[start : self.position]

    def u32(self) -> int:
        start = self.position
        value, position = decode_unsigned(self.data, start)
        return self._moved(start, value, position)

    def s32(self) -> int:
        start = self.position
        value, position = decode_signed(self.data, start)
        return self._moved(start, value, position)

    def _moved(self, start: int, value: int, position: int) -> int:
        if position > self.end:
            raise WasmFormatError("unexpected end inside a number", start)
        self.position = position
        return value

    def count(self, item_bytes: int = 1) -> int:
        """A number of items of at least `item_bytes` each, which the bytes left can hold."""
        start = self.position
        value = self.u32()
        if value * item_bytes > self.end - self.position:
            raise WasmFormatError(f"{value} items do not fit into the {self.end - self.position} bytes left", start)
        return value

    def many(self, read_one: Callable[[], T], item_bytes: int = 1) -> tuple[T, ...]:
        return tuple([read_one() for _ in range(self.count(item_bytes))])

    def name(self) -> str:
        start = self.position
        try:
            return self.take(self.u32()).decode()
        except UnicodeDecodeError:
            raise WasmFormatError("name is not UTF-8", start) from None

    def sub(self, size: int) -> Cursor:
        """A cursor over the next `size` bytes, which this one passes."""
        start = self.skip(size)
        return Cursor(self.data, start, self.position)

    def expect_end(self, what: str) -> None:
        if not self.at_end:
            raise WasmFormatError(f"{self.end - self.position} bytes are left in {what}", self.position)
