"""Mutated ONNX files: each is refused with an error that names a node, a value or the file, or becomes a program.

    python -m tests.fuzz.onnx_files --count 1000 [--seed 1]

The files are those of the tests of the package onnx, and random graphs. A program that onnxruntime takes, too, has to
compute the same numbers. Nothing outside of the folder of a model may be opened, and nothing may take much memory.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx

import zellige
from tests.fuzz import forked
from tests.fuzz.command import Inputs, Seen, run
from tests.fuzz.linker import mutated
from tests.fuzz.onnx_graphs import difference, random_case, warm_up
from tests.fuzz.onnx_mutations import MUTATIONS
from tests.fuzz.onnx_oracle import Array, evaluate_model
from zellige.compiler.driver import lower
from zellige.compiler.options import CompileOptions
from zellige.frontends.onnx.importer import import_model

SECONDS = 60.0
_NAMING = (
    *("node '", "node of '", "node name", "Name: ", "input '", "output '", "tensor '", "value '", "initialiser '"),
    *("in '", "graph '", "function '", "dimension '"),
)
"""What stands before the name of something."""

MAX_FILE_BYTES = 40_000
MAX_MEMORY_BYTES = 6 << 30


def fuzz(inputs: Inputs) -> Seen:
    seen = Seen()
    warm_up()
    with tempfile.TemporaryDirectory() as root:
        folder = _folder(Path(root))
        for index, choice in inputs:
            said = forked.run(lambda say, choice=choice: _one(folder, choice, say), SECONDS)
            stage, last = ["", *said][-2:] if said else ["", "nothing"]
            kind = last.partition(": ")[0]
            if stage == "oracle" and kind in {forked.CRASH, forked.TIMEOUT}:
                kind = "the oracle does not end"
            seen.outcomes[kind] += 1
            if kind not in {"refused", "compiles", "agrees", "the oracle does not end"}:
                seen.fail(index, f"{stage}: {last}".replace("\\n", "\n"))
    return seen


def _folder(root: Path) -> Path:
    """A folder for models with data beside them, and data outside that nobody may read."""
    folder = root / "model"
    (folder / "sub").mkdir(parents=True)
    (root / "secret.bin").write_bytes(bytes(1 << 16))
    (folder / "weights.bin").write_bytes(bytes(1 << 16))
    (folder / "link.bin").symlink_to(root / "secret.bin")
    return folder


def _one(folder: Path, choice: random.Random, say: Callable[[str], None]) -> None:
    """Mutate a model and look at what becomes of it."""
    path = folder / "model.onnx"
    say("grows")
    path.write_bytes(_content(choice))
    memory = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, memory[1]))
    opened: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and Path(str(arguments[0])).resolve().name == "secret.bin":
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)
    say("compiles")
    try:
        module = import_model(path)
        lower(module, CompileOptions(), "input", "input")
    except (zellige.CompileError, zellige.UsageError) as error:
        text = "\n".join([str(error), *(note.message for note in error.notes)])
        say(f"not named: {text}" if not _names_something(text, path) else f"refused: {error.message}")
    else:
        resource.setrlimit(resource.RLIMIT_AS, memory)  # engines reserve much more than they use
        say(_verdict(path, choice, say))
    if opened:
        say(f"opened what it may not: {opened}")


def _names_something(text: str, path: Path) -> bool:
    return str(path) in text or any(word in text for word in _NAMING)


def _verdict(path: Path, choice: random.Random, say: Callable[[str], None]) -> str:
    """Whether the program computes what the oracle computes, if the oracle takes it."""
    proto = onnx.ModelProto.FromString(path.read_bytes())
    inputs = _inputs(proto, choice)
    if inputs is None:
        return "compiles"
    say("oracle")
    expected = evaluate_model(path, inputs)
    if expected is None or not all(array.dtype.kind in "fiub" and array.dtype.itemsize <= 8 for array in expected):
        return "compiles"
    say("runs")
    try:
        results: Any = zellige.load(zellige.compile(path), threads=1)["main"](*inputs.values())
    except zellige.RuntimeTrap as error:
        return f"trap: {error}"
    made: Sequence[Any] = results if len(expected) > 1 else [results]
    for result, array in zip(made, expected, strict=True):
        if (reason := difference(np.asarray(result), array)) is not None:
            return f"wrong: {reason}\n{onnx.printer.to_text(proto)}"
    return "agrees"


def _inputs(proto: onnx.ModelProto, choice: random.Random) -> dict[str, Array] | None:
    """Numbers for the inputs, None where their sizes are open or large."""
    numbers = np.random.default_rng(choice.getrandbits(32))
    initialised = {tensor.name for tensor in proto.graph.initializer}
    found: dict[str, Array] = {}
    for value in proto.graph.input:
        if value.name in initialised:
            continue
        dims = value.type.tensor_type.shape.dim
        shape = [dim.dim_value if dim.HasField("dim_value") else -1 for dim in dims]
        code = value.type.tensor_type.elem_type
        if any(size < 0 for size in shape) or np.prod(shape, dtype=float) > 1e5 or code not in (1, 2, 3, 6, 7, 9, 11):
            return None
        dtype = onnx.helper.tensor_dtype_to_np_dtype(code)
        found[value.name] = np.asarray(numbers.integers(0, 3, shape)).astype(dtype)
    return found


def _content(choice: random.Random) -> bytes:
    """A model with one thing wrong, or a few."""
    if choice.random() < 0.5:
        content = choice.choice(_files()).read_bytes()
    else:
        content = random_case(choice).model().SerializeToString()
    if choice.random() < 0.3:
        return mutated(content, choice)
    model = onnx.ModelProto.FromString(content)
    for _ in range(choice.choice((1, 1, 2))):
        choice.choice(MUTATIONS)(model, choice)
    return model.SerializePartialToString()


@cache
def _files() -> tuple[Path, ...]:
    """The small models that come with the package onnx, without those of one operator."""
    data = Path(onnx.__file__).parent / "backend" / "test" / "data"
    folders = ("pytorch-operator", "pytorch-converted", "simple")
    found = [path for folder in folders for path in sorted((data / folder).glob("*/model.onnx"))]
    return tuple(path for path in found if path.stat().st_size < MAX_FILE_BYTES)


if __name__ == "__main__":
    sys.exit(run(fuzz, __doc__, count=1000))
