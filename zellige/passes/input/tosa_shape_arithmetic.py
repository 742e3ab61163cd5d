"""The numbers of shapes of TOSA that are computed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.ir import SSAValue

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.tosa import shape_arithmetic as arithmetic
from zellige.dialects.tosa.shapes import ConstShapeOp
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.tensors import Array
from zellige.support.errors import CompileError

Sizes = tuple[int, ...]

_BINARY: Mapping[type[TosaOp], Callable[[int, int], int]] = {
    arithmetic.AddShapeOp: operator.add,
    arithmetic.DivCeilShapeOp: lambda a, b: -(-a // b),
    arithmetic.DivFloorShapeOp: lambda a, b: a // b,
    arithmetic.MaxShapeOp: max,
    arithmetic.MinShapeOp: min,
    arithmetic.ModShapeOp: operator.mod,
    arithmetic.MulShapeOp: operator.mul,
    arithmetic.SubShapeOp: operator.sub,
}
_UNARY: Mapping[type[TosaOp], Callable[[int], int]] = {
    arithmetic.Exp2ShapeOp: lambda a: 1 << a,
    arithmetic.Log2CeilShapeOp: lambda a: (a - 1).bit_length(),
    arithmetic.Log2FloorShapeOp: lambda a: a.bit_length() - 1,
}

SHAPE_VALUES = (
    *(ConstShapeOp, arithmetic.ConcatShapeOp, arithmetic.SliceShapeOp, arithmetic.DimOp),
    *(*_BINARY, *_UNARY),
)
"""Ops whose results are shapes."""


@dataclass(frozen=True)
class KnownSizes:
    """The shapes of a program that are known, which all have to be, and its constants."""

    sizes: dict[SSAValue, Sizes]
    constants: Mapping[SSAValue, Array]

    def read(self, op: TosaOp) -> None:
        """Note the numbers of the shape that an op makes. Raises `CompileError` where they are not known."""
        try:
            self.sizes[op.results[0]] = self._computed(op)
        except (KeyError, ArithmeticError, ValueError) as error:
            cause = "an operand is not known" if isinstance(error, KeyError) else str(error)
            raise CompileError(f"'{op.name}' makes no shape when compiling: {cause}", op=op) from None

    def _computed(self, op: TosaOp) -> Sizes:
        match op:
            case ConstShapeOp():
                return tuple(int(number) for number in op.values.iter_values() if isinstance(number, int))
            case arithmetic.ConcatShapeOp():
                return tuple(size for part in op.input for size in self.sizes[part])
            case arithmetic.SliceShapeOp():
                start, count = self._number(op.start), self._number(op.size)
                return self.sizes[op.input][start : start + count]
            case arithmetic.DimOp():
                source = tensor_type(op.input1)
                size = source.get_shape()[op.axis.value.data]
                if size == DYNAMIC_INDEX:
                    raise ValueError(f"dimension {op.axis.value.data} of {source} is dynamic")
                return (size,)
            case arithmetic.UnaryShapeOp():
                return tuple(map(_UNARY[type(op)], self.sizes[op.input]))
            case arithmetic.BinaryShapeOp():
                return tuple(map(_BINARY[type(op)], self.sizes[op.input1], self.sizes[op.input2]))
            case _:
                raise AssertionError(op.name)

    def _number(self, value: SSAValue) -> int:
        return int(self.constants[value].reshape(-1)[0])
