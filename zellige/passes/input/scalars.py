"""Builds scalar ops of `arith` and `math` one after the other, with the constants and choices between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IntegerAttr, IntegerType, LocationAttr
from xdsl.ir import Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects import arith


@dataclass(frozen=True)
class Scalars:
    """Where scalar ops go, and the place in the source that they come from."""

    builder: Builder
    location: LocationAttr

    def emit(self, op: Operation) -> SSAValue:
        """Insert an op and give its first result."""
        op.location = self.location
        return self.builder.insert(op).results[0]

    def integer(self, number: int, model: SSAValue) -> SSAValue:
        """The constant of the type of `model`, given as a number or by its bits."""
        assert isa(model.type, IntegerType)
        return self.emit(ConstantOp(IntegerAttr(number, model.type, truncate_bits=True)))

    def float(self, number: float, model: SSAValue) -> SSAValue:
        """The constant of the type of `model`."""
        assert isinstance(model.type, AnyFloat)
        return self.emit(ConstantOp(FloatAttr(number, model.type)))

    def compare(self, predicate: str, left: SSAValue, right: SSAValue) -> SSAValue:
        """A comparison by a predicate of `arith.cmpi` or `arith.cmpf`."""
        is_float = isinstance(left.type, AnyFloat)
        return self.emit((arith.CmpfOp if is_float else arith.CmpiOp)(left, right, predicate))

    def select(self, condition: SSAValue, then: SSAValue, otherwise: SSAValue) -> SSAValue:
        """One of two values."""
        return self.emit(arith.SelectOp(condition, then, otherwise))


Operands = Sequence[SSAValue]

Function = Callable[[Scalars, Operation, Operands], SSAValue]
"""Builds one op on scalars without signs in their types; the op says what there is to know besides."""
