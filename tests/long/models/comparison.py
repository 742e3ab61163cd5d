"""A model compiled and run beside onnxruntime."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx

import zellige

Array = npt.NDArray[Any]

TOLERANCE = 1e-3
"""Largest difference that is allowed, as a part of the largest element of the result."""

SMALLEST = 1e-3
"""What a difference is at least a part of."""


@dataclass(frozen=True)
class Outcome:
    """Of one model: seconds, bytes of the module, the largest difference of each result."""

    compile_s: float
    module_bytes: int
    load_s: float
    run_s: float
    reference_s: float
    differences: tuple[float, ...]
    results: tuple[Array, ...]

    @property
    def agrees(self) -> bool:
        return max(self.differences) <= TOLERANCE

    def __str__(self) -> str:
        return (
            f"{'ok' if self.agrees else 'WRONG'}: within {', '.join(f'{d:.2g}' for d in self.differences)};"
            f" compiled in {self.compile_s:.1f} s, {self.module_bytes / 1e6:.1f} MB, loaded in {self.load_s:.1f} s;"
            f" a run {self.run_s * 1e3:.1f} ms, onnxruntime {self.reference_s * 1e3:.1f} ms"
        )


def compared(model: onnx.ModelProto, inputs: Mapping[str, Array], **options: Any) -> Outcome:
    """Run a model here and in onnxruntime, on one thread each. `options` are those of `zellige.compile`."""
    expected, reference_s = by_onnxruntime(model, inputs)
    started = time.perf_counter()
    artifact = zellige.compile(model.SerializeToString(), **options)
    compiled = time.perf_counter()
    with zellige.load(artifact, cache=False) as program:
        loaded = time.perf_counter()
        main = program["main"]
        run_s = seconds(lambda: main(**inputs))
        returned = main(**inputs)
        results = cast("tuple[Array, ...]", returned) if isinstance(returned, tuple) else (returned,)
        results = tuple(np.array(result) for result in results)
    differences = tuple(difference(got, want) for got, want in zip(results, expected, strict=True))
    size = len(artifact.module)
    return Outcome(compiled - started, size, loaded - compiled, run_s, reference_s, differences, results)


def by_onnxruntime(model: onnx.ModelProto, inputs: Mapping[str, Array]) -> tuple[list[Array], float]:
    """The results of onnxruntime, and the seconds that a run takes on one thread."""
    runtime = import_module("onnxruntime")
    settings = runtime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 3
    session = runtime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    results: list[Array] = session.run(None, dict(inputs))
    return results, seconds(lambda: session.run(None, dict(inputs)))


def difference(got: Array, expected: Array) -> float:
    """The largest difference as a part of the largest element; infinite where shapes or types are not the same.

    Where all elements are below `SMALLEST`, of that: onnxruntime's sigmoid, for one, has steps of 2^-24.
    """
    if got.shape != expected.shape or got.dtype != expected.dtype or not np.isfinite(got).all():
        return np.inf
    return float(np.abs(got - expected).max() / max(np.abs(expected).max(), SMALLEST))


def seconds(run: Callable[[], object], runs: int = 3) -> float:
    """The shortest of several runs."""
    times: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def show_logits(graph: onnx.GraphProto) -> None:
    """Make what a softmax at the end reads an output, too: the shares alone may all be 0 and 1."""
    last = graph.node[-1]
    if last.op_type == "Softmax":
        graph.output.append(onnx.helper.make_tensor_value_info(last.input[0], onnx.TensorProto.FLOAT, None))
