"""The attributes of operators with windows: sizes, strides, dilations, and four ways to say what is at the edges."""

from __future__ import annotations

from collections.abc import Sequence

from zellige.frontends.onnx.nodes import Node
from zellige.maths.sizes import Extent, largest
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import static


def read_window(node: Node, sizes: Sequence[Extent], window: Sequence[int], *, rounds_up: bool = False) -> Window:
    """How the window of these sizes moves over the dimensions in space.

    With `rounds_up` the last position may begin before the end and reach beyond it; what it reaches is in `high`.
    """
    rank = len(window)
    strides, dilations = node.ints("strides", [1] * rank), node.ints("dilations", [1] * rank)
    if not len(sizes) == len(strides) == len(dilations) == rank:
        raise node.wrong(f"strides {strides} and dilations {dilations} are not one for each of {len(sizes)} dimensions")
    extents = [(size - 1) * apart + 1 for size, apart in zip(window, dilations, strict=True)]
    low, high = _edges(node, sizes, extents, strides)
    if rounds_up:
        known = [static(size, "a dimension in space") for size in sizes]
        high = [
            after + _overhang(size + before + after, extent, by, size + before)
            for size, extent, by, before, after in zip(known, extents, strides, low, high, strict=True)
        ]
    return Window.of(strides, dilations, low, high)


def _edges(
    node: Node, sizes: Sequence[Extent], extents: Sequence[int], strides: Sequence[int]
) -> tuple[list[int], list[int]]:
    """How much is added before and after."""
    rank, mode = len(extents), node.text("auto_pad", "NOTSET")
    if mode == "NOTSET":
        pads = list(node.ints("pads", [0] * 2 * rank))
        if len(pads) != 2 * rank:
            raise node.wrong(f"got {len(pads)} sizes of paddings, expected {2 * rank}")
        return pads[:rank], pads[rank:]
    if mode == "VALID":
        return [0] * rank, [0] * rank
    totals = [
        static(largest(0, (-(-size // by) - 1) * by + extent - size), "what is added to a dimension in space")
        for size, extent, by in zip(sizes, extents, strides, strict=True)
    ]
    halves, rests = [total // 2 for total in totals], [total - total // 2 for total in totals]
    if mode not in ("SAME_UPPER", "SAME_LOWER"):
        raise node.wrong(f"'auto_pad' is '{mode}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER")
    return (halves, rests) if mode == "SAME_UPPER" else (rests, halves)


def _overhang(padded: int, extent: int, stride: int, limit: int) -> int:
    """How far the last window reaches beyond the edge; a window that would begin at `limit` or after it is none."""
    steps = -(-(padded - extent) // stride)
    if steps * stride >= limit:
        steps -= 1
    return max(0, steps * stride + extent - padded)
