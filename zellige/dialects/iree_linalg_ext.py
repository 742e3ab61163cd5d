"""iree_linalg_ext: the ops of IREE that linalg has not, as IREE prints them; only read, and converted at once.

They write into their `outs`. `sort` finds there what it sorts, `topk` the lists to start from, `scan` a place for the
result and the value that an exclusive scan starts from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import I64, BoolAttr, IntegerAttr, TensorType, i64
from xdsl.ir import Attribute, Dialect, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.linalg_ext import parse_dimension, parse_flag, print_in_parens
from zellige.dialects.linalg_syntax import parse_group, print_group
from zellige.dialects.operand_segments import InferredSegmentsOp


class DestinationOp(IRDLOperation):
    """An op in the syntax `name dimension(d) ins(…) outs(…) { body } -> type, type`."""

    inputs = var_operand_def(TensorType)
    outputs = var_operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    res = var_result_def(TensorType)
    body = region_def("single_block")
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure())

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        outputs: Sequence[SSAValue],
        dimension: int,
        body: Region,
        result_types: Sequence[Attribute],
    ) -> None:
        super().__init__(
            operands=[inputs, outputs],
            result_types=[result_types],
            properties={"dimension": IntegerAttr(dimension, i64)},
            regions=[body],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        leading = parser.parse_optional_attr_dict()
        dimension = parse_dimension(parser)
        flags = cls.parse_flags(parser)
        inputs, outputs = parse_group(parser, "ins"), parse_group(parser, "outs")
        body = parser.parse_region()
        types: list[Attribute] = []
        if parser.parse_optional_punctuation("->") is not None:
            types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        op = cls(inputs, outputs, dimension, body, types)
        op.properties |= flags
        op.attributes |= leading
        return op

    @classmethod
    def parse_flags(cls, parser: Parser) -> dict[str, Attribute]:
        """What stands between the dimension and the operands."""
        return {}

    def print_flags(self, printer: Printer) -> None:
        """The inverse of `parse_flags`."""

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes)
        print_in_parens(printer, "dimension", self.dimension.value.data)
        self.print_flags(printer)
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.outputs)
        printer.print_string(" ")
        printer.print_region(self.body)
        if self.res:
            printer.print_string(" -> ")
            printer.print_list(self.res.types, printer.print_attribute)

    def verify_(self) -> None:
        if list(self.res.types) != list(self.outputs.types):
            got = ", ".join(map(str, self.res.types))
            raise VerifyException(f"results have the types of 'outs', got ({got})")


class DestinationSortOp(DestinationOp):
    """Sorts its `outs`."""


class DestinationScanOp(DestinationOp):
    """Scans its input; the second result is the last value that comes out."""

    inclusive = opt_prop_def(BoolAttr)

    @property
    def is_inclusive(self) -> bool:
        return self.inclusive is not None and bool(self.inclusive)

    @classmethod
    def parse_flags(cls, parser: Parser) -> dict[str, Attribute]:
        return {"inclusive": BoolAttr.from_bool(parse_flag(parser, "inclusive"))}

    def print_flags(self, printer: Printer) -> None:
        print_in_parens(printer, "inclusive", self.is_inclusive)


class DestinationYieldOp(IRDLOperation):
    """The results of a body."""

    values = var_operand_def()
    traits = traits_def(IsTerminator(), Pure())
    assembly_format = "attr-dict ($values^ `:` type($values))?"


@irdl_op_definition
class SortOp(InferredSegmentsOp, DestinationSortOp):
    """`iree_linalg_ext.sort dimension(1) outs(%x : tensor<4x8xf32>) { … } -> tensor<4x8xf32>`"""

    name = "iree_linalg_ext.sort"

    @classmethod
    def segments(cls, count: int) -> Sequence[int]:
        return (0, count)  # all operands are outputs


@irdl_op_definition
class ScanOp(DestinationScanOp):
    """`iree_linalg_ext.scan dimension(1) inclusive(true) ins(%x : …) outs(%e, %init : …) { … } -> …`"""

    name = "iree_linalg_ext.scan"


@irdl_op_definition
class TopkOp(DestinationOp):
    """`iree_linalg_ext.topk dimension(1) ins(%x : …) outs(%values, %places : …) { … } -> …`"""

    name = "iree_linalg_ext.topk"


@irdl_op_definition
class YieldOp(DestinationYieldOp):
    """`iree_linalg_ext.yield %sum : f32`"""

    name = "iree_linalg_ext.yield"


IreeLinalgExt = Dialect("iree_linalg_ext", [SortOp, ScanOp, TopkOp, YieldOp], [])
