"""LEB128, the variable-length integers of WebAssembly: encoding, and bounds-checked decoding."""

from __future__ import annotations

from zellige.backend.wasm.errors import WasmFormatError


def encode_unsigned(value: int) -> bytes:
    """The shortest encoding of a number that is not negative."""
    assert value >= 0, value
    if value < 0x80:
        return bytes((value,))
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def encode_signed(value: int) -> bytes:
    """The shortest encoding of a number in two's complement."""
    encoded = bytearray()
    while not -0x40 <= value < 0x40:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value & 0x7F)
    return bytes(encoded)


def encode_padded(value: int, width: int) -> bytes:
    """Exactly `width` bytes, as LLVM leaves room for a size that it does not know yet."""
    assert 0 <= value < 1 << 7 * width, (value, width)
    return bytes(value >> 7 * i & 0x7F | (0x80 if i < width - 1 else 0) for i in range(width))


def decode_unsigned(data: bytes | memoryview, position: int, bits: int = 32) -> tuple[int, int]:
    """Value and position after it. Raises `WasmFormatError` for a cut, an overlong or a too large number."""
    start, end = position, len(data)
    if position < end and data[position] < 0x80:  # most numbers have one byte
        return data[position], position + 1
    value = shift = 0
    while position < end:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >> bits:
                raise WasmFormatError(f"number needs more than {bits} bits", start)
            return value, position
        shift += 7
        if shift >= bits:
            raise WasmFormatError(f"number of more than {(bits + 6) // 7} bytes", start)
    raise WasmFormatError("unexpected end inside a number", start)


def decode_signed(data: bytes | memoryview, position: int, bits: int = 32) -> tuple[int, int]:
    """Value and position after it. Raises `WasmFormatError` for a cut, an overlong or a too large number."""
    value = shift = 0
    start, end = position, len(data)
    while position < end:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if byte & 0x40:
                value -= 1 << shift
            if not -1 << bits - 1 <= value < 1 << bits - 1:
                raise WasmFormatError(f"number needs more than {bits} bits", start)
            return value, position
        if shift >= bits:
            raise WasmFormatError(f"number of more than {(bits + 6) // 7} bytes", start)
    raise WasmFormatError("unexpected end inside a number", start)
