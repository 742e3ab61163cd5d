"""`zellige.templates`: the text that templates are made from, with its digest."""

from __future__ import annotations

import hashlib
import zlib

from zellige.artifact import custom_section
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.sections import CustomSection

TEMPLATES_SECTION = "zellige.templates"

MAX_TEXT_BYTES = 1 << 28
"""A longer text is refused before it fills the memory."""

_DIGEST_BYTES = hashlib.sha256().digest_size


def encode(text: str) -> CustomSection:
    """SHA-256 of the UTF-8 text, then the text as a zlib stream."""
    content = text.encode()
    return CustomSection(TEMPLATES_SECTION, hashlib.sha256(content).digest() + zlib.compress(content, 9))


def decode(content: bytes) -> str:
    """The text. Raises `WasmFormatError` when the stream is malformed, or the text is not the one of the digest."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(content[_DIGEST_BYTES:], MAX_TEXT_BYTES)
    except zlib.error as cause:
        raise WasmFormatError(f"the templates are no zlib stream: {cause}", _DIGEST_BYTES) from cause
    if not stream.eof or stream.unused_data:
        what = "has bytes behind its end" if stream.eof else f"is cut, or longer than {MAX_TEXT_BYTES} bytes"
        raise WasmFormatError(f"the text of the templates {what}", len(content))
    found = hashlib.sha256(text).digest()
    if found != content[:_DIGEST_BYTES]:
        expected = content[:_DIGEST_BYTES].hex()
        raise WasmFormatError(f"the text of the templates has digest {found.hex()}, expected {expected}", 0)
    try:
        return text.decode()
    except UnicodeDecodeError as cause:
        raise WasmFormatError("the text of the templates is not UTF-8", _DIGEST_BYTES) from cause


def templates_text(module: bytes) -> str | None:
    """The text in a module, or None. Raises `WasmFormatError` like `decode`, and `RuntimeTrap` for no module."""
    content = custom_section(module, TEMPLATES_SECTION)
    return None if content is None else decode(content)
