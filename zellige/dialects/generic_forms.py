"""The forms of `linalg.generic` that passes make: fills, elementwise maps, reductions along dimensions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from xdsl.builder import Builder
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, AffineMapAttr, IntegerAttr, LocationAttr, TensorType
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.slices import dynamic_only

OpT = TypeVar("OpT", bound=Operation)

Compute = Callable[[Builder, Sequence[SSAValue]], SSAValue]
"""Builds the body: from the elements of the inputs and of the output before to the element of the output."""

ComputeAll = Callable[[Builder, Sequence[SSAValue]], Sequence[SSAValue]]
"""The same for several outputs."""


class FormBuilder:
    """Puts new ops before `op`, at its place in the source."""

    def __init__(self, op: Operation) -> None:
        self._point = InsertPoint.before(op)
        self._location: LocationAttr = op.location

    def insert(self, op: OpT) -> OpT:
        op.location = self._location
        for inner in op.walk():
            inner.location = self._location
        return Builder(self._point).insert(op)

    def sizes(self, value: SSAValue) -> list[Index]:
        """The sizes of a tensor; those that its type leaves open are asked for with `tensor.dim`."""
        return [
            self._dimension(value, dimension) if size == DYNAMIC_INDEX else size
            for dimension, size in enumerate(tensor_type(value).get_shape())
        ]

    def _dimension(self, value: SSAValue, dimension: int) -> SSAValue:
        number = self.insert(arith.ConstantOp(IntegerAttr(dimension, type_index))).result
        return self.insert(tensor.DimOp(value, number)).result

    def cast(self, value: SSAValue, shape: Sequence[int]) -> SSAValue:
        """The same tensor under a type that knows more of its sizes, or less."""
        old = tensor_type(value)
        if old.get_shape() == tuple(shape):
            return value
        return self.insert(tensor.CastOp(value, TensorType(old.element_type, shape))).dest

    def empty(self, result_type: TensorType[Attribute], sizes: Sequence[Index] = ()) -> SSAValue:
        """A tensor whose elements are not yet known; `sizes` has those that the type leaves open, in order."""
        return self.insert(tensor.EmptyOp(dynamic_only(sizes), result_type)).tensor

    def generic(
        self,
        inputs: Sequence[SSAValue],
        output: SSAValue,
        maps: Sequence[AffineMap],
        iterators: Sequence[IteratorTypeAttr],
        compute: Compute,
    ) -> SSAValue:
        """A generic with one output; `maps` are those of the inputs, then the output's."""
        return self.generics(inputs, [output], maps, iterators, lambda builder, args: [compute(builder, args)])[0]

    def generics(
        self,
        inputs: Sequence[SSAValue],
        outputs: Sequence[SSAValue],
        maps: Sequence[AffineMap],
        iterators: Sequence[IteratorTypeAttr],
        compute: ComputeAll,
    ) -> Sequence[SSAValue]:
        """A generic with several outputs; the last of `maps` are theirs."""
        block = Block(arg_types=[element_type(value.type) for value in (*inputs, *outputs)])
        builder = Builder(InsertPoint.at_end(block))
        builder.insert(YieldOp(*compute(builder, block.args)))
        types = [output.type for output in outputs]
        return self.insert(
            GenericOp(inputs, outputs, Region(block), [AffineMapAttr(m) for m in maps], iterators, types)
        ).results

    def pointwise(
        self,
        inputs: Sequence[SSAValue],
        result_type: TensorType[Attribute],
        compute: Compute,
        maps: Sequence[AffineMap] | None = None,
        sizes: Sequence[Index] = (),
    ) -> SSAValue:
        """A value for each element of a new tensor; inputs follow its dimensions unless `maps` says otherwise.

        `sizes` has those that the type leaves open.
        """
        rank = result_type.get_num_dims()
        identity = AffineMap.identity(rank)
        return self.generic(
            inputs,
            self.empty(result_type, sizes),
            [*(maps if maps is not None else [identity] * len(inputs)), identity],
            [IteratorTypeAttr.parallel()] * rank,
            compute,
        )

    def fill(self, scalar: SSAValue, result_type: TensorType[Attribute], sizes: Sequence[Index] = ()) -> SSAValue:
        """A new tensor with `scalar` everywhere; `sizes` has those that the type leaves open."""
        nowhere = AffineMap(result_type.get_num_dims(), 0, ())
        return self.pointwise([scalar], result_type, lambda _, elements: elements[0], [nowhere], sizes)

    def reduce(self, source: SSAValue, init: SSAValue, dims: Sequence[int], compute: Compute) -> SSAValue:
        """Combine the elements of `source` along `dims` into `init`, which has the other dimensions."""
        assert isa(source.type, TensorType[Attribute])
        rank = source.type.get_num_dims()
        kept = tuple(AffineExpr.dimension(d) for d in range(rank) if d not in dims)
        return self.generic(
            [source],
            init,
            [AffineMap.identity(rank), AffineMap(rank, 0, kept)],
            [IteratorTypeAttr.reduction() if d in dims else IteratorTypeAttr.parallel() for d in range(rank)],
            compute,
        )
