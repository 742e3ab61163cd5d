"""The named ops of linalg that are rows of a table: elementwise ops, `fill`, contractions, convolutions, poolings.

A named op holds its body as a region, like the `generic` that it stands for. The classes are made from the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Self, TypeVar, cast

from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, DenseIntElementsAttr
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.irdl import AttrSizedOperandSegments, irdl_attr_definition, irdl_op_definition, opt_prop_def
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

from zellige.dialects.linalg_bodies import ELEMENTWISE_INPUTS, BodyError, elementwise_body, structured_body
from zellige.dialects.linalg_maps import iterator_types, map_attrs, rank, tensor_types
from zellige.dialects.linalg_structured import CONTRACTIONS, STRUCTURED, Structure
from zellige.dialects.linalg_syntax import parse_group, parse_result_types, print_group, print_result_types
from zellige.dialects.shaped_types import element_type

HIDDEN_ATTRIBUTES = frozenset({"operandSegmentSizes", "linalg.memoized_indexing_maps"})
"""What the custom form does not show."""


CASTING_CONTRACTIONS = frozenset({"matmul", "batch_matmul"})
"""The contractions that have the attribute `cast`."""

_Op = TypeVar("_Op", bound="NamedOp")


class TypeFn(StrEnum):
    """How operands are cast to the type of the output."""

    CAST_SIGNED = "cast_signed"
    CAST_UNSIGNED = "cast_unsigned"


@irdl_attr_definition
class TypeFnAttr(EnumAttribute[TypeFn]):
    """`#linalg.type_fn<cast_unsigned>`."""

    name = "linalg.type_fn"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> TypeFn:
        with parser.in_angle_brackets():
            return super().parse_parameter(parser)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            super().print_parameter(printer)


class NamedOp(LinalgStructuredOperation):
    """An op of the tables: `linalg.name {attributes} ins(…) outs(…) -> …`."""

    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        outputs: Sequence[SSAValue],
        result_types: Sequence[Attribute] | None = None,
        properties: dict[str, Attribute] | None = None,
    ) -> None:
        """Raises `BodyError` where the op is not defined on the element types of its operands."""
        if result_types is None:
            result_types = tensor_types(outputs)
        properties = dict(properties or {})
        types = [element_type(value.type) for value in (*inputs, *outputs)]
        is_unsigned = properties.get("cast") == TypeFnAttr(TypeFn.CAST_UNSIGNED)
        super().__init__(
            operands=[inputs, outputs],
            result_types=[result_types],
            properties=properties,
            regions=[self.make_body(types, is_unsigned=is_unsigned)],
        )

    @classmethod
    def make_body(cls, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
        """The region for operands with elements of `types`."""
        raise NotImplementedError

    @classmethod
    def operand_count(cls) -> int:
        """Inputs and outputs together."""
        raise NotImplementedError

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        attributes: dict[str, Attribute] = {}
        if "indexing_maps" in cls.get_irdl_definition().properties and parser.parse_optional_keyword("indexing_maps"):
            parser.parse_punctuation("=")
            attributes["indexing_maps"] = parser.parse_attribute()
        attributes |= parser.parse_optional_attr_dict()
        inputs, outputs = parse_group(parser, "ins"), parse_group(parser, "outs")
        if len(inputs) + len(outputs) != cls.operand_count() or not outputs:
            expected = f"expected {cls.operand_count() - 1} inputs and 1 output"
            parser.raise_error(f"{expected}, got {len(inputs)} and {len(outputs)}", position)
        known = cls.get_irdl_definition().properties
        properties = {name: attributes.pop(name) for name in list(attributes) if name in known}
        types = parse_result_types(parser)
        try:
            op = cls(inputs, outputs, types, properties)
        except BodyError as error:
            parser.raise_error(f"'{cls.name}' is {error}", position)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        properties = {k: v for k, v in self.properties.items() if k not in HIDDEN_ATTRIBUTES}
        if (maps := properties.pop("indexing_maps", None)) is not None and maps != map_attrs(self.default_maps()):
            printer.print_string(" indexing_maps = ")
            printer.print_attribute(maps)
        if shown := {**self.attributes, **properties}:
            printer.print_op_attributes(shown)
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.outputs)
        print_result_types(printer, self.res.types)

    def default_maps(self) -> Sequence[AffineMap]:
        """The indexing maps of the op's definition."""
        raise NotImplementedError

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        return map_attrs(self.default_maps())

    def verify_(self) -> None:
        count = len(self.inputs) + len(self.outputs)
        if count != self.operand_count() or len(self.outputs) != 1:
            expected = f"expected {self.operand_count() - 1} inputs and 1 output"
            raise VerifyException(f"{expected}, got {len(self.inputs)} and {len(self.outputs)}")
        super().verify_()


class CastingOp(NamedOp):
    """A named op that may say how it casts: `{cast = #linalg.type_fn<cast_unsigned>}`."""

    cast = opt_prop_def(TypeFnAttr)


class ElementwiseOp(NamedOp):
    """A named op without reductions whose operands all have the same shape."""

    @classmethod
    def make_body(cls, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
        return elementwise_body(cls.name.removeprefix("linalg."), types, is_unsigned=is_unsigned)

    @classmethod
    def operand_count(cls) -> int:
        return ELEMENTWISE_INPUTS[cls.name.removeprefix("linalg.")] + 1

    def default_maps(self) -> Sequence[AffineMap]:
        return [AffineMap.identity(rank(self.outputs[0].type))] * len(self.operands)

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([False] * rank(self.outputs[0].type))


@irdl_op_definition
class FillOp(NamedOp):
    """Every element of the output becomes the scalar.

    ```mlir
    %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<4x8xf32>) -> tensor<4x8xf32>
    ```
    """

    name = "linalg.fill"

    @classmethod
    def make_body(cls, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
        return elementwise_body("fill", types, is_unsigned=is_unsigned)

    @classmethod
    def operand_count(cls) -> int:
        return 2

    def default_maps(self) -> Sequence[AffineMap]:
        dims = rank(self.outputs[0].type)
        return [AffineMap(dims, 0, ()), AffineMap.identity(dims)]

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([False] * rank(self.outputs[0].type))


class TableOp(NamedOp):
    """A named op of `linalg_structured`."""

    @classmethod
    def structure(cls) -> Structure:
        """The op's row in the table."""
        return STRUCTURED[cls.name.removeprefix("linalg.")]

    @classmethod
    def make_body(cls, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
        return structured_body(cls.structure().body, types, is_unsigned=is_unsigned)

    @classmethod
    def operand_count(cls) -> int:
        return len(cls.structure().operands)

    def default_maps(self) -> Sequence[AffineMap]:
        return self.structure().maps()

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([loop in self.structure().reductions for loop in self.structure().loops])


class ContractionOp(TableOp):
    """A matrix product. Its maps may be given, to transpose or broadcast an operand."""

    indexing_maps = opt_prop_def(ArrayAttr[AffineMapAttr])

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        return super().get_indexing_maps() if self.indexing_maps is None else self.indexing_maps


class CastingContractionOp(CastingOp, ContractionOp):
    """A matrix product that may say how it casts."""


class CopyOp(CastingOp, ElementwiseOp):
    """A copy that may cast."""


class WindowOp(TableOp):
    """A convolution or pooling; without strides and dilations they are 1."""

    strides = opt_prop_def(DenseIntElementsAttr)
    dilations = opt_prop_def(DenseIntElementsAttr)

    def _values(self, values: DenseIntElementsAttr | None) -> tuple[int, ...]:
        return (1,) * self.structure().windows if values is None else values.get_values()

    def default_maps(self) -> Sequence[AffineMap]:
        return self.structure().maps(self._values(self.strides), self._values(self.dilations))

    def verify_(self) -> None:
        for name, attribute in (("strides", self.strides), ("dilations", self.dilations)):
            values = self._values(attribute)
            if len(values) != self.structure().windows:
                raise VerifyException(f"expected {self.structure().windows} {name}, got {len(values)}")
            if any(value < 1 for value in values):
                raise VerifyException(f"{name} must be at least 1, got {list(values)}")
        super().verify_()


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")) + "Op"


def _define(name: str, base: type[_Op], doc: str) -> type[_Op]:
    members = {"name": f"linalg.{name}", "__doc__": doc, "__module__": __name__}
    return irdl_op_definition(cast("type[_Op]", type(_class_name(name), (base,), members)))


def _elementwise_class(name: str) -> type[NamedOp]:
    base = CopyOp if name == "copy" else ElementwiseOp
    return _define(name, base, f"Elementwise `{name}` of tensors of one shape.")


def _table_class(name: str) -> type[NamedOp]:
    product = CastingContractionOp if name in CASTING_CONTRACTIONS else ContractionOp
    base = product if name in CONTRACTIONS else WindowOp
    return _define(name, base, f"`{name}`, by its row in the table.")


NAMED_OPS: MappingProxyType[str, type[NamedOp]] = MappingProxyType(
    {
        "fill": FillOp,
        **{name: _elementwise_class(name) for name in ELEMENTWISE_INPUTS},
        **{name: _table_class(name) for name in STRUCTURED},
    }
)
"""Name without `linalg.` -> class."""
