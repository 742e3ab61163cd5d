"""StableHLO ops between floats and quantised types.

Contract. Operand and result have one shape, and the floats are those that the quantised type expresses.
"""

from __future__ import annotations

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.quant import expect_scales, expressed_by, quantized_element
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.stablehlo.element_kinds import expect_shape
from zellige.dialects.stablehlo.syntax import SameOperandsAndResultType


class _QuantizationOp(IRDLOperation):
    """One shape, and one type of floats."""

    operand = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = "$operand attr-dict `:` custom<SameOperandsAndResultType>(type(operands), type($result))"

    def verify_(self) -> None:
        expect_shape(self.result, self.operand)
        floats = [element_type(expressed_by(value.type)) for value in (self.operand, self.result)]
        if floats[0] != floats[1]:
            raise VerifyException(f"expected one type of floats, got {floats[0]} and {floats[1]}")
        for value in (self.operand, self.result):
            expect_scales(tensor_type(value))

    def expect_quantized(self, value: SSAValue) -> None:
        """Raise `VerifyException` for other elements."""
        if quantized_element(value.type) is None:
            raise VerifyException(f"expected quantised elements, got {value.type}")


@irdl_op_definition
class UniformQuantizeOp(_QuantizationOp):
    """Floats as quantised numbers, or quantised numbers with other scales.

    ```mlir
    %1 = stablehlo.uniform_quantize %0 : (tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32, 0.5:-20>>
    ```
    """

    name = "stablehlo.uniform_quantize"

    def verify_(self) -> None:
        super().verify_()
        self.expect_quantized(self.result)


@irdl_op_definition
class UniformDequantizeOp(_QuantizationOp):
    """What quantised numbers stand for.

    ```mlir
    %1 = stablehlo.uniform_dequantize %0 : (tensor<2x!quant.uniform<i8:f32, 0.5:-20>>) -> tensor<2xf32>
    ```
    """

    name = "stablehlo.uniform_dequantize"

    def verify_(self) -> None:
        super().verify_()
        self.expect_quantized(self.operand)
        if quantized_element(self.result.type) is not None:
            raise VerifyException(f"expected a result of floats, got {self.result.type}")


QUANTIZATION_OPS = (UniformQuantizeOp, UniformDequantizeOp)
"""All of them."""
