"""The workloads: programs in `workloads/`, their arguments and weights from a fixed seed, and numpy's answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.ceilings import CeilingName

Array = npt.NDArray[Any]

FOLDER = Path(__file__).parent / "workloads"
RESOURCE_ALIGNMENT = 64


@dataclass(frozen=True)
class Workload:
    """A program with one function `main`, what it is called with, and what must come out.

    `work` counts arithmetic operations, or bytes read and written, whichever `ceiling` limits.
    """

    name: str
    work: int
    ceiling: CeilingName
    inputs: Mapping[str, Array]
    expected: Array
    weights: Mapping[str, Array] = field(default_factory=dict[str, Array])

    @property
    def is_arithmetic(self) -> bool:
        return self.ceiling in ("multiply_add", "dot")

    def text(self) -> str:
        """The MLIR text. Weights follow it as resources: the file names them, their bytes are made here."""
        program = (FOLDER / f"{self.name}.mlir").read_text()
        if not self.weights:
            return program
        prefix = RESOURCE_ALIGNMENT.to_bytes(4, "little").hex()
        resources = ",\n".join(f'{name}: "0x{prefix}{w.tobytes().hex()}"' for name, w in self.weights.items())
        return f"{program}\n{{-# dialect_resources: {{ builtin: {{\n{resources}\n}} }} #-}}\n"

    def relative_error(self, result: Array) -> float:
        """The largest error as a part of the largest expected value."""
        expected = self.expected.astype(np.float64)
        return float(np.abs(result.astype(np.float64) - expected).max() / np.abs(expected).max())


def _normal(generator: np.random.Generator, *shape: int, scale: float = 1.0) -> Array:
    return (generator.standard_normal(shape) * scale).astype(np.float32)


def _product(left: Array, right: Array) -> Array:
    return left.astype(np.float64) @ right.astype(np.float64)


def _matmul(name: str, m: int, k: int, n: int) -> Workload:
    generator = np.random.default_rng(0)
    a, b = _normal(generator, m, k), _normal(generator, k, n)
    return Workload(name, 2 * m * k * n, "multiply_add", {"a": a, "b": b}, _product(a, b))


def _matmul_by_constant(name: str, m: int, k: int, n: int) -> Workload:
    generator = np.random.default_rng(0)
    a, b = _normal(generator, m, k), _normal(generator, k, n)
    return Workload(name, 2 * m * k * n, "multiply_add", {"a": a}, _product(a, b), {"b": b})


def _gemv(name: str, k: int, n: int) -> Workload:
    generator = np.random.default_rng(0)
    a, b = _normal(generator, 1, k), _normal(generator, k, n)
    return Workload(name, b.nbytes, "read", {"a": a}, _product(a, b), {"b": b})


def _matmul_i8(name: str, size: int) -> Workload:
    generator = np.random.default_rng(0)
    a = generator.integers(0, 255, (size, size), np.uint8)
    b = generator.integers(-127, 127, (size, size), np.int8)
    return Workload(name, 2 * size**3, "dot", {"a": a.view(np.int8)}, _product(a, b), {"b": b})


def _gelu(name: str, function: Callable[[Array], Array]) -> Workload:
    x = _normal(np.random.default_rng(0), 4096, 1024)
    scaled = x.astype(np.float64) * 1.25 + 0.125
    return Workload(name, 2 * x.nbytes, "copy", {"x": x}, function(scaled))


def _gelu_tanh(x: Array) -> Array:
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def _gelu_erf(x: Array) -> Array:
    erf = np.fromiter(map(math.erf, (x * math.sqrt(0.5)).flat), np.float64, x.size)
    return 0.5 * x * (1 + erf.reshape(x.shape))


def _softmax(name: str) -> Workload:
    x = _normal(np.random.default_rng(0), 1024, 1024)
    powers = np.exp(x.astype(np.float64) - x.max(axis=1, keepdims=True))
    return Workload(name, 2 * x.nbytes, "copy", {"x": x}, powers / powers.sum(axis=1, keepdims=True))


def _layernorm(name: str) -> Workload:
    generator = np.random.default_rng(0)
    x, gain, bias = _normal(generator, 1024, 768), _normal(generator, 768), _normal(generator, 768)
    wide = x.astype(np.float64)
    centred = wide - wide.mean(axis=1, keepdims=True)
    normal = centred / np.sqrt(wide.var(axis=1, keepdims=True) + 1e-5)
    return Workload(name, 2 * x.nbytes, "copy", {"x": x}, normal * gain + bias, {"gain": gain, "bias": bias})


def _windows(x: Array) -> Array:
    """Of an NCHW image, padded by one, the 3 x 3 windows as two further dimensions."""
    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (1, 1), (1, 1)))
    return np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))


def _conv(name: str) -> Workload:
    generator = np.random.default_rng(0)
    x, w, bias = _normal(generator, 1, 64, 56, 56), _normal(generator, 64, 64, 3, 3, scale=0.05), _normal(generator, 64)
    y = np.moveaxis(np.tensordot(_windows(x), w.astype(np.float64), axes=((1, 4, 5), (1, 2, 3))), 3, 1)
    work = 2 * 56 * 56 * 64 * 64 * 9
    return Workload(name, work, "multiply_add", {"x": x}, y + bias[:, None, None], {"w": w, "bias": bias})


def _depthwise(name: str) -> Workload:
    generator = np.random.default_rng(0)
    x, w, bias = _normal(generator, 1, 32, 112, 112), _normal(generator, 32, 3, 3, scale=0.3), _normal(generator, 32)
    y = np.einsum("nchwij,cij->nchw", _windows(x), w.astype(np.float64)) + bias[:, None, None]
    return Workload(name, 2 * 112 * 112 * 32 * 9, "multiply_add", {"x": x}, y, {"w": w, "bias": bias})


def _mlp(name: str) -> Workload:
    generator = np.random.default_rng(0)
    x = _normal(generator, 1, 784)
    y = x.astype(np.float64)
    weights: dict[str, Array] = {}
    for layer, (rows, columns) in enumerate([(784, 512), (512, 512), (512, 10)]):
        w = _normal(generator, rows, columns, scale=rows**-0.5)
        b = _normal(generator, columns, scale=0.1)
        weights |= {f"w{layer}": w, f"b{layer}": b}
        y = _product(y, w) + b if layer == 0 else _product(np.maximum(y, 0), w) + b
    return Workload(name, sum(w.nbytes for w in weights.values()), "read", {"x": x}, y, weights)


WORKLOADS: Mapping[str, Callable[[str], Workload]] = {
    "matmul_128": lambda name: _matmul(name, 128, 128, 128),
    "matmul_512": lambda name: _matmul(name, 512, 512, 512),
    "matmul_1024": lambda name: _matmul(name, 1024, 1024, 1024),
    "matmul_512_wconst": lambda name: _matmul_by_constant(name, 512, 512, 512),
    "ffn_128x768x3072": lambda name: _matmul_by_constant(name, 128, 768, 3072),
    "conv_3x3_56_64": _conv,
    "dwconv_3x3_112_32": _depthwise,
    "matmul_i8_512": lambda name: _matmul_i8(name, 512),
    "gelu_tanh_4M": lambda name: _gelu(name, _gelu_tanh),
    "gelu_erf_4M": lambda name: _gelu(name, _gelu_erf),
    "softmax_1024": _softmax,
    "layernorm_1024x768": _layernorm,
    "gemv_1x768x3072": lambda name: _gemv(name, 768, 3072),
    "mlp": _mlp,
}
"""Name -> what makes the workload; each is made on its own, so that a run of one makes no other."""
