"""Random programs of structured ops: compiled they give numpy's numbers, bit for bit.

    python -m tests.fuzz.kernels --count 400 [--seed 1]

Prints the smallest program of each kind of failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings

import zellige
from tests.structured_programs import Case, check, programs


def fuzz(count: int, start: int) -> dict[str, str]:
    """Kind of failure -> the smallest program that fails in this way."""
    failures: dict[str, str] = {}

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(programs())
    def run(case: Case) -> None:
        text, arguments, expected = case
        try:
            check(zellige.compile(text), arguments, expected)
        except (zellige.ZelligeError, AssertionError) as error:
            kind = f"{type(error).__name__}: {str(error)[:100]}"
            failures[kind] = min(failures.get(kind, text), text, key=len)

    run()
    return failures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=400, help="programs to try")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    failures = fuzz(options.count, options.seed)
    for kind, text in failures.items():
        print(f"// {kind}\n{text}")
    print(f"{options.count} programs, {len(failures)} kinds of failure", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
