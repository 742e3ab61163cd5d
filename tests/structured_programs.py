"""Random programs of structured ops with their results by numpy, for "compiled is the same as computed".

A program is text and arrays that grow together: each op is written as MLIR and evaluated on whole iteration spaces at
once. Floats are small whole numbers, so sums are exact in any order and results are compared bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st

import zellige
from zellige.artifact import Artifact

Array = npt.NDArray[Any]

Case = tuple[str, list[Array], list[Array]]
"""Text of `@main`, its arguments and the results that it must give."""

DTYPES: dict[str, type[np.generic]] = {
    "f32": np.float32,
    "f64": np.float64,
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
}
FLOATS = ("f32", "f64")
INTEGERS = ("i8", "i16", "i32", "i64")
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33)
MOST_ITERATIONS = 20_000
EXACT = 2**22
"""Floats stay below, so that f32 holds them and their sums exactly."""

Binary = Callable[[Array, Array], Array]

BINARY: dict[str, dict[str, Binary]] = {
    "float": {
        "arith.addf": np.add,
        "arith.subf": np.subtract,
        "arith.mulf": np.multiply,
        "arith.maximumf": np.maximum,
        "arith.minimumf": np.minimum,
        "arith.maxnumf": np.fmax,
    },
    "integer": {
        "arith.addi": np.add,
        "arith.subi": np.subtract,
        "arith.muli": np.multiply,
        "arith.andi": np.bitwise_and,
        "arith.ori": np.bitwise_or,
        "arith.xori": np.bitwise_xor,
        "arith.maxsi": np.maximum,
        "arith.minsi": np.minimum,
    },
    "truth": {"arith.andi": np.logical_and, "arith.ori": np.logical_or, "arith.xori": np.logical_xor},
}
COMPARISONS: dict[str, dict[str, Binary]] = {
    "float": {"arith.cmpf olt": np.less, "arith.cmpf oeq": np.equal, "arith.cmpf uge": np.greater_equal},
    "integer": {"arith.cmpi slt": np.less, "arith.cmpi eq": np.equal, "arith.cmpi sge": np.greater_equal},
    "truth": {"arith.cmpi ne": np.not_equal},
}
REDUCTIONS: dict[str, dict[str, np.ufunc]] = {
    "float": {"arith.addf": np.add, "arith.maximumf": np.maximum, "arith.minimumf": np.minimum},
    "integer": {
        "arith.addi": np.add,
        "arith.muli": np.multiply,
        "arith.maxsi": np.maximum,
        "arith.minsi": np.minimum,
        "arith.andi": np.bitwise_and,
        "arith.xori": np.bitwise_xor,
    },
    "truth": {"arith.andi": np.logical_and, "arith.ori": np.logical_or},
}


def family(element: str) -> str:
    if element in FLOATS:
        return "float"
    return "truth" if element == "i1" else "integer"


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
        if self.constant == 0 and sum(self.coefficients) == 1:
            return extents[self.coefficients.index(1)]
        return self.constant + 1 + sum(c * max(0, n - 1) for c, n in zip(self.coefficients, extents, strict=True))


@dataclass
class Value:
    """A tensor of the program: its name, its element type, and what is in it."""

    name: str
    element: str
    array: Array

    @property
    def type(self) -> str:
        return tensor_type(self.element, self.array.shape)


@dataclass
class _Scalar:
    """A value of a body: its name, its element type, and what it is at each point."""

    name: str
    element: str
    array: Array


@dataclass
class _Body:
    """A body that grows, evaluated on the whole iteration space."""

    draw: st.DrawFn
    extents: tuple[int, ...]
    scalars: list[_Scalar]
    lines: list[str] = field(default_factory=list[str])

    def add(self, text: str, element: str, array: Array) -> _Scalar:
        scalar = _Scalar(f"%s{len(self.lines)}", element, array)
        self.lines.append(f"{scalar.name} = {text}")
        self.scalars.append(scalar)
        return scalar

    def pick(self, elements: Sequence[str] = tuple(DTYPES)) -> _Scalar:
        return self.draw(st.sampled_from([s for s in self.scalars if s.element in elements]))

    def step(self) -> None:
        self.draw(st.sampled_from([self.binary, self.binary, self.select, self.cast, self.index]))()

    def binary(self) -> None:
        left = self.pick()
        right = self.pick([left.element])
        name, function = self.draw(st.sampled_from(list(BINARY[family(left.element)].items())))
        with np.errstate(over="ignore"):
            result = function(left.array, right.array)
        self.add(f"{name} {left.name}, {right.name} : {left.element}", left.element, result)

    def select(self) -> None:
        left = self.pick()
        right, other = self.pick([left.element]), self.pick([left.element])
        name, function = self.draw(st.sampled_from(list(COMPARISONS[family(left.element)].items())))
        truth = self.add(f"{name}, {left.name}, {right.name} : {left.element}", "i1", function(left.array, right.array))
        self.add(
            f"arith.select {truth.name}, {right.name}, {other.name} : {left.element}",
            left.element,
            np.where(truth.array, right.array, other.array),
        )

    def cast(self) -> None:
        self.cast_to(self.pick(), self.draw(st.sampled_from(list(DTYPES))))

    def cast_to(self, source: _Scalar, element: str) -> _Scalar:
        """The scalar as another type, by the conversion that there is."""
        if source.element == element:
            return source
        kinds = family(source.element), family(element)
        narrower = list(DTYPES).index(element) < list(DTYPES).index(source.element)
        array = source.array.astype(DTYPES[element])
        match kinds:
            case ("float", "float"):
                name = "arith.truncf" if narrower else "arith.extf"
            case ("float", "integer"):
                name = "arith.fptosi"
                limits = np.iinfo(element.replace("i", "int"))
                array = np.clip(source.array.astype(np.float64), limits.min, limits.max).astype(DTYPES[element])
            case ("integer", "float"):
                name = "arith.sitofp"
            case ("truth", "float"):
                name = "arith.uitofp"
            case ("truth", "integer"):
                name = self.draw(st.sampled_from(["arith.extui", "arith.extsi"]))
                array = array if name == "arith.extui" else np.negative(array)
            case ("integer", "truth"):
                name, array = "arith.trunci", (source.array & 1).astype(np.bool_)
            case ("integer", "integer"):
                name = "arith.trunci" if narrower else "arith.extsi"
            case _:
                zero = self.add(f"arith.constant 0.0 : {source.element}", source.element, np.zeros_like(source.array))
                text = f"arith.cmpf une, {source.name}, {zero.name} : {source.element}"
                return self.add(text, element, source.array != 0)
        return self.add(f"{name} {source.name} : {source.element} to {element}", element, array)

    def index(self) -> None:
        if not self.extents:
            return
        loop = self.draw(st.integers(0, len(self.extents) - 1))
        element = self.draw(st.sampled_from(["i32", "i64"]))
        counter = np.indices(self.extents)[loop]
        name = f"%n{len(self.lines)}"
        self.lines.append(f"{name} = linalg.index {loop} : index")
        self.add(f"arith.index_cast {name} : index to {element}", element, counter.astype(DTYPES[element]))


def _check_exact(array: Array) -> None:
    """Give up on a program whose floats are too large to be exact."""
    if array.dtype.kind == "f":
        assume(bool(np.abs(array.astype(np.float64)).sum() < EXACT))


@dataclass
class Program:
    """A growing function `@main`."""

    draw: st.DrawFn
    sizes: Sequence[int] = SIZES
    arguments: list[Value] = field(default_factory=list[Value])
    values: list[Value] = field(default_factory=list[Value])
    lines: list[str] = field(default_factory=list[str])
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
            extents = tuple(draw(st.lists(st.sampled_from(self.sizes), min_size=0, max_size=4)))
            parallel = [draw(st.booleans()) for _ in extents]
        else:
            reduced = draw(st.lists(st.sampled_from(self.sizes), max_size=1))
            extents = (*base.array.shape, *reduced)
            parallel = [draw(st.sampled_from([True, True, False])) for _ in base.array.shape] + [False] * len(reduced)
        assume(int(np.prod(extents)) <= MOST_ITERATIONS)
        self._generic(extents, parallel, base)

    def _generic(self, extents: tuple[int, ...], parallel: list[bool], base: Value | None) -> None:
        draw, loops = self.draw, len(extents)
        inputs: list[tuple[Value, list[Form]]] = []
        if base is not None:
            inputs.append((base, [_unit(loop, loops) for loop in range(base.array.ndim)]))
        uncovered = [loop for loop in range(loops) if not parallel[loop] and (base is None or loop >= base.array.ndim)]
        for number in range(draw(st.integers(1 if uncovered or base is None else 0, 2))):
            forms = [_unit(loop, loops) for loop in uncovered] if number == 0 else []
            forms += draw(st.lists(_forms(extents), max_size=2))
            forms = list(draw(st.permutations(forms)))
            shape = [form.size(extents) for form in forms]
            inputs.append((self._input(shape, forms, extents), forms))
        written = list(draw(st.permutations([loop for loop in range(loops) if parallel[loop]])))
        self._emit(extents, parallel, inputs, written)

    def _input(self, shape: list[int], forms: list[Form], extents: tuple[int, ...]) -> Value:
        known = [value for value in self.values if list(value.array.shape) == shape]
        element = self.draw(st.sampled_from(list(DTYPES)))
        return self.draw(st.sampled_from([None, *known])) or self.argument(element, shape)

    def _emit(
        self,
        extents: tuple[int, ...],
        parallel: list[bool],
        inputs: list[tuple[Value, list[Form]]],
        written: list[int],
    ) -> None:
        draw, loops = self.draw, len(extents)
        scalars: list[_Scalar] = []
        for number, (value, forms) in enumerate(inputs):
            points = value.array[tuple(form.values(extents) for form in forms)]
            scalars.append(_Scalar(f"%i{number}", value.element, np.broadcast_to(points, extents)))
        block_inputs = list(scalars)
        body = _Body(draw, extents, scalars)
        for _ in range(draw(st.integers(0, 4))):
            body.step()
        element = draw(st.sampled_from(list(DTYPES)))
        last = body.scalars[-1]
        yielded = body.cast_to(last, element)
        shape = [extents[loop] for loop in written]
        reduced = tuple(loop for loop in range(loops) if not parallel[loop])
        init, array = self._init(element, shape, bool(reduced)), yielded.array
        function: np.ufunc | None = None
        out = "%o"
        yielded_name = yielded.name
        if reduced:
            name, function = draw(st.sampled_from(list(REDUCTIONS[family(element)].items())))
            _check_exact(array)
            body.lines.append(f"%r = {name} {out}, {yielded.name} : {element}")
            yielded_name = "%r"
            array = function.reduce(array, axis=reduced, dtype=DTYPES[element], initial=_initial(name, element))
        kept = [loop for loop in range(loops) if parallel[loop]]
        array = np.transpose(array, [kept.index(loop) for loop in written]).astype(DTYPES[element])
        if function is not None:
            array = function(init.array, array)
        _check_exact(array)
        result = Value(self.name(), element, np.asarray(array))
        dims = ", ".join(f"d{i}" for i in range(loops))
        maps = [forms for _, forms in inputs] + [[_unit(loop, loops) for loop in written]]
        map_texts = ", ".join(f"affine_map<({dims}) -> ({', '.join(f.text() for f in forms)})>" for forms in maps)
        kinds = ", ".join('"parallel"' if is_parallel else '"reduction"' for is_parallel in parallel)
        ins = ""
        if inputs:
            names, types = ", ".join(v.name for v, _ in inputs), ", ".join(v.type for v, _ in inputs)
            ins = f"ins({names} : {types}) "
        arguments = ", ".join([*(f"{s.name}: {s.element}" for s in block_inputs), f"{out}: {element}"])
        self.lines += [
            f"{result.name} = linalg.generic {{indexing_maps = [{map_texts}], iterator_types = [{kinds}]}}",
            f"    {ins}outs({init.name} : {init.type}) {{",
            f"  ^bb0({arguments}):",
            *(f"    {line}" for line in body.lines),
            f"    linalg.yield {yielded_name} : {element}",
            f"  }} -> {result.type}",
        ]
        self.values.append(result)

    def _init(self, element: str, shape: list[int], is_read: bool) -> Value:
        """Where an op starts: nothing, or (what is read) an argument or a filled tensor."""
        if is_read and self.draw(st.booleans()):
            return self.argument(element, shape)
        empty, value = self.name(), Value(self.name(), element, np.zeros(shape, DTYPES[element]))
        self.lines.append(f"{empty} = tensor.empty() : {value.type}")
        if not is_read:
            return Value(empty, element, value.array)
        number = "0.0" if element in FLOATS else "0" if element != "i1" else "false"
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
    """A dimension of an access: a loop, a constant, a multiple, or a window of two loops."""
    loops = len(extents)
    kinds = ["constant", "loop", "loop", "multiple", "window"]  # the last two need indices that exist
    kind = draw(st.sampled_from(kinds[: 1 if not loops else 3 if 0 in extents else None]))
    loop = draw(st.integers(0, loops - 1)) if loops else 0
    if kind == "constant":
        return Form((0,) * loops, draw(st.integers(0, 2)))
    coefficients = list(_unit(loop, loops).coefficients)
    if kind == "loop":
        return Form(tuple(coefficients))
    coefficients[loop] = draw(st.integers(1, 2))
    if kind == "window":
        coefficients[draw(st.integers(0, loops - 1))] = draw(st.integers(1, 2))
    return Form(tuple(coefficients), draw(st.integers(0, 1)))


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
