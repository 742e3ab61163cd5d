"""packed: words of 32 bits that hold four bytes or two halves, and sums of their products.

Element 0 of a word stands in its lowest bits, so the words of neighbours in memory are what memory holds. Elements have
a sign of their own (`ui8`, `si8`, `ui16`, `si16`); words are plain `i32`. Sums are exact modulo 2**32.
"""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    IntegerType,
    MemRefType,
    NoneAttr,
    Signedness,
    TensorType,
    VectorType,
    i32,
)
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import (
    EqAttrConstraint,
    IRDLOperation,
    VarConstraint,
    base,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import is_memref, is_tensor

WORD_BITS = 32

ui8 = IntegerType(8, Signedness.UNSIGNED)
si8 = IntegerType(8, Signedness.SIGNED)
si16 = IntegerType(16, Signedness.SIGNED)


@irdl_op_definition
class DotOp(IRDLOperation):
    """Add the products of the elements of two words, or of two vectors of words lane by lane, to a sum.

    ```mlir
    %1 = packed.dot %a : ui8, %b : si8, %start : vector<16xi32>
    ```
    """

    name = "packed.dot"

    T: ClassVar = VarConstraint("T", EqAttrConstraint(i32) | VectorType.constr(EqAttrConstraint(i32)))
    lhs = operand_def(T)
    rhs = operand_def(T)
    start = operand_def(T)
    lhs_element = prop_def(IntegerType)
    rhs_element = prop_def(IntegerType)
    result = result_def(T)
    traits = traits_def(Pure())
    assembly_format = "$lhs `:` $lhs_element `,` $rhs `:` $rhs_element `,` $start attr-dict `:` type($result)"

    def __init__(
        self, lhs: SSAValue, rhs: SSAValue, start: SSAValue, lhs_element: IntegerType, rhs_element: IntegerType
    ) -> None:
        super().__init__(
            operands=[lhs, rhs, start],
            result_types=[start.type],
            properties={"lhs_element": lhs_element, "rhs_element": rhs_element},
        )

    @property
    def elements(self) -> tuple[IntegerType, IntegerType]:
        """Types of the elements of the two words."""
        return self.lhs_element, self.rhs_element

    def verify_(self) -> None:
        lhs, rhs = self.elements
        if lhs.width.data not in (8, 16) or lhs.width != rhs.width:
            raise VerifyException(f"elements must have both 8 or both 16 bits, got {lhs} and {rhs}")
        if Signedness.SIGNLESS in (lhs.signedness.data, rhs.signedness.data):
            raise VerifyException(f"elements must be signed or unsigned, got {lhs} and {rhs}")


@irdl_op_definition
class WordsOp(IRDLOperation):
    """The words of a tensor or buffer of bytes or halves; neighbours along the last dimension are one word.

    ```mlir
    %1 = packed.words %0 : tensor<4x64xi8> to tensor<4x16xi32>
    ```
    """

    name = "packed.words"

    source = operand_def(base(TensorType) | base(MemRefType))
    result = result_def(base(TensorType) | base(MemRefType))
    traits = traits_def(Pure())
    assembly_format = "$source attr-dict `:` type($source) `to` type($result)"

    def __init__(self, source: SSAValue) -> None:
        super().__init__(operands=[source], result_types=[words_type(source.type)])

    def verify_(self) -> None:
        expected = words_type(self.source.type)
        if self.result.type != expected:
            raise VerifyException(f"result must be {expected}, got {self.result.type}")


def words_type(source: Attribute) -> Attribute:
    """The type of the words of a tensor or buffer. Raises `VerifyException` where it has no whole words."""
    assert is_tensor(source) or is_memref(source)
    element = source.element_type
    if not isinstance(element, IntegerType) or element.bitwidth not in (8, 16):
        raise VerifyException(f"elements must be i8 or i16, got {element}")
    group = WORD_BITS // element.bitwidth
    *outer, last = source.get_shape()
    if last == DYNAMIC_INDEX or last % group:
        raise VerifyException(f"the last dimension must be a multiple of {group}, got {last}")
    shape = (*outer, last // group)
    if is_tensor(source):
        return TensorType(i32, shape)
    assert is_memref(source)
    if not isinstance(source.layout, NoneAttr):
        raise VerifyException(f"the buffer must have no gaps, got {source}")
    return MemRefType(i32, shape, NoneAttr(), source.memory_space)


Packed = Dialect("packed", [DotOp, WordsOp])
