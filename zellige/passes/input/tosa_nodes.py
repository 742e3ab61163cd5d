"""Ops of TOSA while they are replaced: their operands as tensors of a graph, their attributes as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from xdsl.dialects.builtin import BoolAttr, DenseArrayBase, IntegerAttr, IntegerType, StringAttr, TensorType
from xdsl.ir import Attribute, SSAValue

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.tosa.syntax import WordAttr
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, is_float
from zellige.support.errors import CompileError, Note


@dataclass
class Node:
    """An op while it is replaced; `shapes` are the numbers of operands that are shapes."""

    op: Any
    build: GraphBuilder
    operands: dict[SSAValue, Tensor]
    shapes: Mapping[SSAValue, tuple[int, ...]]

    def operand(self, name: str, rank: int | None = None) -> Tensor:
        """An operand, of so many dimensions."""
        tensor = self.operands[getattr(self.op, name)]
        if rank is not None and tensor.rank != rank:
            raise self.error(f"expected '{name}' to have {rank} dimensions, got {tensor.type}")
        return tensor

    def shape(self, name: str, count: int | None = None, *, least: int | None = None) -> tuple[int, ...]:
        """The numbers of an operand that is a shape, or of an attribute that is a list: so many, none below `least`."""
        value = getattr(self.op, name)
        if isinstance(value, DenseArrayBase):
            numbers = tuple(int(number) for number in cast("DenseArrayBase[Any]", value).get_values())
        elif value in self.shapes:
            numbers = self.shapes[value]
        else:
            raise self.error(f"expected '{name}' to be a constant")
        if count is not None and len(numbers) != count:
            raise self.error(f"expected {count} numbers in '{name}', got {list(numbers)}")
        if least is not None and any(number < least for number in numbers):
            raise self.error(f"expected numbers of at least {least} in '{name}', got {list(numbers)}")
        return numbers

    def known(self, name: str) -> Tensor:
        """An operand that has to be a constant."""
        tensor = self.operand(name)
        if tensor.known is None:
            raise self.error(f"expected '{name}' to be a constant")
        return tensor

    def axis(self, operand: Tensor) -> int:
        """The dimension of an operand that the op is about."""
        axis = cast("IntegerAttr", self.op.axis).value.data
        if not 0 <= axis < operand.rank:
            raise self.error(f"expected 'axis' to be a dimension of {operand.type}, got {axis}")
        return axis

    def flag(self, name: str) -> bool:
        attribute = getattr(self.op, name)
        return attribute is not None and bool(cast("BoolAttr", attribute).value.data)

    def word(self, name: str) -> str:
        attribute: WordAttr | StringAttr | None = getattr(self.op, name)
        return "" if attribute is None else attribute.data

    def ignores_nan(self, operand: Tensor) -> bool:
        mode: WordAttr | None = getattr(self.op, "nan_mode", None)
        return mode is not None and mode.data == "IGNORE" and is_float(operand.element)

    @property
    def result(self) -> TensorType[Attribute]:
        return tensor_type(self.op.results[0])

    @property
    def element(self) -> Attribute:
        return self.result.element_type

    def error(self, message: str, *notes: Note) -> CompileError:
        return CompileError(f"'{self.op.name}': {message}", op=self.op, notes=notes, pass_name="legalize-tosa")


Function = Callable[[Node], Tensor | tuple[Tensor, ...]]
"""What builds the result of an op, or several."""


def is_nan(build: GraphBuilder, operand: Tensor) -> Tensor:
    """Which elements are NaN."""
    return build.compare("NE", operand, operand)


def lowest_of(element: Attribute) -> float:
    """What no number of the type is below."""
    return -float("inf") if is_float(element) else -(1 << (cast("IntegerType", element).bitwidth - 1))


def highest_of(element: Attribute) -> float:
    """What no number of the type is above."""
    return float("inf") if is_float(element) else (1 << (cast("IntegerType", element).bitwidth - 1)) - 1
