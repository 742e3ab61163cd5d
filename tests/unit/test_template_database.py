"""The file of templates: what is written is read, and each other content is one error that says what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zellige.support.errors import RuntimeTrap, UsageError
from zellige.template_database import Check, Footprint, Template, TemplateDatabase

HEAD_BYTES = 8 + 32 + 8

TEMPLATE = Template(
    name="softmax",
    digest=bytes(range(32)),
    group="zellige.kernels",
    version=1,
    features=("avx2", "fma"),
    convention="x86_64-sysv wasmtime-unchecked 1",
    code=b"\x31\xc0\xc3",
    entry_offset=0,
    scratch_bytes=4096,
    footprint=(Footprint(0, "device", 1024, "r", 4), Footprint(1, "constant", 64, "r", 1)),
    workgroups=(4, 1, 1),
    check=Check(2000, False, 1.5e-7),
)
DATABASE = TemplateDatabase((TEMPLATE, replace(TEMPLATE, features=("avx512f",), code=b"\xc3" * 100, entry_offset=64)))


def sealed(content: bytes) -> bytes:
    """The same with a checksum that fits."""
    return content[:8] + hashlib.sha256(content[40:]).digest() + content[40:]


def with_index(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The file of `DATABASE` with a changed index."""
    content = DATABASE.to_bytes()
    end = HEAD_BYTES + int.from_bytes(content[40:48], "little")
    index = json.loads(content[HEAD_BYTES:end])
    change(index)
    text = json.dumps(index).encode()
    code = b"".join(t.code.ljust(-(-len(t.code) // 64) * 64, b"\0") for t in DATABASE.templates[:-1])
    code += DATABASE.templates[-1].code
    padding = bytes(-(HEAD_BYTES + len(text)) % 64)
    return sealed(content[:40] + len(text).to_bytes(8, "little") + text + padding + code)


def check_refused(content: bytes, *words: str) -> None:
    with pytest.raises(RuntimeTrap) as caught:
        TemplateDatabase.from_bytes(content)
    assert caught.value.code == "templates"
    for word in words:
        assert word in caught.value.message


def test_what_is_written_is_read() -> None:
    content = DATABASE.to_bytes()
    assert TemplateDatabase.from_bytes(content) == DATABASE
    assert DATABASE.to_bytes() == content


def test_a_database_may_be_empty() -> None:
    assert TemplateDatabase.from_bytes(TemplateDatabase(()).to_bytes()) == TemplateDatabase(())


def test_the_layout_is_that_of_the_page() -> None:
    content = DATABASE.to_bytes()
    assert content[:8] == b"\0hwdb\1\0\0"
    assert content[8:40] == hashlib.sha256(content[40:]).digest()
    index_end = HEAD_BYTES + int.from_bytes(content[40:48], "little")
    index = json.loads(content[HEAD_BYTES:index_end])
    assert [record["name"] for record in index["templates"]] == ["softmax", "softmax"]
    start = -(-index_end // 64) * 64
    assert content[start : start + 3] == TEMPLATE.code
    assert content[start + 64 :] == DATABASE.templates[1].code


def test_a_file_is_saved_and_loaded(tmp_path: Path) -> None:
    DATABASE.save(tmp_path / "model.hwdb")
    assert TemplateDatabase.load(tmp_path / "model.hwdb") == DATABASE


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read '.*none\.hwdb': no such file"):
        TemplateDatabase.load(tmp_path / "none.hwdb")
    with pytest.raises(UsageError, match="cannot write"):
        DATABASE.save(tmp_path / "none" / "model.hwdb")


def test_each_truncation_is_refused() -> None:
    content = DATABASE.to_bytes()
    for length in range(len(content)):
        check_refused(content[:length])


def test_each_changed_byte_is_refused() -> None:
    content = DATABASE.to_bytes()
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= 1 << position % 8
        check_refused(bytes(changed))


def test_what_is_wrong_with_the_frame() -> None:
    content = DATABASE.to_bytes()
    check_refused(b"\0asm\1\0\0\0" + content[8:], r"b'\x00asm\x01\x00\x00\x00'", r"b'\x00hwdb\x01\x00\x00'")
    check_refused(content[:5] + b"\2\0\0" + content[8:], "version 020000", "knows 010000")
    check_refused(content[:47], "cut short", "47 bytes")
    check_refused(content[:-1], "checksum")
    check_refused(sealed(content[:40] + (2**40).to_bytes(8, "little") + content[48:]), "index ends at 1099511627824")
    check_refused(sealed(content[:48] + b"x" + content[49:]), "not JSON")
    check_refused(sealed(content + b"\0"), f"ends at {len(content)}, the file at {len(content) + 1}")
    deep = b"[" * 100000
    check_refused(sealed(content[:40] + len(deep).to_bytes(8, "little") + deep), "not JSON")


def set_field(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda index: index["templates"][1].update({name: value})


CHANGES: list[tuple[Callable[[dict[str, Any]], object], tuple[str, ...]]] = [
    (set_field("name", 5), ("template 1", "'name' is 5")),
    (set_field("digest", "12"), ("'digest' is '12'", "64 hexadecimal digits")),
    (set_field("version", True), ("'version' is True",)),
    (set_field("version", -1), ("'version' is -1",)),
    (set_field("features", "avx2"), ("expected a list",)),
    (set_field("features", ["AVX 2"]), ("'AVX 2'", "a word")),
    (set_field("code", 0), ("'code' is 0",)),
    (set_field("code", 10**9), ("its code ends at", "the file at")),
    (set_field("code", 99), ("last template ends",)),
    (set_field("entry_offset", 100), ("'entry_offset' is 100", "from 0 to 99")),
    (set_field("scratch_bytes", 2**31), ("'scratch_bytes' is 2147483648",)),
    (set_field("footprint", [0]), ("got 0", "parameter, memory")),
    (set_field("workgroups", [1, 1]), ("'workgroups' is [1, 1]",)),
    (set_field("check", None), ("got None", "inputs, bit_equal")),
    (set_field("check", {"inputs": 1, "bit_equal": 1, "max_relative_error": 0.0}), ("'bit_equal' is 1",)),
    (set_field("check", {"inputs": 1, "bit_equal": True, "max_relative_error": float("nan")}), ("is nan",)),
    (set_field("extra", 1), ("its fields are", "'extra'")),
    (set_field("features", ["avx2", "fma"]), ("2 templates for 'softmax'",)),
    (lambda index: index.update(more=1), ("'more'",)),
    (lambda index: index.update(templates=7), ("got 7, expected a list",)),
    (lambda index: index["templates"].append([]), ("template 2", "got []")),
    (lambda index: index["templates"].pop(), ("last template ends",)),
    (lambda index: index["templates"][0]["footprint"][0].update(memory="local"), ("'memory' is 'local'",)),
    (lambda index: index["templates"][0]["footprint"][0].update(access="x"), ("'access' is 'x'",)),
    (lambda index: index["templates"][0]["footprint"][0].update(alignment=3), ("'alignment' is 3", "power of two")),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_what_is_wrong_with_the_index(change: Callable[[dict[str, Any]], object], words: tuple[str, ...]) -> None:
    check_refused(with_index(change), *words)


def test_an_index_with_other_spaces_is_read() -> None:
    assert TemplateDatabase.from_bytes(with_index(lambda index: None)) == DATABASE
