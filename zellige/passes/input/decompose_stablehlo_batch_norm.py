"""decompose-stablehlo-batch-norm: a batch normalisation is sums over the batch and elementwise ops.

Before:  %0 = "stablehlo.batch_norm_inference"(%x, %scale, %offset, %mean, %variance) {feature_index = 3, …}
After:   %factor = %scale / sqrt(%variance + epsilon)           (vectors of features)
         %0      = (%x - %mean) * %factor + %offset             (each broadcast along all other dimensions)

A training computes mean and variance first, a gradient the sums of the gradient and of its products with `%x - %mean`.

Leaves:  an op with a dynamic shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import AnyFloat, DenseIntOrFPElementsAttr, ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.shaped_types import has_static_shapes, tensor_type
from zellige.dialects.stablehlo.elementwise import AddOp, SqrtOp
from zellige.dialects.stablehlo.elementwise_forms import ConstantOp
from zellige.dialects.stablehlo.normalization import (
    BatchNormGradOp,
    BatchNormInferenceOp,
    BatchNormOp,
    BatchNormTrainingOp,
)
from zellige.dialects.stablehlo.reductions import ReduceOp
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.passes.input.scalar_regions import scalar_region
from zellige.passes.input.stablehlo_tensors import Tensors

HANDLED_OPS = (BatchNormInferenceOp, BatchNormTrainingOp, BatchNormGradOp)
"""What is replaced."""


class DecomposeStablehloBatchNormPass(ModulePass):
    """Replace the three ops of batch normalisation."""

    name = "decompose-stablehlo-batch-norm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if not has_static_shapes(inner):
                continue
            features = _Features(Tensors.before(inner), inner)
            match inner:
                case BatchNormInferenceOp():
                    results = [features.normalized(inner.offset, inner.mean, inner.variance)]
                case BatchNormTrainingOp():
                    mean, variance = features.moments()
                    results = [features.normalized(inner.offset, mean, variance), mean, variance]
                case BatchNormGradOp():
                    results = features.gradients(inner)
                case _:
                    continue
            for old, new in zip(inner.results, results, strict=True):
                new.name_hint = old.name_hint
            Rewriter.replace_op(inner, [], results)


@dataclass(frozen=True)
class _Features:
    """The operand, and what is done with vectors of its features."""

    code: Tensors
    op: BatchNormOp

    @property
    def element(self) -> AnyFloat:
        element = tensor_type(self.op.operand).element_type
        assert isinstance(element, AnyFloat)
        return element

    @property
    def count(self) -> int:
        """The elements of each feature."""
        return prod(size for d, size in enumerate(shape_of(self.op.operand)) if d != self.op.feature)

    def number(self, value: float, like: SSAValue) -> SSAValue:
        """A tensor of the shape of `like` that holds a number everywhere."""
        scalar = ConstantOp(DenseIntOrFPElementsAttr.from_list(TensorType(self.element, []), [value]))
        return self.code.broadcast(self.code.emit(scalar), (), shape_of(like))

    def wide(self, vector: SSAValue) -> SSAValue:
        """A vector of features along the operand."""
        return self.code.broadcast(vector, [self.op.feature], shape_of(self.op.operand))

    def total(self, tensor: SSAValue) -> SSAValue:
        """The sum of the elements of each feature."""
        dims = [d for d in range(len(shape_of(tensor))) if d != self.op.feature]
        body = scalar_region([self.element] * 2, lambda builder, arguments: builder.insert(AddOp(*arguments)).result)
        zero = self.code.zeros(TensorType(self.element, []))
        return self.code.emit(ReduceOp([tensor], [zero], dims, body))

    def mean(self, tensor: SSAValue) -> SSAValue:
        total = self.total(tensor)
        return self.code.divide(total, self.number(float(self.count), total))

    def centered(self, mean: SSAValue) -> SSAValue:
        return self.code.subtract(self.op.operand, self.wide(mean))

    def deviation(self, variance: SSAValue) -> SSAValue:
        """The root of the variance and epsilon."""
        shifted = self.code.add(variance, self.number(self.op.epsilon.value.data, variance))
        return self.code.emit(SqrtOp(shifted))

    def moments(self) -> tuple[SSAValue, SSAValue]:
        """Mean and variance."""
        mean = self.mean(self.op.operand)
        centered = self.centered(mean)
        return mean, self.mean(self.code.multiply(centered, centered))

    def normalized(self, offset: SSAValue, mean: SSAValue, variance: SSAValue) -> SSAValue:
        factor = self.code.divide(self.op.scale, self.deviation(variance))
        scaled = self.code.multiply(self.centered(mean), self.wide(factor))
        return self.code.add(scaled, self.wide(offset))

    def gradients(self, op: BatchNormGradOp) -> list[SSAValue]:
        """The gradients of operand, scale and offset."""
        code = self.code
        centered, deviation = self.centered(op.mean), self.deviation(op.variance)
        grad_offset = self.total(op.grad_output)
        grad_scale = code.divide(self.total(code.multiply(op.grad_output, centered)), deviation)
        count = self.number(float(self.count), op.scale)
        # What the mean and the variance of the operand take away from the gradient.
        by_mean = self.wide(code.divide(grad_offset, count))
        by_variance = self.wide(code.divide(code.divide(grad_scale, deviation), count))
        rest = code.subtract(code.subtract(op.grad_output, by_mean), code.multiply(centered, by_variance))
        grad_operand = code.multiply(rest, self.wide(code.divide(op.scale, deviation)))
        return [grad_operand, grad_scale, grad_offset]
