"""StableHLO ops that make random numbers."""

from __future__ import annotations

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, base, irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.irdl.declarative_assembly_format import (
    AttributeVariable,
    CustomDirective,
    ParsingState,
    PrintingState,
    irdl_custom_directive,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import element_type
from zellige.dialects.stablehlo.element_kinds import Kind, kind_of
from zellige.dialects.stablehlo.indexing_attributes import RngAlgorithm, RngAlgorithmAttr
from zellige.dialects.stablehlo.shapes import shape_of

_TENSOR = base(TensorType)


@irdl_custom_directive
class AlgorithmWord(CustomDirective):
    """`PHILOX`."""

    algorithm: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        self.algorithm.set(state, RngAlgorithmAttr(parser.parse_str_enum(RngAlgorithm)))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        attribute = self.algorithm.get(op)
        assert isinstance(attribute, RngAlgorithmAttr)
        state.print_whitespace(printer)
        printer.print_string(attribute.data.value)


@irdl_op_definition
class RngBitGeneratorOp(IRDLOperation):
    """Random bits, and the state to make the next ones from. The same state gives the same bits.

    ```mlir
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = THREE_FRY
                   : (tensor<2xui64>) -> (tensor<2xui64>, tensor<10x12xui32>)
    ```
    """

    name = "stablehlo.rng_bit_generator"

    initial_state = operand_def(_TENSOR)
    rng_algorithm = prop_def(RngAlgorithmAttr)
    output_state = result_def(_TENSOR)
    output = result_def(_TENSOR)
    traits = traits_def(Pure())
    custom_directives = (AlgorithmWord,)
    assembly_format = (
        "$initial_state `,` `algorithm` `=` custom<AlgorithmWord>($rng_algorithm) attr-dict "
        "`:` functional-type(operands, results)"
    )

    def __init__(self, state: SSAValue, algorithm: RngAlgorithm, result_type: TensorType) -> None:
        super().__init__(
            operands=[state],
            result_types=[state.type, result_type],
            properties={"rng_algorithm": RngAlgorithmAttr(algorithm)},
        )

    @property
    def algorithm(self) -> RngAlgorithm:
        return self.rng_algorithm.data

    def verify_(self) -> None:
        if self.output_state.type != self.initial_state.type:
            raise VerifyException(f"expected a state of type {self.initial_state.type}, got {self.output_state.type}")
        sizes = {RngAlgorithm.THREE_FRY: (2,), RngAlgorithm.PHILOX: (2, 3)}.get(self.algorithm)
        if sizes is not None and (len(shape := shape_of(self.initial_state)) != 1 or shape[0] not in sizes):
            words = " or ".join(map(str, sizes))
            raise VerifyException(f"expected a state of {words} elements, got {self.initial_state.type}")
        if kind_of(element_type(self.output.type)) not in Kind.INTEGER | Kind.FLOAT:
            raise VerifyException(f"expected integers or floats as random bits, got {self.output.type}")


RANDOM_OPS = (RngBitGeneratorOp,)
"""The ops of this file."""
