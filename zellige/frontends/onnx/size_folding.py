"""Shapes as numbers: nodes on small tensors of sizes are computed while reading, though the sizes are not known.

A tensor of integers that are sizes is an array of Python objects, numbers and polynomials, on which numpy computes.
Floats take part where they are whole, as they are in the sizes of a resized image.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from types import MappingProxyType
from typing import cast

import numpy as np
from xdsl.dialects.builtin import i1, i64
from xdsl.ir import Attribute

from zellige.frontends.onnx.nodes import Node
from zellige.frontends.onnx.tensors import element_of_code
from zellige.maths.sizes import Extent, are_different, at_least, exact_quotient, largest, smallest
from zellige.passes.input.tensors import Array, Tensor, is_float

MAX_ELEMENTS = 256
"""No operand that says something of a shape has more elements."""


class _UnknownError(Exception):
    """The result is not numbers and sizes alone."""


def fold_sizes(node: Node) -> tuple[Tensor, ...] | None:
    """The results, when they follow from sizes and known numbers."""
    operation = _OPERATIONS.get(node.proto.op_type) if not node.domain else None
    values = [value for value in node.all_values if value is not None]
    if operation is None or not any(isinstance(value, Tensor) and value.elements is not None for value in values):
        return None
    try:
        arrays = [None if value is None else _elements(value) for value in node.all_values]
        results = operation(node, arrays)
        element = _result_element(node)
        return tuple(Tensor.of_sizes(_whole(result), element) for result in results)
    except _UnknownError:
        return None


def _elements(value: Tensor | tuple[Tensor, ...]) -> Array:
    """The numbers of an operand as Python objects."""
    if not isinstance(value, Tensor) or value.rank > 2:
        raise _UnknownError
    if value.elements is not None:
        return value.elements
    if value.known is None or value.known.size > MAX_ELEMENTS:
        raise _UnknownError
    return value.known.astype(object)


def _whole(numbers: Array) -> Array:
    """The result with floats that are whole as integers."""
    numbers = np.asarray(numbers, object)
    cells = [_whole_number(number) for number in numbers.reshape(-1).tolist()]
    made = np.empty(len(cells), object)
    made[:] = cells
    return made.reshape(numbers.shape)


def _whole_number(number: object) -> object:
    if isinstance(number, float):
        if not number.is_integer():
            raise _UnknownError
        return int(number)
    return number


def _result_element(node: Node) -> Attribute:
    match node.proto.op_type:
        case "Cast":
            return element_of_code(node.integer("to"))
        case "Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual" | "And" | "Or" | "Not":
            return i1
        case "Size":
            return i64
        case "Where":
            return node.operand(1).element
        case _:
            return node.operand(0).element


Arrays = Sequence[Array | None]
Operation = Callable[[Node, Arrays], Sequence[Array]]


def _given(arrays: Arrays, index: int) -> Array:
    array = arrays[index] if index < len(arrays) else None
    if array is None:
        raise _UnknownError
    return array


def _numbers(arrays: Arrays, index: int) -> list[int]:
    """An operand that has to be known."""
    numbers = _given(arrays, index).reshape(-1).tolist()
    if not all(isinstance(number, int) for number in numbers):
        raise _UnknownError
    return cast("list[int]", numbers)


def _elementwise(compute: Callable[..., object]) -> Operation:
    """A function of single elements, applied from the left where there are more than two operands."""
    count = compute.__code__.co_argcount
    function = cast("Callable[..., object]", np.frompyfunc(compute, count, 1))

    def apply(_: Node, arrays: Arrays) -> Sequence[Array]:
        operands = [_given(arrays, index) for index in range(len(arrays))]
        if count != 2:
            return [np.asarray(function(*operands), object)]
        result = operands[0]
        for other in operands[1:]:
            result = np.asarray(function(result, other), object)
        return [result]

    return apply


def _quotient(node: Node, arrays: Arrays) -> Sequence[Array]:
    """Integers are divided toward zero; floats only where nothing is left over."""
    whole = not is_float(node.operand(0).element)

    def divide(one: Extent, other: Extent) -> Extent:
        exact = exact_quotient(one, other) if not isinstance(one, float) and not isinstance(other, float) else None
        if exact is not None:
            return exact
        if not whole or not at_least(one, 0) or not at_least(other, 1):
            raise _UnknownError
        return one // other

    return [np.asarray(np.frompyfunc(divide, 2, 1)(_given(arrays, 0), _given(arrays, 1)), object)]


def _remainder(one: Extent, other: Extent) -> Extent:
    if not at_least(one, 0) or not at_least(other, 1):
        raise _UnknownError
    return one % other


def _add(one: Extent, other: Extent) -> Extent:
    return one + other


def _subtract(one: Extent, other: Extent) -> Extent:
    return one - other


def _multiply(one: Extent, other: Extent) -> Extent:
    return one * other


def _negate(one: Extent) -> Extent:
    return -one


def _round(one: Extent) -> Extent:
    """Sizes are whole already."""
    return one


def _absolute(one: Extent) -> Extent:
    if not at_least(one, 0):
        raise _UnknownError
    return one


def _is_equal(one: Extent, other: Extent) -> bool:
    if one != other and not are_different(one, other):
        raise _UnknownError
    return one == other


def _is_at_least(one: Extent, other: Extent) -> bool:
    if not at_least(one, other) and not at_least(other, one + 1):
        raise _UnknownError
    return at_least(one, other)


def _is_greater(one: Extent, other: Extent) -> bool:
    return not _is_at_least(other, one)


def _is_less(one: Extent, other: Extent) -> bool:
    return not _is_at_least(one, other)


def _is_at_most(one: Extent, other: Extent) -> bool:
    return _is_at_least(other, one)


def _and(one: bool, other: bool) -> bool:
    return one and other


def _or(one: bool, other: bool) -> bool:
    return one or other


def _not(one: bool) -> bool:
    return not one


def _choose(condition: bool, one: Extent, other: Extent) -> Extent:
    return one if condition else other


def _identity(_: Node, arrays: Arrays) -> Sequence[Array]:
    return [_given(arrays, 0)]


def _gather(node: Node, arrays: Arrays) -> Sequence[Array]:
    source = _given(arrays, 0)
    indices = np.asarray(_numbers(arrays, 1), np.int64).reshape(_given(arrays, 1).shape)
    axis = node.axis("axis", source.ndim, 0)
    if indices.size and not -source.shape[axis] <= indices.min() <= indices.max() < source.shape[axis]:
        raise node.wrong(f"an index is not one of {-source.shape[axis]} to {source.shape[axis] - 1}")
    return [np.asarray(np.take(source, indices, axis), object)]


def _concat(node: Node, arrays: Arrays) -> Sequence[Array]:
    parts = [_given(arrays, index) for index in range(len(arrays))]
    return [np.concatenate(parts, node.axis("axis", parts[0].ndim))]


def _slice(node: Node, arrays: Arrays) -> Sequence[Array]:
    source = _given(arrays, 0)
    if node.has("starts"):
        starts, ends = list(node.ints("starts")), list(node.ints("ends"))
        axes, steps = list(node.ints("axes", range(len(starts)))), [1] * len(starts)
    else:
        starts, ends = _numbers(arrays, 1), _numbers(arrays, 2)
        axes = _numbers(arrays, 3) if node.optional(3) is not None else list(range(len(starts)))
        steps = _numbers(arrays, 4) if node.optional(4) is not None else [1] * len(starts)
    where = [slice(None)] * source.ndim
    for axis, start, end, step in zip(node.dimensions(axes, source.ndim), starts, ends, steps, strict=True):
        beyond = step < 0 and end < -source.shape[axis]
        where[axis] = slice(start, None if beyond else end, step)
    return [source[tuple(where)]]


def _split(node: Node, arrays: Arrays) -> Sequence[Array]:
    source, count = _given(arrays, 0), len(node.proto.output)
    axis = node.axis("axis", source.ndim, 0)
    if node.has("split"):
        sizes = list(node.ints("split"))
    elif node.optional(1) is not None:
        sizes = _numbers(arrays, 1)
    else:
        each = -(-source.shape[axis] // count)
        sizes = [each] * count
    return np.split(source, np.cumsum(sizes)[:-1].tolist(), axis)


def _unsqueeze(node: Node, arrays: Arrays) -> Sequence[Array]:
    source = _given(arrays, 0)
    axes = list(node.ints("axes")) if node.has("axes") else _numbers(arrays, 1)
    return [np.expand_dims(source, node.dimensions(axes, source.ndim + len(axes)))]


def _squeeze(node: Node, arrays: Arrays) -> Sequence[Array]:
    source = _given(arrays, 0)
    if node.has("axes"):
        return [source.squeeze(node.dimensions(node.ints("axes"), source.ndim))]
    if node.optional(1) is not None:
        return [source.squeeze(node.dimensions(_numbers(arrays, 1), source.ndim))]
    return [source.squeeze()]


def _reshape(_: Node, arrays: Arrays) -> Sequence[Array]:
    shape = _numbers(arrays, 1)
    try:
        return [_given(arrays, 0).reshape(shape)]
    except ValueError as cause:
        raise _UnknownError from cause


def _expand(_: Node, arrays: Arrays) -> Sequence[Array]:
    source, wanted = _given(arrays, 0), _numbers(arrays, 1)
    if np.prod(wanted) > MAX_ELEMENTS:
        raise _UnknownError
    return [np.broadcast_to(source, np.broadcast_shapes(source.shape, tuple(wanted)))]


def _reduction(compute: Callable[[Extent, Extent], Extent]) -> Operation:
    """Of all elements of a vector."""

    def apply(node: Node, arrays: Arrays) -> Sequence[Array]:
        source = _given(arrays, 0)
        if source.ndim != 1 or not source.size:
            raise _UnknownError
        made = np.empty((), object)
        made[()] = reduce(compute, source.tolist())
        return [made.reshape([1]) if node.flag("keepdims", default=True) else made]

    return apply


def _cast(node: Node, arrays: Arrays) -> Sequence[Array]:
    if element_of_code(node.integer("to")) == i1:
        raise _UnknownError
    return [_given(arrays, 0)]


def _size(_: Node, arrays: Arrays) -> Sequence[Array]:
    return [np.asarray(_given(arrays, 0).size, object)]


_OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "Abs": _elementwise(_absolute),
        "Add": _elementwise(_add),
        "And": _elementwise(_and),
        "Cast": _cast,
        "Ceil": _elementwise(_round),
        "Concat": _concat,
        "Div": _quotient,
        "Equal": _elementwise(_is_equal),
        "Expand": _expand,
        "Floor": _elementwise(_round),
        "Gather": _gather,
        "Greater": _elementwise(_is_greater),
        "GreaterOrEqual": _elementwise(_is_at_least),
        "Identity": _identity,
        "Less": _elementwise(_is_less),
        "LessOrEqual": _elementwise(_is_at_most),
        "Max": _elementwise(largest),
        "Min": _elementwise(smallest),
        "Mod": _elementwise(_remainder),
        "Mul": _elementwise(_multiply),
        "Neg": _elementwise(_negate),
        "Not": _elementwise(_not),
        "Or": _elementwise(_or),
        "ReduceMax": _reduction(largest),
        "ReduceMin": _reduction(smallest),
        "ReduceProd": _reduction(_multiply),
        "ReduceSum": _reduction(_add),
        "Reshape": _reshape,
        "Round": _elementwise(_round),
        "Size": _size,
        "Slice": _slice,
        "Split": _split,
        "Squeeze": _squeeze,
        "Sub": _elementwise(_subtract),
        "Unsqueeze": _unsqueeze,
        "Where": _elementwise(_choose),
    }
)
"""Operators of the default domain that shapes are computed with."""
