"""How our tools end: errors as text on stderr, one exit code a class of error, quiet when the reader has gone."""

from __future__ import annotations

import itertools
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from zellige.support.diagnostics import render
from zellige.support.errors import CompileError, CompilerBug, ZelligeError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

BROKEN_PIPE = 141
"""Exit code when nobody reads our output any more, as shells have it."""


def run_tool(tool: str, body: Callable[[], int]) -> int:
    """Run `body`, report what it raises, and return the exit code."""
    try:
        with warnings.catch_warnings():
            warnings.showwarning = partial(_show_warning, tool)
            code = body()
        sys.stdout.flush()
    except ZelligeError as error:
        report(tool, error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception:
        traceback.print_exc()
        print(f"{tool}: error: this is a bug in {tool}, the lines above say where", file=sys.stderr)
        return CompilerBug.exit_code
    return code


def _show_warning(tool: str, message: Warning | str, category: type[Warning], *_: object) -> None:
    """A warning as the user of a tool sees it: our own are about what they asked for, not about a line of code."""
    word = "warning" if category.__module__.startswith("zellige.") else category.__name__
    print(f"{tool}: {word}: {message}", file=sys.stderr)


def report(tool: str, error: ZelligeError, source: str | None = None) -> None:
    """Write the error to stderr; the replay text of a compiler bug goes into a file in the working folder."""
    text = render(error, source)
    print(text if isinstance(error, CompileError) else f"{tool}: {text}", file=sys.stderr)
    if isinstance(error, CompilerBug) and error.replay is not None:
        try:
            path = _write_replay(error.replay)
        except OSError as cause:
            print(f"note: no replay file could be written here: {cause.strerror}", file=sys.stderr)
        else:
            print(f"note: '{_command_of(error.replay, path)}' shows it again", file=sys.stderr)


def _command_of(replay: str, path: Path) -> str:
    """The command of the replay's first line, on the file; a long pipeline stays in the file."""
    command = replay.partition("\n")[0].removeprefix("// REPLAY: ")
    return f"zellige-opt --replay {path}" if command.startswith("zellige-opt ") else command.replace("%s", str(path))


def _write_replay(text: str) -> Path:
    """Put the text into the first free `replay-N.mlir` of the working folder."""
    for number in itertools.count(1):
        path = Path(f"replay-{number}.mlir")
        with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(text)
            return path
    raise AssertionError("counting does not end")
