"""tensor: xDSL's dialect, with what it refuses of upstream's text.

`tensor.expand_shape` makes dimensions of size 1 from a tensor without dimensions, with an empty reassociation;
`tensor.reshape` may leave sizes open; `generate`, `gather`, `scatter` and `parallel_insert_slice` are not there at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects import tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    DenseArrayBase,
    IndexType,
    IntegerType,
    TensorType,
    UnitAttr,
    i64,
)
from xdsl.dialects.utils.dynamic_index_list import DynamicIndexList
from xdsl.ir import Attribute, Dialect
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import tensor_type
from zellige.support.op_rules import check_op


class ExpandShapeOp(tensor.ExpandShapeOp):
    """The `tensor.expand_shape` of xDSL, for tensors without dimensions too: patterns for that op match this one.

    ```mlir
    %1 = tensor.expand_shape %0 [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
    ```
    """

    def verify_(self) -> None:
        if isa(self.src.type, TensorType) and not self.src.type.get_shape():
            self.get_irdl_definition().verify(self)
            check_op(self)
        else:
            super().verify_()


class ReshapeOp(tensor.ReshapeOp):
    """The `tensor.reshape` of xDSL, for sizes that only the running program knows too.

    ```mlir
    %1 = tensor.reshape %x(%sizes) : (tensor<?x6xf32>, tensor<2xindex>) -> tensor<?x3xf32>
    ```
    """

    def verify_(self) -> None:
        source, sizes, result = tensor_type(self.source), tensor_type(self.shape), tensor_type(self.result)
        if source.element_type != result.element_type:
            raise VerifyException(f"the source has elements of {source.element_type}, the result of {result}")
        if sizes.get_num_dims() != 1 or sizes.get_shape()[0] not in (DYNAMIC_INDEX, result.get_num_dims()):
            raise VerifyException(f"expected a shape of {result.get_num_dims()} numbers, got {sizes}")
        counts = [prod(type_.get_shape()) for type_ in (source, result) if type_.has_static_shape()]
        if len(set(counts)) > 1:
            raise VerifyException(f"{counts[0]} elements cannot have the shape of {result}")


@irdl_op_definition
class GenerateOp(IRDLOperation):
    """A tensor whose elements are computed from their indices.

    ```mlir
    %1 = tensor.generate %n {
    ^bb0(%i: index, %j: index):
      %0 = arith.addi %i, %j : index
      tensor.yield %0 : index
    } : tensor<4x?xindex>
    ```
    """

    name = "tensor.generate"

    extents = var_operand_def(IndexType())
    body = region_def("single_block")
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$extents $body attr-dict `:` type($result)"

    def verify_(self) -> None:
        type_ = tensor_type(self.result)
        if len(self.extents) != type_.get_shape().count(DYNAMIC_INDEX):
            raise VerifyException(f"expected a size for each that {type_} leaves open, got {len(self.extents)}")
        if list(self.body.block.arg_types) != [IndexType()] * type_.get_num_dims():
            raise VerifyException(f"expected a body of {type_.get_num_dims()} indices")
        terminator = self.body.block.last_op
        if not isinstance(terminator, tensor.YieldOp) or list(terminator.operand_types) != [type_.element_type]:
            raise VerifyException(f"expected a body that yields one {type_.element_type}")


def _check_places(indices: TensorType[Attribute], dims: Sequence[int], whole: TensorType[Attribute]) -> None:
    """The last dimension of the indices has a number for each of `dims`, which are increasing ones of `whole`."""
    if not dims or list(dims) != sorted({dim for dim in dims if 0 <= dim < whole.get_num_dims()}):
        raise VerifyException(f"expected increasing dimensions of {whole}, got {list(dims)}")
    if not isinstance(indices.element_type, IntegerType | IndexType):
        raise VerifyException(f"expected integers as indices, got {indices}")
    if not indices.get_num_dims() or indices.get_shape()[-1] != len(dims):
        raise VerifyException(f"expected {len(dims)} numbers in the last dimension of the indices, got {indices}")


def _check_windows(
    windows: TensorType[Attribute],
    indices: TensorType[Attribute],
    dims: Sequence[int],
    whole: TensorType[Attribute],
) -> None:
    """A window for each index: all of `whole` but along `dims`, where it has size 1 or no dimension."""
    shape = whole.get_shape()
    batch = indices.get_shape()[:-1]
    full = (*batch, *(1 if dim in dims else size for dim, size in enumerate(shape)))
    reduced = (*batch, *(size for dim, size in enumerate(shape) if dim not in dims))
    if windows.get_shape() not in (full, reduced) or windows.element_type != whole.element_type:
        expected = " or ".join(dict.fromkeys(str(TensorType(whole.element_type, kind)) for kind in (full, reduced)))
        raise VerifyException(f"expected {expected} as windows of {whole}, got {windows}")


@irdl_op_definition
class GatherOp(IRDLOperation):
    """Windows of a tensor: row after row of the indices says where along `gather_dims` one is.

    ```mlir
    %1 = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<3x1x6xf32>
    ```
    """

    name = "tensor.gather"

    source = operand_def(TensorType)
    indices = operand_def(TensorType)
    gather_dims = prop_def(DenseArrayBase.constr(i64))
    unique = opt_prop_def(UnitAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$source `[` $indices `]` `gather_dims` `(` $gather_dims `)` (`unique` $unique^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    @property
    def dims(self) -> tuple[int, ...]:
        return tuple(int(dim) for dim in self.gather_dims.get_values())

    def verify_(self) -> None:
        source, indices = tensor_type(self.source), tensor_type(self.indices)
        _check_places(indices, self.dims, source)
        _check_windows(tensor_type(self.result), indices, self.dims, source)


@irdl_op_definition
class ScatterOp(IRDLOperation):
    """A tensor with windows replaced: row after row of the indices says where along `scatter_dims` one goes.

    ```mlir
    %1 = tensor.scatter %u into %x[%i] scatter_dims([0]) unique
        : (tensor<3x1x6xf32>, tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<5x6xf32>
    ```
    """

    name = "tensor.scatter"

    source = operand_def(TensorType)
    dest = operand_def(TensorType)
    indices = operand_def(TensorType)
    scatter_dims = prop_def(DenseArrayBase.constr(i64))
    unique = opt_prop_def(UnitAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$source `into` $dest `[` $indices `]` `scatter_dims` `(` $scatter_dims `)` (`unique` $unique^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    @property
    def dims(self) -> tuple[int, ...]:
        return tuple(int(dim) for dim in self.scatter_dims.get_values())

    def verify_(self) -> None:
        dest, indices = tensor_type(self.dest), tensor_type(self.indices)
        if self.unique is None:
            raise VerifyException("expected 'unique': no two windows may be at the same place")
        if self.result.type != dest:
            raise VerifyException(f"expected a result of {dest}, got {self.result.type}")
        _check_places(indices, self.dims, dest)
        _check_windows(tensor_type(self.source), indices, self.dims, dest)


@irdl_op_definition
class ParallelInsertSliceOp(IRDLOperation):
    """In the terminator of a forall: `source` goes into a slice of `dest`, a tensor that all iterations share.

    ```mlir
    tensor.parallel_insert_slice %part into %out[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<8x4xf32>
    ```
    """

    name = "tensor.parallel_insert_slice"

    source = operand_def(TensorType)
    dest = operand_def(TensorType)
    offsets = var_operand_def(IndexType())
    sizes = var_operand_def(IndexType())
    strides = var_operand_def(IndexType())
    static_offsets = prop_def(DenseArrayBase.constr(i64))
    static_sizes = prop_def(DenseArrayBase.constr(i64))
    static_strides = prop_def(DenseArrayBase.constr(i64))
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    custom_directives = (DynamicIndexList,)
    assembly_format = (
        "$source `into` $dest ``"
        "custom<DynamicIndexList>($offsets, $static_offsets)"
        "custom<DynamicIndexList>($sizes, $static_sizes)"
        "custom<DynamicIndexList>($strides, $static_strides)"
        "attr-dict `:` type($source) `into` type($dest)"
    )


_OURS = (ExpandShapeOp, ReshapeOp, GenerateOp, GatherOp, ScatterOp, ParallelInsertSliceOp)

Tensor = Dialect(
    "tensor",
    [*_OURS, *(op for op in tensor.Tensor.operations if op.name not in {ours.name for ours in _OURS})],
    [*tensor.Tensor.attributes],
)
