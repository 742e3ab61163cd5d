"""What may watch a pipeline run. An observer only looks: it never changes the module, nor what a pipeline does."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from zellige.compiler.pass_text import pass_text
from zellige.support.errors import UsageError
from zellige.support.printing import module_text


@dataclass(frozen=True)
class Step:
    """Where a run stands: this pass is number `index` (from 0) of `count`."""

    index: int
    count: int
    pass_: ModulePass


class Observer(Protocol):
    """Called before and after each pass."""

    def before(self, step: Step, module: ModuleOp) -> None: ...

    def after(self, step: Step, module: ModuleOp) -> None: ...


@dataclass(frozen=True)
class PrintAfter:
    """Print the module after each pass of one of these names."""

    names: Collection[str]
    stream: IO[str]
    generic: bool = False

    def before(self, step: Step, module: ModuleOp) -> None: ...

    def after(self, step: Step, module: ModuleOp) -> None:
        if step.pass_.name in self.names:
            self.stream.write(f"// IR after {pass_text(step.pass_)}\n{module_text(module, generic=self.generic)}")


@dataclass(frozen=True)
class DumpToFolder:
    """Write the module after each pass to a numbered file: `007-fuse-elementwise.mlir`."""

    folder: Path

    def before(self, step: Step, module: ModuleOp) -> None: ...

    def after(self, step: Step, module: ModuleOp) -> None:
        path = self.folder / f"{step.index + 1:03}-{step.pass_.name}.mlir"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as cause:
            raise UsageError(f"'{self.folder}' is a file, expected a folder for the IR after each pass") from cause
        try:
            path.write_text(module_text(module), encoding="utf-8")
        except OSError as cause:
            raise UsageError(f"cannot write '{path}': {(cause.strerror or str(cause)).lower()}") from cause


@dataclass
class Timing:
    """Wall-clock time of each pass, and of the verification where there is one after it."""

    seconds: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    clock: Callable[[], float] = time.perf_counter
    _start: float = 0.0

    def before(self, step: Step, module: ModuleOp) -> None:
        self._start = self.clock()

    def after(self, step: Step, module: ModuleOp) -> None:
        self.seconds.append((pass_text(step.pass_), self.clock() - self._start))

    def table(self) -> str:
        """One line a pass, in the order in which they ran, and the sum."""
        total = sum(seconds for _, seconds in self.seconds)
        lines = [
            f"{seconds * 1e3:10.1f} ms {100 * seconds / (total or 1):5.1f} %  {name}" for name, seconds in self.seconds
        ]
        return "\n".join([*lines, f"{total * 1e3:10.1f} ms 100.0 %  all passes", ""])


@dataclass(frozen=True)
class Progress:
    """One line on a terminal that says what is going on, which pass is running; nothing is left of it at the end."""

    stream: IO[str]

    def show(self, index: int, count: int, what: str) -> None:
        """Replace the line: this is number `index` (from 0) of `count`."""
        self.stream.write(f"\r\x1b[K[{index + 1}/{count}] {what}")
        self.stream.flush()

    def before(self, step: Step, module: ModuleOp) -> None:
        self.show(step.index, step.count, step.pass_.name)

    def after(self, step: Step, module: ModuleOp) -> None:
        if step.index + 1 == step.count:
            self.clear()

    def clear(self) -> None:
        self.stream.write("\r\x1b[K")
        self.stream.flush()
