"""Bodies of random structured ops: lines of MLIR that grow, and what each value is on the whole iteration space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st

Array = npt.NDArray[Any]

DTYPES: dict[str, type[np.generic]] = {
    "bf16": ml_dtypes.bfloat16,
    "f16": np.float16,
    "f32": np.float32,
    "f64": np.float64,
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
}
"""Each kind from narrow to wide."""
EXACT = {"bf16": 2**8, "f16": 2**11, "f32": 2**22, "f64": 2**22}
"""Whole numbers up to here are numbers of a type, with their sums."""

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
    if element in EXACT:
        return "float"
    return "truth" if element == "i1" else "integer"


@dataclass
class Scalar:
    """A value of a body: its name, its element type, and what it is at each point."""

    name: str
    element: str
    array: Array


@dataclass
class Body:
    """A body that grows, evaluated on the whole iteration space."""

    draw: st.DrawFn
    extents: tuple[int, ...]
    scalars: list[Scalar]
    table: Scalar
    """A tensor of one dimension in the program around, of which elements can be read."""
    lines: list[str] = field(default_factory=list[str])

    def add(self, text: str, element: str, array: Array) -> Scalar:
        if element in ("f16", "bf16"):  # what such a type cannot hold is only rounded where the body ends
            assume(bool((np.abs(array.astype(np.float64)) <= EXACT[element]).all()))
        scalar = Scalar(f"%s{len(self.lines)}", element, array)
        self.lines.append(f"{scalar.name} = {text}")
        self.scalars.append(scalar)
        return scalar

    def pick(self, elements: Sequence[str] = tuple(DTYPES)) -> Scalar:
        return self.draw(st.sampled_from([s for s in self.scalars if s.element in elements]))

    def step(self) -> None:
        kinds = [self.binary, self.binary, self.select, self.cast, self.index, self.read]
        self.draw(st.sampled_from(kinds))()

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

    def cast_to(self, source: Scalar, element: str) -> Scalar:
        """The scalar as another type, by the conversion that there is."""
        if source.element == element:
            return source
        kinds = family(source.element), family(element)
        narrower = list(DTYPES).index(element) < list(DTYPES).index(source.element)
        array = source.array.astype(DTYPES[element])
        match kinds:
            case ("float", "float"):
                if {source.element, element} == {"f16", "bf16"}:
                    return self.cast_to(self.cast_to(source, "f32"), element)
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

    def read(self) -> None:
        """An element of the table, at a loop or at a number that is brought inside."""
        if not self.extents:
            return
        loop, size = self.draw(st.integers(0, len(self.extents) - 1)), len(self.table.array)
        factor = self.draw(st.sampled_from([1, 1, 3]))
        number = len(self.lines)
        self.lines += [
            f"%n{number} = linalg.index {loop} : index",
            f"%c{number} = arith.constant {factor} : index",
            f"%p{number} = arith.muli %n{number}, %c{number} : index",
            f"%z{number} = arith.constant {size} : index",
            f"%m{number} = arith.remui %p{number}, %z{number} : index",
        ]
        place = np.indices(self.extents)[loop] * factor % size
        type_ = f"tensor<{size}x{self.table.element}>"
        self.add(f"tensor.extract {self.table.name}[%m{number}] : {type_}", self.table.element, self.table.array[place])


def check_exact(array: Array, element: str) -> None:
    """Give up on a program whose floats are too large to be exact."""
    if element in EXACT:
        assume(bool(np.abs(array.astype(np.float64)).sum() < EXACT[element]))
