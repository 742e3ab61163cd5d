"""Numbers of the binary format, against the examples of the DWARF standard."""

import pytest

from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.leb128 import (
    decode_signed,
    decode_unsigned,
    encode_padded,
    encode_signed,
    encode_unsigned,
)

UNSIGNED = [(2, "02"), (127, "7f"), (128, "8001"), (129, "8101"), (12857, "b964"), ((1 << 32) - 1, "ffffffff0f")]
SIGNED = [(2, "02"), (-2, "7e"), (127, "ff00"), (-127, "817f"), (128, "8001"), (-128, "807f"), (-129, "ff7e")]


@pytest.mark.parametrize(("value", "encoded"), UNSIGNED)
def test_unsigned(value: int, encoded: str):
    assert encode_unsigned(value).hex() == encoded
    assert decode_unsigned(bytes.fromhex(encoded), 0) == (value, len(encoded) // 2)


@pytest.mark.parametrize(("value", "encoded"), SIGNED)
def test_signed(value: int, encoded: str):
    assert encode_signed(value).hex() == encoded
    assert decode_signed(bytes.fromhex(encoded), 0) == (value, len(encoded) // 2)


def test_padding_is_read_back():
    assert encode_padded(5, 5).hex() == "8580808000"
    assert decode_unsigned(encode_padded(5, 5), 0) == (5, 5)


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        ("", "unexpected end inside a number at offset 0x0"),
        ("80", "unexpected end inside a number at offset 0x0"),
        ("ffffffff7f", "number needs more than 32 bits at offset 0x0"),
        ("808080808000", "number of more than 5 bytes at offset 0x0"),
    ],
)
def test_malformed(encoded: str, message: str):
    with pytest.raises(WasmFormatError) as unsigned:
        decode_unsigned(bytes.fromhex(encoded), 0)
    assert str(unsigned.value) == message


def test_signed_numbers_must_be_sign_extended():
    with pytest.raises(WasmFormatError, match="number needs more than 32 bits at offset 0x1"):
        decode_signed(bytes.fromhex("00ffffffff3f"), 1)
