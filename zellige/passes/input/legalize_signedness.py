"""legalize-signedness: integer types with signs become those of the same bits without.

Before:  func.func @main(%x: tensor<4xui8>) -> tensor<4xui8> {
           %0 = linalg.generic ins(%x : tensor<4xui8>) … {
           ^bb0(%in: ui8, %out: ui8):
             %1 = builtin.unrealized_conversion_cast %in : ui8 to i8
             %2 = arith.divui %1, %c : i8
             %3 = builtin.unrealized_conversion_cast %2 : i8 to ui8
             linalg.yield %3 : ui8 }

After:   func.func @main(%x: tensor<4xi8> {hal.type = tensor<4xui8>}) -> (tensor<4xi8> {hal.type = …}) {
           %0 = linalg.generic ins(%x : tensor<4xi8>) … {
           ^bb0(%in: i8, %out: i8):
             %2 = arith.divui %in, %c : i8
             linalg.yield %2 : i8 }

The description of the program keeps that integers are unsigned, as `hal.type` of arguments and results.

Requires: ops have been chosen by the signs of their operands.
Ensures:  no type of a value or of an attribute but `hal.type` has a sign; no cast between such types is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    Signedness,
    UnrealizedConversionCastOp,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation, ParametrizedAttribute
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type
from zellige.dialects.signatures import TYPE_ATTRIBUTE, note_types
from zellige.dialects.signedness import signless


class LegalizeSignednessPass(ModulePass):
    """Rewrite types of values and in attributes, and drop the casts that have become identities."""

    name = "legalize-signedness"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        types = _Types()
        for function in [o for o in op.ops if isinstance(o, FuncOp)]:
            note_types(function, _is_unsigned)
        for inner in list(op.walk()):
            types.rewrite(inner)
        for cast in [o for o in op.walk() if isinstance(o, UnrealizedConversionCastOp)]:
            if cast.operand_types == cast.result_types:
                Rewriter.replace_op(cast, [], cast.operands)


def _is_unsigned(type_: Attribute) -> bool:
    element = element_type(type_)
    return isa(element, IntegerType) and element.signedness.data is Signedness.UNSIGNED


@dataclass
class _Types:
    """What attributes and types become; each is looked into once."""

    known: dict[Attribute, Attribute] = field(default_factory=dict[Attribute, Attribute])

    def rewrite(self, op: Operation) -> None:
        for values in (op.properties, op.attributes):
            for name, value in values.items():
                if (new := self.of(value)) != value:
                    values[name] = new
        for result in op.results:
            if (new := self.of(result.type)) != result.type:
                Rewriter.replace_value_with_new_type(result, new)
        for block in (block for region in op.regions for block in region.blocks):
            for argument in block.args:
                if (new := self.of(argument.type)) != argument.type:
                    Rewriter.replace_value_with_new_type(argument, new)

    def of(self, attribute: Attribute) -> Attribute:
        """The attribute without signs."""
        if (known := self.known.get(attribute)) is None:
            known = self.known[attribute] = self._without_signs(attribute)
        return known

    def _without_signs(self, attribute: Attribute) -> Attribute:
        match attribute:
            case IntegerType():
                return signless(attribute)
            case IntegerAttr() if (type_ := self.of(attribute.type)) != attribute.type:
                assert isa(type_, IntegerType)
                return IntegerAttr(attribute.value.data, type_, truncate_bits=True)
            case ArrayAttr():
                return ArrayAttr(map(self.of, attribute)) if self._changes(attribute.data) else attribute
            case DictionaryAttr():
                entries = {name: self._entry(name, value) for name, value in attribute.data.items()}
                return DictionaryAttr(entries) if entries != dict(attribute.data) else attribute
            case ParametrizedAttribute() if self._changes(attribute.parameters):
                return type(attribute).new([self.of(value) for value in attribute.parameters])
            case _:
                return attribute

    def _entry(self, name: str, value: Attribute) -> Attribute:
        return value if name == TYPE_ATTRIBUTE else self.of(value)

    def _changes(self, attributes: Iterable[Attribute]) -> bool:
        return any(self.of(attribute) != attribute for attribute in attributes)
