"""The `arith` dialect with vectors and tensors where upstream has them and xDSL's definitions accept scalars only.

Each op is a subclass of xDSL's, so that patterns written for that one match. What is different is the constraint on the
types, and the syntax where the types show: `arith.select %c, %a, %b : vector<4xi1>, vector<4xf32>` (a condition of type
i1 is not printed).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    AnyFloat,
    AnyFloatConstr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    ShapedType,
    container_of,
    i1,
)
from xdsl.ir import Attribute, Dialect, Operation, SSAValue
from xdsl.irdl import (
    AttrConstraint,
    EqAttrConstraint,
    IRDLOperation,
    OperandDef,
    ResultDef,
    base,
    irdl_op_definition,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type, with_element_type

_FLOATS = container_of(AnyFloatConstr)
_INTEGERS = container_of(base(IntegerType))
_INTEGERS_AND_INDEX = container_of(base(IntegerType) | base(IndexType))
_CONDITIONS = container_of(EqAttrConstraint(i1))


_NO_FLAGS = arith.FastMathFlagsAttr("none")

OpT = TypeVar("OpT", bound=type[IRDLOperation])


def _accepts(
    check: Callable[[IRDLOperation], None] = lambda op: None, **constraints: AttrConstraint
) -> Callable[[OpT], OpT]:
    """Make a subclass of an op of xDSL verify these constraints on operands and results, one shape, and `check`."""

    def widen(op: OpT) -> OpT:
        narrow = op.get_irdl_definition()
        definition = replace(
            narrow,
            operands=[(n, OperandDef(constraints[n]) if n in constraints else d) for n, d in narrow.operands],
            results=[(n, ResultDef(constraints[n]) if n in constraints else d) for n, d in narrow.results],
        )

        def verify_(self: IRDLOperation) -> None:
            definition.verify(self)
            if len({_shape(value.type) for value in (*self.operands, *self.results)} - {None}) > 1:
                kinds = ", ".join(str(value.type) for value in (*self.operands, *self.results))
                raise VerifyException(f"operands and results must have one shape, got {kinds}")
            check(self)

        # As `irdl_op_definition` does it; its own result cannot be subclassed with other operands.
        op.get_irdl_definition = staticmethod(lambda: definition)
        op.verify_ = verify_  # pyright: ignore[reportAttributeAccessIssue]  (OpT is a type variable)
        return op

    return widen


def _width(value: SSAValue) -> int:
    kind = element_type(value.type)
    return kind.bitwidth if isinstance(kind, IntegerType) else 0


def _check_narrows(op: IRDLOperation) -> None:
    source, target = _width(op.operands[0]), _width(op.results[0])
    if target >= source:
        raise VerifyException(f"the result must have fewer bits than the operand, got {target} from {source}")


def _check_widens(op: IRDLOperation) -> None:
    source, target = _width(op.operands[0]), _width(op.results[0])
    if target <= source:
        raise VerifyException(f"the result must have more bits than the operand, got {target} from {source}")


def _shape(kind: Attribute) -> tuple[int, ...] | None:
    return tuple(kind.get_shape()) if isinstance(kind, ShapedType) else None


@_accepts(lhs=_FLOATS, rhs=_FLOATS, result=_CONDITIONS)
class CmpfOp(arith.CmpfOp):
    """`arith.cmpf olt, %a, %b : vector<4xf32>`: the result has a condition for each element."""

    def __init__(
        self,
        operand1: SSAValue | Operation,
        operand2: SSAValue | Operation,
        arg: int | str,
        fastmath: arith.FastMathFlagsAttr = _NO_FLAGS,
    ) -> None:
        lhs = SSAValue.get(operand1)
        predicate = arith.CMPF_COMPARISON_OPERATIONS.index(arg) if isinstance(arg, str) else arg
        IRDLOperation.__init__(
            self,
            operands=[lhs, operand2],
            result_types=[with_element_type(lhs.type, i1)],
            properties={"predicate": IntegerAttr(predicate, 64), "fastmath": fastmath},
        )


@_accepts(lhs=_INTEGERS_AND_INDEX, rhs=_INTEGERS_AND_INDEX, result=_CONDITIONS)
class CmpiOp(arith.CmpiOp):
    """`arith.cmpi slt, %a, %b : vector<4xi32>`: the result has a condition for each element."""

    def __init__(self, operand1: SSAValue | Operation, operand2: SSAValue | Operation, arg: int | str) -> None:
        lhs = SSAValue.get(operand1)
        predicate = arith.CMPI_COMPARISON_OPERATIONS.index(arg) if isinstance(arg, str) else arg
        IRDLOperation.__init__(
            self,
            operands=[lhs, operand2],
            result_types=[with_element_type(lhs.type, i1)],
            properties={"predicate": IntegerAttr(predicate, 64)},
        )


@_accepts(cond=_CONDITIONS)
class SelectOp(arith.SelectOp):
    """`arith.select %c, %a, %b : vector<4xi1>, vector<4xf32>`: one condition for all elements, or one for each."""

    @classmethod
    def parse(cls, parser: Parser) -> SelectOp:
        names = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_unresolved_operand)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        kinds = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        condition = kinds[0] if len(kinds) == 2 else i1
        operands = parser.resolve_operands(names, [condition, kinds[-1], kinds[-1]], parser.pos)
        select = cls(*operands)
        select.attributes = attributes
        return select

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_list(self.operands, printer.print_operand)
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        if self.cond.type != i1:
            printer.print_attribute(self.cond.type)
            printer.print_string(", ")
        printer.print_attribute(self.result.type)


@_accepts(input=_INTEGERS_AND_INDEX, result=_INTEGERS_AND_INDEX)
class IndexCastOp(arith.IndexCastOp):
    """`arith.index_cast %a : vector<4xindex> to vector<4xi32>`"""


@_accepts(input=_FLOATS, result=_INTEGERS)
class FPToSIOp(arith.FPToSIOp):
    """`arith.fptosi %a : vector<4xf32> to vector<4xi32>`"""


@_accepts(input=_FLOATS, result=_INTEGERS)
class FPToUIOp(arith.FPToUIOp):
    """`arith.fptoui %a : vector<4xf32> to vector<4xi32>`"""


@_accepts(input=_INTEGERS, result=_FLOATS)
class SIToFPOp(arith.SIToFPOp):
    """`arith.sitofp %a : vector<4xi32> to vector<4xf32>`"""


@_accepts(input=_INTEGERS, result=_FLOATS)
class UIToFPOp(arith.UIToFPOp):
    """`arith.uitofp %a : vector<4xi32> to vector<4xf32>`"""


@_accepts(_check_narrows, input=_INTEGERS, result=_INTEGERS)
class TruncIOp(arith.TruncIOp):
    """`arith.trunci %a : vector<4xi32> to vector<4xi8>`"""


@_accepts(_check_widens, input=_INTEGERS, result=_INTEGERS)
class ExtSIOp(arith.ExtSIOp):
    """`arith.extsi %a : vector<4xi8> to vector<4xi32>`"""


@_accepts(_check_widens, input=_INTEGERS, result=_INTEGERS)
class ExtUIOp(arith.ExtUIOp):
    """`arith.extui %a : vector<4xi8> to vector<4xi32>`"""


@irdl_op_definition
class RemfOp(arith.FloatingPointLikeBinaryOperation):
    """What the quotient rounded to zero leaves: `arith.remf %a, %b : f32`, with the sign of `%a`."""

    name = "arith.remf"

    traits = traits_def(Pure())


_OURS = (
    CmpfOp,
    CmpiOp,
    SelectOp,
    IndexCastOp,
    FPToSIOp,
    FPToUIOp,
    SIToFPOp,
    UIToFPOp,
    TruncIOp,
    ExtSIOp,
    ExtUIOp,
    RemfOp,
)


Arith = Dialect(
    "arith",
    [*(op for op in arith.Arith.operations if op.name not in {ours.name for ours in _OURS}), *_OURS],
    [*arith.Arith.attributes],
    [arith.ArithConstantMaterializationInterface()],
)

_OURS_BY_NAME = MappingProxyType[str, type[Operation]]({op.name: op for op in _OURS})


def of_vectors(kind: type[Operation]) -> type[Operation]:
    """The class of the same op that accepts vectors; itself where it does so already."""
    return _OURS_BY_NAME.get(kind.name, kind)


def zero(type_: Attribute) -> arith.ConstantOp:
    """The constant 0 of a scalar type."""
    if isinstance(type_, AnyFloat):
        return arith.ConstantOp(FloatAttr(0.0, type_))
    assert isa(type_, IntegerType | IndexType)
    return arith.ConstantOp(IntegerAttr(0, type_))
