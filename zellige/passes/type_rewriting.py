"""Integer types become others, wherever they stand in a module: in values, attributes and types made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, IntegerAttr, IntegerType
from xdsl.ir import Attribute, Operation, ParametrizedAttribute
from xdsl.rewriter import Rewriter
from xdsl.utils.hints import isa

from zellige.dialects.signatures import TYPE_ATTRIBUTE


@dataclass
class IntegerTypeRewriting:
    """What attributes and types become when integer types become others; each is looked into once.

    The types that callers know stay what they are.
    """

    integer: Callable[[IntegerType], IntegerType]
    known: dict[Attribute, Attribute] = field(default_factory=dict[Attribute, Attribute])

    def rewrite(self, op: Operation) -> None:
        """Change the attributes of an op and the types of its results and of the arguments of its blocks."""
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
        """What an attribute becomes."""
        if (known := self.known.get(attribute)) is None:
            known = self.known[attribute] = self._rewritten(attribute)
        return known

    def _rewritten(self, attribute: Attribute) -> Attribute:
        match attribute:
            case IntegerType():
                return self.integer(attribute)
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
