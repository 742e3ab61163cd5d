"""Builds StableHLO ops on tensors one after the other, for ops that are written as several others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from xdsl.builder import Builder
from xdsl.dialects.builtin import BytesAttr, ComplexType, DenseIntOrFPElementsAttr, LocationAttr, TensorType, i32
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.attributes import ComparisonDirection
from zellige.dialects.stablehlo.complex_numbers import ComplexOp, ImagOp, RealOp
from zellige.dialects.stablehlo.contraction_attributes import DotDimensions
from zellige.dialects.stablehlo.contractions import DotGeneralOp
from zellige.dialects.stablehlo.elementwise import AddOp, DivideOp, MultiplyOp, NegateOp, SubtractOp
from zellige.dialects.stablehlo.elementwise_forms import CompareOp, ConstantOp, SelectOp
from zellige.dialects.stablehlo.shapes import (
    BroadcastInDimOp,
    ConcatenateOp,
    IotaOp,
    ReshapeOp,
    SliceOp,
    TransposeOp,
    shape_of,
)
from zellige.maths.numerics import Array
from zellige.passes.input.scalar_regions import zero_attr


@dataclass(frozen=True)
class Tensors:
    """Where ops go, and the place in the source that they come from."""

    builder: Builder
    location: LocationAttr

    @staticmethod
    def before(op: Operation) -> Tensors:
        """New ops stand before `op`, at its place."""
        return Tensors(Builder(InsertPoint.before(op)), op.location)

    def emit(self, op: Operation) -> SSAValue:
        """Insert an op and give its first result."""
        for inner in op.walk():
            inner.location = self.location
        return self.builder.insert(op).results[0]

    def constant(self, array: Array, element: Attribute) -> SSAValue:
        """A constant with the bytes of an array."""
        type_ = TensorType(cast("Any", element), array.shape)
        return self.emit(ConstantOp(DenseIntOrFPElementsAttr(type_, BytesAttr(array.tobytes()))))

    def zeros(self, type_: TensorType[Attribute]) -> SSAValue:
        """A tensor of this type that holds 0 everywhere."""
        number = self.emit(ConstantOp(zero_attr(type_.element_type)))
        return self.broadcast(number, (), type_.get_shape()) if type_.get_num_dims() else number

    def below_diagonal(self, shape: Sequence[int], *, inclusive: bool) -> SSAValue:
        """Which elements of the matrices in the last two dimensions stand below the diagonal, or on it."""
        indices = TensorType(i32, shape)
        row, column = (self.emit(IotaOp(dim, indices)) for dim in (len(shape) - 2, len(shape) - 1))
        return self.emit(CompareOp(ComparisonDirection.GE if inclusive else ComparisonDirection.GT, row, column))

    def add(self, lhs: SSAValue, rhs: SSAValue) -> SSAValue:
        return self.emit(AddOp(lhs, rhs))

    def subtract(self, lhs: SSAValue, rhs: SSAValue) -> SSAValue:
        return self.emit(SubtractOp(lhs, rhs))

    def multiply(self, lhs: SSAValue, rhs: SSAValue) -> SSAValue:
        return self.emit(MultiplyOp(lhs, rhs))

    def divide(self, lhs: SSAValue, rhs: SSAValue) -> SSAValue:
        return self.emit(DivideOp(lhs, rhs))

    def select(self, condition: SSAValue, then: SSAValue, otherwise: SSAValue) -> SSAValue:
        return self.emit(SelectOp(condition, then, otherwise))

    def broadcast(self, value: SSAValue, dims: Sequence[int], shape: Sequence[int]) -> SSAValue:
        """Dimension `i` of the value is `dims[i]` of the result."""
        return self.emit(BroadcastInDimOp(value, dims, TensorType(tensor_type(value).element_type, shape)))

    def reshape(self, value: SSAValue, shape: Sequence[int]) -> SSAValue:
        return self.emit(ReshapeOp(value, shape))

    def transpose(self, value: SSAValue, one: int, other: int) -> SSAValue:
        """The value with two dimensions in each other's place; negative ones count from the end."""
        order = list(range(len(shape_of(value))))
        order[one], order[other] = order[other], order[one]
        return self.emit(TransposeOp(value, order))

    def concatenate(self, values: Sequence[SSAValue], dim: int) -> SSAValue:
        return values[0] if len(values) == 1 else self.emit(ConcatenateOp(values, dim))

    def slice(self, value: SSAValue, dim: int, start: int, limit: int) -> SSAValue:
        """Elements `start` to `limit` along one dimension."""
        shape = shape_of(value)
        if (start, limit) == (0, shape[dim]):
            return value
        starts = [start if d == dim else 0 for d in range(len(shape))]
        limits = [limit if d == dim else size for d, size in enumerate(shape)]
        return self.emit(SliceOp(value, starts, limits))

    def product(self, lhs: SSAValue, rhs: SSAValue, *, transpose_rhs: bool = False) -> SSAValue:
        """The product of the matrices in the last two dimensions, for each index of those before."""
        rank = len(shape_of(lhs))
        batch = tuple(range(rank - 2))
        dims = DotDimensions(batch, batch, (rank - 1,), (rank - 1 if transpose_rhs else rank - 2,))
        return self.emit(DotGeneralOp(lhs, rhs, dims, tensor_type(lhs).element_type))

    def parts(self, value: SSAValue) -> tuple[SSAValue, SSAValue]:
        """The real and the imaginary parts of complex numbers."""
        return self.emit(RealOp(value)), self.emit(ImagOp(value))

    def complex(self, real: SSAValue, imaginary: SSAValue) -> SSAValue:
        return self.emit(ComplexOp(real, imaginary))

    def conjugate(self, value: SSAValue) -> SSAValue:
        """The complex conjugate; real numbers stay."""
        if not isa(tensor_type(value).element_type, ComplexType):
            return value
        real, imaginary = self.parts(value)
        return self.complex(real, self.emit(NegateOp(imaginary)))
