"""Constants that leave a program before it is compiled, and what stays in their place (`docs/design/parameters.md`)."""

from __future__ import annotations

from collections.abc import Container
from itertools import count
from math import prod
from typing import Any, cast

from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    DictionaryAttr,
    IntegerType,
    ModuleOp,
    StringAttr,
    TensorType,
)
from xdsl.ir import Attribute, Operation
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.constant_ops import TensorConstantOp
from zellige.dialects.shaped_types import is_tensor
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo.elementwise_forms import BitcastConvertOp
from zellige.dialects.tosa.shapes import ConstOp as TosaConstOp
from zellige.parameter_file import FILE_TYPES, ParameterTensor
from zellige.support.parameters import PARAMETER, PARAMETERS

LEAST_BYTES = 1024
"""Smaller constants stay, but for floats that have a name: biases are small, too."""


def take_parameters(module: ModuleOp) -> dict[str, ParameterTensor]:
    """Take the parameters out of a program that has just been read, and give them by name."""
    taken: dict[str, ParameterTensor] = {}
    types: dict[str, Attribute] = {}
    owners: dict[str, Attribute] = {}
    constants = [op for op in module.walk() if isinstance(op, arith.ConstantOp | TensorConstantOp | TosaConstOp)]
    names = {name.data for op in constants if isinstance(name := op.attributes.get(PARAMETER), StringAttr)}
    for op in constants:
        value, name = _value(op), op.attributes.pop(PARAMETER, None)
        if value is None or not _leaves(op, value, is_named=name is not None):
            continue
        type_ = cast("TensorType[Attribute]", value.type)
        key = name.data if isinstance(name, StringAttr) else _hint(op, names)
        if owners.get(key, value) is not value:  # a name of another scope
            key = next(free for number in count(1) if (free := f"{key}.{number}") not in names)
        names.add(key)
        owners[key] = value
        taken[key] = ParameterTensor(str(type_.element_type), type_.get_shape(), value.data.data)
        types[key] = StringAttr(taken[key].dtype)
        _replace(op, key, type_)
    if types:
        module.attributes[PARAMETERS] = DictionaryAttr(types)
    return taken


def _value(op: Operation) -> DenseIntOrFPElementsAttr[Any] | None:
    value = op.properties["values" if isinstance(op, TosaConstOp) else "value"]
    return cast("DenseIntOrFPElementsAttr[Any]", value) if isinstance(value, DenseIntOrFPElementsAttr) else None


def _leaves(op: Operation, value: DenseIntOrFPElementsAttr[Any], *, is_named: bool) -> bool:
    """Whether the constant is a parameter, by its name, type and size; never by its numbers, if it has a name."""
    type_ = cast("Attribute", value.type)
    if not is_tensor(type_) or str(type_.element_type) not in FILE_TYPES:
        return False
    is_number = not isinstance(type_.element_type, IntegerType)
    if is_named and is_number:
        return type_.get_num_dims() > 0
    size_bytes = prod(type_.get_shape()) * FILE_TYPES[str(type_.element_type)][1]
    if size_bytes < LEAST_BYTES or is_named:
        return size_bytes >= LEAST_BYTES
    is_weight = is_number or cast("IntegerType", type_.element_type).bitwidth == 8
    return is_weight and not value.is_splat()


def _hint(op: Operation, names: Container[str]) -> str:
    """For a constant without a name: that of its value in the text, or a number."""
    hint = op.results[0].name_hint
    if hint is not None and hint not in names:
        return hint
    return next(name for number in count() if (name := f"constant{number}") not in names)


def _replace(op: Operation, key: str, type_: TensorType[Attribute]) -> None:
    """The constant by its name alone, which has no sign in `arith`."""
    bits = signless(type_)
    assert is_tensor(bits)
    constant = arith.ConstantOp(DenseResourceAttr(StringAttr(key), bits))
    new: list[Operation] = [constant]
    if bits != type_:
        new.append(BitcastConvertOp(constant.result, type_))
    for inner in new:
        inner.location = op.location
        inner.results[0].name_hint = op.results[0].name_hint
    Rewriter.insert_op(new, InsertPoint.before(op))
    op.results[0].replace_all_uses_with(new[-1].results[0])
    Rewriter.erase_op(op)
