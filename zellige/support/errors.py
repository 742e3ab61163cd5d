"""The errors that zellige raises, and the words that they suggest: no xDSL, so that the runtime can import it.

An error is data; text is made once, at the edge (`support.diagnostics` for the compiler, `str()` for everyone).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar


@dataclass(frozen=True)
class SourcePlace:
    """Where something stands in a source text. `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Note:
    """A further fact or a hint that belongs to an error."""

    message: str
    place: SourcePlace | None = None


class ZelligeError(Exception):
    """Base of all errors. `exit_code` is what the command line tools return for it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, notes: Sequence[Note] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.notes = tuple(notes)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"note: {note.message}" for note in self.notes)])


class CompileError(ZelligeError):
    """The program is wrong, or uses something that is not supported.

    `op` is the xDSL operation that the error belongs to (typed `object`, as this file knows no xDSL); its
    place is found from it unless `place` is given. `source_line` is the text of that line, for the excerpt.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        op: object | None = None,
        place: SourcePlace | None = None,
        source_line: str | None = None,
        notes: Sequence[Note] = (),
        pass_name: str | None = None,
    ) -> None:
        super().__init__(message, notes=notes)
        self.op = op
        self.place = place
        self.source_line = source_line
        self.pass_name = pass_name

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place is not None else ""
        origin = f" [{self.pass_name}]" if self.pass_name is not None else ""
        lines = [f"{where}error: {self.message}{origin}"]
        if self.source_line is not None and self.place is not None:
            lines += [f"  {self.source_line}", "  " + " " * (self.place.column - 1) + "^"]
        lines += [f"{f'{n.place}: ' if n.place is not None else ''}note: {n.message}" for n in self.notes]
        return "\n".join(lines)


def nearest(word: object, words: Iterable[str]) -> str | None:
    """The one of `words` that a mistyped word was probably meant to be, or None when none is similar."""
    return next(iter(get_close_matches(str(word), list(words), n=1)), None)


class UsageError(ZelligeError):
    """The command line or the API call is wrong. `nearest` is the nearest valid word, where there is one."""

    exit_code = 2

    def __init__(self, message: str, *, nearest: str | None = None, notes: Sequence[Note] = ()) -> None:
        suffix = f"; did you mean '{nearest}'?" if nearest is not None else ""
        super().__init__(message + suffix, notes=notes)
        self.nearest = nearest


class CompilerBug(ZelligeError):
    """A pass crashed or left invalid IR: our fault. `replay` is text that reproduces it with `zellige-opt --replay`."""

    exit_code = 3

    def __init__(self, message: str, *, replay: str | None = None, notes: Sequence[Note] = ()) -> None:
        super().__init__(message, notes=notes)
        self.replay = replay


class RuntimeTrap(ZelligeError):
    """A run stopped: a trap, an argument out of bounds, a cancelled run.

    `code` is a short stable word (`"unreachable"`, `"out-of-bounds"`, `"argument"`, `"assertion"`, `"module"`,
    `"memory"`, `"parameters"`, …); `frames` are the wasm functions on the stack, innermost first.
    """

    exit_code = 4

    def __init__(self, message: str, *, code: str, frames: Sequence[str] = (), notes: Sequence[Note] = ()) -> None:
        super().__init__(message, notes=notes)
        self.code = code
        self.frames = tuple(frames)
