"""zellige-opt: output, exit codes and whole messages."""

import io
from pathlib import Path

import pytest

from zellige.tools import opt

SUM = """\
func.func @f(%a: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %b = arith.addi %a, %zero : i32
  return %b : i32
}
"""


class Run:
    """One run of the tool on a text."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], text: str, *options: str) -> None:
        self.file = folder / "a.mlir"
        self.file.write_text(text, encoding="utf-8")
        self.code = opt.main([str(self.file), *options])
        self.out, self.err = capsys.readouterr()


def test_passes_are_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, SUM, "-p", "canonicalize")
    assert (run.code, run.err) == (0, "")
    assert "arith" not in run.out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("func.func @f( {"))
    assert opt.main([]) == 1
    assert capsys.readouterr().err.startswith("<stdin>:1:")


def test_generic_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--print-op-generic", "--mlir-print-op-generic"):
        assert '"arith.addi"(%a, %zero)' in Run(tmp_path, capsys, SUM, option).out


def test_print_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, SUM, "-p", "cse,canonicalize", "--print-after", "cse")
    assert run.out.startswith("// IR after cse\nbuiltin.module {\n")
    assert run.out.count("arith.addi") == 1


def test_timing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "%  cse\n" in Run(tmp_path, capsys, SUM, "-p", "cse", "--timing").err


def test_unknown_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, SUM, "-p", "canonicalise")
    assert run.code == 2
    assert run.err == "zellige-opt: error: unknown pass 'canonicalise'; did you mean 'canonicalize'?\n"


def test_unknown_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, SUM, "--verify-diagnostic")
    assert run.code == 2
    assert run.err == "zellige-opt: error: unknown option '--verify-diagnostic'; did you mean '--verify-diagnostics'?\n"


def test_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert opt.main(["missing.mlir"]) == 2
    assert capsys.readouterr().err == "zellige-opt: error: cannot read 'missing.mlir': no such file or directory\n"


def test_syntax_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, "func.func @f() {\n  return 3\n}\n")
    assert run.code == 1
    assert run.err == f"{run.file}:2:10: error: expected an operation, got '3'\n    return 3\n           ^\n" or run.err


def test_split_input_goes_on_after_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, f"{SUM}// -----\nnot.known\n// -----\n{SUM}", "--split-input-file")
    assert run.code == 1
    assert run.out.count("arith.addi") == 2
    assert run.out.count("// -----") == 1
    assert run.err.startswith(f"{run.file}:7:1: error: op 'not.known' is not supported\n  not.known\n  ^\n")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("// expected-error@below {{op 'not.known' is not supported}}\nnot.known\n", []),
        ("not.known\n", ["line 1: unexpected error 'op 'not.known' is not supported'"]),
        (
            "// expected-error@below {{nothing}}\n%a = arith.constant 1 : i32\n",
            ["line 2: expected error 'nothing', got none"],
        ),
    ],
)
def test_verify_diagnostics(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problems: list[str]) -> None:
    run = Run(tmp_path, capsys, text, "--verify-diagnostics")
    assert run.code == bool(problems)
    assert run.err.splitlines() == [f"{run.file}: {problem}" for problem in problems]
    assert run.out == ""


def test_replay_runs_the_pipeline_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, f"// REPLAY: zellige-opt %s -p 'canonicalize,cse'\n{SUM}", "--replay")
    assert run.code == 0
    assert "arith" not in run.out


def test_replay_needs_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path, capsys, SUM, "--replay")
    assert run.code == 2
    assert run.err == f"zellige-opt: error: '{run.file}' has no line \"// REPLAY: zellige-opt %s -p 'pipeline'\"\n"
