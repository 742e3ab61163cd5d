"""Arguments that a caller gives away: a result stands where they stood."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerAttr
from xdsl.dialects.func import FuncOp

from zellige.dialects.shaped_types import is_tensor
from zellige.support.errors import CompileError

DONATED = "tf.aliasing_output"
"""Attribute of an argument, as JAX prints it: the number of the result that takes its place."""


def donations(function: FuncOp) -> dict[int, int]:
    """Argument -> result, for the arguments of a function that results take the places of.

    A tensor of dynamic size stays the caller's. Raises `CompileError` where there is no such result, or one of another
    type, or one that two arguments are given away for.
    """
    found: dict[int, int] = {}
    types = function.function_type
    for argument, attributes in enumerate(function.arg_attrs or ()):
        if (attribute := attributes.data.get(DONATED)) is None:
            continue
        number = attribute.value.data if isinstance(attribute, IntegerAttr) else -1
        if not 0 <= number < len(types.outputs):
            message = f"argument {argument} has '{DONATED}' {attribute}, the function has {len(types.outputs)} results"
            raise CompileError(message, op=function)
        given, taken = types.inputs.data[argument], types.outputs.data[number]
        if given != taken:
            message = f"argument {argument} is {given}, result {number}, which should stand in its place, is {taken}"
            raise CompileError(message, op=function)
        if number in found.values():
            raise CompileError(f"result {number} cannot stand in the places of two arguments", op=function)
        if is_tensor(given) and given.has_static_shape():
            found[argument] = number
    return found
