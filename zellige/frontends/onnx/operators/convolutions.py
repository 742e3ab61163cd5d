"""Conv and ConvTranspose: one convolution each, the second with the operand's elements moved apart; and Col2Im."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from itertools import product
from math import prod

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.refusals import describe
from zellige.frontends.onnx.windows import read_window
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import Tensor


def kernel_shape(node: Node, kernel: Tensor) -> tuple[int, ...]:
    """The sizes of a kernel in space. Raises `CompileError` where the attribute says otherwise."""
    shape = kernel.static_space
    if node.has("kernel_shape") and node.ints("kernel_shape") != shape:
        raise node.wrong(f"'kernel_shape' is {node.ints('kernel_shape')}, the kernel is {kernel.type}")
    return shape


def with_channels(node: Node, operand: Tensor, kernel: Tensor, groups: int) -> Tensor:
    """The operand with as many channels as the kernel reads. Raises `CompileError` where it has others."""
    if operand.rank != kernel.rank or operand.rank < 3:
        raise node.wrong(f"{operand.type} and kernel {kernel.type} do not have the same dimensions in space")
    message = f"{operand.type} has {operand.shape[1]} channels, kernel {kernel.type} in {groups} groups not"
    if groups < 1 or kernel.static_size(0) % groups:
        raise node.wrong(message)
    return _of_channels(node, operand, kernel.static_size(1) * groups, message)


def _of_channels(node: Node, operand: Tensor, channels: int, message: str) -> Tensor:
    shape = [operand.shape[0], channels, *operand.shape[2:]]
    return node.build.with_shape(operand, shape, f"{describe(node.proto)}: {message}")


def with_bias(node: Node, made: Tensor, bias: Tensor | None) -> Tensor:
    """Add a number for each channel."""
    if bias is None:
        return made
    return node.build.map("add", made, node.build.reshape(bias, [bias.size, *[1] * (made.rank - 2)]))


def _conv(node: Node) -> Tensor:
    kernel, groups = node.operand(1), node.integer("group")
    operand = with_channels(node, node.operand(0), kernel, groups)
    window = read_window(node, operand.shape[2:], kernel_shape(node, kernel))
    return with_bias(node, node.build.convolution(operand, kernel, window, groups), node.optional(2))


def _conv_transpose(node: Node) -> Tensor:
    """The kernel is turned around, and its two kinds of channels change places within each group."""
    build, operand, kernel, groups = node.build, node.operand(0), node.operand(1), node.integer("group")
    sizes = kernel_shape(node, kernel)
    rank = len(sizes)
    message = f"{operand.type} and kernel {kernel.type} do not have the same channels"
    if operand.rank != kernel.rank:
        raise node.wrong(message)
    operand = _of_channels(node, operand, kernel.static_size(0), message)
    strides, dilations = node.ints("strides", [1] * rank), node.ints("dilations", [1] * rank)
    extents = [(size - 1) * apart + 1 for size, apart in zip(sizes, dilations, strict=True)]
    needs_sizes = node.has("output_shape") or node.text("auto_pad").startswith("SAME")
    spatial = operand.static_space if needs_sizes else [0] * rank
    low, high, extra = _transposed_pads(node, spatial, extents, strides)
    window = Window.of(
        [1] * rank,
        dilations,
        [extent - 1 - before for extent, before in zip(extents, low, strict=True)],
        [extent - 1 - after + more for extent, after, more in zip(extents, high, extra, strict=True)],
        strides,
    )
    features, each = kernel.shape[0] // groups, kernel.shape[1]
    split = build.reshape(kernel, [groups, features, each, *sizes])
    swapped = build.transpose(split, [0, 2, 1, *range(3, 3 + rank)])
    turned = build.reverse(build.reshape(swapped, [groups * each, features, *sizes]), range(2, 2 + rank))
    return with_bias(node, build.convolution(operand, turned, window, groups), node.optional(2))


def _transposed_pads(
    node: Node, sizes: Sequence[int], extents: Sequence[int], strides: Sequence[int]
) -> tuple[list[int], list[int], list[int]]:
    """What is cut off before and after, and what is added at the end: more where a wanted size is not reached."""
    rank = len(sizes)
    extra = list(node.ints("output_padding", [0] * rank))
    pads = list(node.ints("pads", [0] * 2 * rank))
    mode = node.text("auto_pad")
    whole = [(size - 1) * by + extent for size, by, extent in zip(sizes, strides, extents, strict=True)]
    if node.has("output_shape"):
        wanted = node.ints("output_shape")[-rank:]
    elif mode in ("SAME_UPPER", "SAME_LOWER"):
        wanted = [size * by for size, by in zip(sizes, strides, strict=True)]
    else:
        return pads[:rank], pads[rank:], extra
    low, high = [0] * rank, [0] * rank
    for axis in range(rank):
        surplus = max(0, whole[axis] + extra[axis] - wanted[axis])  # nothing is put before the first element
        half = surplus // 2
        low[axis], high[axis] = (half, surplus - half) if mode == "SAME_UPPER" else (surplus - half, half)
        if node.has("output_shape"):
            extra[axis] = wanted[axis] - whole[axis] + surplus
    return low, high, extra


def _columns_to_image(node: Node) -> Tensor:
    """Add up blocks that overlap: for each element of a block an image of its own, with the others' places empty."""
    build, columns = node.build, node.operand(0)
    sizes, block = node.known_ints(1) or (), node.known_ints(2) or ()
    window = read_window(node, sizes, block)
    counts = window.result_sizes(sizes, block)
    channels = columns.static_size(1) // prod(block)
    message = f"{describe(node.proto)}: {columns.type} does not hold blocks {block} of an image of size {sizes}"
    columns = build.with_shape(columns, [columns.shape[0], channels * prod(block), prod(counts)], message)
    parts = build.reshape(columns, [columns.shape[0], channels, prod(block), *counts])
    images: list[Tensor] = []
    for number, offset in enumerate(product(*(range(size) for size in block))):
        starts = [at * apart - edge for at, apart, edge in zip(offset, window.dilations, window.low, strict=True)]
        spans = [(count - 1) * by + 1 for count, by in zip(counts, window.strides, strict=True)]
        ends = [size - start - span for size, start, span in zip(sizes, starts, spans, strict=True)]
        gaps = [by - 1 for by in window.strides]
        images.append(build.pad(build.take(parts, 2, number), 0, [0, 0, *starts], [0, 0, *ends], [0, 0, *gaps]))
    return reduce(partial(build.map, "add"), images)


CONVOLUTIONS: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](Col2Im=_columns_to_image, Conv=_conv, ConvTranspose=_conv_transpose).items()
}
