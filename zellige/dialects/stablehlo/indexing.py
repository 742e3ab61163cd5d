"""StableHLO ops that read or write where other tensors say.

Contract. Sizes that are dynamic agree with any. Indices are integers of any width. Where a slice is read that would
stick out, it is moved inside; what is written outside is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    BoolAttr,
    DenseArrayBase,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
    i1,
    i64,
)
from xdsl.ir import Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    SameVariadicOperandSize,
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import agree, element_type, tensor_type
from zellige.dialects.stablehlo.control_flow import expect_yields
from zellige.dialects.stablehlo.indexing_attributes import (
    GatherDimensions,
    GatherDimensionsAttr,
    ScatterDimensions,
    ScatterDimensionsAttr,
)
from zellige.dialects.stablehlo.shapes import Shape, expect_count, expect_dimensions, expect_result, integers, shape_of
from zellige.dialects.stablehlo.syntax import OperandsBeforeAttribute
from zellige.support.printing import types_text

_TENSOR = base(TensorType)


def expect_integers(what: str, value: SSAValue) -> None:
    """Raise `VerifyException` unless the elements are integers."""
    if not isinstance(element_type(value.type), IntegerType):
        raise VerifyException(f"expected {what} to be integers, got {value.type}")


def index_shape(shape: Shape, index_vector_dim: int) -> Shape:
    """The shape of indices without the dimension along which the parts of one index stand."""
    return tuple(size for dim, size in enumerate(shape) if dim != index_vector_dim)


def _verify_indices(indices: SSAValue, index_vector_dim: int, count: int) -> None:
    """There are `count` parts of each index."""
    shape = shape_of(indices)
    expect_integers("indices", indices)
    if not 0 <= index_vector_dim <= len(shape):
        raise VerifyException(f"expected index_vector_dim to be 0 to {len(shape)}, got {index_vector_dim}")
    parts = shape[index_vector_dim] if index_vector_dim < len(shape) else 1
    if parts not in (count, DYNAMIC_INDEX):
        raise VerifyException(f"expected {count} indices along dimension {index_vector_dim}, got {indices.type}")


def _verify_batch(
    operand: Shape, operand_dims: Sequence[int], indices: Shape, indices_dims: Sequence[int], index_vector_dim: int
) -> None:
    """Dimensions of a batch are the same in the operand and in the indices."""
    expect_dimensions("the batching dimensions of the operand", operand_dims, len(operand))
    expect_dimensions("the batching dimensions of the indices", indices_dims, len(indices))
    if index_vector_dim in indices_dims:
        raise VerifyException(f"expected batching dimensions of the indices other than {index_vector_dim}")
    sizes, index_sizes = [operand[dim] for dim in operand_dims], [indices[dim] for dim in indices_dims]
    if not agree(sizes, index_sizes):
        raise VerifyException(f"expected batches of one size, got {sizes} and {index_sizes}")


def _gathered_shape(operand: Shape, indices: Shape, dims: GatherDimensions, slice_sizes: Sequence[int]) -> Shape:
    """The shape of the result of a gather. Raises `VerifyException` where the dimensions do not go together."""
    rank = len(operand)
    expect_count("slice sizes", slice_sizes, rank)
    expect_dimensions("start_index_map", dims.start_index_map, rank)
    left_out = dims.collapsed_slice_dims + dims.operand_batching_dims
    expect_dimensions("collapsed and batching dimensions", left_out, rank)
    if set(dims.start_index_map) & set(dims.operand_batching_dims):
        raise VerifyException(f"expected no index for the batching dimensions {list(dims.operand_batching_dims)}")
    _verify_batch(operand, dims.operand_batching_dims, indices, dims.start_indices_batching_dims, dims.index_vector_dim)
    for dim, (size, whole) in enumerate(zip(slice_sizes, operand, strict=True)):
        most = 1 if dim in left_out else whole
        if not 0 <= size <= most and most != DYNAMIC_INDEX:
            raise VerifyException(f"dimension {dim}: expected a slice size of 0 to {most}, got {size}")
    offsets = [slice_sizes[dim] for dim in dims.kept_dims(rank)]
    batch = index_shape(indices, dims.index_vector_dim)
    result_rank = len(offsets) + len(batch)
    expect_count("offset dimensions", dims.offset_dims, len(offsets))
    expect_dimensions("offset dimensions", dims.offset_dims, result_rank)
    offset_sizes = dict(zip(dims.offset_dims, offsets, strict=True))
    batch_sizes = dict(zip(dims.batch_dims(result_rank), batch, strict=True))
    return tuple((offset_sizes | batch_sizes)[dim] for dim in range(result_rank))


@irdl_op_definition
class GatherOp(IRDLOperation):
    """Slices of the operand, one for each index.

    ```mlir
    %0 = "stablehlo.gather"(%x, %i) <{
      dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0],
                                            index_vector_dim = 1>,
      slice_sizes = array<i64: 1, 6>}> : (tensor<20x6xf32>, tensor<4xi64>) -> tensor<4x6xf32>
    ```
    """

    name = "stablehlo.gather"

    operand = operand_def(_TENSOR)
    start_indices = operand_def(_TENSOR)
    dimension_numbers = prop_def(GatherDimensionsAttr)
    slice_sizes = prop_def(DenseArrayBase.constr(i64))
    indices_are_sorted = opt_prop_def(BoolAttr)
    result = result_def(_TENSOR)
    traits = traits_def(Pure())

    def __init__(
        self, operand: SSAValue, start_indices: SSAValue, dimensions: GatherDimensions, slice_sizes: Sequence[int]
    ) -> None:
        shape = _gathered_shape(shape_of(operand), shape_of(start_indices), dimensions, slice_sizes)
        super().__init__(
            operands=[operand, start_indices],
            result_types=[TensorType(element_type(operand.type), shape)],
            properties={"dimension_numbers": GatherDimensionsAttr(dimensions), "slice_sizes": integers(slice_sizes)},
        )

    @property
    def dimensions(self) -> GatherDimensions:
        return self.dimension_numbers.data

    def verify_(self) -> None:
        dims = self.dimensions
        _verify_indices(self.start_indices, dims.index_vector_dim, len(dims.start_index_map))
        shape = _gathered_shape(
            shape_of(self.operand), shape_of(self.start_indices), dims, self.slice_sizes.get_values()
        )
        expect_result(self.result, shape, element_type(self.operand.type))


@irdl_op_definition
class DynamicGatherOp(IRDLOperation):
    """A gather whose slice sizes are the elements of a tensor.

    ```mlir
    %0 = "stablehlo.dynamic_gather"(%x, %i, %sizes) <{
      dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0],
                                            index_vector_dim = 1>}>
      : (tensor<20x6xf32>, tensor<4xi64>, tensor<2xi64>) -> tensor<4x6xf32>
    ```
    """

    name = "stablehlo.dynamic_gather"

    operand = operand_def(_TENSOR)
    start_indices = operand_def(_TENSOR)
    slice_sizes = operand_def(_TENSOR)
    dimension_numbers = prop_def(GatherDimensionsAttr)
    indices_are_sorted = opt_prop_def(BoolAttr)
    result = result_def(_TENSOR)
    traits = traits_def(Pure())

    def verify_(self) -> None:
        dims = self.dimension_numbers.data
        _verify_indices(self.start_indices, dims.index_vector_dim, len(dims.start_index_map))
        if not isinstance(element_type(self.slice_sizes.type), IndexType):
            expect_integers("slice sizes", self.slice_sizes)
        if not agree(shape_of(self.slice_sizes), [len(shape_of(self.operand))]):
            raise VerifyException(
                f"expected a slice size for each dimension of the operand, got {self.slice_sizes.type}"
            )
        expect_result(self.result, shape_of(self.result), element_type(self.operand.type))


def _verify_updates(operand: Shape, indices: Shape, updates: Shape, dims: ScatterDimensions) -> None:
    rank = len(operand)
    left_out = dims.inserted_window_dims + dims.input_batching_dims
    expect_dimensions("scatter_dims_to_operand_dims", dims.scatter_dims_to_operand_dims, rank)
    expect_dimensions("inserted and batching dimensions", left_out, rank)
    if set(dims.scatter_dims_to_operand_dims) & set(dims.input_batching_dims):
        raise VerifyException(f"expected no index for the batching dimensions {list(dims.input_batching_dims)}")
    _verify_batch(operand, dims.input_batching_dims, indices, dims.scatter_indices_batching_dims, dims.index_vector_dim)
    expect_count("window dimensions", dims.update_window_dims, rank - len(left_out))
    expect_dimensions("window dimensions", dims.update_window_dims, len(updates))
    batch = [updates[dim] for dim in dims.scatter_dims(len(updates))]
    expected = index_shape(indices, dims.index_vector_dim)
    if not agree(batch, expected):
        raise VerifyException(f"expected updates of {list(expected)} windows, got {batch}")
    for dim, window_dim in zip(dims.window_dims(rank), dims.update_window_dims, strict=True):
        if DYNAMIC_INDEX not in (operand[dim], updates[window_dim]) and updates[window_dim] > operand[dim]:
            raise VerifyException(
                f"dimension {dim}: expected windows of at most {operand[dim]} elements, got {updates[window_dim]}"
            )


@irdl_op_definition
class ScatterOp(IRDLOperation):
    """The inputs with windows of them updated, in any order. The region takes what is there and what is new.

    ```mlir
    %0 = "stablehlo.scatter"(%x, %i, %u) <{
      scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0],
                                                     scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
    ^bb0(%old: tensor<f32>, %new: tensor<f32>):
      %1 = stablehlo.add %old, %new : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<20x6xf32>, tensor<4x1xi64>, tensor<4x6xf32>) -> tensor<20x6xf32>
    ```
    """

    name = "stablehlo.scatter"

    inputs = var_operand_def(_TENSOR)
    scatter_indices = operand_def(_TENSOR)
    updates = var_operand_def(_TENSOR)
    scatter_dimension_numbers = prop_def(ScatterDimensionsAttr)
    indices_are_sorted = opt_prop_def(BoolAttr)
    unique_indices = opt_prop_def(BoolAttr)
    update_computation = region_def("single_block")
    res = var_result_def(_TENSOR)
    irdl_options = (SameVariadicOperandSize(),)
    traits = traits_def(Pure())

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        indices: SSAValue,
        updates: Sequence[SSAValue],
        dimensions: ScatterDimensions,
        body: Region,
    ) -> None:
        elements = [element_type(argument.type) for argument in body.block.args[: len(inputs)]]
        super().__init__(
            operands=[inputs, indices, updates],
            result_types=[[TensorType(kind, shape_of(value)) for kind, value in zip(elements, inputs, strict=True)]],
            properties={"scatter_dimension_numbers": ScatterDimensionsAttr(dimensions)},
            regions=[body],
        )

    @property
    def dimensions(self) -> ScatterDimensions:
        return self.scatter_dimension_numbers.data

    def verify_(self) -> None:
        dims = self.dimensions
        _verify_indices(self.scatter_indices, dims.index_vector_dim, len(dims.scatter_dims_to_operand_dims))
        if not self.inputs:
            raise VerifyException("expected at least 1 input")
        for value, updates in zip(self.inputs, self.updates, strict=True):
            if not agree(shape_of(value), shape_of(self.inputs[0])):
                raise VerifyException(f"expected inputs of one shape, got {self.inputs[0].type} and {value.type}")
            _verify_updates(shape_of(value), shape_of(self.scatter_indices), shape_of(updates), dims)
        _verify_body(self.update_computation, 2 * len(self.inputs))
        types = [argument.type for argument in self.update_computation.block.args[: len(self.inputs)]]
        expect_yields(self.update_computation, types, "the update computation")
        for result, value, type_ in zip(self.res, self.inputs, types, strict=True):
            expect_result(result, shape_of(value), element_type(type_))


def _verify_body(body: Region, count: int) -> None:
    shapes = [tensor_type(argument).get_shape() for argument in body.block.args]
    if len(shapes) != count or any(shapes):
        got = ", ".join(str(argument.type) for argument in body.block.args)
        raise VerifyException(f"expected a region of {count} tensors without dimensions, got ({got})")


def _verify_starts(starts: Sequence[SSAValue], rank: int) -> None:
    if len(starts) != rank or any(shape_of(start) for start in starts):
        got = ", ".join(str(start.type) for start in starts)
        raise VerifyException(f"expected {rank} start indices, each a tensor without dimensions, got ({got})")
    for start in starts:
        expect_integers("start indices", start)


@irdl_op_definition
class DynamicSliceOp(IRDLOperation):
    """A slice that starts where scalars say, as near as it is whole.

    ```mlir
    %0 = stablehlo.dynamic_slice %x, %i, %j, sizes = [1, 8]
         : (tensor<12x8xf32>, tensor<i32>, tensor<i32>) -> tensor<1x8xf32>
    ```
    """

    name = "stablehlo.dynamic_slice"

    operand = operand_def(_TENSOR)
    start_indices = var_operand_def(_TENSOR)
    slice_sizes = prop_def(DenseArrayBase.constr(i64))
    result = result_def(_TENSOR)
    traits = traits_def(Pure())
    custom_directives = (OperandsBeforeAttribute,)
    assembly_format = (
        "$operand `,` custom<OperandsBeforeAttribute>($start_indices) `sizes` `=` $slice_sizes attr-dict "
        "`:` functional-type(operands, results)"
    )

    def __init__(self, operand: SSAValue, starts: Sequence[SSAValue], sizes: Sequence[int]) -> None:
        super().__init__(
            operands=[operand, starts],
            result_types=[TensorType(element_type(operand.type), sizes)],
            properties={"slice_sizes": integers(sizes)},
        )

    def verify_(self) -> None:
        shape, sizes = shape_of(self.operand), self.slice_sizes.get_values()
        expect_count("slice sizes", sizes, len(shape))
        _verify_starts(self.start_indices, len(shape))
        for dim, (size, whole) in enumerate(zip(sizes, shape, strict=True)):
            if whole != DYNAMIC_INDEX and not 0 <= size <= whole:
                raise VerifyException(f"dimension {dim}: expected a slice size of 0 to {whole}, got {size}")
        expect_result(self.result, sizes, element_type(self.operand.type))


@irdl_op_definition
class DynamicUpdateSliceOp(IRDLOperation):
    """The operand with a slice replaced that starts where scalars say, as near as it is whole.

    ```mlir
    %0 = stablehlo.dynamic_update_slice %x, %u, %i, %j
         : (tensor<12x8xf32>, tensor<1x8xf32>, tensor<i32>, tensor<i32>) -> tensor<12x8xf32>
    ```
    """

    name = "stablehlo.dynamic_update_slice"

    operand = operand_def(_TENSOR)
    update = operand_def(_TENSOR)
    start_indices = var_operand_def(_TENSOR)
    result = result_def(_TENSOR)
    traits = traits_def(Pure())
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def __init__(self, operand: SSAValue, update: SSAValue, starts: Sequence[SSAValue]) -> None:
        super().__init__(operands=[operand, update, starts], result_types=[operand.type])

    def verify_(self) -> None:
        whole, part = tensor_type(self.operand), tensor_type(self.update)
        fits = len(whole.get_shape()) == len(part.get_shape()) and all(
            DYNAMIC_INDEX in (one, other) or one <= other
            for one, other in zip(part.get_shape(), whole.get_shape(), strict=True)
        )
        if not fits or whole.element_type != part.element_type:
            raise VerifyException(f"expected an update that fits into {whole}, got {part}")
        _verify_starts(self.start_indices, whole.get_num_dims())
        expect_result(self.result, whole.get_shape(), whole.element_type)


@irdl_op_definition
class SortOp(IRDLOperation):
    """Sort rows along a dimension; all inputs move together. A negative dimension counts from the end.

    The region says whether the first of two elements comes before the second one: it takes the two of the first input,
    then those of the next.

    ```mlir
    %0 = "stablehlo.sort"(%x) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %1 = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }) : (tensor<6x20xf32>) -> tensor<6x20xf32>
    ```
    """

    name = "stablehlo.sort"

    inputs = var_operand_def(_TENSOR)
    dimension = prop_def(IntegerAttr[I64], default_value=IntegerAttr(-1, i64))
    is_stable = opt_prop_def(BoolAttr)
    comparator = region_def("single_block")
    res = var_result_def(_TENSOR)
    traits = traits_def(Pure())

    def __init__(self, inputs: Sequence[SSAValue], dimension: int, body: Region, *, is_stable: bool = True) -> None:
        super().__init__(
            operands=[inputs],
            result_types=[[value.type for value in inputs]],
            properties={"dimension": IntegerAttr(dimension, i64), "is_stable": BoolAttr.from_bool(is_stable)},
            regions=[body],
        )

    @property
    def sorted_dimension(self) -> int:
        """The dimension, counted from the front."""
        dimension = self.dimension.value.data
        return dimension + len(shape_of(self.inputs[0])) if dimension < 0 else dimension

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("expected at least 1 input")
        shape = shape_of(self.inputs[0])
        expect_dimensions("the dimension", [self.sorted_dimension], len(shape))
        if len(self.res) != len(self.inputs):
            raise VerifyException(f"expected a result for each input, got {len(self.res)} for {len(self.inputs)}")
        for value, result in zip(self.inputs, self.res, strict=True):
            if not agree(shape, shape_of(value)):
                raise VerifyException(f"expected inputs of one shape, got {self.inputs[0].type} and {value.type}")
            expect_result(result, shape_of(value), element_type(value.type))
        _verify_body(self.comparator, 2 * len(self.inputs))
        expected = [element_type(value.type) for value in self.inputs for _ in range(2)]
        got = [element_type(argument.type) for argument in self.comparator.block.args]
        if got != expected:
            raise VerifyException(f"expected a comparator of {types_text(expected)}, got {types_text(got)}")
        expect_yields(self.comparator, [TensorType(i1, [])], "the comparator")


@irdl_op_definition
class TorchIndexSelectOp(IRDLOperation):
    """The elements at the indices along dimension `dim`, for each of the first `batch_dims` dimensions.

    ```mlir
    %0 = "stablehlo.torch_index_select"(%x, %i) <{dim = 1 : i64, batch_dims = 0 : i64}>
         : (tensor<5x4xf32>, tensor<2xi32>) -> tensor<5x2xf32>
    ```
    """

    name = "stablehlo.torch_index_select"

    operand = operand_def(_TENSOR)
    index = operand_def(_TENSOR)
    dim = prop_def(IntegerAttr[I64])
    batch_dims = prop_def(IntegerAttr[I64])
    result = result_def(_TENSOR)
    traits = traits_def(Pure())

    def verify_(self) -> None:
        operand, index = shape_of(self.operand), shape_of(self.index)
        dim, batch = self.dim.value.data, self.batch_dims.value.data
        expect_integers("indices", self.index)
        if not 0 <= batch <= min(dim, len(index)) or dim >= len(operand):
            raise VerifyException(f"expected 0 <= batch_dims <= dim < {len(operand)}, got {batch} and {dim}")
        if not agree(operand[:batch], index[:batch]):
            raise VerifyException(f"expected batches of one size, got {self.operand.type} and {self.index.type}")
        expect_result(
            self.result, [*operand[:dim], *index[batch:], *operand[dim + 1 :]], element_type(self.operand.type)
        )


INDEXING_OPS = (
    GatherOp,
    DynamicGatherOp,
    ScatterOp,
    DynamicSliceOp,
    DynamicUpdateSliceOp,
    SortOp,
    TorchIndexSelectOp,
)
"""The ops of this file."""
