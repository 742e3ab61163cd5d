"""Exit codes, and what is said on the way out."""

from pathlib import Path

import pytest

from zellige.support.errors import CompileError, CompilerBug, Note, RuntimeTrap, SourcePlace, UsageError
from zellige.tools.exits import INTERRUPTED, run_tool

PLACE = SourcePlace("a.mlir", 2, 3)


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (
            CompileError("too long", place=PLACE, source_line="  x", pass_name="cut", notes=[Note("cut it")]),
            1,
            "a.mlir:2:3: error: too long [cut]\n    x\n    ^\nnote: cut it\n",
        ),
        (UsageError("unknown 'x'", nearest="y"), 2, "zellige: error: unknown 'x'; did you mean 'y'?\n"),
        (CompilerBug("pass 'cut' crashed"), 3, "zellige: error: pass 'cut' crashed\n"),
        (RuntimeTrap("unreachable", code="unreachable"), 4, "zellige: error: unreachable\n"),
        (KeyboardInterrupt(), INTERRUPTED, ""),
    ],
)
def test_each_error_has_its_code(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, text: str
) -> None:
    def body() -> int:
        raise error

    assert run_tool("zellige", body) == code
    assert capsys.readouterr().err == text


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("zellige-opt %s -p 'cut,paint'", "zellige-opt --replay replay-2.mlir"),
        ("zellige compile %s --from link", "zellige compile replay-2.mlir --from link"),
    ],
)
def test_replay_is_written_to_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "replay-1.mlir").write_text("kept")
    replay = f"// REPLAY: {command}\nmodule {{}}\n"

    def body() -> int:
        raise CompilerBug("pass 'cut' crashed", replay=replay)

    assert run_tool("zellige", body) == 3
    assert (tmp_path / "replay-1.mlir").read_text() == "kept"
    assert (tmp_path / "replay-2.mlir").read_text() == replay
    assert capsys.readouterr().err == f"zellige: error: pass 'cut' crashed\nnote: '{shown}' shows it again\n"


def test_crash_of_the_tool_is_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    def body() -> int:
        raise KeyError("x")

    assert run_tool("zellige", body) == 3
    assert capsys.readouterr().err.endswith(
        "KeyError: 'x'\nzellige: error: this is a bug in zellige, the lines above say where\n"
    )
