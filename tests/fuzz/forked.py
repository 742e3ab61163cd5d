"""One case in a process of its own: what it says, or that it died or took too long."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable

CRASH = "crash"
TIMEOUT = "timeout"


def run(case: Callable[[Callable[[str], None]], None], seconds: float) -> list[str]:
    """What the case said, a line each; the last line starts with `CRASH` or `TIMEOUT` when it did not come to its end.

    `case` gets the function to say something with. Its standard output and error go nowhere.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        _be_the_child(case, write_end)
    os.close(write_end)
    content, ended = _until(read_end, time.monotonic() + seconds)
    os.close(read_end)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    said = content.decode(errors="replace").splitlines()
    if not ended:
        said.append(f"{TIMEOUT}: more than {seconds:.0f} seconds")
    elif status != 0:
        said.append(f"{CRASH}: ended with status {os.waitstatus_to_exitcode(status)}")
    return said


def _be_the_child(case: Callable[[Callable[[str], None]], None], write_end: int) -> None:
    def say(text: str) -> None:
        os.write(write_end, text.replace("\n", "\\n").encode(errors="replace") + b"\n")

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    try:
        case(say)
    except BaseException:  # nothing may go on in the child
        say(f"{CRASH}: {traceback.format_exc()}")
    os._exit(0)


def _until(read_end: int, deadline: float) -> tuple[bytes, bool]:
    """What comes until the other side is closed, and whether that was before the deadline."""
    content = b""
    while (left := deadline - time.monotonic()) > 0:
        if select.select([read_end], [], [], left)[0]:
            more = os.read(read_end, 1 << 16)
            if not more:
                return content, True
            content += more
    return content, False
