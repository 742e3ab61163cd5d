"""Random programs on tensors of which some sizes are known only when they run, and what numpy makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

Array = npt.NDArray[Any]
Env = Mapping[str, int]
"""The size that each letter stands for."""


@dataclass(frozen=True)
class Dim:
    """A size: what it is for given letters, and whether types leave it open. Equal `text` is an equal size."""

    text: str
    value: Callable[[Env], int] = field(compare=False)
    is_open: bool = field(compare=False)

    def in_type(self) -> str:
        return "?" if self.is_open else self.text


Shape = tuple[Dim, ...]
Compute = Callable[[Sequence[Array], Env], Array]


@dataclass
class DynamicProgram:
    """A growing program: its lines, and for each value its shape and what numpy makes of the arguments."""

    draw: st.DrawFn
    element: str
    letters: dict[str, Dim]
    lines: list[str] = field(default_factory=list[str])
    shapes: list[Shape] = field(default_factory=list[Shape])
    computes: list[Compute] = field(default_factory=list[Compute])
    arguments: int = 0
    count: int = 0

    def argument(self) -> None:
        rank = self.draw(st.integers(1, 3))
        shape = tuple(self.letters[self.draw(st.sampled_from(sorted(self.letters)))] for _ in range(rank))
        index = self.arguments
        self.arguments += 1
        self.shapes.append(shape)
        self.computes.append(lambda arguments, _: arguments[index])

    def type_of(self, shape: Shape) -> str:
        return f"tensor<{''.join(f'{dim.in_type()}x' for dim in shape)}{self.element}>"

    def name(self) -> str:
        self.count += 1
        return f"%t{self.count}"

    def pick(self, fits: Callable[[Shape], bool]) -> int | None:
        """A value with such a shape; often one of the last."""
        found = [index for index, shape in enumerate(self.shapes) if fits(shape)]
        return found[-1 - self.draw(st.integers(0, min(3, len(found) - 1)))] if found else None

    def define(self, text: str, shape: Shape, compute: Compute) -> None:
        self.lines.append(f"%v{len(self.shapes)} = {text}")
        self.shapes.append(shape)
        self.computes.append(compute)

    def size(self, value: int, dimension: int) -> str:
        """The size of a dimension as a value of type index."""
        number, size = self.name(), self.name()
        self.lines.append(f"{number} = arith.constant {dimension} : index")
        self.lines.append(f"{size} = tensor.dim %v{value}, {number} : {self.type_of(self.shapes[value])}")
        return size

    def empty(self, shape: Shape, givers: Sequence[tuple[int, int]]) -> str:
        """An empty tensor; dimension i has the size of a dimension of a value, `givers[i]`."""
        sizes = [self.size(*giver) for dim, giver in zip(shape, givers, strict=True) if dim.is_open]
        empty = self.name()
        self.lines.append(f"{empty} = tensor.empty({', '.join(sizes)}) : {self.type_of(shape)}")
        return empty

    def body(self, name: str) -> str:
        kind = "f" if self.element == "f32" else "i"
        suffix = {"maximum": "maximumf" if kind == "f" else "maxsi"}.get(name, f"{name}{kind}")
        return f"arith.{suffix}"

    def elementwise(self) -> None:
        """Two values, of which the second one may have some of the dimensions of the first, or in another order."""
        one = self.pick(lambda shape: len(shape) > 0)
        assert one is not None
        shape = self.shapes[one]
        other = self.pick(lambda candidate: _places(candidate, shape) is not None)
        assert other is not None
        places = _places(self.shapes[other], shape)
        assert places is not None
        op, function = self.draw(st.sampled_from([("add", np.add), ("sub", np.subtract), ("maximum", np.maximum)]))
        loops = [f"d{i}" for i in range(len(shape))]
        reads = ", ".join(loops[place] for place in places)
        empty = self.empty(shape, [(one, dimension) for dimension in range(len(shape))])
        a, b = self.computes[one], self.computes[other]

        def compute(arguments: Sequence[Array], env: Env) -> Array:
            left, right = a(arguments, env), b(arguments, env)
            order = sorted(range(len(places)), key=lambda i: places[i])
            spread = np.transpose(right, order).reshape([n if i in places else 1 for i, n in enumerate(left.shape)])
            return function(left, spread)

        whole, element, loop_list = self.type_of(shape), self.element, ", ".join(loops)
        maps = [f"affine_map<({loop_list}) -> ({read})>" for read in (loop_list, reads, loop_list)]
        kinds = ", ".join(['"parallel"'] * len(loops))
        self.define(
            f"linalg.generic {{indexing_maps = [{', '.join(maps)}], iterator_types = [{kinds}]}} "
            f"ins(%v{one}, %v{other} : {whole}, {self.type_of(self.shapes[other])}) outs({empty} : {whole}) {{\n"
            f"^bb0(%x: {element}, %y: {element}, %o: {element}):\n"
            f"%r = {self.body(op)} %x, %y : {element}\nlinalg.yield %r : {element}\n}} -> {whole}",
            shape,
            compute,
        )

    def filled(self, shape: Shape, givers: Sequence[tuple[int, int]]) -> str:
        zero, filled = self.name(), self.name()
        number = "0.0" if self.element == "f32" else "0"
        self.lines.append(f"{zero} = arith.constant {number} : {self.element}")
        empty, type_ = self.empty(shape, givers), self.type_of(shape)
        self.lines.append(f"{filled} = linalg.fill ins({zero} : {self.element}) outs({empty} : {type_}) -> {type_}")
        return filled

    def reduce(self) -> None:
        value = self.pick(lambda shape: len(shape) > 0)
        assert value is not None
        shape = self.shapes[value]
        dimension = self.draw(st.integers(0, len(shape) - 1))
        kept = [d for d in range(len(shape)) if d != dimension]
        result = tuple(shape[d] for d in kept)
        start = self.filled(result, [(value, d) for d in kept])
        source = self.computes[value]
        self.define(
            f"linalg.reduce ins(%v{value} : {self.type_of(shape)}) outs({start} : {self.type_of(result)}) "
            f"dimensions = [{dimension}] (%x: {self.element}, %o: {self.element}) {{\n"
            f"%r = {self.body('add')} %x, %o : {self.element}\nlinalg.yield %r : {self.element}\n}}",
            result,
            lambda arguments, env: source(arguments, env).sum(dimension, dtype=_DTYPES[self.element]),
        )

    def matmul(self) -> None:
        one = self.pick(lambda shape: len(shape) == 2)
        if one is None:
            return
        (n, k) = self.shapes[one]
        other = self.pick(lambda shape: len(shape) == 2 and shape[0] == k)
        if other is None:
            return
        shape = (n, self.shapes[other][1])
        start = self.filled(shape, [(one, 0), (other, 1)])
        a, b = self.computes[one], self.computes[other]
        types = f"{self.type_of(self.shapes[one])}, {self.type_of(self.shapes[other])}"
        self.define(
            f"linalg.matmul ins(%v{one}, %v{other} : {types}) outs({start} : {self.type_of(shape)}) -> "
            f"{self.type_of(shape)}",
            shape,
            lambda arguments, env: a(arguments, env) @ b(arguments, env),
        )

    def pad(self) -> None:
        value = self.pick(lambda shape: len(shape) > 0)
        assert value is not None
        shape = self.shapes[value]
        dimension, low, high = self.draw(
            st.tuples(st.integers(0, len(shape) - 1), st.integers(0, 2), st.integers(0, 2))
        )
        result = tuple(_more(dim, low + high) if d == dimension else dim for d, dim in enumerate(shape))
        lows, highs = ([by if d == dimension else 0 for d in range(len(shape))] for by in (low, high))
        number, scalar = ("2.0" if self.element == "f32" else "2"), self.name()
        self.lines.append(f"{scalar} = arith.constant {number} : {self.element}")
        counters = ", ".join(f"%i{d}: index" for d in range(len(shape)))
        source = self.computes[value]
        self.define(
            f"tensor.pad %v{value} low{lows} high{highs} {{\n^bb0({counters}):\n"
            f"tensor.yield {scalar} : {self.element}\n}} : {self.type_of(shape)} to {self.type_of(result)}",
            result,
            lambda arguments, env: np.pad(
                source(arguments, env), list(zip(lows, highs, strict=True)), constant_values=2
            ),
        )

    def concat(self) -> None:
        one = self.pick(lambda shape: len(shape) > 0)
        assert one is not None
        shape = self.shapes[one]
        dimension = self.draw(st.integers(0, len(shape) - 1))

        def without(of: Shape) -> list[Dim]:
            return [dim for d, dim in enumerate(of) if d != dimension]

        other = self.pick(lambda of: len(of) == len(shape) and without(of) == without(shape))
        assert other is not None
        length = _sum(shape[dimension], self.shapes[other][dimension])
        result = tuple(length if d == dimension else dim for d, dim in enumerate(shape))
        a, b = self.computes[one], self.computes[other]
        self.define(
            f"tensor.concat dim({dimension}) %v{one}, %v{other} : ({self.type_of(shape)}, "
            f"{self.type_of(self.shapes[other])}) -> {self.type_of(result)}",
            result,
            lambda arguments, env: np.concatenate([a(arguments, env), b(arguments, env)], dimension),
        )

    def cut(self) -> None:
        """All but the first elements of a dimension that has been made longer."""
        value = self.pick(lambda shape: any(_IS_LONGER.search(dim.text) for dim in shape))
        if value is None:
            return
        shape = self.shapes[value]
        dimension = next(d for d, dim in enumerate(shape) if _IS_LONGER.search(dim.text))
        rest = _more(shape[dimension], -1)
        result = tuple(rest if d == dimension else dim for d, dim in enumerate(shape))
        sizes: list[str] = []
        for d, dim in enumerate(result):
            if not dim.is_open:
                sizes.append(dim.text)
                continue
            size = self.size(value, d)
            if d == dimension:
                one, less = self.name(), self.name()
                self.lines += [f"{one} = arith.constant 1 : index", f"{less} = arith.subi {size}, {one} : index"]
                size = less
            sizes.append(size)
        offsets = [int(d == dimension) for d in range(len(shape))]
        source = self.computes[value]
        self.define(
            f"tensor.extract_slice %v{value}{offsets} [{', '.join(sizes)}] {[1] * len(shape)} : "
            f"{self.type_of(shape)} to {self.type_of(result)}",
            result,
            lambda arguments, env: source(arguments, env)[(*[slice(None)] * dimension, slice(1, None))],
        )

    def collapse(self) -> None:
        value = self.pick(lambda shape: len(shape) > 1)
        if value is None:
            return
        shape = self.shapes[value]
        result = (_product(shape[0], shape[1]), *shape[2:])
        groups = [[0, 1], *[[d] for d in range(2, len(shape))]]
        source = self.computes[value]
        self.define(
            f"tensor.collapse_shape %v{value} {groups} : {self.type_of(shape)} into {self.type_of(result)}",
            result,
            lambda arguments, env: source(arguments, env).reshape([dim.value(env) for dim in result]),
        )


_IS_LONGER = re.compile(r" \+ [1-9]\d*\)$")
"""The text of a size that is never 0."""

_DTYPES = {"f32": np.float32, "i32": np.int32}


def _places(part: Shape, whole: Shape) -> list[int] | None:
    """Different dimensions of `whole` with the sizes of `part`."""
    places: list[int] = []
    for dim in part:
        place = next((i for i, other in enumerate(whole) if other == dim and i not in places), None)
        if place is None:
            return None
        places.append(place)
    return places


def _known(value: Callable[[Env], int], text: str, is_open: bool) -> Dim:
    return Dim(text, value, True) if is_open else Dim(str(value({})), value, False)


def _more(dim: Dim, by: int) -> Dim:
    return dim if by == 0 else _known(lambda env: dim.value(env) + by, f"({dim.text} + {by})", dim.is_open)


def _sum(one: Dim, other: Dim) -> Dim:
    text = f"({one.text} + {other.text})"
    return _known(lambda env: one.value(env) + other.value(env), text, one.is_open or other.is_open)


def _product(one: Dim, other: Dim) -> Dim:
    text = f"({one.text} * {other.text})"
    return _known(lambda env: one.value(env) * other.value(env), text, one.is_open or other.is_open)


@dataclass(frozen=True)
class Drawn:
    """A program, its arguments' shapes and its results."""

    text: str
    element: str
    arguments: tuple[Shape, ...]
    computes: tuple[Compute, ...]

    def inputs(self, env: Env, generator: np.random.Generator) -> list[Array]:
        shapes = [tuple(dim.value(env) for dim in shape) for shape in self.arguments]
        return [generator.integers(-4, 5, shape).astype(_DTYPES[self.element]) for shape in shapes]


@st.composite
def dynamic_programs(draw: st.DrawFn, least: int = 1, most: int = 7) -> Drawn:
    """Programs with so many ops. Each letter is open, or a number that the program knows."""
    letters: dict[str, Dim] = {}
    for letter in "nmk":
        known = draw(st.sampled_from([None, None, 1, 4, 7]))
        if known is None:
            letters[letter] = Dim(letter, lambda env, letter=letter: env[letter], True)
        else:
            letters[letter] = Dim(str(known), lambda _, known=known: known, False)
    program = DynamicProgram(draw, draw(st.sampled_from(["f32", "i32"])), letters)
    for _ in range(draw(st.integers(1, 3))):
        program.argument()
    ops = [
        program.elementwise,
        program.reduce,
        program.matmul,
        program.pad,
        program.concat,
        program.cut,
        program.collapse,
    ]
    for _ in range(draw(st.integers(least, most))):
        draw(st.sampled_from(ops))()
    last = len(program.shapes) - 1
    results = sorted({last, draw(st.integers(0, last))})
    types = [program.type_of(program.shapes[index]) for index in results]
    arguments = [f"%v{i}: {program.type_of(program.shapes[i])}" for i in range(program.arguments)]
    text = (
        f"func.func @main({', '.join(arguments)}) -> ({', '.join(types)}) {{\n"
        + "\n".join(program.lines)
        + f"\nreturn {', '.join(f'%v{index}' for index in results)} : {', '.join(types)}\n}}\n"
    )
    shapes = tuple(program.shapes[: program.arguments])
    return Drawn(text, program.element, shapes, tuple(program.computes[index] for index in results))
