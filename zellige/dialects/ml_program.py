"""ml_program: variables of a module whose values stay on the device between calls.

Contract. A global is a tensor of static shape; without a value it starts as zeros. Loads and stores of the functions
of one program are of one place; programs share none. After `promote-globals` a function loads a global at most once, at
its start, and stores it at most once, at its end.
"""

from __future__ import annotations

from typing import Self

from xdsl.dialects import ml_program
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FlatSymbolRefAttrConstr, SymbolRefAttr
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import MemoryReadEffect, MemoryWriteEffect
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa


class GlobalOp(ml_program.GlobalOp):
    """The `ml_program.global` of xDSL, with a verifier, and with attributes in its text.

    ```mlir
    ml_program.global private mutable @cache(dense<0.0> : tensor<4x8xf32>) : tensor<4x8xf32>
    ```
    """

    @property
    def initial_value(self) -> Attribute | None:
        """The attribute `value`, of which a verified module says no more than that it fits."""
        return self.value

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        variable = super().parse(parser)
        variable.attributes |= parser.parse_optional_attr_dict()
        return variable

    def print(self, printer: Printer) -> None:
        super().print(printer)
        printer.print_op_attributes(self.attributes)

    def verify_(self) -> None:
        self.get_irdl_definition().verify(self)
        value = self.initial_value
        if value is None and self.is_mutable is None:
            raise VerifyException(f"expected a value of '@{self.sym_name.data}', which is not mutable")
        if isa(value, DenseIntOrFPElementsAttr) and value.get_type() != self.type:
            raise VerifyException(f"the value is {value.get_type()}, the global {self.type}")


@irdl_op_definition
class GlobalLoadOp(IRDLOperation):
    """The value of a global.

    ```mlir
    %0 = ml_program.global_load @cache : tensor<4x8xf32>
    ```
    """

    name = "ml_program.global_load"

    symbol = prop_def(FlatSymbolRefAttrConstr, prop_name="global")
    result = result_def()
    traits = traits_def(MemoryReadEffect())
    assembly_format = "$global attr-dict `:` type($result)"

    def __init__(self, symbol: str, result_type: Attribute) -> None:
        super().__init__(properties={"global": SymbolRefAttr(symbol)}, result_types=[result_type])


@irdl_op_definition
class GlobalLoadConstOp(IRDLOperation):
    """The value of a global that is never stored.

    ```mlir
    %0 = ml_program.global_load_const @weights : tensor<4x8xf32>
    ```
    """

    name = "ml_program.global_load_const"

    symbol = prop_def(FlatSymbolRefAttrConstr, prop_name="global")
    result = result_def()
    traits = traits_def(MemoryReadEffect())
    assembly_format = "$global attr-dict `:` type($result)"


@irdl_op_definition
class GlobalStoreOp(IRDLOperation):
    """Give a global another value.

    ```mlir
    ml_program.global_store @cache = %0 : tensor<4x8xf32>
    ```
    """

    name = "ml_program.global_store"

    symbol = prop_def(FlatSymbolRefAttrConstr, prop_name="global")
    value = operand_def()
    traits = traits_def(MemoryWriteEffect())
    assembly_format = "$global `=` $value `:` type($value) attr-dict"

    def __init__(self, symbol: str, value: SSAValue) -> None:
        super().__init__(properties={"global": SymbolRefAttr(symbol)}, operands=[value])


MlProgram = Dialect("ml_program", [GlobalOp, GlobalLoadOp, GlobalLoadConstOp, GlobalStoreOp])
