"""CHLO: functions above StableHLO that JAX and torch-mlir leave as one op.

Contract. An elementwise op is verified as those of StableHLO are. `chlo_broadcasts` has the ops that broadcast.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import (
    I64,
    FloatAttr,
    IntegerAttr,
    TensorType,
    i1,
    i32,
)
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.chlo_broadcasts import BROADCAST_ATTRIBUTES, BROADCAST_OPS
from zellige.dialects.chlo_ragged_dot import PrecisionAttr, RaggedDimensionsAttr, RaggedDotOp
from zellige.dialects.constant_ops import TensorConstantOp
from zellige.dialects.shaped_types import tensor_type, with_element_type
from zellige.dialects.stablehlo.element_kinds import Kind, agree, expect_element, expect_shape
from zellige.dialects.stablehlo.elementwise import ElementwiseOp

_FUNCTION_KINDS = Kind.FLOAT | Kind.COMPLEX


class UnaryOp(ElementwiseOp, ABC):
    """`chlo.erf %x : tensor<4xf32> -> tensor<4xf32>`."""

    KINDS: ClassVar[Kind] = _FUNCTION_KINDS
    operand = operand_def(TensorType)
    result = result_def(TensorType)
    assembly_format = "$operand attr-dict `:` type($operand) `->` type($result)"

    def __init__(self, operand: SSAValue, result_type: Attribute | None = None) -> None:
        super().__init__(operands=[operand], result_types=[result_type or operand.type])


class PredicateOp(UnaryOp, ABC):
    """`chlo.is_inf %x : tensor<4xf32> -> tensor<4xi1>`."""

    KINDS: ClassVar[Kind] = Kind.FLOAT

    def __init__(self, operand: SSAValue) -> None:
        super().__init__(operand, with_element_type(operand.type, i1))

    def verify_result(self, element: Attribute) -> None:
        expect_element(self.result, i1)


class BinaryOp(ElementwiseOp, ABC):
    """`chlo.next_after %x, %y : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>`."""

    KINDS: ClassVar[Kind] = Kind.FLOAT
    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    assembly_format = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)"

    def __init__(self, lhs: SSAValue, rhs: SSAValue) -> None:
        super().__init__(operands=[lhs, rhs], result_types=[lhs.type])


@irdl_op_definition
class AcosOp(UnaryOp):
    """The inverse of the cosine, from 0 to pi."""

    name = "chlo.acos"


@irdl_op_definition
class AcoshOp(UnaryOp):
    """The inverse of the hyperbolic cosine."""

    name = "chlo.acosh"


@irdl_op_definition
class AsinOp(UnaryOp):
    """The inverse of the sine."""

    name = "chlo.asin"


@irdl_op_definition
class AsinhOp(UnaryOp):
    """The inverse of the hyperbolic sine."""

    name = "chlo.asinh"


@irdl_op_definition
class AtanOp(UnaryOp):
    """The inverse of the tangent."""

    name = "chlo.atan"


@irdl_op_definition
class AtanhOp(UnaryOp):
    """The inverse of the hyperbolic tangent."""

    name = "chlo.atanh"


@irdl_op_definition
class BesselI1eOp(UnaryOp):
    """e^-|x| times the modified Bessel function of the first kind and order 1."""

    name = "chlo.bessel_i1e"


@irdl_op_definition
class ConjOp(UnaryOp):
    """The complex number with the other imaginary part; a real number as it is."""

    name = "chlo.conj"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class CoshOp(UnaryOp):
    """The hyperbolic cosine."""

    name = "chlo.cosh"


@irdl_op_definition
class DigammaOp(UnaryOp):
    """The derivative of the logarithm of the gamma function."""

    name = "chlo.digamma"


@irdl_op_definition
class ErfOp(UnaryOp):
    """The error function."""

    name = "chlo.erf"


@irdl_op_definition
class ErfcOp(UnaryOp):
    """1 - erf(x), accurate where that is small."""

    name = "chlo.erfc"


@irdl_op_definition
class ErfInvOp(UnaryOp):
    """The inverse of the error function."""

    name = "chlo.erf_inv"


@irdl_op_definition
class LgammaOp(UnaryOp):
    """The logarithm of the magnitude of the gamma function."""

    name = "chlo.lgamma"


@irdl_op_definition
class SinhOp(UnaryOp):
    """The hyperbolic sine."""

    name = "chlo.sinh"


@irdl_op_definition
class SquareOp(UnaryOp):
    """x * x."""

    name = "chlo.square"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class TanOp(UnaryOp):
    """The tangent."""

    name = "chlo.tan"


@irdl_op_definition
class IsInfOp(PredicateOp):
    """Whether a float is one of both infinities."""

    name = "chlo.is_inf"


@irdl_op_definition
class IsNegInfOp(PredicateOp):
    """Whether a float is the negative infinity."""

    name = "chlo.is_neg_inf"


@irdl_op_definition
class IsPosInfOp(PredicateOp):
    """Whether a float is the positive infinity."""

    name = "chlo.is_pos_inf"


@irdl_op_definition
class NextAfterOp(BinaryOp):
    """The float next to lhs on the way to rhs."""

    name = "chlo.next_after"


@irdl_op_definition
class PolygammaOp(BinaryOp):
    """The derivative of order lhs of the digamma function."""

    name = "chlo.polygamma"


@irdl_op_definition
class ZetaOp(BinaryOp):
    """The Hurwitz zeta function: the sum of (k + rhs)^-lhs."""

    name = "chlo.zeta"


@irdl_op_definition
class MulhiOp(BinaryOp):
    """The upper half of the bits of a product."""

    name = "chlo.mulhi"
    KINDS: ClassVar[Kind] = Kind.INTEGER


@irdl_op_definition
class ConstantOp(TensorConstantOp):
    """`chlo.constant dense<1.0> : tensor<f32>`."""

    name = "chlo.constant"


@irdl_op_definition
class ConstantLikeOp(IRDLOperation):
    """A number in each element of a tensor that is shaped like another one.

    ```mlir
    %1 = "chlo.constant_like"(%0) {value = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
    ```
    """

    name = "chlo.constant_like"

    value = prop_def(FloatAttr | IntegerAttr)
    operand = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())

    def verify_(self) -> None:
        expect_shape(self.result, self.operand)
        expect_element(self.result, self.value.type)


@irdl_op_definition
class TopKOp(IRDLOperation):
    """The k largest elements of each row, largest first, and their places; equal ones in the order of the row.

    ```mlir
    %1, %2 = chlo.top_k(%0, k = 5) : tensor<6x20xf32> -> (tensor<6x5xf32>, tensor<6x5xi32>)
    ```
    """

    name = "chlo.top_k"

    operand = operand_def(TensorType)
    k = prop_def(IntegerAttr[I64])
    values = result_def(TensorType)
    indices = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "`(` $operand `,` `k` `=` $k `)` attr-dict `:` type($operand) `->` `(` type($values) `,` type($indices) `)`"
    )

    def verify_(self) -> None:
        source, count = tensor_type(self.operand), self.k.value.data
        if not source.get_num_dims():
            raise VerifyException(f"expected at least 1 dimension, got {source}")
        *rows, size = source.get_shape()
        if count < 0 or 0 <= size < count:
            raise VerifyException(f"k must be from 0 to {size}, got {count}")
        for value, element in ((self.values, source.element_type), (self.indices, i32)):
            expect_element(value, element)
            if not agree(tensor_type(value).get_shape(), (*rows, count)):
                raise VerifyException(
                    f"expected a result of type {TensorType(element, [*rows, count])}, got {value.type}"
                )


Chlo = Dialect(
    "chlo",
    [
        AcosOp,
        AcoshOp,
        AsinOp,
        AsinhOp,
        AtanOp,
        AtanhOp,
        BesselI1eOp,
        ConjOp,
        CoshOp,
        DigammaOp,
        ErfOp,
        ErfcOp,
        ErfInvOp,
        LgammaOp,
        SinhOp,
        SquareOp,
        TanOp,
        IsInfOp,
        IsNegInfOp,
        IsPosInfOp,
        NextAfterOp,
        PolygammaOp,
        ZetaOp,
        MulhiOp,
        ConstantOp,
        ConstantLikeOp,
        TopKOp,
        RaggedDotOp,
        *BROADCAST_OPS,
    ],
    [RaggedDimensionsAttr, PrecisionAttr, *BROADCAST_ATTRIBUTES],
)
