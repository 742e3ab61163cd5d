"""One node of a graph as the functions of `operators` see it: operands, attributes with their defaults, versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import onnx
from onnx import AttributeProto

from zellige.frontends.onnx.refusals import UnknownShapeError, UnsupportedError, describe
from zellige.frontends.onnx.schemas import Schema
from zellige.frontends.onnx.tensors import Value
from zellige.maths.sizes import Extent
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor, TensorLike
from zellige.support.errors import CompileError, Note

Subgraph = Callable[[onnx.GraphProto, GraphBuilder, Sequence[Value]], tuple[Value, ...]]
"""Reads a graph of an attribute into a builder, with values for its inputs; returns its outputs."""


@dataclass(frozen=True)
class Node:
    """A node. An operand that is left out is None; `result_types` are what the model and shape inference say."""

    proto: onnx.NodeProto
    domain: str
    schema: Schema | None
    opset: int
    all_values: tuple[Value | None, ...]
    result_types: tuple[TensorLike | None, ...]
    attributes: Mapping[str, AttributeProto]
    build: GraphBuilder
    read_subgraph: Subgraph

    @property
    def version(self) -> int:
        """The version of the operators that the node's definition is from."""
        return self.schema.since_version if self.schema is not None else self.opset

    def operand(self, index: int) -> Tensor:
        """An operand that has to be there."""
        tensor = self.optional(index)
        if tensor is None:
            raise self.wrong(f"operand {index} is missing, expected at least {index + 1} operands")
        return tensor

    def optional(self, index: int) -> Tensor | None:
        """An operand that may be left out."""
        value = self.all_values[index] if index < len(self.all_values) else None
        if value is None or isinstance(value, Tensor):
            return value
        raise self.wrong(f"operand {index} is a sequence, expected a tensor")

    def sequence(self, index: int) -> tuple[Tensor, ...]:
        """An operand that has to be a sequence."""
        value = self.all_values[index] if index < len(self.all_values) else None
        if not isinstance(value, tuple):
            raise self.wrong(f"operand {index} is not a sequence")
        return value

    @property
    def operands(self) -> tuple[Tensor, ...]:
        """The operands of a node that may have any number of them."""
        return tuple(self.operand(index) for index in range(len(self.all_values)))

    def is_wanted(self, index: int) -> bool:
        """Whether the node has this result."""
        return index < len(self.proto.output) and bool(self.proto.output[index])

    def known(self, index: int) -> Array | None:
        """The numbers of an operand; None when it is left out. Raises `UnsupportedError` when they are not known."""
        tensor = self.optional(index)
        if tensor is None:
            return None
        if tensor.known is None:
            raise self.unsupported(f"operand {index} ('{self.proto.input[index]}') is not a constant")
        return tensor.known

    def known_ints(self, index: int) -> tuple[int, ...] | None:
        """The same as integers."""
        numbers = self.known(index)
        return None if numbers is None else tuple(int(number) for number in numbers.reshape(-1))

    def has_sizes(self, index: int) -> bool:
        """Whether the numbers of an operand are known, or are sizes."""
        tensor = self.operand(index)
        return tensor.known is not None or tensor.elements is not None

    def sizes(self, index: int) -> tuple[Extent, ...]:
        """The numbers of an operand as sizes. Raises `UnsupportedError` when they depend on data."""
        elements = self.operand(index).elements
        return self.known_ints(index) or () if elements is None else tuple(elements.reshape(-1).tolist())

    def ints_of(self, name: str, index: int) -> tuple[int, ...] | None:
        """Integers that are an attribute in older versions and an operand in newer ones; None when left out."""
        return self.ints(name) if self.has(name) else self.known_ints(index)

    def result_shape(self, index: int = 0) -> tuple[int, ...]:
        """The declared or inferred shape of a result that its operands do not tell."""
        type_ = self.result_types[index] if index < len(self.result_types) else None
        if type_ is None or not type_.has_static_shape():
            got = "nothing" if type_ is None else str(type_)
            raise UnknownShapeError(f"the shape of result {index} depends on unknown numbers, and {got} is declared")
        return type_.get_shape()

    # Attributes

    def has(self, name: str) -> bool:
        return name in self.attributes

    def _attribute(self, name: str) -> AttributeProto | None:
        if name in self.attributes:
            return self.attributes[name]
        if self.schema is not None and name in self.schema.attributes:
            default = self.schema.attributes[name].default_value
            return default if default.type != AttributeProto.UNDEFINED else None
        return None

    def _required(self, name: str) -> AttributeProto:
        attribute = self._attribute(name)
        if attribute is None:
            raise self.wrong(f"attribute '{name}' is missing")
        return attribute

    def integer(self, name: str, default: int | None = None) -> int:
        """An integer; without it the default of the schema, then `default`."""
        attribute = self._attribute(name)
        return default if attribute is None and default is not None else self._required(name).i

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        return bool(self.integer(name, None if default is None else int(default)))

    def number(self, name: str, default: float | None = None) -> float:
        attribute = self._attribute(name)
        return default if attribute is None and default is not None else self._required(name).f

    def text(self, name: str, default: str | None = None) -> str:
        attribute = self._attribute(name)
        if attribute is None and default is not None:
            return default
        content = self._required(name).s
        try:
            return content.decode()
        except UnicodeDecodeError as cause:
            raise self.wrong(f"attribute '{name}' is not UTF-8: {content!r}") from cause

    def ints(self, name: str, default: Sequence[int] | None = None) -> tuple[int, ...]:
        attribute = self._attribute(name)
        return tuple(default if attribute is None and default is not None else self._required(name).ints)

    def numbers(self, name: str, default: Sequence[float]) -> tuple[float, ...]:
        attribute = self._attribute(name)
        return tuple(default if attribute is None else attribute.floats)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(text.decode() for text in self._required(name).strings)

    def graph(self, name: str) -> onnx.GraphProto:
        return self._required(name).g

    def axis(self, name: str, rank: int, default: int | None = None) -> int:
        """The dimension that an attribute names; negative ones count from the end."""
        return self.dimension(self.integer(name, default), rank)

    def dimension(self, axis: int, rank: int) -> int:
        """Raises `CompileError` for a dimension that is not there."""
        if not -rank <= axis < rank:
            raise self.wrong(f"dimension {axis} is not there, expected one of {-rank} to {rank - 1}")
        return axis % rank

    def dimensions(self, axes: Sequence[int], rank: int) -> tuple[int, ...]:
        """Raises `CompileError` for a dimension that is not there or named twice."""
        found = tuple(self.dimension(axis, rank) for axis in axes)
        if len(set(found)) != len(found):
            raise self.wrong(f"dimensions {tuple(axes)} name one twice")
        return found

    # Errors

    def wrong(self, message: str) -> CompileError:
        """What to raise when the model is at fault."""
        return CompileError(f"{describe(self.proto)}: {message}")

    def unsupported(self, message: str, hint: str | None = None) -> UnsupportedError:
        """What to raise for a form that is not supported."""
        return UnsupportedError(message, notes=() if hint is None else (Note(hint),))


Operator = Callable[[Node], Tensor | Sequence[Value] | None]
"""What makes the results of a node; None leaves the node to the function that its schema defines it as."""

OperatorTable = Mapping[tuple[str, str], Operator]
"""(Domain, op type) -> operator. The default domain is the empty text."""
