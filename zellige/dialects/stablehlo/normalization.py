"""StableHLO's batch normalisation: along all dimensions but that of the features, which has a scale and an offset each.

Contract. Scale, offset, mean and variance are vectors of features with the element type of the operand.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import DYNAMIC_INDEX, I64, AnyFloat, Float32Type, FloatAttr, IntegerAttr, TensorType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, base, irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.shapes import expect_dimensions, expect_result, shape_of

_TENSOR = base(TensorType)


class BatchNormOp(IRDLOperation):
    """What the three ops have in common."""

    operand = operand_def(_TENSOR)
    scale = operand_def(_TENSOR)
    epsilon = prop_def(FloatAttr[Float32Type])
    feature_index = prop_def(IntegerAttr[I64])

    @property
    def feature(self) -> int:
        """The dimension of the features."""
        return self.feature_index.value.data

    def verify_types(self, likes: Sequence[SSAValue], vectors: Sequence[SSAValue]) -> None:
        """Check what has the type of the operand, and what is a vector of its features."""
        type_ = tensor_type(self.operand)
        if not isinstance(type_.element_type, AnyFloat):
            raise VerifyException(f"expected a tensor of floats, got {type_}")
        expect_dimensions("the dimension of features", [self.feature], type_.get_num_dims())
        features = type_.get_shape()[self.feature]
        for value in likes:
            expect_result(value, type_.get_shape(), type_.element_type)
        for value in vectors:
            got = tensor_type(value)
            agrees = got.get_num_dims() == 1 and (
                DYNAMIC_INDEX in (*shape_of(value), features) or shape_of(value)[0] == features
            )
            if not agrees or got.element_type != type_.element_type:
                expected = TensorType(type_.element_type, [features])
                raise VerifyException(f"expected scale, offset, mean and variance of type {expected}, got {got}")


@irdl_op_definition
class BatchNormInferenceOp(BatchNormOp):
    """`(operand - mean) / sqrt(variance + epsilon) * scale + offset`, each feature with its own numbers."""

    name = "stablehlo.batch_norm_inference"

    operand = operand_def(_TENSOR)
    scale = operand_def(_TENSOR)
    offset = operand_def(_TENSOR)
    mean = operand_def(_TENSOR)
    variance = operand_def(_TENSOR)
    result = result_def(_TENSOR)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        self.verify_types([self.result], [self.scale, self.offset, self.mean, self.variance])


@irdl_op_definition
class BatchNormTrainingOp(BatchNormOp):
    """The same with mean and variance of the operand, which are results too."""

    name = "stablehlo.batch_norm_training"

    operand = operand_def(_TENSOR)
    scale = operand_def(_TENSOR)
    offset = operand_def(_TENSOR)
    output = result_def(_TENSOR)
    batch_mean = result_def(_TENSOR)
    batch_var = result_def(_TENSOR)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        self.verify_types([self.output], [self.scale, self.offset, self.batch_mean, self.batch_var])


@irdl_op_definition
class BatchNormGradOp(BatchNormOp):
    """What the gradient of the output of a training is with respect to its three operands."""

    name = "stablehlo.batch_norm_grad"

    operand = operand_def(_TENSOR)
    scale = operand_def(_TENSOR)
    mean = operand_def(_TENSOR)
    variance = operand_def(_TENSOR)
    grad_output = operand_def(_TENSOR)
    grad_operand = result_def(_TENSOR)
    grad_scale = result_def(_TENSOR)
    grad_offset = result_def(_TENSOR)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        vectors = [self.scale, self.mean, self.variance, self.grad_scale, self.grad_offset]
        self.verify_types([self.grad_output, self.grad_operand], vectors)


NORMALIZATION_OPS = (BatchNormInferenceOp, BatchNormTrainingOp, BatchNormGradOp)
"""The ops of this file."""
