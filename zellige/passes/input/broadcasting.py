"""Shapes that tensors are broadcast to, as numpy does it; sizes may be known only when the program runs."""

from __future__ import annotations

from collections.abc import Sequence

from zellige.maths.sizes import Extent, are_different
from zellige.support.errors import CompileError


def shape_text(shape: Sequence[Extent]) -> str:
    """How an error names a shape."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def broadcast_shapes(*shapes: Sequence[Extent]) -> tuple[Extent, ...]:
    """The shape that numpy's broadcasting gives tensors of these shapes; see `common_size`."""
    rank = max((len(shape) for shape in shapes), default=0)
    aligned = [[1] * (rank - len(shape)) + list(shape) for shape in shapes]
    try:
        return tuple(common_size(sizes) for sizes in zip(*aligned, strict=True))
    except CompileError as cause:
        texts = " and ".join(shape_text(shape) for shape in shapes)
        raise CompileError(f"shapes {texts} cannot be broadcast to one") from cause


def common_size(sizes: Sequence[Extent]) -> Extent:
    """The size that dimensions of these sizes are broadcast to.

    A size that depends on the run is taken to be the same as the others that are not 1, which the program checks: it
    is not broadcast where it happens to be 1. Raises `CompileError` for sizes that are never equal.
    """
    large = [size for size in dict.fromkeys(sizes) if size != 1]
    for size in large[1:]:
        if are_different(size, large[0]):
            raise CompileError(f"sizes {large[0]} and {size} differ")
    return next((size for size in large if isinstance(size, int)), large[0] if large else 1)
