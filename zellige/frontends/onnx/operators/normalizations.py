"""Operators that scale by statistics: of a training run (BatchNormalization) or of the elements themselves."""

from __future__ import annotations

from collections.abc import Sequence

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.reductions import mean, total
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import Tensor


def along_channels(build: GraphBuilder, numbers: Tensor, rank: int) -> Tensor:
    """A number for each channel, shaped so that it is broadcast over a tensor of this rank."""
    return build.reshape(numbers, [numbers.size, *[1] * (rank - 2)]) if rank > 1 else numbers


def _batch_normalization(node: Node) -> Tensor | Sequence[Tensor]:
    """Scale * (x - mean) / sqrt(variance + epsilon) + bias; in training the statistics are those of the batch."""
    operand = node.operand(0)
    scale, bias, average, variance = (node.operand(index) for index in range(1, 5))
    if node.version >= 14 and node.flag("training_mode"):
        return _trained(node)
    if node.version < 9 and not node.flag("spatial", default=True):
        raise node.unsupported("statistics for each element ('spatial' is 0) are not supported")
    return _normalized(node, operand, scale, bias, average, variance)


def _normalized(node: Node, operand: Tensor, scale: Tensor, bias: Tensor, average: Tensor, variance: Tensor) -> Tensor:
    build, rank = node.build, operand.rank
    roots = build.map("rsqrt", build.map_with("add", variance, node.number("epsilon")))
    factor = along_channels(build, build.map("multiply", build.convert(scale, roots.element), roots), rank)
    centred = build.map("subtract", build.convert(operand, factor.element), along_channels(build, average, rank))
    scaled = build.map("multiply", centred, factor)
    offset = along_channels(build, build.convert(bias, factor.element), rank)
    return build.convert(build.map("add", scaled, offset), operand.element)


def _trained(node: Node) -> Sequence[Tensor]:
    build, operand, momentum = node.build, node.operand(0), node.number("momentum")
    axes = [axis for axis in range(operand.rank) if axis != 1]
    channels = [operand.shape[1]]
    average = mean(build, operand, axes)
    centred = build.map("subtract", operand, average)
    variance = mean(build, build.map("multiply", centred, centred), axes)
    average, variance = build.reshape(average, channels), build.reshape(variance, channels)
    made = _normalized(node, operand, node.operand(1), node.operand(2), average, variance)
    running = [
        build.map("add", build.map_with("multiply", old, momentum), build.map_with("multiply", new, 1 - momentum))
        for old, new in ((node.operand(3), average), (node.operand(4), variance))
    ]
    return [made, *running]


def normalized(build: GraphBuilder, operand: Tensor, axes: Sequence[int], epsilon: float) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon) along dimensions."""
    centred = build.map("subtract", operand, mean(build, operand, axes))
    variance = mean(build, build.map("multiply", centred, centred), axes)
    roots = build.map("rsqrt", build.map_with("add", variance, epsilon))
    return build.map("multiply", centred, roots)


def _instance_normalization(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    made = normalized(build, operand, range(2, operand.rank), node.number("epsilon"))
    scaled = build.map("multiply", made, along_channels(build, node.operand(1), operand.rank))
    return build.map("add", scaled, along_channels(build, node.operand(2), operand.rank))


def _lp_normalization(node: Node) -> Tensor:
    """Divide by the norm; zeros stay zeros."""
    build, operand = node.build, node.operand(0)
    axis = node.axis("axis", operand.rank)
    if node.integer("p") == 1:
        norm = total(build, build.map("abs", operand), [axis])
    else:
        norm = build.map("sqrt", total(build, build.map("multiply", operand, operand), [axis]))
    is_zero = build.compare("EQ", norm, build.scalar(0, operand.element))
    return build.map("divide", operand, build.select(is_zero, build.scalar(1, operand.element), norm))


def _local_response_normalization(node: Node) -> Tensor:
    """X / (bias + alpha / size * sum of squares of the channels around) ** beta."""
    build, operand, size = node.build, node.operand(0), node.integer("size")
    rank = operand.rank
    low, high = [0] * rank, [0] * rank
    low[1], high[1] = (size - 1) // 2, size // 2
    ones = [1] * rank
    sizes = [1, size, *[1] * (rank - 2)]
    squares = build.map("multiply", operand, operand)
    sums = build.reduce_window("add", squares, 0, sizes, Window.of(ones, ones, low, high))
    base = build.map_with("add", build.map_with("multiply", sums, node.number("alpha") / size), node.number("bias"))
    return build.map("divide", operand, build.map_with("power", base, node.number("beta")))


NORMALIZATIONS: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](
        BatchNormalization=_batch_normalization,
        InstanceNormalization=_instance_normalization,
        LRN=_local_response_normalization,
        LpNormalization=_lp_normalization,
    ).items()
}
