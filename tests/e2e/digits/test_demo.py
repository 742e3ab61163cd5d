"""The example that `make demo` runs: what it prints, and its numbers against the same network in numpy."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import zellige

Array = npt.NDArray[Any]

FOLDER = Path(__file__).parents[3] / "examples" / "digits"
CONSTANT = re.compile(r'%(\w+) = arith.constant dense<"0x(\w+)"> : tensor<([\dx]+)xf32>')


@pytest.fixture(scope="module")
def artifact() -> zellige.Artifact:
    return zellige.compile(FOLDER / "digits.mlir")


def held_out_scans() -> tuple[Array, Array]:
    test = np.load(FOLDER / "test_scans.npz")
    return test["images"].astype("<f4"), test["labels"]


def scores(images: Array) -> Array:
    """The network of the committed text, in double precision."""
    weights: dict[str, Array] = {
        name: np.frombuffer(bytes.fromhex(digits), "<f4").reshape([int(size) for size in shape.split("x")]).astype("f8")
        for name, digits, shape in CONSTANT.findall((FOLDER / "digits.mlir").read_text())
    }
    windows = sliding_window_view(np.pad(images.astype("f8"), ((0, 0), (1, 1), (1, 1))), (3, 3), axis=(1, 2))
    conv = np.einsum("nhwij,fij->nfhw", windows, weights["filters"][:, 0])
    active = np.maximum(conv + weights["filter_bias"][:, None, None], 0)
    pooled = active.reshape(len(images), -1, 4, 2, 4, 2).max(axis=(3, 5))
    return pooled.reshape(len(images), -1) @ weights["dense"] + weights["dense_bias"]


def test_the_demo_shows_the_module_and_an_accuracy_of_at_least_95_percent(tmp_path: Path) -> None:
    command = [sys.executable, FOLDER / "demo.py", tmp_path / "build" / "digits.wasm"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    accuracy = re.search(r"^accuracy: (\S+) on 360 held-out scans$", done.stdout, re.MULTILINE)
    assert accuracy is not None, done.stdout
    assert float(accuracy[1]) >= 0.95
    for line in (
        r"  main\(image: tensor<1x8x8xf32>\) -> \(result0: tensor<1x10xf32>\)",
        r"  0 device   imported at least \d+ pages",
        r"time per scan: \S+ us with numpy arrays, \S+ us on device buffers \(median\)",
    ):
        assert re.search(f"^{line}$", done.stdout, re.MULTILINE), done.stdout
    assert zellige.Artifact.load(tmp_path / "build" / "digits.wasm").program.profile == "full"


def test_probabilities_are_those_of_numpy(artifact: zellige.Artifact) -> None:
    images, _ = held_out_scans()
    powers = np.exp(scores(images))
    with zellige.load(artifact, cache=False) as program:
        probabilities = np.concatenate([program["main"](image[np.newaxis]) for image in images])
    np.testing.assert_allclose(probabilities, powers / powers.sum(axis=1, keepdims=True), rtol=0, atol=1e-5)


def test_digits_are_those_of_numpy(artifact: zellige.Artifact) -> None:
    images, _ = held_out_scans()
    with zellige.load(artifact, cache=False) as program:
        digits = np.concatenate([program["classify"](image[np.newaxis]) for image in images])
    np.testing.assert_array_equal(digits, scores(images).argmax(axis=1))
