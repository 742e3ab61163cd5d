"""Sequences and optionals. How long a sequence is, and whether there is a value, is known while reading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.tensors import Value
from zellige.passes.input.tensors import Tensor

MAX_LENGTH = 1 << 12
"""Elements of a sequence that an operator makes of one tensor."""


def _construct(node: Node) -> Sequence[Value]:
    return [node.operands]


def _empty(node: Node) -> Sequence[Value]:
    return [()]


def _position(node: Node, index: int, count: int) -> int:
    """A position among `count` elements, counted from either end; the end when it is left out."""
    named = node.known_ints(index)
    if named is None:
        return count
    if not -count <= named[0] <= count:
        raise node.wrong(f"position {named[0]} is not there, the sequence has {count} elements")
    return named[0] + count if named[0] < 0 else named[0]


def _at(node: Node) -> Tensor:
    elements = node.sequence(0)
    position = _position(node, 1, len(elements))
    if position >= len(elements):
        raise node.wrong(f"position {position} is not there, the sequence has {len(elements)} elements")
    return elements[position]


def _insert(node: Node) -> Sequence[Value]:
    elements = node.sequence(0)
    position = _position(node, 2, len(elements))
    return [(*elements[:position], node.operand(1), *elements[position:])]


def _erase(node: Node) -> Sequence[Value]:
    elements = node.sequence(0)
    position = _position(node, 1, len(elements)) if node.optional(1) is not None else len(elements) - 1
    return [elements[:position] + elements[position + 1 :]]


def _length(node: Node) -> Tensor:
    return Tensor.of(np.asarray(len(node.sequence(0)), np.int64))


def _concatenate(node: Node) -> Tensor:
    elements = node.sequence(0)
    if not elements:
        raise node.wrong("the sequence is empty, expected at least 1 element")
    if node.flag("new_axis"):
        return node.build.stack(elements, node.axis("axis", elements[0].rank + 1))
    return node.build.concatenate(elements, node.axis("axis", elements[0].rank))


def _check_length(node: Node, length: int) -> None:
    """Each element is a value of the program."""
    if length > MAX_LENGTH:
        raise node.unsupported(f"a sequence of {length} tensors is not supported, expected at most {MAX_LENGTH}")


def _split(node: Node) -> Sequence[Value]:
    """Parts of a size, or of these sizes, or single slices, whose dimension may go away."""
    build, operand = node.build, node.operand(0)
    axis = node.axis("axis", operand.rank, 0)
    whole = operand.static_size(axis)
    if node.optional(1) is None:
        _check_length(node, whole)
        ends = range(1, whole + 1)
        slices = [build.slice_axis(operand, axis, end - 1, end) for end in ends]
        shape = operand.shape[:axis] + operand.shape[axis + 1 :]
        return [tuple(slices) if node.flag("keepdims") else tuple(build.reshape(part, shape) for part in slices)]
    sizes = node.known_ints(1) or ()
    if not node.operand(1).rank:
        size = sizes[0] if sizes else 0
        if size < 1:
            raise node.wrong(f"parts of size {size} are asked for, expected at least 1")
        _check_length(node, -(-whole // size))
        sizes = tuple(min(size, whole - start) for start in range(0, whole, size))
    if sum(sizes) != whole:
        raise node.wrong(f"parts of sizes {sizes} are not dimension {axis} of {operand.type}")
    ends = np.cumsum(sizes).tolist()
    return [tuple(build.slice_axis(operand, axis, end - size, end) for size, end in zip(sizes, ends, strict=True))]


def _optional(node: Node) -> Sequence[Value]:
    """A value itself; that there is none is known of no value."""
    value = node.all_values[0] if node.all_values else None
    if value is None:
        raise node.unsupported("an optional without a value is not supported")
    return [value]


def _has_element(node: Node) -> Tensor:
    return Tensor.of(np.asarray(bool(node.all_values) and node.all_values[0] is not None))


SEQUENCES: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](
        ConcatFromSequence=_concatenate,
        Optional=_optional,
        OptionalGetElement=_optional,
        OptionalHasElement=_has_element,
        SequenceAt=_at,
        SequenceConstruct=_construct,
        SequenceEmpty=_empty,
        SequenceErase=_erase,
        SequenceInsert=_insert,
        SequenceLength=_length,
        SplitToSequence=_split,
    ).items()
}
