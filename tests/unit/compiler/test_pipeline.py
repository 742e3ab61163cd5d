"""What happens around the passes: verification, observers, and the replay of a crash."""

from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
from xdsl.context import Context
from xdsl.dialects import arith, test
from xdsl.dialects.builtin import ModuleOp, StringAttr, i32
from xdsl.passes import ModulePass

from zellige.compiler.observers import DumpToFolder, PrintAfter, Progress, Step, Timing
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.support.errors import CompileError, CompilerBug, UsageError
from zellige.support.printing import module_text

SOURCE = '%a = "test.op"() : () -> i32\n'


@dataclass(frozen=True)
class LabelPass(ModulePass):
    """Give the module an attribute."""

    name = "label"
    word: str = "x"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        op.attributes[self.word] = StringAttr(self.word)


@dataclass(frozen=True)
class CrashPass(ModulePass):
    name = "crash"
    depth: int = 3

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        op.attributes["half-done"] = StringAttr("")
        raise KeyError("d5")


@dataclass(frozen=True)
class BreakPass(ModulePass):
    """Leave an `arith.addi` without operands."""

    name = "break"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        op.body.block.add_op(arith.AddiOp.create(result_types=[i32]))


@dataclass(frozen=True)
class RefusePass(ModulePass):
    name = "refuse"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        first = next(o for o in op.walk() if isinstance(o, test.TestOp))
        raise CompileError("does not fit", op=first)


@dataclass
class Recorder:
    calls: list[str] = field(default_factory=list[str])

    def before(self, step: Step, module: ModuleOp) -> None:
        self.calls.append(f"before {step.index}/{step.count} {step.pass_.name}")

    def after(self, step: Step, module: ModuleOp) -> None:
        self.calls.append(f"after {step.index}/{step.count} {step.pass_.name}")


def run(*passes: ModulePass, observers: list[Recorder] | None = None) -> ModuleOp:
    known = context()
    module = read_module(SOURCE, "a.mlir", known)
    Pipeline(passes).run(known, module, observers or ())
    return module


def test_passes_run_in_order() -> None:
    assert list(run(LabelPass("b"), LabelPass("a")).attributes) == ["b", "a"]


def test_observers_are_called_around_each_pass() -> None:
    recorder = Recorder()
    run(LabelPass("a"), LabelPass("b"), observers=[recorder])
    assert recorder.calls == ["before 0/2 label", "after 0/2 label", "before 1/2 label", "after 1/2 label"]


def test_crash_is_a_bug_with_a_replay() -> None:
    with pytest.raises(CompilerBug) as caught:
        run(LabelPass("a"), CrashPass(depth=1), LabelPass("b"))
    assert caught.value.message == "pass 'crash' crashed: KeyError: 'd5'"
    assert caught.value.replay == (
        "// REPLAY: zellige-opt %s -p 'crash{depth=1},label{word=b}'\n"
        'builtin.module attributes {a = "a"} {\n'
        '  %a = "test.op"() : () -> i32\n'
        "}\n"
    )
    assert isinstance(caught.value.__cause__, KeyError)


def test_module_that_does_not_verify_is_a_bug() -> None:
    with pytest.raises(CompilerBug, match="pass 'break' left a module that does not verify") as caught:
        run(LabelPass("a"), BreakPass())
    replay = caught.value.replay
    assert replay is not None
    assert replay.startswith("// REPLAY: zellige-opt %s -p 'break'\n")
    assert "arith.addi" not in replay


def test_fault_that_shows_later_is_laid_at_the_pass_that_left_it() -> None:
    known = context()
    module = read_module(SOURCE, "a.mlir", known)
    with pytest.raises(CompilerBug, match="pass 'break' left a module that does not verify") as caught:
        Pipeline((LabelPass("a"), BreakPass(), LabelPass("b"))).run(known, module, verify_each=False)
    replay = caught.value.replay
    assert replay is not None
    assert replay.startswith("// REPLAY: zellige-opt %s -p 'break,label{word=b}'\n")
    assert "arith.addi" not in replay


def test_compile_error_gets_the_name_of_the_pass() -> None:
    with pytest.raises(CompileError) as caught:
        run(RefusePass())
    assert caught.value.pass_name == "refuse"


def test_print_after_prints_after_the_named_pass_only() -> None:
    stream = StringIO()
    module = ModuleOp([])
    Pipeline((LabelPass("a"), LabelPass("b"))).run(Context(), module, [PrintAfter(["label"], stream)])
    assert stream.getvalue().startswith('// IR after label{word=a}\nbuiltin.module attributes {a = "a"} {\n')
    assert stream.getvalue().count("// IR after") == 2
    quiet = StringIO()
    Pipeline((LabelPass("a"),)).run(Context(), module, [PrintAfter(["crash"], quiet)])
    assert quiet.getvalue() == ""


def test_dump_numbers_its_files(tmp_path: Path) -> None:
    module = ModuleOp([])
    folder = tmp_path / "deep" / "dump"
    Pipeline((LabelPass("a"), LabelPass("b"))).run(Context(), module, [DumpToFolder(folder)])
    assert [path.name for path in sorted(folder.iterdir())] == ["001-label.mlir", "002-label.mlir"]
    assert (folder / "002-label.mlir").read_text() == module_text(module)


def test_dump_to_what_is_no_folder_is_a_usage_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match="is a file, expected a folder"):
        Pipeline((LabelPass(),)).run(Context(), ModuleOp([]), [DumpToFolder(file)])


def test_timing_has_a_line_for_each_pass() -> None:
    seconds = iter([0.0, 0.25, 1.0, 1.75])
    timing = Timing(clock=lambda: next(seconds))
    Pipeline((LabelPass("a"), LabelPass("b"))).run(Context(), ModuleOp([]), [timing])
    assert timing.table().splitlines() == [
        "     250.0 ms  25.0 %  label{word=a}",
        "     750.0 ms  75.0 %  label{word=b}",
        "    1000.0 ms 100.0 %  all passes",
    ]


def test_progress_leaves_an_empty_line() -> None:
    stream = StringIO()
    Pipeline((LabelPass("a"),)).run(Context(), ModuleOp([]), [Progress(stream)])
    assert stream.getvalue() == "\r\x1b[K[1/1] label\r\x1b[K"
