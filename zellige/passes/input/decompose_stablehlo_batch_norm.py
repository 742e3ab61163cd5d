"""decompose-stablehlo-batch-norm: a batch normalisation is sums over the batch and elementwise ops.

Before:  %0 = "stablehlo.batch_norm_inference"(%x, %scale, %offset, %mean, %variance) {feature_index = 3, …}
After:   %factor = %scale / sqrt(%variance + epsilon)           (vectors of features)
         %0      = (%x - %mean) * %factor + %offset             (each broadcast along all other dimensions)

A training computes mean and variance first, a gradient the sums of the gradient and of its products with `%x - %mean`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from zellige.dialects.stablehlo.normalization import (
    BatchNormGradOp,
    BatchNormInferenceOp,
    BatchNormOp,
    BatchNormTrainingOp,
)
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

HANDLED_OPS = (BatchNormInferenceOp, BatchNormTrainingOp, BatchNormGradOp)
"""What is replaced."""


class DecomposeStablehloBatchNormPass(ModulePass):
    """Replace the three ops of batch normalisation."""

    name = "decompose-stablehlo-batch-norm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            replace_op(inner, lambda build, inner=inner: _computed(build, inner))


def _computed(build: GraphBuilder, op: BatchNormOp) -> Sequence[Tensor]:
    features = _Features(build, build.operand(op.operand), build.operand(op.scale), op.feature, op.epsilon.value.data)
    match op:
        case BatchNormInferenceOp():
            offset, mean, variance = (build.operand(value) for value in (op.offset, op.mean, op.variance))
            return [features.normalized(offset, mean, variance)]
        case BatchNormTrainingOp():
            mean, variance = features.moments()
            return [features.normalized(build.operand(op.offset), mean, variance), mean, variance]
        case BatchNormGradOp():
            return features.gradients(*(build.operand(value) for value in (op.mean, op.variance, op.grad_output)))
        case _:
            raise AssertionError(op.name)


@dataclass(frozen=True)
class _Features:
    """The operand, and what is done with vectors of its features."""

    build: GraphBuilder
    operand: Tensor
    scale: Tensor
    feature: int
    epsilon: float

    def wide(self, vector: Tensor) -> Tensor:
        """A vector of features along the operand."""
        return self.build.broadcast_in_dim(vector, self.operand.shape, [self.feature])

    def total(self, tensor: Tensor) -> Tensor:
        """The sum of the elements of each feature."""
        others = [axis for axis in range(tensor.rank) if axis != self.feature]
        return self.build.reduce("add", tensor, 0, others)

    def divided(self, vector: Tensor) -> Tensor:
        """By how many elements a feature has."""
        count = prod(size for axis, size in enumerate(self.operand.shape) if axis != self.feature)
        return self.build.map_with("divide", vector, count)

    def centered(self, mean: Tensor) -> Tensor:
        return self.build.map("subtract", self.operand, self.wide(mean))

    def deviation(self, variance: Tensor) -> Tensor:
        """The root of the variance and epsilon."""
        return self.build.map("sqrt", self.build.map_with("add", variance, self.epsilon))

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean and variance."""
        mean = self.divided(self.total(self.operand))
        centered = self.centered(mean)
        return mean, self.divided(self.total(self.build.map("multiply", centered, centered)))

    def normalized(self, offset: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        factor = self.build.map("divide", self.scale, self.deviation(variance))
        scaled = self.build.map("multiply", self.centered(mean), self.wide(factor))
        return self.build.map("add", scaled, self.wide(offset))

    def gradients(self, mean: Tensor, variance: Tensor, grad_output: Tensor) -> list[Tensor]:
        """The gradients of operand, scale and offset."""
        map_, centered, deviation = self.build.map, self.centered(mean), self.deviation(variance)
        grad_offset = self.total(grad_output)
        grad_scale = map_("divide", self.total(map_("multiply", grad_output, centered)), deviation)
        # What the mean and the variance of the operand take away from the gradient.
        by_mean = self.wide(self.divided(grad_offset))
        by_variance = self.wide(self.divided(map_("divide", grad_scale, deviation)))
        rest = map_("subtract", map_("subtract", grad_output, by_mean), map_("multiply", centered, by_variance))
        grad_operand = map_("multiply", rest, self.wide(map_("divide", self.scale, deviation)))
        return [grad_operand, grad_scale, grad_offset]
