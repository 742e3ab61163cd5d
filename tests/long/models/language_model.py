"""A language model whose cache of keys and values stays on the device: tokens and logits against its own package.

    python -m tests.long.models.language_model FOLDER [--fetch] [--tokens 50] [--profile simd]

FOLDER holds the package glassllm as pip downloads it; its 0.9 million parameters were trained on English books. The
program makes one step: a token and its position in, the likeliest next token and all logits out; the caches are
globals of the program. The reference is the package's model, in numpy. The exit status is 1 when a token differs, or
the logits by more than 1e-3 of the largest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import zellige
from tests.long.models.packages import GLASSLLM, package_file
from zellige.compiler.options import FEATURES

Array = npt.NDArray[Any]

LENGTH, HALF_HEAD, ROPE_BASE = 128, 16, 10000.0
"""Of the model: positions, half the elements of a head, the base of the angles."""

CACHE = "tensor<2x128x32xf32>"
"""Type of the keys or the values of a layer: heads, positions, elements."""

WEIGHTS = ("norm1.gamma", "attn.W_Q", "attn.W_K", "attn.W_V", "attn.W_O", "norm2.gamma", "ffn.W1", "ffn.W3", "ffn.W2")
"""Of a layer, in the order of the arguments of `@layer`."""

PROMPT = "Alice was beginning to get very tired"


def step_text(weights: Mapping[str, Array]) -> str:
    """The program: functions of a layer, a cache for each layer, and the step that calls them with the weights."""
    layers = sum(name.endswith("norm1.gamma") for name in weights)
    caches = [f"{kind}{layer}" for layer in range(layers) for kind in ("keys", "values")]
    variables = [f"ml_program.global private mutable @{name} : {CACHE}" for name in caches]
    functions = Path(__file__).with_name("decoder.mlir").read_text(encoding="utf-8")
    return "\n".join([functions, *variables, *_step(weights, layers), ""])


def _step(weights: Mapping[str, Array], layers: int) -> Iterator[str]:
    angles = np.outer(np.arange(LENGTH), ROPE_BASE ** (-np.arange(HALF_HEAD) / HALF_HEAD))
    yield "func.func @step(%token: tensor<i32>, %position: tensor<i32>) -> (tensor<i32>, tensor<1024xf32>) {"
    yield "  %none = stablehlo.constant dense<0> : tensor<i32>"
    yield from _constant("embedding", weights["E"])
    yield from _row("x", "embedding", "token", 1024, 128)
    for name, table in (("cos", np.cos(angles)), ("sin", np.sin(angles))):
        yield from _constant(f"{name}_table", table)
        yield from _row(name, f"{name}_table", "position", LENGTH, HALF_HEAD)
    current = "x"
    for layer in range(layers):
        constants = {f"l{layer}_{name.replace('.', '_')}": weights[f"blocks.{layer}.{name}"] for name in WEIGHTS}
        for name, value in constants.items():
            yield from _constant(name, value)
        caches = [f"keys{layer}", f"values{layer}"]
        for cache in caches:
            yield f"  %{cache} = ml_program.global_load @{cache} : {CACHE}"
        operands = [current, *constants, "cos", "sin", "position", *caches]
        weight_types = ", ".join(_type(value) for value in constants.values())
        row = f"tensor<{HALF_HEAD}xf32>"
        current = f"x{layer + 1}"
        yield f"  %{current}, {', '.join(f'%new_{cache}' for cache in caches)} = call @layer({_list(operands)})"
        yield f"      : (tensor<128xf32>, {weight_types}, {row}, {row}, tensor<i32>, {CACHE}, {CACHE})"
        yield f"      -> (tensor<128xf32>, {CACHE}, {CACHE})"
        for cache in caches:
            yield f"  ml_program.global_store @{cache} = %new_{cache} : {CACHE}"
    yield from _constant("norm_f", weights["norm_f.gamma"])
    yield f"  %h = call @norm(%{current}, %norm_f) : (tensor<128xf32>, tensor<128xf32>) -> tensor<128xf32>"
    yield "  %logits = stablehlo.dot_general %h, %embedding, contracting_dims = [0] x [1]"
    yield "      : (tensor<128xf32>, tensor<1024x128xf32>) -> tensor<1024xf32>"
    yield "  %best:2 = chlo.top_k(%logits, k = 1) : tensor<1024xf32> -> (tensor<1xf32>, tensor<1xi32>)"
    yield "  %next = stablehlo.reshape %best#1 : (tensor<1xi32>) -> tensor<i32>"
    yield "  return %next, %logits : tensor<i32>, tensor<1024xf32>"
    yield "}"


def _list(names: list[str]) -> str:
    return ", ".join(f"%{name}" for name in names)


def _type(value: Array) -> str:
    return f"tensor<{'x'.join(map(str, value.shape))}xf32>"


def _constant(name: str, value: Array) -> Iterator[str]:
    yield f'  %{name} = stablehlo.constant dense<"0x{value.astype("<f4").tobytes().hex().upper()}"> : {_type(value)}'


def _row(name: str, table: str, index: str, rows: int, columns: int) -> Iterator[str]:
    """Lines that read one row of a table."""
    yield f"  %{name}_row = stablehlo.dynamic_slice %{table}, %{index}, %none, sizes = [1, {columns}]"
    yield f"      : (tensor<{rows}x{columns}xf32>, tensor<i32>, tensor<i32>) -> tensor<1x{columns}xf32>"
    yield f"  %{name} = stablehlo.reshape %{name}_row : (tensor<1x{columns}xf32>) -> tensor<{columns}xf32>"


def generate(program: zellige.Program, prompt: list[int], count: int) -> Iterator[tuple[int, Array]]:
    """The tokens that follow the prompt, each with the logits that it was chosen by."""
    program.reset()
    step = program["step"]
    tokens = list(prompt)
    for position in range(len(prompt) + count - 1):
        token, logits = step(np.array(tokens[position], np.int32), np.array(position, np.int32))
        if position + 1 >= len(prompt):
            tokens.append(int(token))
            yield int(token), np.array(logits)


def expected(model: Any, prompt: list[int], count: int) -> Iterator[tuple[int, Array]]:
    """The same by the package's model, which reads the whole text again for each token."""
    tokens = list(prompt)
    for _ in range(count):
        logits = model.forward(tokens).data[0, -1]
        tokens.append(int(np.argmax(logits)))
        yield tokens[-1], logits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--fetch", action="store_true", help="let pip download the package first")
    parser.add_argument("--tokens", type=int, default=50, help="how many to generate (default: 50)")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the module (default: full)")
    options = parser.parse_args()
    wheel = package_file(options.folder, GLASSLLM, fetch=options.fetch)
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        sys.path.insert(0, folder)
        model, tokenizer = import_module("glassllm").load_pretrained("en")
    weights: dict[str, Array] = {name: parameter.data for name, parameter in model.named_parameters().items()}
    started = time.perf_counter()
    artifact = zellige.compile(step_text(weights), profile=options.profile)
    print(f"compiled in {time.perf_counter() - started:.1f} s, {len(artifact.module)} bytes")
    prompt: list[int] = tokenizer.encode(PROMPT)
    with zellige.load(artifact, cache=False) as program:
        started = time.perf_counter()
        got = list(generate(program, prompt, options.tokens))
        per_step = (time.perf_counter() - started) / (len(prompt) + options.tokens - 1)
    wanted = list(expected(model, prompt, options.tokens))
    differences = [float(np.abs(a - b).max() / np.abs(b).max()) for (_, a), (_, b) in zip(got, wanted, strict=True)]
    tokens = [token for token, _ in got]
    equal = sum(a == b for a, (b, _) in zip(tokens, wanted, strict=True))
    print(f"{PROMPT}|{tokenizer.decode(tokens)}")
    print(f"{equal} of {len(wanted)} tokens, logits within {max(differences):.2g}, {per_step * 1e3:.2f} ms a step")
    return 0 if equal == len(wanted) and max(differences) <= 1e-3 else 1


if __name__ == "__main__":
    sys.exit(main())
