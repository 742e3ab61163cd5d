"""llvm: upstream's dialect with the operations that xDSL lacks."""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects import llvm
from xdsl.dialects.builtin import (
    I32,
    I64,
    AnyFloatConstr,
    IntegerAttr,
    IntegerType,
    SignlessIntegerConstraint,
    StringAttr,
    VectorType,
    i1,
    i64,
)
from xdsl.dialects.llvm import LLVMPointerType
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    VarConstraint,
    base,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import vector_type, with_element_type

_Integer = SignlessIntegerConstraint | VectorType.constr(SignlessIntegerConstraint)
_Float = AnyFloatConstr | VectorType.constr(AnyFloatConstr)


@irdl_op_definition
class UIToFPOp(IRDLOperation):
    """Unsigned integer to float.

    ```mlir
    %1 = llvm.uitofp %0 : i32 to f32
    ```
    """

    name = "llvm.uitofp"

    arg = operand_def(_Integer)
    res = result_def(_Float)
    traits = traits_def(Pure())
    assembly_format = "$arg attr-dict `:` type($arg) `to` type($res)"

    def __init__(self, arg: SSAValue, result_type: Attribute) -> None:
        super().__init__(operands=[arg], result_types=[result_type])


@irdl_op_definition
class ExtractElementOp(IRDLOperation):
    """One element of a vector.

    ```mlir
    %1 = llvm.extractelement %0[%i : i32] : vector<4xf32>
    ```
    """

    name = "llvm.extractelement"

    vector = operand_def(VectorType)
    position = operand_def(IntegerType)
    res = result_def(AnyAttr())
    traits = traits_def(Pure())
    assembly_format = "$vector `[` $position `:` type($position) `]` attr-dict `:` type($vector) `->` type($res)"

    def __init__(self, vector: SSAValue, position: SSAValue) -> None:
        super().__init__(operands=[vector, position], result_types=[vector_type(vector).element_type])

    def verify_(self) -> None:
        element = vector_type(self.vector).element_type
        if element != self.res.type:
            raise VerifyException(f"result must be {element}, got {self.res.type}")


@irdl_op_definition
class AtomicRMWOp(IRDLOperation):
    """Atomic read-modify-write, sequentially consistent; gives the value before.

    ```mlir
    %1 = llvm.atomicrmw "add" %ptr, %value : !llvm.ptr<2>, i32
    ```
    """

    name = "llvm.atomicrmw"

    bin_op = prop_def(StringAttr)
    ptr = operand_def(LLVMPointerType)
    val = operand_def(IntegerType)
    res = result_def(IntegerType)
    assembly_format = "$bin_op $ptr `,` $val attr-dict `:` type($ptr) `,` type($val) `->` type($res)"

    def __init__(self, bin_op: str, ptr: SSAValue, val: SSAValue) -> None:
        super().__init__(operands=[ptr, val], result_types=[val.type], properties={"bin_op": StringAttr(bin_op)})

    def verify_(self) -> None:
        if self.bin_op.data not in ("add", "sub", "and", "or", "xor", "xchg"):
            raise VerifyException(f"expected an integer read-modify-write operation, got '{self.bin_op.data}'")
        if self.val.type != self.res.type:
            raise VerifyException(f"result must be {self.val.type}, got {self.res.type}")


@irdl_op_definition
class AtomicLoadOp(IRDLOperation):
    """Atomic load, sequentially consistent.

    ```mlir
    %1 = llvm.atomic_load %ptr align 4 : !llvm.ptr<2> -> i32
    ```
    """

    name = "llvm.atomic_load"

    ptr = operand_def(LLVMPointerType)
    alignment = prop_def(IntegerAttr[I32])
    res = result_def(IntegerType)
    assembly_format = "$ptr `align` $alignment attr-dict `:` type($ptr) `->` type($res)"

    def __init__(self, ptr: SSAValue, result_type: IntegerType, alignment: int) -> None:
        super().__init__(
            operands=[ptr], result_types=[result_type], properties={"alignment": IntegerAttr(alignment, 32)}
        )


@irdl_op_definition
class FCmpOp(IRDLOperation):
    """Comparison of floats, of vectors too.

    ```mlir
    %1 = llvm.fcmp "olt" %a, %b : vector<4xf32>
    ```
    """

    name = "llvm.fcmp"

    T: ClassVar = VarConstraint("T", _Float)
    lhs = operand_def(T)
    rhs = operand_def(T)
    res = result_def(base(IntegerType) | base(VectorType))
    predicate = prop_def(IntegerAttr[I64])
    traits = traits_def(Pure())

    def __init__(self, predicate: str, lhs: SSAValue, rhs: SSAValue) -> None:
        super().__init__(
            operands=[lhs, rhs],
            result_types=[with_element_type(lhs.type, i1)],
            properties={"predicate": IntegerAttr(llvm.FCmpPredicateFlag(predicate).to_int(), i64)},
        )

    @property
    def predicate_word(self) -> str:
        """The predicate as LLVM IR spells it."""
        return llvm.FCmpPredicateFlag.from_int(self.predicate.value.data).value.removeprefix("_")

    @classmethod
    def parse(cls, parser: Parser) -> FCmpOp:
        predicate = parser.parse_str_literal()
        lhs = parser.parse_unresolved_operand()
        parser.parse_punctuation(",")
        rhs = parser.parse_unresolved_operand()
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        operand_type = parser.parse_type()
        operands = parser.resolve_operands([lhs, rhs], [operand_type] * 2, parser.pos)
        op = cls(predicate, *operands)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        word = llvm.FCmpPredicateFlag.from_int(self.predicate.value.data).value
        printer.print_string(f' "{word}" ')
        printer.print_ssa_value(self.lhs)
        printer.print_string(", ")
        printer.print_ssa_value(self.rhs)
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.lhs.type)


@irdl_op_definition
class SelectOp(IRDLOperation):
    """Choice between two values, by one truth value or lane by lane.

    ```mlir
    %1 = llvm.select %c, %a, %b : vector<4xi1>, vector<4xf32>
    ```
    """

    name = "llvm.select"

    T: ClassVar = VarConstraint("T", AnyAttr())
    cond = operand_def(base(IntegerType) | base(VectorType))
    lhs = operand_def(T)
    rhs = operand_def(T)
    res = result_def(T)
    traits = traits_def(Pure())
    assembly_format = "$cond `,` $lhs `,` $rhs attr-dict `:` type($cond) `,` type($res)"

    def __init__(self, cond: SSAValue, lhs: SSAValue, rhs: SSAValue) -> None:
        super().__init__(operands=[cond, lhs, rhs], result_types=[lhs.type])


_OURS = (UIToFPOp, ExtractElementOp, AtomicRMWOp, AtomicLoadOp, FCmpOp, SelectOp)

Llvm = Dialect(
    "llvm",
    [*(op for op in llvm.LLVM.operations if op.name not in {ours.name for ours in _OURS}), *_OURS],
    list(llvm.LLVM.attributes),
)
