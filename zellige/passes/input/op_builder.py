"""Appends ops to one block: operands are tensors whose numbers may be known, results have the sizes that are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Self

from xdsl.dialects import arith, cf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IntegerAttr, LocationAttr, StringAttr, UnknownLoc, i1
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from zellige.dialects.chlo import Chlo
from zellige.dialects.index_arithmetic import type_index
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.dialect import Stablehlo
from zellige.maths.sizes import Extent, Size, Symbol
from zellige.passes.input.size_values import SizeValues
from zellige.passes.input.tensors import Array, Tensor, TensorLike, constant_attribute, type_of
from zellige.support.parameters import PARAMETER

Form = tuple[Attribute, Sequence[Extent]]
"""Type of elements and sizes of a tensor."""


@cache
def _kinds() -> Mapping[str, type[Operation]]:
    """Op name without its dialect -> class; where CHLO and StableHLO have the same, that of StableHLO."""
    return {op.name.partition(".")[2]: op for op in (*Chlo.operations, *Stablehlo.operations)}


@dataclass
class OpBuilder:
    """Appends to `block`. Constants go to the block of `sizes`, which dominates all others, once for each tensor."""

    sizes: SizeValues
    block: Block
    location: LocationAttr = field(default_factory=UnknownLoc)

    @property
    def entry(self) -> Block:
        """The block that dominates all others."""
        return self.sizes.block

    def nested(self, block: Block) -> Self:
        """A builder for a block of a region."""
        return type(self)(self.sizes, block, self.location)

    # Values and ops

    def value(self, operand: Tensor) -> SSAValue:
        """The tensor in the IR; known numbers become a constant at first use."""
        if operand.value is None and operand.elements is not None:
            operand.value = self._of_elements(operand.elements, operand.type)
        elif operand.value is None:
            constant = _kinds()["constant"].create(
                result_types=[operand.type], properties={"value": constant_attribute(operand)}
            )
            constant.location = self.location
            if operand.name:
                constant.attributes[PARAMETER] = StringAttr(operand.name)
            self.entry.add_op(constant)
            operand.value = constant.results[0]
        return operand.value

    def _of_elements(self, elements: Array, type_: TensorLike) -> SSAValue:
        """A tensor of integers that are sizes."""
        numbers: list[SSAValue] = []
        for size in elements.reshape(-1).tolist():
            cast = arith.IndexCastOp(self.sizes.value(size, self.location), type_.element_type)
            cast.location = self.location
            self.entry.add_op(cast)
            numbers.append(cast.result)
        made = tensor.FromElementsOp(*numbers, result_type=type_)
        made.location = self.location
        self.entry.add_op(made)
        return made.result

    def operand(self, value: SSAValue) -> Tensor:
        """A value of the program, with a symbol for each size that its type leaves open."""
        shape: list[Extent] = list(tensor_type(value).get_shape())
        for axis in [axis for axis, size in enumerate(shape) if size == DYNAMIC_INDEX]:
            place = self.insert(arith.ConstantOp(IntegerAttr(axis, type_index))).results[0]
            size = self.insert(tensor.DimOp(value, place)).results[0]
            symbol = Symbol(size, f"dimension {axis}")
            self.sizes.symbols[symbol] = size
            shape[axis] = Size.of(symbol)
        return Tensor.computed(value, shape)

    def index(self, size: Extent) -> SSAValue:
        """A size as a value of type index."""
        return self.sizes.value(size, self.location)

    def vector(self, sizes: Sequence[Extent]) -> Tensor:
        """Sizes as a tensor of one dimension of index values, for ops that take a shape."""
        return Tensor.computed(self.insert(self.sizes.vector(sizes, self.location)).results[0])

    def insert(self, op: Operation) -> Operation:
        op.location = self.location
        self.block.add_op(op)
        return op

    def op(
        self,
        name: str,
        operands: Sequence[Tensor],
        forms: Sequence[Form],
        properties: Mapping[str, Attribute] | None = None,
        regions: Sequence[Region] = (),
    ) -> tuple[Tensor, ...]:
        """Append the op of this name with the forms of its results."""
        op = _kinds()[name].create(
            operands=[self.value(operand) for operand in operands],
            result_types=[type_of(*form) for form in forms],
            properties=dict(properties or {}),
            regions=list(regions),
        )
        results = self.insert(op).results
        return tuple(Tensor.computed(result, shape) for result, (_, shape) in zip(results, forms, strict=True))

    def one(
        self,
        name: str,
        operands: Sequence[Tensor],
        element: Attribute,
        shape: Sequence[Extent],
        **properties: Attribute,
    ) -> Tensor:
        return self.op(name, operands, [(element, shape)], properties)[0]

    def branch(self, forms: Sequence[Form] = ()) -> tuple[Self, list[Tensor]]:
        """A builder for the block of a region that is built before its op, and the arguments of the block."""
        inner = self.nested(Block())
        return inner, [inner.argument(form) for form in forms]

    def argument(self, form: Form) -> Tensor:
        """One more argument of the block."""
        return Tensor.computed(self.block.insert_arg(type_of(*form), len(self.block.args)), form[1])

    def ended(self, results: Sequence[Tensor]) -> Region:
        """The region of this builder's block, which returns these tensors."""
        self.op("return", results, [])
        return Region(self.block)

    # Checks

    def check(self, condition: Tensor, message: str) -> None:
        """Stop the program where a tensor without dimensions is false."""
        scalar = tensor.ExtractOp(self.value(condition), [], i1)
        self.insert(scalar)
        self.stop_unless(scalar.result, message)

    def stop_unless(self, condition: SSAValue, message: str) -> None:
        """Stop the program where an `i1` is false."""
        self.insert(cf.AssertOp(condition, message))

    def check_sizes(self, one: Extent, other: Extent, message: str) -> None:
        """Stop the program where two sizes are not equal."""
        is_equal = arith.CmpiOp(self.index(one), self.index(other), "eq")
        for op in (is_equal, cf.AssertOp(is_equal.result, message)):
            op.location = self.location
            self.entry.add_op(op)
