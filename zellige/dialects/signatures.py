"""Types that callers of a program know, where the program itself works with others.

A pass that replaces the types of arguments or results of functions notes the old ones as `hal.type`; the description of
the program has these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute

from zellige.dialects.shaped_types import is_tensor

TYPE_ATTRIBUTE = "hal.type"


def note_types(function: FuncOp, is_replaced: Callable[[Attribute], bool]) -> None:
    """Note the types of arguments and results that are going to be replaced, and are not noted yet."""
    types = function.function_type
    function.arg_attrs = _noted(types.inputs.data, function.arg_attrs, is_replaced)
    function.res_attrs = _noted(types.outputs.data, function.res_attrs, is_replaced)


def noted_types(attributes: ArrayAttr[DictionaryAttr] | None, types: Sequence[Attribute]) -> list[Attribute]:
    """The types that a caller knows, with the sizes that the program has found out."""
    entries = attributes.data if attributes is not None else [DictionaryAttr({})] * len(types)
    return [
        type_ if (noted := entry.data.get(TYPE_ATTRIBUTE)) is None else _with_sizes_of(noted, type_)
        for entry, type_ in zip(entries, types, strict=True)
    ]


def _with_sizes_of(noted: Attribute, type_: Attribute) -> Attribute:
    """The noted type; what replaces a tensor of dynamic size begins with the same dimensions."""
    if not is_tensor(noted) or noted.has_static_shape():
        return noted
    assert is_tensor(type_)
    return TensorType(noted.element_type, type_.get_shape()[: noted.get_num_dims()], noted.encoding)


def _as_tensor(type_: Attribute) -> Attribute:
    """A scalar crosses the border as a tensor without dimensions."""
    return type_ if is_tensor(type_) else TensorType(type_, [])


def _noted(
    types: Sequence[Attribute], known: ArrayAttr[DictionaryAttr] | None, is_replaced: Callable[[Attribute], bool]
) -> ArrayAttr[DictionaryAttr] | None:
    if not any(map(is_replaced, types)):
        return known
    entries = [DictionaryAttr({})] * len(types) if known is None else known.data
    return ArrayAttr(
        DictionaryAttr({TYPE_ATTRIBUTE: _as_tensor(type_)} | dict(entry.data)) if is_replaced(type_) else entry
        for type_, entry in zip(types, entries, strict=True)
    )
