"""affine: xDSL's dialect, and `affine.max`, which it lacks."""

from __future__ import annotations

from typing import Self

from xdsl.dialects import affine
from xdsl.dialects.builtin import AffineMapAttr, IndexType
from xdsl.ir import Dialect
from xdsl.irdl import IRDLOperation, irdl_op_definition, prop_def, result_def, traits_def, var_operand_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException


@irdl_op_definition
class MaxOp(IRDLOperation):
    """The largest result of a map.

    ```mlir
    %0 = affine.max affine_map<(d0)[s0] -> (d0 - 4, s0)> (%i)[%n]
    ```
    """

    name = "affine.max"

    arguments = var_operand_def(IndexType())
    map = prop_def(AffineMapAttr)
    result = result_def(IndexType())
    traits = traits_def(Pure())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        smallest = affine.MinOp.parse(parser)
        return cls(operands=[smallest.arguments], properties={"map": smallest.map}, result_types=[IndexType()])

    def print(self, printer: Printer) -> None:
        dims = self.map.data.num_dims
        printer.print_string(" ")
        printer.print_attribute(self.map)
        printer.print_string(" ")
        with printer.in_parens():
            printer.print_list(self.arguments[:dims], printer.print_ssa_value)
        if self.map.data.num_symbols:
            with printer.in_square_brackets():
                printer.print_list(self.arguments[dims:], printer.print_ssa_value)

    def verify_(self) -> None:
        expected = self.map.data.num_dims + self.map.data.num_symbols
        if len(self.arguments) != expected:
            raise VerifyException(f"expected {expected} operands of the map, got {len(self.arguments)}")


Affine = Dialect("affine", [*affine.Affine.operations, MaxOp], [*affine.Affine.attributes])
