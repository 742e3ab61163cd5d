"""StableHLO programs of any length, in the forms in which JAX prints models.

A program is blocks one after the other: attention with a rotated half of the queries, and a convolution. The blocks are
dealt out to stages, each of another width, as in models whose resolution falls and whose width grows: blocks of one
stage have equal kernels, blocks of different stages have not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

TOKENS = 64
SIDE = 8
"""Tokens are a square image to the convolutions."""

HEADS = 4
STAGES = 6
NARROWEST = 32
WIDTH_STEP = 16
WEIGHT_SCALE = 0.05
RESOURCE_ALIGNMENT = 64

_CONV_ATTRIBUTES = (
    "dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}"
    " {batch_group_count = 1 : i64, feature_group_count = %d : i64}"
)


@dataclass(frozen=True)
class Value:
    """A value of the program: its name and its shape; all elements are f32."""

    name: str
    shape: tuple[int, ...]

    @property
    def type(self) -> str:
        return f"tensor<{''.join(f'{size}x' for size in self.shape)}f32>"


@dataclass
class LongProgram:
    """A program in the making."""

    lines: list[str] = field(default_factory=list[str])
    weights: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict[str, npt.NDArray[np.float32]])
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    @property
    def ops(self) -> int:
        return len(self.lines)

    def op(self, shape: tuple[int, ...], text: str) -> Value:
        """A line that computes a value of this shape."""
        value = Value(f"%{len(self.lines)}", shape)
        self.lines.append(f"    {value.name} = {text}")
        return value

    def weight(self, *shape: int) -> Value:
        name = f"w{len(self.weights)}"
        self.weights[name] = (self.random.standard_normal(shape) * WEIGHT_SCALE).astype(np.float32)
        value = Value("", shape)
        return self.op(shape, f"stablehlo.constant dense_resource<{name}> : {value.type}")

    def splat(self, number: float, shape: tuple[int, ...]) -> Value:
        scalar = self.op((), f"stablehlo.constant dense<{number:e}> : tensor<f32>")
        return self.broadcast(scalar, shape, ())

    def broadcast(self, value: Value, shape: tuple[int, ...], dims: tuple[int, ...]) -> Value:
        wide = Value("", shape)
        return self.op(
            shape,
            f"stablehlo.broadcast_in_dim {value.name}, dims = {list(dims)} : ({value.type}) -> {wide.type}",
        )

    def unary(self, name: str, value: Value) -> Value:
        return self.op(value.shape, f"stablehlo.{name} {value.name} : {value.type}")

    def binary(self, name: str, left: Value, right: Value) -> Value:
        return self.op(left.shape, f"stablehlo.{name} {left.name}, {right.name} : {left.type}")

    def scaled(self, value: Value, number: float) -> Value:
        return self.binary("multiply", value, self.splat(number, value.shape))

    def reduce(self, name: str, value: Value, start: float) -> Value:
        """Along the last dimension, which stays as one of size 1."""
        scalar = self.op((), f"stablehlo.constant dense<{_literal(start)}> : tensor<f32>")
        shape, last = value.shape[:-1], len(value.shape) - 1
        reduced = self.op(
            shape,
            f"stablehlo.reduce({value.name} init: {scalar.name}) applies stablehlo.{name} across dimensions = [{last}]"
            f" : ({value.type}, tensor<f32>) -> {Value('', shape).type}",
        )
        return self.broadcast(reduced, (*shape, 1), tuple(range(last)))

    def along_rows(self, value: Value, shape: tuple[int, ...]) -> Value:
        """Of one number a row, each as often as the row is long."""
        return self.broadcast(value, shape, tuple(range(len(shape))))

    def matmul(self, left: Value, right: Value) -> Value:
        shape = (left.shape[0], right.shape[1])
        return self._dot(left, right, shape, "contracting_dims = [1] x [0]")

    def batch_matmul(self, left: Value, right: Value, is_transposed: bool) -> Value:
        last = right.shape[1 if is_transposed else 2]
        dims = f"batching_dims = [0] x [0], contracting_dims = [2] x [{2 if is_transposed else 1}]"
        return self._dot(left, right, (*left.shape[:2], last), dims)

    def _dot(self, left: Value, right: Value, shape: tuple[int, ...], dims: str) -> Value:
        types = f"({left.type}, {right.type}) -> {Value('', shape).type}"
        return self.op(shape, f"stablehlo.dot_general {left.name}, {right.name}, {dims} : {types}")

    def linear(self, value: Value, width: int) -> Value:
        product = self.matmul(value, self.weight(value.shape[1], width))
        return self.binary("add", product, self.broadcast(self.weight(width), product.shape, (1,)))

    def reshape(self, value: Value, *shape: int) -> Value:
        return self.op(shape, f"stablehlo.reshape {value.name} : ({value.type}) -> {Value('', shape).type}")

    def transpose(self, value: Value, *order: int) -> Value:
        shape = tuple(value.shape[i] for i in order)
        types = f"({value.type}) -> {Value('', shape).type}"
        return self.op(shape, f"stablehlo.transpose {value.name}, dims = {list(order)} : {types}")

    def slice_last(self, value: Value, start: int, stop: int) -> Value:
        bounds = ", ".join([*(f"0:{size}" for size in value.shape[:-1]), f"{start}:{stop}"])
        shape = (*value.shape[:-1], stop - start)
        return self.op(shape, f"stablehlo.slice {value.name} [{bounds}] : ({value.type}) -> {Value('', shape).type}")

    def concatenate_last(self, left: Value, right: Value) -> Value:
        shape = (*left.shape[:-1], left.shape[-1] + right.shape[-1])
        types = f"({left.type}, {right.type}) -> {Value('', shape).type}"
        return self.op(shape, f"stablehlo.concatenate {left.name}, {right.name}, dim = {len(shape) - 1} : {types}")

    def convolution(self, image: Value, filters: Value, groups: int) -> Value:
        shape = (*image.shape[:3], filters.shape[3])
        types = f"({image.type}, {filters.type}) -> {Value('', shape).type}"
        attributes = _CONV_ATTRIBUTES % groups
        return self.op(shape, f"stablehlo.convolution({image.name}, {filters.name}) {attributes} : {types}")

    def layer_norm(self, x: Value) -> Value:
        width = x.shape[-1]
        mean = self.reduce("add", x, 0.0)
        mean = self.binary("divide", mean, self.splat(width, mean.shape))
        centred = self.binary("subtract", x, self.along_rows(mean, x.shape))
        variance = self.reduce("add", self.binary("multiply", centred, centred), 0.0)
        variance = self.binary("divide", variance, self.splat(width, variance.shape))
        scale = self.unary("rsqrt", self.binary("add", variance, self.splat(1e-5, variance.shape)))
        normal = self.binary("multiply", centred, self.along_rows(scale, x.shape))
        gained = self.binary("multiply", normal, self.broadcast(self.weight(width), x.shape, (1,)))
        return self.binary("add", gained, self.broadcast(self.weight(width), x.shape, (1,)))

    def softmax(self, x: Value) -> Value:
        top = self.reduce("maximum", x, -np.inf)
        powers = self.unary("exponential", self.binary("subtract", x, self.along_rows(top, x.shape)))
        total = self.reduce("add", powers, 0.0)
        return self.binary("divide", powers, self.along_rows(total, x.shape))

    def gelu(self, x: Value) -> Value:
        cube = self.binary("multiply", self.binary("multiply", x, x), x)
        inner = self.scaled(self.binary("add", x, self.scaled(cube, 0.044715)), 0.7978845608)
        one = self.splat(1.0, x.shape)
        return self.binary("multiply", self.scaled(x, 0.5), self.binary("add", one, self.unary("tanh", inner)))

    def heads(self, x: Value) -> Value:
        tokens, width = x.shape
        return self.transpose(self.reshape(x, tokens, HEADS, width // HEADS), 1, 0, 2)

    def rotate(self, x: Value) -> Value:
        half = x.shape[-1] // 2
        left, right = self.slice_last(x, 0, half), self.slice_last(x, half, 2 * half)
        return self.concatenate_last(self.unary("negate", right), left)

    def attention_block(self, x: Value) -> Value:
        tokens, width = x.shape
        normal = self.layer_norm(x)
        queries, keys, values = (self.heads(self.linear(normal, width)) for _ in range(3))
        queries = self.binary("add", queries, self.rotate(queries))
        scores = self.scaled(self.batch_matmul(queries, keys, is_transposed=True), (width // HEADS) ** -0.5)
        mixed = self.batch_matmul(self.softmax(scores), values, is_transposed=False)
        joined = self.reshape(self.transpose(mixed, 1, 0, 2), tokens, width)
        x = self.binary("add", x, self.linear(joined, width))
        wide = self.gelu(self.linear(self.layer_norm(x), 2 * width))
        return self.binary("add", x, self.linear(wide, width))

    def convolution_block(self, x: Value) -> Value:
        width = x.shape[1]
        image = self.reshape(x, 1, SIDE, SIDE, width)
        deep = self.convolution(image, self.weight(3, 3, 1, width), groups=width)
        deep = self.binary("add", deep, self.broadcast(self.weight(width), deep.shape, (3,)))
        deep = self.binary("maximum", deep, self.splat(0.0, deep.shape))
        full = self.convolution(deep, self.weight(3, 3, width, width), groups=1)
        full = self.binary("add", full, self.broadcast(self.weight(width), full.shape, (3,)))
        return self.binary("add", x, self.reshape(full, TOKENS, width))

    def text(self, first: Value, last: Value) -> str:
        prefix = RESOURCE_ALIGNMENT.to_bytes(4, "little").hex()
        resources = ",\n".join(f'{name}: "0x{prefix}{w.tobytes().hex()}"' for name, w in self.weights.items())
        body = "\n".join(self.lines)
        return f"""module @long_program {{
  func.func public @main({first.name}: {first.type}) -> {last.type} {{
{body}
    return {last.name} : {last.type}
  }}
}}

{{-# dialect_resources: {{ builtin: {{
{resources}
}} }} #-}}
"""


def _literal(number: float) -> str:
    return f"{number:e}" if np.isfinite(number) else f"0x{np.float32(number).view(np.uint32):08X}"


def program_text(ops: int, stages: int = STAGES) -> str:
    """A program of about this many ops, never fewer, that goes through so many widths."""
    program = LongProgram()
    first = Value("%x", (TOKENS, NARROWEST))
    x = first
    for stage in range(stages):
        width = NARROWEST + WIDTH_STEP * stage
        if width != x.shape[1]:
            x = program.linear(x, width)
        while program.ops < ops * (stage + 1) / stages:
            x = program.convolution_block(program.attention_block(x))
    return program.text(first, x)
