"""Places of operations, text of errors, and `expected-error` comments.

All functions are pure: they take values and return text or findings; printing is the tools' business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, CallSiteLoc, FileLineColLoc, FusedLoc, NameLoc
from xdsl.ir import Attribute, Operation
from xdsl.utils.hints import isa

from zellige.support.errors import CompileError, SourcePlace, ZelligeError

EXCERPT_WIDTH = 120
"""Columns of a source line that an error shows: a constant can be 100 MB on one line."""

SourceLookup = Callable[[str], str | None]
"""Text of a file by its name, or None where it is not known."""


def place_of(op: Operation) -> SourcePlace | None:
    """Where `op` stands in its source text: its own place, or that of the nearest operation around it with one."""
    current: Operation | None = op
    while current is not None:
        if (place := _place_of_location(current.location)) is not None:
            return place
        current = current.parent_op()
    return None


def name_of(op: Operation) -> str | None:
    """What `op` is called in its source: its own name, or that of the nearest operation around it with one."""
    current: Operation | None = op
    while current is not None:
        if isinstance(current.location, NameLoc):
            return current.location.desc.data
        current = current.parent_op()
    return None


def _place_of_location(location: Attribute) -> SourcePlace | None:
    match location:
        case FileLineColLoc():
            return SourcePlace(location.filename.data, location.line.data, location.column.data)
        case NameLoc():
            return _place_of_location(location.location)
        case CallSiteLoc():
            return _place_of_location(location.callee)
        case FusedLoc() if isa(location.locations, ArrayAttr[Attribute]):
            places = (_place_of_location(inner) for inner in location.locations)
            return next((place for place in places if place is not None), None)
        case _:
            return None


def locate(error: CompileError) -> SourcePlace | None:
    """The place that `error` carries, or else that of its operation."""
    if error.place is not None:
        return error.place
    return place_of(error.op) if isinstance(error.op, Operation) else None


def cut_excerpt(line: str, column: int, width: int = EXCERPT_WIDTH) -> tuple[str, int]:
    """Cut `line` to at most `width` characters around `column` (from 1); return it and the column in it."""
    line = line.rstrip("\r\n")
    if len(line) <= width:
        return line, column
    first = max(0, min(column - 1 - width // 3, len(line) - width))
    head, tail = "…" if first > 0 else "", "…" if first + width < len(line) else ""
    return f"{head}{line[first : first + width]}{tail}", column - first + len(head)


def source_line(text: str, line: int) -> str | None:
    """Line `line` (from 1) of `text`, without its end; None when the text is shorter."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return None
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def excerpt_source(text: str, place: SourcePlace) -> str | None:
    """What an error at `place` of `text` keeps as its source line: no more than an excerpt can show of it."""
    line = source_line(text, place.line)
    if line is None or place.column > 4 * EXCERPT_WIDTH:
        return None
    end = place.column + EXCERPT_WIDTH
    return line if len(line) <= end else line[:end] + "…"


def render(error: ZelligeError, source: str | SourceLookup | None = None) -> str:
    """The whole text of `error`: place, message, pass, excerpt with a caret, notes.

    `source` is the text that the error is about, or a function from file name to text; without it an excerpt is
    shown only where the error brings its own source line.
    """
    if not isinstance(error, CompileError):
        return "\n".join([f"error: {error.message}", *(f"note: {note.message}" for note in error.notes)])
    place = locate(error)
    where = f"{place}: " if place is not None else ""
    origin = f" [{error.pass_name}]" if error.pass_name is not None else ""
    lines = [f"{where}error: {error.message}{origin}"]
    if place is not None:
        line = error.source_line
        if line is None and source is not None:
            text = source if isinstance(source, str) else source(place.file)
            line = None if text is None else source_line(text, place.line)
        if line:
            excerpt, column = cut_excerpt(line, place.column)
            lines += [f"  {excerpt}", "  " + " " * (column - 1) + "^"]
    lines += [f"{f'{note.place}: ' if note.place is not None else ''}note: {note.message}" for note in error.notes]
    return "\n".join(lines)


_REWORDED = (
    (re.compile(r"attribute (.+?) expected from variable '\w+', but got (.+)"), r"expected \1, got \2"),
    (re.compile(r"(operand|result) '(\w+)' at position \d+ does not verify:"), r"\1 '\2':"),
    (re.compile(r"[Uu]nexpected attribute"), "unexpected type"),
    (re.compile(r"^in block definition$"), "expected an operation or '}'"),
    (re.compile(r"^Expected suffix identifier after .*"), "expected a name after this character"),
    (re.compile(r"^Could not parse entire input$"), "expected an operation"),
    (re.compile(r"^Operation (\S+) terminates block"), r"'\1' ends the block"),
    (re.compile(r'^Redefinition of symbol "(.+)"$'), r"'@\1' is defined twice"),
)


def sentence(message: str) -> str:
    """A message of xDSL in our form: one line, lower case, no full stop, quotes around names, types called types."""
    message = re.sub(r"\s+", " ", message).strip().rstrip(".!").replace("`", "'")
    for pattern, replacement in _REWORDED:
        message = pattern.sub(replacement, message)
    return message[0].lower() + message[1:] if message[:1].isupper() and not message[1:2].isupper() else message


_SPLIT = re.compile(r"^// -----[ \t]*$\n?", re.MULTILINE)
_EXPECTED = re.compile(r"//\s*expected-error(?P<where>@(?:below|above|[+-]\d+))?\s*\{\{(?P<text>.*?)\}\}")


def split_input(text: str) -> list[str]:
    """Cut `text` at its `// -----` lines.

    Before each part stand as many empty lines as there are lines before it, so that its places are those of `text`.
    """
    parts: list[str] = []
    start, lines_before = 0, 0
    for separator in _SPLIT.finditer(text):
        parts.append("\n" * lines_before + text[start : separator.start()])
        lines_before += text.count("\n", start, separator.end())
        start = separator.end()
    return [*parts, "\n" * lines_before + text[start:]]


@dataclass(frozen=True)
class ExpectedError:
    """An `expected-error` comment: an error on line `line` (from 1) whose message holds `text`."""

    line: int
    text: str


def expected_errors(text: str) -> list[ExpectedError]:
    """The `// expected-error@below {{…}}` comments of `text`; also `@above`, `@+N`, `@-N` and the same line."""
    expected: list[ExpectedError] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for comment in _EXPECTED.finditer(line):
            match comment["where"]:
                case None:
                    offset = 0
                case "@below":
                    offset = 1
                case "@above":
                    offset = -1
                case where:
                    offset = int(where[1:])
            expected.append(ExpectedError(number + offset, comment["text"]))
    return expected


def check_expected(text: str, errors: Sequence[CompileError]) -> list[str]:
    """Compare the `expected-error` comments of `text` with `errors`; return what is wrong, one line each.

    A missing, an unexpected and a moved error are findings; an error without a place never matches.
    """
    problems: list[str] = []
    left = list(errors)
    for expected in expected_errors(text):
        found = next((error for error in left if _fits(error, expected)), None)
        if found is None:
            problems.append(f"line {expected.line}: expected error '{expected.text}', got none")
        else:
            left.remove(found)
    for error in left:
        place = locate(error)
        where = "no place" if place is None else f"line {place.line}"
        problems.append(f"{where}: unexpected error '{error.message}'")
    return problems


def _fits(error: CompileError, expected: ExpectedError) -> bool:
    place = locate(error)
    return place is not None and place.line == expected.line and expected.text in error.message
