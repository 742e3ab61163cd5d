"""zellige run: one call of a function."""

from __future__ import annotations

import argparse
from typing import cast

import numpy as np

from zellige.support.errors import UsageError
from zellige.tools.arguments import PROGRAM, ArgumentParser, add_compile_options, add_load_options
from zellige.tools.arrays import FORMS, Array, arrays_from_texts, save_array
from zellige.tools.programs import load_program


def parser() -> ArgumentParser:
    result = ArgumentParser(
        "zellige run",
        "Run a function of a program, and print its results or write them to files.",
        "zellige run model.wasm --input x.npy --input w=shape=2x3xf32:random --output y.npy",
    )
    result.add_argument("file", metavar="FILE", help=PROGRAM)
    result.add_argument("--function", default="main", metavar="NAME", help="the function to run (default: main)")
    result.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="ARRAY",
        help=f"an argument, in order: {FORMS}",
    )
    result.add_argument(
        "--output", action="append", default=[], metavar="FILE", help=".npy file for a result, in order"
    )
    result.add_argument("--seed", type=int, default=0, metavar="N", help="of the random inputs (default: 0)")
    add_load_options(result)
    add_compile_options(result)
    return result


def run(options: argparse.Namespace) -> int:
    generator = np.random.default_rng(options.seed)
    outputs: list[str] = options.output
    with load_program(options.file, options) as program:
        function = program[options.function]
        if outputs and len(outputs) != len(function.results):
            count = f"{len(function.results)} result{'s' if len(function.results) != 1 else ''}"
            raise UsageError(f"'{function.name}' has {count}, got {len(outputs)} files for '--output'")
        in_order, named = arrays_from_texts(options.input, function.arguments, generator)
        returned = function(*in_order, **named)
        results = (returned,) if len(function.results) == 1 else cast("tuple[Array, ...]", returned)
        for path, values in zip(outputs, results, strict=False):
            save_array(path, values)
        if not outputs:
            for signature, values in zip(function.results, results, strict=True):
                print(f"{signature}\n{values}")
    return 0
