"""Native code on disk: found again, rebuilt when damaged, done without when the folder is no use."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import wasmtime

import zellige
from zellige.runtime import cache as cache_module

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade

X = np.ones((2, 3), "f4")


class Compilations:
    """Counts how often the engine compiles."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        original = wasmtime.Module.__init__

        def counting(module: wasmtime.Module, engine: wasmtime.Engine, wasm: str | bytes) -> None:
            self.count += 1
            original(module, engine, wasm)

        monkeypatch.setattr(wasmtime.Module, "__init__", counting)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> Compilations:
    return Compilations(monkeypatch)


@pytest.fixture
def artifact(handmade: Handmade) -> zellige.Artifact:
    return handmade.adding().artifact()


def run(artifact: zellige.Artifact, cache: bool | str | Path) -> None:
    with zellige.load(artifact, cache=cache) as program:
        np.testing.assert_array_equal(program["main"](X, X), np.full((2, 3), 3.5))


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_module_is_compiled_once(artifact: zellige.Artifact, tmp_path: Path, compilations: Compilations) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(3):
        run(artifact, str(folder))
    assert compilations.count == 1
    assert [entry.suffix for entry in entries(folder)] == [".cwasm"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_another_module_is_another_entry(handmade: Handmade, artifact: zellige.Artifact, tmp_path: Path) -> None:
    run(artifact, tmp_path / "c")
    run(handmade.adding().adding("other").artifact(), tmp_path / "c")
    assert len(entries(tmp_path / "c")) == 2


def test_another_configuration_is_another_entry(
    artifact: zellige.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(artifact, tmp_path / "c")

    def another(_: object) -> str:
        return "another engine"

    monkeypatch.setattr(cache_module, "fingerprint", another)
    run(artifact, tmp_path / "c")
    assert len(entries(tmp_path / "c")) == 2


def test_without_a_cache_nothing_is_written(
    artifact: zellige.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compilations: Compilations
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    run(artifact, cache=False)
    run(artifact, cache=False)
    assert compilations.count == 2
    assert entries(tmp_path) == []


def test_the_default_folder_is_in_the_home_of_the_user(
    artifact: zellige.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    run(artifact, cache=True)
    assert len(entries(cache_module.default_folder())) == 1
    assert tmp_path in cache_module.default_folder().parents


@pytest.mark.parametrize("damage", ["truncated", "empty", "flipped", "longer", "foreign"])
def test_a_damaged_entry_is_built_again(
    artifact: zellige.Artifact, tmp_path: Path, compilations: Compilations, damage: str
) -> None:
    run(artifact, tmp_path / "c")
    (entry,) = entries(tmp_path / "c")
    whole = entry.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "truncated": whole[:middle],
        "empty": b"",
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "longer": whole + b"\0",
        "foreign": b"something else entirely, and longer than a checksum",
    }[damage]
    entry.write_bytes(damaged)
    run(artifact, tmp_path / "c")
    assert compilations.count == 2
    assert entry.read_bytes() == whole
    run(artifact, tmp_path / "c")
    assert compilations.count == 2


def test_an_entry_that_the_engine_refuses_is_built_again(
    artifact: zellige.Artifact, tmp_path: Path, compilations: Compilations
) -> None:
    run(artifact, tmp_path / "c")
    (entry,) = entries(tmp_path / "c")
    code = b"whole, but no native code"
    entry.write_bytes(code + cache_module.hashlib.sha256(code).digest())
    run(artifact, tmp_path / "c")
    assert compilations.count == 2


def check_runs_with_one_warning(artifact: zellige.Artifact, folder: Path, message: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(artifact, folder)
    assert [(warning.category, str(warning.message)) for warning in caught] == [(zellige.CacheWarning, message)]
    assert caught[0].filename == __file__


def test_a_folder_that_cannot_be_made_is_done_without(artifact: zellige.Artifact, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    check_runs_with_one_warning(
        artifact, tmp_path / "file", f"native code is not cached: File exists: '{tmp_path / 'file'}'"
    )


def test_a_folder_that_others_can_write_to_is_not_trusted(artifact: zellige.Artifact, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    run(artifact, folder)
    folder.chmod(0o777)
    check_runs_with_one_warning(
        artifact, folder, f"native code is not cached: others can write to the folder '{folder}'"
    )


def test_a_folder_of_someone_else_is_not_trusted(
    artifact: zellige.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    check_runs_with_one_warning(
        artifact, tmp_path, f"native code is not cached: others can write to the folder '{tmp_path}'"
    )


def test_a_full_disk_is_done_without(
    artifact: zellige.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compilations: Compilations
) -> None:
    def full(source: str, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", source)

    monkeypatch.setattr(os, "replace", full)
    with pytest.warns(zellige.CacheWarning, match=r"^native code is not cached: No space left on device: ") as caught:
        run(artifact, tmp_path)
    assert len(caught) == 1
    assert entries(tmp_path) == []
    assert compilations.count == 1


def test_a_read_only_folder_is_done_without(
    artifact: zellige.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(cache_module.tempfile, "mkstemp", refuse)
    check_runs_with_one_warning(artifact, tmp_path, "native code is not cached: Read-only file system")


def test_a_user_without_a_home_is_served(
    artifact: zellige.Artifact, monkeypatch: pytest.MonkeyPatch, compilations: Compilations
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.warns(zellige.CacheWarning, match=r"^native code is not cached: the user has no home folder$"):
        run(artifact, cache=True)
    assert compilations.count == 1


def test_several_processes_fill_one_cache_at_once(artifact: zellige.Artifact, tmp_path: Path) -> None:
    artifact.save(tmp_path / "m.wasm")
    script = (
        "import sys, warnings, zellige, numpy; warnings.simplefilter('error'); x = numpy.ones((2, 3), 'f4')\n"
        "for _ in range(10):\n"
        "    assert (zellige.load(sys.argv[1], cache=sys.argv[2])['main'](x, x) == 3.5).all()\n"
    )
    root = Path(zellige.__file__).parent.parent
    command = [sys.executable, "-c", script, str(tmp_path / "m.wasm"), str(tmp_path / "c")]
    processes = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert [entry.suffix for entry in entries(tmp_path / "c")] == [".cwasm"]
