"""The command `zellige` as a user runs it: results, exit codes and whole messages."""

import json
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zellige.compiler.phases import PHASE_NAMES

REPOSITORY = Path(__file__).parents[2]

PROGRAM = """\
func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x16xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%i : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
"""


def zellige(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from zellige.tools.main import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `model.mlir`, and `model.wasm` compiled from it."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "model.mlir").write_text(PROGRAM, encoding="utf-8")
    run = zellige(folder, "compile", "model.mlir", "-o", "model.wasm")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    return folder


def test_run_writes_what_numpy_computes(folder: Path) -> None:
    generator = np.random.default_rng(1)
    x, w = (generator.standard_normal(shape).astype(np.float32) for shape in ((4, 8), (8, 16)))
    np.save(folder / "x.npy", x)
    np.save(folder / "w.npy", w)
    for program in ("model.wasm", "model.mlir"):
        run = zellige(folder, "run", program, "--input", "x.npy", "--input", "w.npy", "--output", "y.npy")
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
        np.testing.assert_allclose(np.load(folder / "y.npy"), x @ w, rtol=1e-5, atol=1e-5)


def test_run_prints_results_without_output(folder: Path) -> None:
    run = zellige(folder, "run", "model.wasm", "--input", "shape=4x8xf32:ones", "--input", "shape=8x16xf32:ones")
    assert run.stdout.startswith("result0: tensor<4x16xf32>\n[[8. 8. ")


@pytest.mark.parametrize("profile", ["simd", "mvp"])
def test_each_profile_computes_the_same(folder: Path, profile: str) -> None:
    inputs = ("--input", "shape=4x8xf32:iota", "--input", "shape=8x16xf32:random")
    zellige(folder, "run", "model.wasm", *inputs, "--output", "full.npy")
    run = zellige(folder, "run", "model.mlir", "--profile", profile, *inputs, "--output", f"{profile}.npy")
    assert (run.returncode, run.stderr) == (0, "")
    # the full profile fuses multiply and add, so the last bits may differ
    np.testing.assert_allclose(np.load(folder / f"{profile}.npy"), np.load(folder / "full.npy"), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("phase", ["dispatch", "object"])
def test_compile_stops_and_goes_on_at_each_phase(folder: Path, phase: str) -> None:
    following = PHASE_NAMES[PHASE_NAMES.index(phase) + 1]
    half, whole = f"{phase}.mlir", f"{phase}.wasm"
    first = zellige(folder, "compile", "model.mlir", "--to", phase, "-o", half)
    assert (first.returncode, first.stderr) == (0, "")
    second = zellige(folder, "compile", half, "--from", following, "-o", whole)
    assert (second.returncode, second.stderr) == (0, "")
    assert (folder / whole).read_bytes() == (folder / "model.wasm").read_bytes()


def test_ir_goes_to_standard_output(folder: Path) -> None:
    assert "linalg.generic" in zellige(folder, "compile", "model.mlir", "--to", "input").stdout


def test_print_pipeline_is_text_for_zellige_opt(folder: Path) -> None:
    run = zellige(folder, "compile", "--print-pipeline", "--to", "input")
    name, _, text = run.stdout.strip().partition(": ")
    assert name == "input"
    code = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from zellige.tools.opt import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "model.mlir", "-p", text]
    opt = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    assert opt.stdout == zellige(folder, "compile", "model.mlir", "--to", "input").stdout


def test_timing_printing_and_dumping_change_nothing(folder: Path) -> None:
    watch = ("--timing", "--print-after", "generalize-named-ops", "--dump", "dump")
    run = zellige(folder, "compile", "model.mlir", "-o", "watched.wasm", *watch)
    assert run.returncode == 0
    assert "ms 100.0 %  all passes" in run.stderr
    assert "// IR after generalize-named-ops\n" in run.stderr
    assert (folder / "watched.wasm").read_bytes() == (folder / "model.wasm").read_bytes()
    assert next(iter(sorted((folder / "dump").iterdir()))).name.startswith("001-")


def test_inspect(folder: Path) -> None:
    text = zellige(folder, "inspect", "model.wasm").stdout
    assert "  main(x: tensor<4x8xf32>, w: tensor<8x16xf32>) -> (result0: tensor<4x16xf32>)\n" in text
    facts = json.loads(zellige(folder, "inspect", "model.wasm", "--json").stdout)
    assert [memory["name"] for memory in facts["memories"]] == ["device", "local", "constant"]
    assert [memory["imported"] for memory in facts["memories"]] == [True, False, False]
    assert facts["module_bytes"] == (folder / "model.wasm").stat().st_size
    assert facts["executables"] == len(facts["entry_points"]) <= facts["dispatches"]
    assert {"name": "custom 'zellige.program'"}.items() <= facts["sections"][-1].items()


def test_bench_has_a_row_for_each_function_and_entry_point(folder: Path) -> None:
    run = zellige(folder, "bench", "model.wasm", "--seconds", "0", "--json")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert (rows[0]["kind"], rows[0]["name"]) == ("function", "main")
    assert {row["kind"] for row in rows[1:]} == {"entry point"}
    assert all(0 < row["min_s"] <= row["median_s"] for row in rows)


SOFTMAX = """\
func.func @main(%x: tensor<64x256xf32>) -> tensor<64x256xf32> {
  %e = tensor.empty() : tensor<64x256xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<64x256xf32>) outs(%e : tensor<64x256xf32>) -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}
"""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="templates for x86_64")
def test_run_with_templates_and_with_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "s.mlir").write_text(SOFTMAX, encoding="utf-8")
    assert zellige(tmp_path, "compile", "s.mlir", "-o", "s.wasm", "--native-templates", "avx2").returncode == 0
    run = ("run", "s.wasm", "--input", "shape=64x256xf32:random", "--templates", "s.hwdb", "--output")
    assert zellige(tmp_path, *run, "a.npy", "--specialize", "native", "--verify").returncode == 0
    with (tmp_path / "s.hwdb").open("ab") as file:
        file.write(b"more")
    native = zellige(tmp_path, *run, "b.npy", "--specialize", "native")
    assert (native.returncode, native.stdout) == (0, "")
    said = "no native code is used: the template database is not one that this runtime can read: its checksum differs"
    assert native.stderr.startswith(f"zellige: warning: {said}")
    np.testing.assert_allclose(np.load(tmp_path / "a.npy"), np.load(tmp_path / "b.npy"), rtol=1e-5)
    required = zellige(tmp_path, *run, "b.npy", "--specialize", "require")
    assert required.returncode == 4
    assert required.stderr.startswith(f"zellige: error: {said}")
    without = zellige(tmp_path, *run, "b.npy")
    assert without.returncode == 2
    assert without.stderr.endswith("say how to specialise a program, and need 'specialize'\n")


@pytest.mark.parametrize("command", ["compile", "run", "inspect", "bench"])
def test_help_has_an_example(folder: Path, command: str) -> None:
    run = zellige(folder, command, "--help")
    assert run.returncode == 0
    assert f"\nexample: zellige {command} model." in run.stdout


def test_help_names_the_commands(folder: Path) -> None:
    for words in ((), ("--help",)):
        run = zellige(folder, *words)
        assert run.returncode == 0
        assert "  compile  compile a program to a WebAssembly module" in run.stdout


PHASES_TEXT = ", ".join(PHASE_NAMES)

ERRORS = {
    "missing file": (
        ("compile", "gone.mlir", "-o", "a.wasm"),
        2,
        "zellige: error: cannot read 'gone.mlir': no such file or directory\n",
    ),
    "empty file": (("compile", "empty.mlir", "-o", "a.wasm"), 1, "empty.mlir:1:1: error: the file is empty\n"),
    "no output": (
        ("compile", "model.mlir"),
        2,
        "zellige: error: needs '-o OUT': a module is not written to standard output\n",
    ),
    "a module to standard output": (
        ("compile", "model.mlir", "-o", "-"),
        2,
        "zellige: error: needs '-o OUT': a module is not written to standard output\n",
    ),
    "no input": (
        ("compile", "-o", "a.wasm"),
        2,
        "zellige: error: needs the file to compile: zellige compile IN -o OUT\n",
    ),
    "output that cannot be written": (
        ("compile", "model.mlir", "--to", "input", "-o", "gone/a.mlir"),
        2,
        "zellige: error: cannot write 'gone/a.mlir': no such file or directory\n",
    ),
    "unknown command": (
        ("compil", "model.mlir"),
        2,
        "zellige: error: unknown command 'compil', commands are compile, run, inspect, bench;"
        " did you mean 'compile'?\n",
    ),
    "unknown option": (
        ("compile", "model.mlir", "-o", "a.wasm", "--proifle=mvp"),
        2,
        "zellige: error: unknown option '--proifle'; did you mean '--profile'?\n",
    ),
    "option without its value": (
        ("compile", "model.mlir", "-o"),
        2,
        "zellige: error: option '--output' needs a value\n",
    ),
    "option with a value of another kind": (
        ("run", "model.wasm", "--seed", "one"),
        2,
        "zellige: error: option '--seed' takes a whole number, got 'one'\n",
    ),
    "no file": (("run",), 2, "zellige: error: needs FILE\n"),
    "options of a compilation for a module": (
        ("run", "model.wasm", "--profile", "mvp"),
        2,
        "zellige: error: 'model.wasm' is compiled already, and takes no options of a compilation\n",
    ),
    "unknown profile": (
        ("compile", "model.mlir", "-o", "a.wasm", "--profile", "simmd"),
        2,
        "zellige: error: profile must be one of full, simd, mvp, got 'simmd'; did you mean 'simd'?\n",
    ),
    "unknown phase": (
        ("compile", "model.mlir", "--to", "inptu"),
        2,
        f"zellige: error: unknown phase 'inptu', phases are {PHASES_TEXT}; did you mean 'input'?\n",
    ),
    "unknown pass": (
        ("compile", "model.mlir", "-o", "a.wasm", "--print-after", "generalise-named-ops"),
        2,
        "zellige: error: pass 'generalise-named-ops' is not in the pipeline; did you mean 'generalize-named-ops'?\n",
    ),
    "syntax error": (
        ("compile", "syntax.mlir", "-o", "a.wasm"),
        1,
        "syntax.mlir:1:13: error: '(' expected, got '{'\n  func.func @f{\n              ^\n",
    ),
    "module that is not ours": (
        ("inspect", "foreign.wasm"),
        4,
        "zellige: error: the module has no 'zellige.program' section: it was not made by zellige\n",
    ),
    "unknown function": (
        ("run", "model.wasm", "--function", "man"),
        2,
        "zellige: error: the program has no function 'man', it has main; did you mean 'main'?\n",
    ),
    "input that is no array": (
        ("run", "model.wasm", "--input", "model.mlir"),
        2,
        "zellige: error: 'model.mlir' is not an .npy file of numbers\n",
    ),
    "too few outputs": (
        ("run", "model.wasm", "--output", "a.npy", "--output", "b.npy"),
        2,
        "zellige: error: 'main' has 1 result, got 2 files for '--output'\n",
    ),
    "too few arguments": (
        ("run", "model.wasm"),
        4,
        "zellige: error: 'main' takes 2 arguments (x: tensor<4x8xf32>, w: tensor<8x16xf32>), got 0\n",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(folder: Path, case: str) -> None:
    (folder / "empty.mlir").touch()
    (folder / "syntax.mlir").write_text("func.func @f{\n}\n", encoding="utf-8")
    (folder / "foreign.wasm").write_bytes(b"\0asm\1\0\0\0")
    words, code, message = ERRORS[case]
    run = zellige(folder, *words)
    assert (run.stderr, run.returncode, run.stdout) == (message, code, "")


def test_closed_output_is_no_error(folder: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from zellige.tools.main import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "compile", "model.mlir", "--to", "lowering"]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() in (0, 141)
