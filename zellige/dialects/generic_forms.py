"""The forms of `linalg.generic` that passes make: fills, elementwise maps, reductions along dimensions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from xdsl.builder import Builder
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, AffineMapAttr, IntegerAttr, LocationAttr, TensorType
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.shaped_types import element_type, tensor_type

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

    def index(self, number: Index) -> SSAValue:
        """A number as a value of type index."""
        if isinstance(number, SSAValue):
            return number
        return self.insert(arith.ConstantOp(IntegerAttr(number, type_index))).result

    def size(self, value: SSAValue, dimension: int) -> Index:
        """The size of a dimension of a tensor."""
        size = tensor_type(value).get_shape()[dimension]
        return size if size != DYNAMIC_INDEX else self.insert(tensor.DimOp(value, self.index(dimension))).result

    def sizes(self, value: SSAValue) -> list[Index]:
        """The size of each dimension of a tensor."""
        return [self.size(value, dimension) for dimension in range(tensor_type(value).get_num_dims())]

    def cast(self, value: SSAValue, shape: Sequence[int]) -> SSAValue:
        """The same tensor under a type that knows more of its sizes, or less."""
        old = tensor_type(value)
        if old.get_shape() == tuple(shape):
            return value
        return self.insert(tensor.CastOp(value, TensorType(old.element_type, shape))).dest

    def empty(self, result_type: TensorType[Attribute], sizes: Sequence[Index] = ()) -> SSAValue:
        """A tensor whose elements are not yet known; `sizes` has all, where the type leaves some open."""
        dynamic = [dim for dim, size in enumerate(result_type.get_shape()) if size == DYNAMIC_INDEX]
        return self.insert(tensor.EmptyOp([self.index(sizes[dim]) for dim in dynamic], result_type)).tensor

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

        Sizes that the type leaves open are `sizes`, or else those of the inputs that follow these dimensions.
        """
        rank = result_type.get_num_dims()
        identity = AffineMap.identity(rank)
        followed = list(maps) if maps is not None else [identity] * len(inputs)
        if not sizes and not result_type.has_static_shape():
            sizes = self._followed_sizes(inputs, result_type, followed)
        return self.generic(
            inputs,
            self.empty(result_type, sizes),
            [*followed, identity],
            [IteratorTypeAttr.parallel()] * rank,
            compute,
        )

    def _followed_sizes(
        self, inputs: Sequence[SSAValue], result_type: TensorType[Attribute], maps: Sequence[AffineMap]
    ) -> list[Index]:
        """The sizes of the loops, of which each is a dimension of an input where the type leaves it open."""
        sizes: list[Index] = list(result_type.get_shape())
        for value, map_ in zip(inputs, maps, strict=True):
            for dimension, expr in enumerate(map_.results):
                if isinstance(expr, AffineDimExpr) and sizes[expr.position] == DYNAMIC_INDEX:
                    sizes[expr.position] = self.size(value, dimension)
        assert DYNAMIC_INDEX not in sizes, "a size follows from an input or is given"
        return sizes

    def computed(self, body: Block, result_type: TensorType[Attribute], sizes: Sequence[Index]) -> SSAValue:
        """A new tensor with what the body of a `tensor` op yields of its arguments, the indices; it is used up."""
        terminator = body.last_op
        assert isinstance(terminator, tensor.YieldOp)

        def compute(builder: Builder, _: Sequence[SSAValue]) -> SSAValue:
            for dim, argument in enumerate(body.args):
                if argument.first_use is not None:
                    argument.replace_all_uses_with(builder.insert(IndexOp(dim)).result)
            for inner in [o for o in body.ops if o is not terminator]:
                inner.detach()
                builder.insert(inner)
            return terminator.operands[0]

        return self.pointwise([], result_type, compute, sizes=sizes)

    def fill(self, scalar: SSAValue, result_type: TensorType[Attribute], sizes: Sequence[Index] = ()) -> SSAValue:
        """A new tensor with `scalar` everywhere; `sizes` has all, where the type leaves some open."""
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
