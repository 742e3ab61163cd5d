"""Random programs of structured ops with their results by numpy, for "compiled is the same as computed".

A program is text and arrays that grow together: each op is written as MLIR and evaluated on whole iteration spaces at
once. Floats are small whole numbers, so sums are exact in any order and results are compared bit by bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

import zellige
from tests.structured_bodies import DTYPES, EXACT, REDUCTIONS, Array, Body, Scalar, check_exact, family
from zellige.artifact import Artifact

Case = tuple[str, list[Array], list[Array]]
"""Text of `@main`, its arguments and the results that it must give."""

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33)
MOST_ITERATIONS = 20_000


def tensor_type(element: str, shape: Sequence[int]) -> str:
    return "tensor<" + "".join(f"{size}x" for size in shape) + f"{element}>"


@dataclass(frozen=True)
class Form:
    """One dimension of an access: the sum of `coefficients[i] * loop i` and `constant`."""

    coefficients: tuple[int, ...]
    constant: int = 0

    def text(self) -> str:
        terms = [f"d{i} * {c}" if c != 1 else f"d{i}" for i, c in enumerate(self.coefficients) if c]
        if self.constant or not terms:
            terms.append(str(self.constant))
        return " + ".join(terms)

    def values(self, extents: Sequence[int]) -> Array:
        """The index at each point of the iteration space."""
        grid = np.indices(extents)
        return sum((c * g for c, g in zip(self.coefficients, grid, strict=True)), np.full(extents, self.constant))

    def size(self, extents: Sequence[int]) -> int:
        """Elements that a dimension has at least, and has exactly if it is a loop by itself."""
        if self.constant == 0 and [c for c in self.coefficients if c] == [1]:
            return extents[self.coefficients.index(1)]
        ends = (max(0, c * (n - 1)) for c, n in zip(self.coefficients, extents, strict=True))
        return self.constant + 1 + sum(ends)


@dataclass
class Value:
    """A tensor of the program: its name, its element type, and what is in it."""

    name: str
    element: str
    array: Array

    @property
    def type(self) -> str:
        return tensor_type(self.element, self.array.shape)


Access = tuple[Value, list[Form]]


@dataclass(frozen=True)
class Output:
    """Where a result starts, how it is written, the name of what is yielded, and what the result is."""

    forms: list[Form]
    init: Value
    yielded: str
    array: Array


def _typed(values: Sequence[Value]) -> str:
    return f"{', '.join(v.name for v in values)} : {', '.join(v.type for v in values)}"


@dataclass
class Program:
    """A growing function `@main`."""

    draw: st.DrawFn
    sizes: Sequence[int] = SIZES
    arguments: list[Value] = field(default_factory=list[Value])
    values: list[Value] = field(default_factory=list[Value])
    lines: list[str] = field(default_factory=list[str])
    table: Value | None = None
    """What bodies read elements of."""
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"%v{self.count}"

    def argument(self, element: str, shape: Sequence[int]) -> Value:
        seed = self.draw(st.integers(0, 2**16))
        numbers = np.random.default_rng(seed).integers(-3, 4, shape)
        value = Value(self.name(), element, numbers.astype(DTYPES[element]))
        self.arguments.append(value)
        return value

    def generic(self) -> None:
        """One more op on new arguments and earlier values; its results are values too."""
        draw = self.draw
        base = draw(st.sampled_from([None, *self.values]))
        if base is None:
            sizes = draw(st.lists(st.sampled_from(self.sizes), min_size=0, max_size=4))
            parallel = [draw(st.booleans()) for _ in sizes]
        else:
            reduced = draw(st.lists(st.sampled_from(self.sizes), max_size=1))
            sizes = [*base.array.shape, *reduced]
            parallel = [draw(st.sampled_from([True, True, False])) for _ in base.array.shape] + [False] * len(reduced)
        order = draw(st.permutations(range(len(sizes))))  # loop i runs through size order[i]
        extents = tuple(sizes[number] for number in order)
        assume(int(np.prod(extents)) <= MOST_ITERATIONS)
        inputs: list[Access] = []
        if base is not None:
            loops = [order.index(dim) for dim in range(base.array.ndim)]
            inputs.append((base, [self._whole(loop, extents, parallel[order[loop]]) for loop in loops]))
        self._generic(extents, [parallel[number] for number in order], inputs)

    def _whole(self, loop: int, extents: tuple[int, ...], is_parallel: bool) -> Form:
        """A dimension that a loop runs through; from its end, where the size of the loop follows from the result."""
        if is_parallel and extents[loop] and self.draw(st.sampled_from([False, False, True])):
            return Form(tuple(-c for c in _unit(loop, len(extents)).coefficients), extents[loop] - 1)
        return _unit(loop, len(extents))

    def _generic(self, extents: tuple[int, ...], parallel: list[bool], inputs: list[Access]) -> None:
        draw, loops = self.draw, len(extents)
        covered = {loop for _, forms in inputs for loop in range(loops) if _unit(loop, loops) in forms}
        uncovered = [loop for loop in range(loops) if not parallel[loop] and loop not in covered]
        for number in range(draw(st.integers(1 if uncovered or not inputs else 0, 2))):
            forms = [_unit(loop, loops) for loop in uncovered] if number == 0 else []
            forms += draw(st.lists(_forms(extents), max_size=2))
            forms = list(draw(st.permutations(forms)))
            inputs.append((self._input([form.size(extents) for form in forms]), forms))
        self._emit(extents, parallel, inputs)

    def _input(self, shape: list[int]) -> Value:
        known = [value for value in self.values if list(value.array.shape) == shape]
        element = self.draw(st.sampled_from(list(DTYPES)))
        return self.draw(st.sampled_from([None, *known])) or self.argument(element, shape)

    def _emit(self, extents: tuple[int, ...], parallel: list[bool], inputs: list[Access]) -> None:
        draw, loops = self.draw, len(extents)
        scalars: list[Scalar] = []
        for number, (value, forms) in enumerate(inputs):
            points = value.array[tuple(form.values(extents) for form in forms)]
            scalars.append(Scalar(f"%i{number}", value.element, np.broadcast_to(points, extents)))
        block_inputs = list(scalars)
        if self.table is None:
            self.table = self.argument("i16", [5])
        body = Body(draw, extents, scalars, Scalar(self.table.name, self.table.element, self.table.array))
        for _ in range(draw(st.integers(0, 4))):
            body.step()
        outputs = [self._output(number, body, parallel) for number in range(draw(st.sampled_from([1, 1, 2])))]
        dims = ", ".join(f"d{i}" for i in range(loops))
        maps = [forms for _, forms in inputs] + [output.forms for output in outputs]
        map_texts = ", ".join(f"affine_map<({dims}) -> ({', '.join(f.text() for f in forms)})>" for forms in maps)
        kinds = ", ".join('"parallel"' if is_parallel else '"reduction"' for is_parallel in parallel)
        ins = f"ins({_typed([value for value, _ in inputs])}) " if inputs else ""
        arguments = [f"{s.name}: {s.element}" for s in block_inputs]
        arguments += [f"%o{number}: {output.init.element}" for number, output in enumerate(outputs)]
        results = [Value(self.name(), output.init.element, output.array) for output in outputs]
        yielded = f"{', '.join(o.yielded for o in outputs)} : {', '.join(o.init.element for o in outputs)}"
        self.lines += [
            f"{', '.join(result.name for result in results)} = linalg.generic",
            f"    {{indexing_maps = [{map_texts}], iterator_types = [{kinds}]}}",
            f"    {ins}outs({_typed([output.init for output in outputs])}) {{",
            f"  ^bb0({', '.join(arguments)}):",
            *(f"    {line}" for line in body.lines),
            f"    linalg.yield {yielded}",
            f"  }} -> ({', '.join(result.type for result in results)})",
        ]
        self.values += results

    def _output(self, number: int, body: Body, parallel: list[bool]) -> Output:
        """Something that the body yields, combined with what was there before or not."""
        draw, extents, loops = self.draw, body.extents, len(parallel)
        kept = [loop for loop in range(loops) if parallel[loop]]
        written = draw(st.permutations(kept))
        element = draw(st.sampled_from(list(DTYPES)))
        yielded = body.cast_to(body.scalars[-1] if number == 0 else body.pick(), element)
        forms = [_unit(loop, loops) for loop in written]
        if draw(st.sampled_from([False, False, True])):
            forms.insert(draw(st.integers(0, len(forms))), Form((0,) * loops))
        shape = [form.size(extents) for form in forms]
        reduced = tuple(loop for loop in range(loops) if not parallel[loop])
        array, name = yielded.array, yielded.name
        is_combined = bool(reduced) or draw(st.booleans())
        init = self._init(element, shape, is_combined)
        if is_combined:
            op, function = draw(st.sampled_from(list(REDUCTIONS[family(element)].items())))
            check_exact(array, element)
            name = f"%r{number}"
            body.lines.append(f"{name} = {op} %o{number}, {yielded.name} : {element}")
            dtype = np.float64 if element in EXACT else DTYPES[element]
            array = function.reduce(array.astype(dtype), axis=reduced, dtype=dtype, initial=_initial(op, element))
            array = np.transpose(array, [kept.index(loop) for loop in written]).reshape(shape)
            array = function(init.array.astype(dtype), array)
        else:
            array = np.transpose(array, [kept.index(loop) for loop in written]).reshape(shape)
        check_exact(array, element)
        return Output(forms, init, name, np.asarray(array.astype(DTYPES[element])))

    def _init(self, element: str, shape: list[int], is_read: bool) -> Value:
        """Where an op starts: nothing, or (what is read) an argument or a filled tensor."""
        if is_read and self.draw(st.booleans()):
            return self.argument(element, shape)
        empty, value = self.name(), Value(self.name(), element, np.zeros(shape, DTYPES[element]))
        self.lines.append(f"{empty} = tensor.empty() : {value.type}")
        if not is_read:
            return Value(empty, element, value.array)
        number = "0.0" if element in EXACT else "0" if element != "i1" else "false"
        constant = self.name()
        typed = number if number == "false" else f"{number} : {element}"
        self.lines.append(f"{constant} = arith.constant {typed}")
        self.lines.append(
            f"{value.name} = linalg.fill ins({constant} : {element}) outs({empty} : {value.type}) -> {value.type}"
        )
        return value

    def text(self, results: Sequence[Value]) -> str:
        arguments = ", ".join(f"{value.name}: {value.type}" for value in self.arguments)
        types = ", ".join(value.type for value in results)
        names = ", ".join(value.name for value in results)
        lines = "".join(f"  {line}\n" for line in self.lines)
        return f"func.func @main({arguments}) -> ({types}) {{\n{lines}  func.return {names} : {types}\n}}\n"


def _initial(name: str, element: str) -> Any:
    """What a reduction over nothing leaves: the neutral element, which numpy has not for maxima."""
    if name in ("arith.maxsi", "arith.minsi"):
        limits = np.iinfo(element.replace("i", "int"))
        return limits.min if name == "arith.maxsi" else limits.max
    return {"arith.maximumf": -np.inf, "arith.minimumf": np.inf, "arith.muli": 1}.get(
        name, (True if element == "i1" else -1) if name == "arith.andi" else 0
    )


def _unit(loop: int, loops: int) -> Form:
    return Form(tuple(int(i == loop) for i in range(loops)))


@st.composite
def _forms(draw: st.DrawFn, extents: tuple[int, ...]) -> Form:
    """A dimension of an access: a loop, a constant, a multiple, or a window of two loops; these also backwards."""
    loops = len(extents)
    kinds = ["constant", "loop", "loop", "multiple", "window"]  # the last two need indices that exist
    kind = draw(st.sampled_from(kinds[: 1 if not loops else 3 if 0 in extents else None]))
    loop = draw(st.integers(0, loops - 1)) if loops else 0
    if kind == "constant":
        return Form((0,) * loops, draw(st.integers(0, 2)))
    coefficients = list(_unit(loop, loops).coefficients)
    if kind == "loop":
        return Form(tuple(coefficients))
    steps = st.sampled_from([-2, -1, 1, 2])
    coefficients[loop] = draw(steps)
    if kind == "window":
        coefficients[draw(st.integers(0, loops - 1))] = draw(steps)
    least = sum(min(0, c * (n - 1)) for c, n in zip(coefficients, extents, strict=True))
    return Form(tuple(coefficients), draw(st.integers(0, 1)) - least)


@st.composite
def programs(draw: st.DrawFn, sizes: Sequence[int] = SIZES) -> Case:
    """One to four ops on each other's results."""
    program = Program(draw, sizes)
    for _ in range(draw(st.integers(1, 4))):
        program.generic()
    last = program.values[-1]
    others = [value for value in program.values[:-1] if draw(st.booleans())]
    results = [*others, last]
    return program.text(results), [v.array for v in program.arguments], [v.array for v in results]


def check(artifact: Artifact, arguments: Sequence[Array], expected: Sequence[Array]) -> None:
    """Run `@main` of a compiled program; its results must be the expected ones."""
    with zellige.load(artifact, cache=False) as program:
        results = program["main"](*arguments)
    for result, wanted in zip(results if len(expected) > 1 else [results], expected, strict=True):
        assert result.dtype == wanted.dtype
        np.testing.assert_array_equal(result, wanted)
