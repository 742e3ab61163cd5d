"""What is printed of a template database."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from zellige.support.errors import RuntimeTrap
from zellige.template_database import Check, Footprint, Template, TemplateDatabase
from zellige.tools import inspect

CODE = b"\x31\xc0\xc3" * 500
TEMPLATE = Template(
    name="softmax",
    digest=bytes(range(32)),
    group="zellige.kernels",
    version=1,
    features=("avx2", "fma"),
    convention="x86_64-sysv wasmtime-unchecked 1",
    code=CODE,
    entry_offset=3,
    scratch_bytes=4096,
    footprint=(Footprint(0, "device", 57600, "r", 4), Footprint(1, "constant", 64, "rw", 1)),
    workgroups=(3, 2, 1),
    check=Check(2000, False, 1.5e-7),
)


def printed(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    path = folder / "model.hwdb"
    TemplateDatabase((TEMPLATE,)).save(path)
    assert inspect.run(inspect.parser().parse_args([str(path), *options])) == 0
    return capsys.readouterr().out


def test_each_template_has_a_paragraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(tmp_path, capsys).splitlines() == [
        "template database: 1 templates, 1,500 bytes of code",
        'softmax: "zellige.kernels" version 1, 3 x 2 x 1 workgroups',
        "  stands for 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "  needs avx2 fma; called as x86_64-sysv wasmtime-unchecked 1",
        "  1,500 bytes of code, 4,096 bytes of scratch memory",
        "  parameter 0: reads 57,600 bytes of device memory, at a multiple of 4",
        "  parameter 1: reads and writes 64 bytes of constant memory, at a multiple of 1",
        "  checked on 2,000 inputs: relative error up to 1.5e-07",
    ]


def test_json_has_all_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (template,) = json.loads(printed(tmp_path, capsys, "--json"))["templates"]
    assert template["digest"] == TEMPLATE.digest.hex()
    assert template["check"] == {"inputs": 2000, "bit_equal": False, "max_relative_error": 1.5e-7}
    assert template["code_bytes"] == 1500
    assert template["code_sha256"] == hashlib.sha256(CODE).hexdigest()


def test_a_damaged_database(tmp_path: Path) -> None:
    (tmp_path / "model.hwdb").write_bytes(TemplateDatabase((TEMPLATE,)).to_bytes()[:-1])
    with pytest.raises(RuntimeTrap, match="its checksum differs from its content"):
        inspect.run(inspect.parser().parse_args([str(tmp_path / "model.hwdb")]))
