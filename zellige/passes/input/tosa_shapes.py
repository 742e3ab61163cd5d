"""Ops of TOSA that move elements, in StableHLO."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

from zellige.dialects.tosa import shapes
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.tensors import Tensor
from zellige.passes.input.tosa_nodes import Function, Node
from zellige.support.errors import Note

INFERRED = -1
"""A size of a reshape that follows from the others."""


def _concat(node: Node) -> Tensor:
    parts = [node.operands[value] for value in node.op.operands]
    if not parts:
        raise node.error("expected at least 1 operand")
    return node.build.concatenate(parts, node.axis(parts[0]))


def _pad(node: Node) -> Tensor:
    operand = node.operand("input1")
    sizes = node.shape("padding", 2 * operand.rank)
    number = node.build.reshape(node.operand("pad_const"), ())
    return node.build.pad(operand, number, sizes[::2], sizes[1::2])


def _reshape(node: Node) -> Tensor:
    """At most one size is -1: it follows from the others."""
    operand, shape = node.operand("input1"), node.shape("shape")
    if shape.count(INFERRED) > 1:
        raise node.error(f"expected at most one size {INFERRED}, got shape {list(shape)}")
    others = prod(size for size in shape if size != INFERRED)
    inferred = operand.size // others if others else 0
    return node.build.reshape(operand, [inferred if size == INFERRED else size for size in shape])


def _reshape_block_scaled(node: Node) -> Tensor:
    if len(node.op.input) != 1:
        raise node.error("scales are not supported", Note("expected block size 1 and one operand"))
    return node.build.reshape(node.operands[node.op.input[0]], node.result.get_shape())


def _reverse(node: Node) -> Tensor:
    operand = node.operand("input1")
    return node.build.reverse(operand, [node.axis(operand)])


def _slice(node: Node) -> Tensor:
    operand = node.operand("input1")
    start, size = (node.shape(name, operand.rank, least=0) for name in ("start", "size"))
    limits = [low + extent for low, extent in zip(start, size, strict=True)]
    if any(isinstance(whole, int) and limit > whole for limit, whole in zip(limits, operand.shape, strict=True)):
        raise node.error(f"the slice of {list(size)} at {list(start)} is not inside of {operand.type}")
    return node.build.slice(operand, start, limits)


def _tile(node: Node) -> Tensor:
    build, operand = node.build, node.operand("input1")
    times = node.shape("multiples", operand.rank, least=1)
    spread = [size for pair in zip(times, operand.shape, strict=True) for size in pair]
    places = range(1, 2 * operand.rank, 2)
    shape = [count * size for count, size in zip(times, operand.shape, strict=True)]
    return build.reshape(build.broadcast_in_dim(operand, spread, places), shape)


def _transpose(node: Node) -> Tensor:
    operand = node.operand("input1")
    perms = node.shape("perms", operand.rank)
    if sorted(perms) != list(range(operand.rank)):
        raise node.error(f"expected 'perms' to be a permutation of {operand.rank} dimensions, got {list(perms)}")
    return node.build.transpose(operand, perms)


SHAPE_FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        shapes.ConcatOp: _concat,
        shapes.PadOp: _pad,
        shapes.ReshapeBlockScaledOp: _reshape_block_scaled,
        shapes.ReshapeOp: _reshape,
        shapes.ReverseOp: _reverse,
        shapes.SliceOp: _slice,
        shapes.TileOp: _tile,
        shapes.TransposeOp: _transpose,
    }
)
"""How each op is translated."""
