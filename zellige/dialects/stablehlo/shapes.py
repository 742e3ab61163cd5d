"""StableHLO ops that move elements and compute none; shapes and orders are attributes.

Contract. The result type of a verified op follows from its operands and attributes; sizes that are dynamic on either
side are not compared. Each op has a constructor that infers the result type, where it is inferable.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import DYNAMIC_INDEX, I64, DenseArrayBase, IntegerAttr, TensorType, i32, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.irdl.declarative_assembly_format import (
    AttributeVariable,
    CustomDirective,
    ParsingState,
    PrintingState,
    irdl_custom_directive,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.quant import UniformQuantizedType, same_numbers
from zellige.dialects.shaped_types import agree, tensor_type
from zellige.dialects.stablehlo.syntax import OperandsBeforeAttribute, SameOperandsAndResultType

Shape = tuple[int, ...]


def integers(values: Sequence[int]) -> DenseArrayBase:
    """The attribute `array<i64: …>`."""
    return DenseArrayBase.from_list(i64, values)


def shape_of(value: SSAValue) -> Shape:
    """Shape of a ranked tensor; a dynamic size is negative."""
    return tensor_type(value).get_shape()


def expect_result(result: SSAValue, expected: Sequence[int], element: Attribute) -> None:
    """Raise `VerifyException` unless `result` has this element type and a shape that agrees with `expected`."""
    got = tensor_type(result)
    if not agree(got.get_shape(), expected) or not _same_elements(got.element_type, element):
        raise VerifyException(f"expected a result of type {TensorType(element, expected)}, got {got}")


def _same_elements(one: Attribute, other: Attribute) -> bool:
    """Whether two types are equal; the dimension that has the scales of quantised elements may be another."""
    if isinstance(one, UniformQuantizedType) and isinstance(other, UniformQuantizedType):
        return same_numbers(one, other)
    return one == other


def expect_count(what: str, values: Sequence[int], expected: int) -> None:
    """Raise `VerifyException` unless there is one value for each of `expected` dimensions."""
    if len(values) != expected:
        raise VerifyException(f"expected {expected} {what}, one a dimension, got {len(values)}: {list(values)}")


def expect_dimensions(what: str, dims: Sequence[int], rank: int) -> None:
    """Raise `VerifyException` unless `dims` are different dimensions of a tensor of this rank."""
    if len(set(dims)) != len(dims) or any(not 0 <= dim < rank for dim in dims):
        raise VerifyException(f"expected {what} to be different and 0 to {rank - 1}, got {list(dims)}")


def expect_dimension(dim: int, rank: int) -> None:
    """Raise `VerifyException` unless a tensor of this rank has the dimension."""
    if not 0 <= dim < rank:
        raise VerifyException(f"expected a dimension of 0 to {rank - 1}, got {dim}")


def sliced_shape(starts: Sequence[int], limits: Sequence[int], strides: Sequence[int]) -> Shape:
    """Shape of `operand[start:limit:stride, …]`."""
    return tuple(-((start - limit) // stride) for start, limit, stride in zip(starts, limits, strides, strict=True))


def padded_shape(shape: Shape, low: Sequence[int], high: Sequence[int], interior: Sequence[int]) -> Shape:
    """Shape after padding at both ends and between elements; negative amounts cut."""
    return tuple(
        n if n == DYNAMIC_INDEX else before + n + max(n - 1, 0) * between + after
        for n, before, after, between in zip(shape, low, high, interior, strict=True)
    )


@irdl_op_definition
class BroadcastInDimOp(IRDLOperation):
    """Dimension `i` of the operand is dimension `dims[i]` of the result; one of size 1 is repeated.

    ```mlir
    %1 = stablehlo.broadcast_in_dim %0, dims = [0, 2] : (tensor<3x1xf32>) -> tensor<3x2x2xf32>
    ```
    """

    name = "stablehlo.broadcast_in_dim"

    operand = operand_def(TensorType)
    broadcast_dimensions = prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$operand `,` `dims` `=` $broadcast_dimensions attr-dict `:` functional-type(operands, results)"

    def __init__(self, operand: SSAValue, dims: Sequence[int], result_type: TensorType[Attribute]) -> None:
        super().__init__(
            operands=[operand], result_types=[result_type], properties={"broadcast_dimensions": integers(dims)}
        )

    def verify_(self) -> None:
        verify_broadcast(self.operand, self.broadcast_dimensions.get_values(), self.result)


def verify_broadcast(operand: SSAValue, dims: Sequence[int], result: SSAValue) -> None:
    """The rules of `broadcast_in_dim`, which its dynamic form shares."""
    source, target = shape_of(operand), shape_of(result)
    expect_count("broadcast dimensions", dims, len(source))
    expect_dimensions("broadcast dimensions", dims, len(target))
    for index, (dim, size) in enumerate(zip(dims, source, strict=True)):
        if DYNAMIC_INDEX not in (size, target[dim]) and size not in (1, target[dim]):
            raise VerifyException(
                f"expected size 1 or {target[dim]} for dimension {index} of the operand, got {size}: "
                f"it is dimension {dim} of {result.type}"
            )
    expect_result(result, target, tensor_type(operand).element_type)


@irdl_op_definition
class ReshapeOp(IRDLOperation):
    """The same elements in row-major order, in another shape.

    ```mlir
    %1 = stablehlo.reshape %0 : (tensor<2x6xf32>) -> tensor<3x4xf32>
    ```
    """

    name = "stablehlo.reshape"

    operand = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$operand attr-dict `:` functional-type(operands, results)"

    def __init__(self, operand: SSAValue, shape: Sequence[int]) -> None:
        result_type = TensorType(tensor_type(operand).element_type, shape)
        super().__init__(operands=[operand], result_types=[result_type])

    def verify_(self) -> None:
        verify_reshape(self.operand, self.result)


def verify_reshape(operand: SSAValue, result: SSAValue) -> None:
    """The rules of `reshape`, which its dynamic form shares."""
    source, target = shape_of(operand), shape_of(result)
    if DYNAMIC_INDEX not in (*source, *target) and prod(source) != prod(target):
        raise VerifyException(
            f"expected a result of {prod(source)} elements, as {operand.type} has, got {prod(target)}: {result.type}"
        )
    expect_result(result, target, tensor_type(operand).element_type)


@irdl_op_definition
class TransposeOp(IRDLOperation):
    """Dimension `i` of the result is dimension `dims[i]` of the operand.

    ```mlir
    %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
    ```
    """

    name = "stablehlo.transpose"

    operand = operand_def(TensorType)
    permutation = prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$operand `,` `dims` `=` $permutation attr-dict `:` functional-type(operands, results)"

    def __init__(self, operand: SSAValue, permutation: Sequence[int]) -> None:
        source = tensor_type(operand)
        shape = [source.get_shape()[dim] for dim in permutation]
        super().__init__(
            operands=[operand],
            result_types=[TensorType(source.element_type, shape)],
            properties={"permutation": integers(permutation)},
        )

    def verify_(self) -> None:
        permutation, source = self.permutation.get_values(), tensor_type(self.operand)
        shape = source.get_shape()
        if sorted(permutation) != list(range(len(shape))):
            raise VerifyException(f"expected a permutation of {len(shape)} dimensions, got {list(permutation)}")
        expect_result(self.result, [shape[dim] for dim in permutation], source.element_type)


@irdl_custom_directive
class SliceRanges(CustomDirective):
    """`[start:limit, start:limit:stride]`, a range a dimension."""

    starts: AttributeVariable
    limits: AttributeVariable
    strides: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        def parse_range() -> tuple[int, int, int]:
            start = parser.parse_integer()
            parser.parse_punctuation(":")
            limit = parser.parse_integer()
            stride = 1 if parser.parse_optional_punctuation(":") is None else parser.parse_integer()
            return start, limit, stride

        ranges = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parse_range)
        for index, variable in enumerate((self.starts, self.limits, self.strides)):
            variable.set(state, integers([numbers[index] for numbers in ranges]))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        assert isinstance(op, SliceOp)
        state.print_whitespace(printer)
        ranges = (
            f"{start}:{limit}" if stride == 1 else f"{start}:{limit}:{stride}" for start, limit, stride in op.ranges
        )
        printer.print_string(f"[{', '.join(ranges)}]")
        state.should_emit_space = True
        state.last_was_punctuation = False


@irdl_op_definition
class SliceOp(IRDLOperation):
    """Elements from `start` on, before `limit`, `stride` apart.

    ```mlir
    %1 = stablehlo.slice %0 [0:3, 2:6:3] : (tensor<3x6xf32>) -> tensor<3x2xf32>
    ```
    """

    name = "stablehlo.slice"

    operand = operand_def(TensorType)
    start_indices = prop_def(DenseArrayBase.constr(i64))
    limit_indices = prop_def(DenseArrayBase.constr(i64))
    strides = prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (SliceRanges,)
    assembly_format = (
        "$operand custom<SliceRanges>($start_indices, $limit_indices, $strides) attr-dict "
        "`:` functional-type(operands, results)"
    )

    def __init__(
        self, operand: SSAValue, starts: Sequence[int], limits: Sequence[int], strides: Sequence[int] | None = None
    ) -> None:
        source = tensor_type(operand)
        strides = strides if strides is not None else [1] * len(starts)
        shape = sliced_shape(starts, limits, strides)
        super().__init__(
            operands=[operand],
            result_types=[TensorType(source.element_type, shape)],
            properties={
                "start_indices": integers(starts),
                "limit_indices": integers(limits),
                "strides": integers(strides),
            },
        )

    @property
    def ranges(self) -> list[tuple[int, int, int]]:
        """Start, limit and stride of each dimension."""
        return list(
            zip(
                self.start_indices.get_values(), self.limit_indices.get_values(), self.strides.get_values(), strict=True
            )
        )

    def verify_(self) -> None:
        source = tensor_type(self.operand)
        shape = source.get_shape()
        starts, limits, strides = (
            tuple(attribute.get_values()) for attribute in (self.start_indices, self.limit_indices, self.strides)
        )
        for what, values in (("start indices", starts), ("limit indices", limits), ("strides", strides)):
            expect_count(what, values, len(shape))
        for dim, (size, (start, limit, stride)) in enumerate(zip(shape, self.ranges, strict=True)):
            if not 0 <= start <= limit or (size != DYNAMIC_INDEX and limit > size):
                end = "its end" if size == DYNAMIC_INDEX else f"{size}"
                raise VerifyException(f"dimension {dim}: expected a range of 0 to {end}, got {start} to {limit}")
            if stride < 1:
                raise VerifyException(f"dimension {dim}: expected a stride of at least 1, got {stride}")
        expect_result(self.result, sliced_shape(starts, limits, strides), source.element_type)


@irdl_op_definition
class PadOp(IRDLOperation):
    """`low` and `high` elements of the padding value at the ends, `interior` between neighbours; negative ends cut.

    ```mlir
    %1 = stablehlo.pad %0, %zero, low = [1, -1], high = [1, -1], interior = [0, 1]
         : (tensor<5x4xf32>, tensor<f32>) -> tensor<7x5xf32>
    ```
    """

    name = "stablehlo.pad"

    operand = operand_def(TensorType)
    padding_value = operand_def(TensorType)
    edge_padding_low = prop_def(DenseArrayBase.constr(i64))
    edge_padding_high = prop_def(DenseArrayBase.constr(i64))
    interior_padding = prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$operand `,` $padding_value `,` `low` `=` $edge_padding_low `,` `high` `=` $edge_padding_high `,` "
        "`interior` `=` $interior_padding attr-dict `:` functional-type(operands, results)"
    )

    def __init__(
        self,
        operand: SSAValue,
        padding_value: SSAValue,
        low: Sequence[int],
        high: Sequence[int],
        interior: Sequence[int] | None = None,
    ) -> None:
        source = tensor_type(operand)
        interior = interior if interior is not None else [0] * len(low)
        shape = padded_shape(source.get_shape(), low, high, interior)
        super().__init__(
            operands=[operand, padding_value],
            result_types=[TensorType(source.element_type, shape)],
            properties={
                "edge_padding_low": integers(low),
                "edge_padding_high": integers(high),
                "interior_padding": integers(interior),
            },
        )

    def verify_(self) -> None:
        low, high, interior = (
            tuple(attribute.get_values())
            for attribute in (self.edge_padding_low, self.edge_padding_high, self.interior_padding)
        )
        verify_pad(self.operand, self.padding_value)
        source = tensor_type(self.operand)
        for what, values in (("low amounts", low), ("high amounts", high), ("interior amounts", interior)):
            expect_count(what, values, source.get_num_dims())
        if min(interior, default=0) < 0:
            raise VerifyException(f"expected interior amounts of at least 0, got {list(interior)}")
        shape = padded_shape(source.get_shape(), low, high, interior)
        if any(size < 0 and size != DYNAMIC_INDEX for size in shape):
            raise VerifyException(f"expected at least 0 elements to be left in each dimension, got {list(shape)}")
        expect_result(self.result, shape, source.element_type)


def verify_pad(operand: SSAValue, padding_value: SSAValue) -> None:
    """What `pad` and its dynamic form ask of the padding value."""
    expected = TensorType(tensor_type(operand).element_type, [])
    if padding_value.type != expected:
        raise VerifyException(f"expected a padding value of type {expected}, got {padding_value.type}")


@irdl_op_definition
class ConcatenateOp(IRDLOperation):
    """The operands one after the other along a dimension.

    ```mlir
    %2 = stablehlo.concatenate %0, %1, dim = 0 : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<4x2xf32>
    ```
    """

    name = "stablehlo.concatenate"

    inputs = var_operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (OperandsBeforeAttribute,)
    assembly_format = (
        "custom<OperandsBeforeAttribute>($inputs) `dim` `=` $dimension attr-dict `:` functional-type(operands, results)"
    )

    def __init__(self, inputs: Sequence[SSAValue], dim: int) -> None:
        super().__init__(
            operands=[inputs],
            result_types=[
                TensorType(tensor_type(inputs[0]).element_type, concatenated_shape([*map(shape_of, inputs)], dim))
            ],
            properties={"dimension": IntegerAttr(dim, i64)},
        )

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("expected at least 1 operand, got 0")
        dim, first = self.dimension.value.data, tensor_type(self.inputs[0])
        expect_dimension(dim, first.get_num_dims())
        shapes = [shape_of(value) for value in self.inputs]
        for index, (value, shape) in enumerate(zip(self.inputs, shapes, strict=True)):
            expected = [*first.get_shape()]
            expected[dim : dim + 1] = shape[dim : dim + 1]
            agrees = len(shape) == len(expected) and all(
                one == other or DYNAMIC_INDEX in (one, other) for one, other in zip(shape, expected, strict=True)
            )
            if not agrees or tensor_type(value).element_type != first.element_type:
                raise VerifyException(
                    f"expected operands that differ in dimension {dim} only, "
                    f"got {first} and {value.type} (operand {index})"
                )
        expect_result(self.result, concatenated_shape(shapes, dim), first.element_type)


def concatenated_shape(shapes: Sequence[Shape], dim: int) -> Shape:
    """Shape of tensors of these shapes one after the other along `dim`."""
    sizes = [shape[dim] for shape in shapes]
    joined = DYNAMIC_INDEX if DYNAMIC_INDEX in sizes else sum(sizes)
    return (*shapes[0][:dim], joined, *shapes[0][dim + 1 :])


@irdl_op_definition
class ReverseOp(IRDLOperation):
    """The elements in the opposite order along some dimensions.

    ```mlir
    %1 = stablehlo.reverse %0, dims = [1] : tensor<3x2xf32>
    ```
    """

    name = "stablehlo.reverse"

    operand = operand_def(TensorType)
    dimensions = prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = (
        "$operand `,` `dims` `=` $dimensions attr-dict "
        "`:` custom<SameOperandsAndResultType>(type($operand), type($result))"
    )

    def __init__(self, operand: SSAValue, dims: Sequence[int]) -> None:
        super().__init__(operands=[operand], result_types=[operand.type], properties={"dimensions": integers(dims)})

    def verify_(self) -> None:
        source = tensor_type(self.operand)
        expect_dimensions("the dimensions", self.dimensions.get_values(), source.get_num_dims())
        expect_result(self.result, source.get_shape(), source.element_type)


@irdl_op_definition
class IotaOp(IRDLOperation):
    """Each element is its index along a dimension.

    ```mlir
    %0 = stablehlo.iota dim = 0 : tensor<4x5xi32>
    ```
    """

    name = "stablehlo.iota"

    iota_dimension = prop_def(IntegerAttr[I64])
    output = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "`dim` `=` $iota_dimension attr-dict `:` type($output)"

    def __init__(self, dim: int, result_type: TensorType[Attribute]) -> None:
        super().__init__(result_types=[result_type], properties={"iota_dimension": IntegerAttr(dim, i64)})

    def verify_(self) -> None:
        expect_dimension(self.iota_dimension.value.data, len(shape_of(self.output)))


@irdl_op_definition
class GetDimensionSizeOp(IRDLOperation):
    """The size of a dimension.

    ```mlir
    %1 = stablehlo.get_dimension_size %0, dim = 1 : (tensor<2x3xf32>) -> tensor<i32>
    ```
    """

    name = "stablehlo.get_dimension_size"

    operand = operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$operand `,` `dim` `=` $dimension attr-dict `:` functional-type(operands, results)"

    def __init__(self, operand: SSAValue, dim: int) -> None:
        super().__init__(
            operands=[operand],
            result_types=[TensorType(i32, [])],
            properties={"dimension": IntegerAttr(dim, i64)},
        )

    def verify_(self) -> None:
        expect_dimension(self.dimension.value.data, len(shape_of(self.operand)))
        expect_result(self.result, [], i32)


SHAPE_OPS = (
    BroadcastInDimOp,
    ReshapeOp,
    TransposeOp,
    SliceOp,
    PadOp,
    ConcatenateOp,
    ReverseOp,
    IotaOp,
    GetDimensionSizeOp,
)
"""The ops of this file."""
