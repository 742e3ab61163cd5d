"""Programs with keys: the specialised run against the portable one, against Node, and against the key.

    python -m tests.long.suites_specialized FOLDER… [--profile simd --node] [--processor avx2] [--deterministic]
                                            [--filter RE] [--rtol 1e-3 --atol 1e-3]

A folder holds NAME.mlir (or NAME.linalg.mlir) and NAME.npz: in0, in1, … or in_…, and out0, … or out_…, in the order of
the arguments and results of `main`. All runs of a program are of the same bytes. One line a program: how many of its
built-in functions run native, the largest difference from each other run as a part of the scale, and what rounding
explains (docs/equivalence.md: the roundings of all its native kernels, at every dispatch). What does not compile is
skipped; a program without built-in functions has nothing to replace. The exit status is 1 when a program is wrong, when
a difference is beyond the bound, or when native code was refused. `--node` needs a profile with one memory.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

import zellige
from tests.conformance.node import NODE, run_in_node
from tests.long.out_of_bounds import programs
from zellige.artifact import Artifact
from zellige.backend.wasm.template_section import templates_text
from zellige.compiler.options import FEATURES
from zellige.element_types import NUMPY_DTYPES
from zellige.maths.rounding_bounds import Difference, difference, difference_bound
from zellige.native.equivalence import kernel_steps
from zellige.native.levels import LEVELS
from zellige.runtime.specialization import NATIVE
from zellige.support.errors import CompileError

Array = npt.NDArray[Any]


def key_of(path: Path) -> tuple[list[Array], list[Array]] | None:
    """Arguments and results, or None where there is no key beside the program."""
    file = path.with_name(f"{path.name.split('.')[0]}.npz")
    if not file.exists():
        return None
    with np.load(file) as values:
        return _ordered(values, "in"), _ordered(values, "out")


def _ordered(values: Any, kind: str) -> list[Array]:
    names = cast("list[str]", values.files)
    numbered = sorted((n for n in names if re.fullmatch(kind + r"\d+", n)), key=lambda n: int(n[len(kind) :]))
    return [values[name] for name in numbered or [n for n in names if n.startswith(f"{kind}_")]]


def run(artifact: Artifact, arguments: Sequence[Array], **options: Any) -> tuple[list[Array], dict[str, str]]:
    """Results, and what became of each built-in function."""
    with zellige.load(artifact, **options) as program:
        returned = program["main"](*arguments)
        results = cast("tuple[Array, ...]", returned) if isinstance(returned, tuple) else (returned,)
        return [np.asarray(result) for result in results], dict(program.specialized)


def compare(left: Array, right: Array) -> Difference:
    """How far two results are apart; integers are equal or not."""
    if left.dtype.kind == "f":
        return difference(left.reshape(-1), right.reshape(-1))
    return Difference() if np.array_equal(left, right) else Difference(False, np.inf)


def in_node(artifact: Artifact, arguments: Sequence[Array], folder: Path) -> list[Array]:
    """The results of the same bytes under Node, as an engine that knows nothing of built-in functions."""
    (info,) = (function for function in artifact.program.functions if function.name == "main")
    typed = [
        np.asarray(argument, NUMPY_DTYPES[of.dtype]) for argument, of in zip(arguments, info.arguments, strict=True)
    ]
    return list(run_in_node(artifact, "main", typed, folder))


def largest_difference(results: Sequence[Array], others: Sequence[Array]) -> Difference:
    """How far two runs are apart, all results taken together."""
    found = Difference()
    for left, right in zip(results, others, strict=True):
        found |= compare(left, right)
    return found


def bound_of(artifact: Artifact, native: Sequence[str], results: Sequence[Array]) -> float:
    """What rounding explains: a program has no more roundings than all its kernels, each run at every dispatch."""
    steps = sum(kernel_steps(artifact, name) for name in native)
    dispatches = max(function.dispatches for function in artifact.program.functions)
    floats = [result.dtype for result in results if result.dtype.kind == "f"]
    return max((difference_bound(steps * dispatches, dtype) for dtype in floats), default=0.0)


def agrees(result: Array, expected: Array, rtol: float, atol: float) -> bool:
    """Whether a result is that of the key."""
    if result.dtype.kind == "f":
        return result.shape == expected.shape and np.allclose(result, expected, rtol, atol, equal_nan=True)
    return np.array_equal(result, expected.astype(result.dtype))


def compared(path: Path, key: tuple[list[Array], list[Array]], options: argparse.Namespace) -> tuple[str, list[str]]:
    """What is to be said of a program, and what is wrong with it. Raises `CompileError`."""
    features = None if options.processor is None else LEVELS[options.processor].features
    artifact = zellige.compile(path, profile=options.profile, deterministic=options.deterministic)
    arguments, expected = key
    portable, _ = run(artifact, arguments, cache=False)
    with tempfile.TemporaryDirectory() as folder:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            specialised, kernels = run(artifact, arguments, cache=folder, specialize="native", processor=features)
        others = {"portable": portable}
        if options.node:
            others["Node"] = in_node(artifact, arguments, Path(folder))
    native = [name for name, word in kernels.items() if word == NATIVE]
    bound = bound_of(artifact, native, portable)
    has_builtins = templates_text(artifact.module) is not None
    faults = [str(warning.message) for warning in said] if has_builtins else []
    seen = [f"{len(native)} of {len(kernels)} native"]
    for name, results in others.items():
        found = largest_difference(specialised, results)
        seen.append(f"from {name} {'0' if found.bit_equal else f'{found.error:.2g}'}")
        if found.error > bound:
            faults.append(f"differs from {name} by {found.error:.2g} of the scale")
    if not all(agrees(a, b, options.rtol, options.atol) for a, b in zip(specialised, expected, strict=True)):
        faults.append("differs from the key")
    return ", ".join([*seen, f"bound {bound:.2g}"]), faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the modules (default: full)")
    parser.add_argument("--deterministic", action="store_true", help="products and sums are never fused")
    parser.add_argument("--node", action="store_true", help="run the same bytes in Node too")
    parser.add_argument("--processor", choices=LEVELS, help="templates of this level only (default: the best)")
    parser.add_argument("--filter", default="", metavar="RE", help="only programs whose name has this")
    parser.add_argument("--rtol", type=float, default=1e-3)
    parser.add_argument("--atol", type=float, default=1e-3)
    options = parser.parse_args()
    if options.node and NODE is None:
        parser.error("there is no Node, neither on the path nor the one of pyright")
    wrong, total = 0, 0
    for path in programs(options.folders, options.filter):
        key = key_of(path)
        if key is None:
            continue
        try:
            what, faults = compared(path, key, options)
        except CompileError as error:
            print(f"{path.name}: skipped: {error.message}", flush=True)
            continue
        total += 1
        wrong += bool(faults)
        print(f"{path.name}: {what}", *faults, sep="\n  ", flush=True)
    print(f"{total - wrong} agree, {wrong} do not")
    return 1 if wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main())
