"""convert-index-to-i32: an index is as wide as an address of a 32-bit memory.

Before:  %0 = arith.constant 8 : index                 After:  %0 = arith.constant 8 : i32
         scf.for %i = %a to %0 step %c {                       scf.for %i = %a to %0 step %c : i32 {
           %1 = arith.index_cast %i : index to i64               %1 = arith.extsi %i : i32 to i64

Ensures:  no value has the type `index`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    AnyDenseElement,
    DenseIntOrFPElementsAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    VectorType,
    i32,
)
from xdsl.ir import Attribute
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.shaped_types import element_type, is_vector


@dataclass(frozen=True)
class ConvertIndexToI32Pass(ModulePass):
    """Replace the type `index` by `i32` everywhere."""

    name = "convert-index-to-i32"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        ops = list(op.walk())
        for inner in ops:
            if isinstance(inner, arith.ConstantOp):
                inner.properties["value"] = _converted_constant(inner.value)
            values = [
                *inner.results,
                *(arg for region in inner.regions for block in region.blocks for arg in block.args),
            ]
            for value in values:
                converted = _converted(value.type)
                if converted != value.type:
                    Rewriter.replace_value_with_new_type(value, converted)
        for inner in ops:
            if isinstance(inner, arith.IndexCastOp):
                _convert_cast(inner)


def _converted(old: Attribute) -> Attribute:
    if isinstance(old, IndexType):
        return i32
    if is_vector(old) and isinstance(old.element_type, IndexType):
        return VectorType(i32, old.get_shape())
    return old


def _converted_constant(value: Attribute) -> Attribute:
    if isinstance(value, IntegerAttr):
        number = cast("IntegerAttr[IntegerType | IndexType]", value)
        return IntegerAttr(number.value.data, i32, truncate_bits=True) if number.type == IndexType() else number
    if isinstance(value, DenseIntOrFPElementsAttr):
        constant = cast("DenseIntOrFPElementsAttr[AnyDenseElement]", value)
        if constant.get_element_type() == IndexType():
            numbers = [int(n) for n in cast("Iterable[int]", constant.iter_values())]
            return DenseIntOrFPElementsAttr.from_list(VectorType(i32, constant.get_shape()), numbers)
        return constant
    return value


def _convert_cast(cast: arith.IndexCastOp) -> None:
    source, target = _width(cast.input.type), _width(cast.result.type)
    if source == target:
        cast.result.replace_all_uses_with(cast.input)
        cast.detach()
        cast.erase()
        return
    kind = arith.ExtSIOp if source < target else arith.TruncIOp
    replacement = kind.create(operands=[cast.input], result_types=[cast.result.type])
    replacement.location = cast.location
    Rewriter.replace_op(cast, replacement)


def _width(value_type: Attribute) -> int:
    element = element_type(value_type)
    assert isinstance(element, IntegerType)
    return element.bitwidth
