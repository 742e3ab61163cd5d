"""Passes of the input and global phases leave the numbers of a program as they are, bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interpreter import Interpreter
from tests.programs import apply, parse
from zellige.maths.numerics import Array

BODIES = (
    "arith.addf %x, %y : f32",
    "arith.subf %y, %x : f32",
    "arith.mulf %x, %y : f32",
    "arith.maximumf %x, %y : f32",
    "math.exp %x : f32",
    "math.absf %y : f32",
    "arith.negf %x : f32",
)
REDUCTIONS = ("arith.addf %o, %x : f32", "arith.maximumf %x, %o : f32")


@dataclass
class ProgramText:
    """A growing program of f32 tensors of 2 dimensions; `shapes` are those of its values so far."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list[str])
    shapes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def define(self, shape: tuple[int, int], text: str) -> None:
        self.lines.append(text.replace("%new", f"%v{len(self.shapes)}"))
        self.shapes.append(shape)

    def pick(self) -> tuple[str, tuple[int, int]]:
        """A value; often one of the last, so that results are used."""
        index = len(self.shapes) - 1 - min(self.draw(st.integers(0, 4)), len(self.shapes) - 1)
        return f"%v{index}", self.shapes[index]

    def read(self, shape: tuple[int, int], source: tuple[int, int]) -> str | None:
        """A map by which a tensor of shape `source` is read for each element of one of `shape`."""
        choices = [
            f"({a}, {b})"
            for a, b in (("d0", "d1"), ("d1", "d0"), ("0", "d1"), ("d0", "0"), ("d1", "0"), ("0", "0"))
            if all(e == "0" or source[i] == shape[int(e[1])] for i, e in enumerate((a, b)))
        ]
        return self.draw(st.sampled_from(choices))

    def elementwise(self) -> None:
        _, shape = self.pick()
        (a, a_shape), (b, b_shape) = self.pick(), self.pick()
        body = self.draw(st.sampled_from(BODIES))
        out = self.draw(st.sampled_from(["(d0, d1)", "(d1, d0)"]))
        result = shape if out == "(d0, d1)" else (shape[1], shape[0])
        self.define(result, self.generic([(a, a_shape), (b, b_shape)], shape, result, out, body, "empty"))

    def reduction(self) -> None:
        (a, shape), (b, b_shape) = self.pick(), self.pick()
        along = self.draw(st.integers(0, 1))
        out, result = ("(d0, 0)", (shape[0], 1)) if along else ("(0, d1)", (1, shape[1]))
        body = self.draw(st.sampled_from(REDUCTIONS))
        self.define(result, self.generic([(a, shape), (b, b_shape)], shape, result, out, body, "zeros", along))

    def generic(
        self,
        inputs: list[tuple[str, tuple[int, int]]],
        loops: tuple[int, int],
        result: tuple[int, int],
        out: str,
        body: str,
        init: str,
        reduced: int | None = None,
    ) -> str:
        maps = [self.read(loops, shape) for _, shape in inputs]
        if reduced is not None:
            maps[0] = "(d0, d1)"
        kinds = ", ".join('"reduction"' if d == reduced else '"parallel"' for d in range(2))
        affine = ", ".join(f"affine_map<(d0, d1) -> {m}>" for m in [*maps, out])
        types = ", ".join(tensor(shape) for _, shape in inputs)
        start = (
            f"%e{len(self.shapes)} = tensor.empty() : {tensor(result)}"
            if init == "empty"
            else f"%e{len(self.shapes)} = arith.constant dense<0.5> : {tensor(result)}"
        )
        return f"""{start}
        %new = linalg.generic {{indexing_maps = [{affine}], iterator_types = [{kinds}]}}
            ins({", ".join(value for value, _ in inputs)} : {types}) outs(%e{len(self.shapes)} : {tensor(result)}) {{
        ^bb0(%x: f32, %y: f32, %o: f32):
          %r = {body}
          linalg.yield %r : f32
        }} -> {tensor(result)}"""

    def splat(self) -> None:
        shape = self.draw(st.sampled_from([(1, 1), (2, 3), (3, 3)]))
        value = self.draw(st.sampled_from(["0.5", "-2.0", "0.0"]))
        self.define(shape, f"%new = arith.constant dense<{value}> : {tensor(shape)}")

    def weights(self) -> None:
        self.define((2, 3), "%new = arith.constant dense<[[0.5, 1.0, -2.0], [3.0, 0.25, 7.0]]> : tensor<2x3xf32>")

    def reshape(self) -> None:
        value, (rows, columns) = self.pick()
        flat = f"tensor<{rows * columns}xf32>"
        number = len(self.shapes)
        target = self.draw(st.sampled_from([(1, rows * columns), (rows * columns, 1), (rows, columns)]))
        self.define(
            target,
            f"""%f{number} = tensor.collapse_shape {value} [[0, 1]] : {tensor((rows, columns))} into {flat}
        %new = tensor.expand_shape %f{number} [[0, 1]] output_shape [{target[0]}, {target[1]}]
            : {flat} into {tensor(target)}""",
        )

    def pad(self) -> None:
        value, (rows, columns) = self.pick()
        result = (rows + 1, columns + 2)
        self.define(
            result,
            f"""%new = tensor.pad {value} low[1, 0] high[0, 2] {{
        ^bb0(%i: index, %j: index):
          tensor.yield %scalar : f32
        }} : {tensor((rows, columns))} to {tensor(result)}""",
        )

    def concat(self) -> None:
        value, (rows, columns) = self.pick()
        kind, result = tensor((rows, columns)), (rows, 2 * columns)
        self.define(result, f"%new = tensor.concat dim(1) {value}, {value} : ({kind}, {kind}) -> {tensor(result)}")

    def cut(self) -> None:
        value, (rows, columns) = self.pick()
        result = (rows, (columns + 1) // 2)
        self.define(
            result,
            f"%new = tensor.extract_slice {value}[0, 0] [{rows}, {result[1]}] [1, 2] "
            f": {tensor((rows, columns))} to {tensor(result)}",
        )


def tensor(shape: tuple[int, int]) -> str:
    return f"tensor<{shape[0]}x{shape[1]}xf32>"


@st.composite
def programs(draw: st.DrawFn) -> str:
    program = ProgramText(draw)
    program.shapes = [(2, 3), (3, 2), (1, 3)]
    steps = [
        *[program.elementwise] * 8,
        program.reduction,
        program.reduction,
        program.splat,
        program.weights,
        program.reshape,
        program.pad,
        program.concat,
        program.cut,
    ]
    for step in draw(st.lists(st.sampled_from(range(len(steps))), min_size=3, max_size=10)):
        steps[step]()
        if max(program.shapes[-1]) > 12:
            break
    results = sorted({len(program.shapes) - 1, draw(st.integers(3, len(program.shapes) - 1))})
    types = ", ".join(tensor(program.shapes[i]) for i in results)
    body = "\n        ".join(program.lines)
    return f"""
      func.func @main(%v0: tensor<2x3xf32>, %v1: tensor<3x2xf32>, %v2: tensor<1x3xf32>, %scalar: f32) -> ({types}) {{
        {body}
        return {", ".join(f"%v{i}" for i in results)} : {types}
      }}"""


INPUT = (
    "inline-calls",
    "fold-static-shapes",
    "legalize-scalar-signatures",
    "decompose-pad",
    "decompose-concat",
    "decompose-tensor-elements",
)
GLOBAL = (
    "fold-constants",
    "erase-dead-ops",
    "drop-unused-results",
    "fold-unit-reshapes",
    "simplify-indexing-maps",
    "inline-constant-operands",
    "fuse-elementwise",
    "fold-identity-generics",
    "erase-dead-ops",
)


def arguments() -> list[Array]:
    rng = np.random.default_rng(1)
    shapes: list[tuple[int, ...]] = [(2, 3), (3, 2), (1, 3), ()]
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


@pytest.mark.parametrize("name", sorted({*INPUT, *GLOBAL}))
@settings(max_examples=15)
@given(text=programs())
def test_one_pass(name: str, text: str) -> None:
    check(text, name)


@settings(max_examples=60)
@given(text=programs())
def test_all_passes(text: str) -> None:
    check(text, *INPUT, *GLOBAL)


def check(text: str, *names: str) -> None:
    module = parse(text)
    with np.errstate(all="ignore"):
        before = Interpreter(module).call("main", *arguments())
        after = Interpreter(apply(module, *names)).call("main", *arguments())
    for expected, got in zip(before, after, strict=True):
        assert got.dtype == expected.dtype
        assert got.tobytes() == expected.tobytes()
