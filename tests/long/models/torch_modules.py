"""Architectures written for PyTorch, with random weights, by both roads of `from_torch` against PyTorch itself.

    python -m tests.long.models.torch_modules [--filter RE] [--via stablehlo|linalg|onnx] [--open] [--profile simd]

Needs torch, torchvision and transformers, and torch-mlir or onnxscript with onnx. One line an architecture and road:
what is the largest difference as a part of the largest element, or why a road does not take the architecture. With
`--open` batch and length are open, and the module runs with several of each. The exit status is 1 when one stops with
anything else than a `CompileError`, differs by more than 1e-3, or has other integers.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, cast

import numpy as np

import zellige
from tests.long.models.comparison import TOLERANCE, Array, difference
from tests.long.models.torch_architectures import ARCHITECTURES, Architecture
from zellige.compiler.options import FEATURES

torch: Any = import_module("torch")

Road = Literal["stablehlo", "linalg", "onnx"]


def tried(architecture: Architecture, via: Road | None, *, is_open: bool, profile: str) -> tuple[bool, str]:
    """Whether nothing is wrong, and what to say of an architecture on a road (by torch-mlir where that is `None`)."""
    torch.manual_seed(0)
    module = architecture.build().eval()
    settle(module, architecture)
    shapes = open_shapes(module, architecture) if is_open else None
    sizes = architecture.sizes if is_open else architecture.sizes[:1]
    started = time.perf_counter()
    try:
        arguments = architecture.inputs(*sizes[0])
        artifact = zellige.from_torch(module, *arguments, via=via, dynamic_shapes=shapes, profile=profile)
    except zellige.CompileError as error:
        return True, f"refused: {error.message}"
    except zellige.ZelligeError as error:
        return False, f"WRONG: {type(error).__name__}: {error}"
    compiled_s = time.perf_counter() - started
    try:
        worst = max(largest_difference(module, artifact, architecture.inputs(*each)) for each in sizes)
    except zellige.ZelligeError as error:
        return False, f"WRONG: {type(error).__name__}: {error}"
    agrees = worst <= TOLERANCE
    size = len(artifact.module) / 1e6
    return agrees, f"{'ok' if agrees else 'WRONG'}: within {worst:.2g}; {size:.1f} MB in {compiled_s:.1f} s"


def settle(module: Any, architecture: Architecture) -> None:
    """Norms get the statistics of a batch, and parameters that are zeros get numbers: else results are near zero."""
    with torch.no_grad():
        for parameter in module.parameters():
            if not parameter.any():
                parameter.normal_(std=0.05)
        norms = [part for part in module.modules() if isinstance(part, torch.nn.BatchNorm2d)]
        for norm in norms:
            norm.train()
            norm.momentum = 1.0
        module(*architecture.inputs(*architecture.sizes[0]))
        for norm in norms:
            norm.eval()


def open_shapes(module: Any, architecture: Architecture) -> object:
    """What `torch.export` calls dynamic shapes, for the axes of an architecture."""
    kinds = {"batch": torch.export.Dim("batch"), "length": torch.export.Dim("length")}
    return tuple({i: kinds[name] for i, name in enumerate(axes) if name is not None} for axes in architecture.axes)


def largest_difference(module: Any, artifact: zellige.Artifact, inputs: Sequence[Any]) -> float:
    """Between all results of a module in PyTorch and here; infinite where shapes, types or integers are others."""
    with torch.no_grad():
        leaves = import_module("torch.utils._pytree").tree_leaves(module(*inputs))
    expected = [leaf.numpy() for leaf in leaves if isinstance(leaf, torch.Tensor)]
    with zellige.load(artifact, cache=False) as program:
        returned = program["main"](*(tensor.numpy() for tensor in inputs))
        results = cast("tuple[Array, ...]", returned) if isinstance(returned, tuple) else (returned,)
        got = [np.array(result) for result in results]
    if len(got) != len(expected):
        return np.inf
    return max(
        difference(mine, theirs) if theirs.dtype.kind == "f" else 0.0 if np.array_equal(mine, theirs) else np.inf
        for mine, theirs in zip(got, expected, strict=True)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", metavar="RE", help="only architectures whose name has this")
    parser.add_argument(
        "--via", choices=("stablehlo", "linalg", "onnx"), help="one road (default: torch-mlir, and onnx)"
    )
    parser.add_argument("--open", action="store_true", help="batch and length are open, and three sizes are run")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the modules (default: full)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    roads: dict[str, Road | None] = {options.via: options.via} if options.via else {"torch-mlir": None, "onnx": "onnx"}
    if not options.via and find_spec("torch_mlir") is None:
        del roads["torch-mlir"]
    wrong = 0
    for name, architecture in ARCHITECTURES.items():
        if not re.search(options.filter, name):
            continue
        for road, via in roads.items():
            agrees, said = tried(architecture, via, is_open=options.open, profile=options.profile)
            print(f"{name} via {road}: {said}", flush=True)
            wrong += not agrees
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
