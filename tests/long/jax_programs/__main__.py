"""Programs of JAX compiled by `zellige.from_jax` and run, beside what JAX itself computes.

    python -m tests.long.jax_programs [--filter RE] [--timeout 120] [--slow 5]

Functions of jax.numpy, jax.lax, jax.scipy and jax.random, transformations, and networks of flax with their gradients
and optimisers of optax (`pip install jax flax optax`). One line a program: `ok`, `wrong`, `refused` with the first line
of the error, `crashed` or `timeout`, and processor seconds. Floats agree within 1e-3 (types of 16 bits: four units in
the last place), integers exactly. A program that should be refused is `ok` when its error says what the table expects.
The exit status is 1 when a program is wrong, crashed or timed out. Programs run in a process beside this one, which a
crash ends alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from multiprocessing import get_context

from tests.long.jax_programs.running import table, work


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", metavar="RE", help="only programs whose name has this")
    parser.add_argument("--timeout", type=float, default=120, metavar="S", help="seconds of a program (default: 120)")
    parser.add_argument("--slow", type=float, default=5, metavar="S", help="say the seconds of those that take longer")
    options = parser.parse_args()
    names = [name for name, _ in table(options.filter)]
    counts: Counter[str] = Counter()
    context = get_context("spawn")
    done = 0
    while done < len(names):
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=work, args=(theirs, options.filter, done), daemon=True)
        worker.start()
        theirs.close()
        first = True
        while done < len(names):
            try:
                alive = ours.poll(options.timeout + 60 * first)
                word, text, seconds = ours.recv() if alive else ("timeout", "", options.timeout)
            except EOFError:
                worker.join()
                alive, word, text, seconds = False, "crashed", f"exit code {worker.exitcode}", 0.0
            first = False
            counts[word] += 1
            slow = f" ({seconds:.1f} s)" if seconds >= options.slow else ""
            print(f"{names[done]:<48} {word}{slow}{': ' + text if text else ''}", flush=True)
            done += 1
            if not alive:
                break
        worker.kill()
        worker.join()
    print(", ".join(f"{count} {word}" for word, count in counts.items()) or "no program has such a name")
    return 1 if counts.keys() & {"wrong", "crashed", "timeout"} else 0


if __name__ == "__main__":
    sys.exit(main())
