"""StableHLO ops on whole matrices and signals: `triangular_solve`, `cholesky`, `fft`.

Contract. Matrices are the last two dimensions, signals the last one to three; all dimensions before are a batch.
"""

from __future__ import annotations

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloat,
    BoolAttr,
    ComplexType,
    DenseArrayBase,
    TensorType,
    i64,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, SpacedOpaqueSyntaxAttribute
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
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
from xdsl.utils.hints import isa
from xdsl.utils.str_enum import StrEnum

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.contraction_attributes import parse_dimensions
from zellige.dialects.stablehlo.shapes import expect_result, integers, shape_of
from zellige.dialects.stablehlo.syntax import SameOperandsAndResultType

_TENSOR = base(TensorType)


class Transpose(StrEnum):
    """What is done with a matrix before it is used."""

    NO_TRANSPOSE = "NO_TRANSPOSE"
    TRANSPOSE = "TRANSPOSE"
    ADJOINT = "ADJOINT"


class FftType(StrEnum):
    """Fourier transforms: there, back, and those between real signals and half of their spectrum."""

    FFT = "FFT"
    IFFT = "IFFT"
    RFFT = "RFFT"
    IRFFT = "IRFFT"


@irdl_attr_definition
class TransposeAttr(EnumAttribute[Transpose], SpacedOpaqueSyntaxAttribute):
    """`#stablehlo<transpose NO_TRANSPOSE>`."""

    name = "stablehlo.transpose"


@irdl_attr_definition
class FftTypeAttr(EnumAttribute[FftType], SpacedOpaqueSyntaxAttribute):
    """`#stablehlo<fft_type FFT>`."""

    name = "stablehlo.fft_type"


def _expect_square(shape: tuple[int, ...]) -> None:
    if len(shape) < 2 or (shape[-1] != shape[-2] and DYNAMIC_INDEX not in shape[-2:]):
        raise VerifyException(f"expected square matrices, got the shape {list(shape)}")


def _is_float(element: Attribute) -> bool:
    return isinstance(element.element_type if isa(element, ComplexType) else element, AnyFloat)


@irdl_op_definition
class TriangularSolveOp(IRDLOperation):
    """The x of `op(a) x = b`, or of `x op(a) = b`, for a triangular matrix a whose other half is not read."""

    name = "stablehlo.triangular_solve"

    a = operand_def(_TENSOR)
    b = operand_def(_TENSOR)
    left_side = prop_def(BoolAttr)
    lower = prop_def(BoolAttr)
    unit_diagonal = prop_def(BoolAttr)
    transpose_a = prop_def(TransposeAttr)
    result = result_def(_TENSOR)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        a, b = shape_of(self.a), shape_of(self.b)
        _expect_square(a)
        element = tensor_type(self.b).element_type
        if tensor_type(self.a).element_type != element or not _is_float(element):
            raise VerifyException(f"expected matrices of one type of floats, got {self.a.type} and {self.b.type}")
        side = -2 if bool(self.left_side) else -1
        if len(a) != len(b) or a[:-2] != b[:-2] or a[-1] != b[side]:
            raise VerifyException(f"expected matrices that fit, got {self.a.type} and {self.b.type}")
        expect_result(self.result, b, element)


@irdl_op_definition
class CholeskyOp(IRDLOperation):
    """The triangular l of `l l* = a`, or the u of `u* u = a`, for a positive definite a; one half of a is read.

    ```mlir
    %l = stablehlo.cholesky %a, lower = true : tensor<3x3xf32>
    ```
    """

    name = "stablehlo.cholesky"

    a = operand_def(_TENSOR)
    lower = opt_prop_def(BoolAttr)
    result = result_def(_TENSOR)

    irdl_options = (ParsePropInAttrDict(),)
    traits = traits_def(Pure())
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = (
        "$a (`,` `lower` `=` $lower^)? attr-dict `:` custom<SameOperandsAndResultType>(type(operands), type($result))"
    )

    def verify_(self) -> None:
        _expect_square(shape_of(self.a))
        element = tensor_type(self.a).element_type
        if not _is_float(element):
            raise VerifyException(f"expected a matrix of floats, got {self.a.type}")
        expect_result(self.result, shape_of(self.a), element)


@irdl_custom_directive
class FftKind(CustomDirective):
    """`type = FFT, length = [8, 16]`."""

    kind: AttributeVariable
    lengths: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        parser.parse_keyword("type")
        parser.parse_punctuation("=")
        self.kind.set(state, FftTypeAttr(parser.parse_str_enum(FftType)))
        parser.parse_punctuation(",")
        parser.parse_keyword("length")
        parser.parse_punctuation("=")
        self.lengths.set(state, integers(parse_dimensions(parser)))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        assert isinstance(op, FftOp)
        state.print_whitespace(printer)
        printer.print_string(f"type = {op.fft_type.data}, length = {list(op.fft_length.get_values())}")


@irdl_op_definition
class FftOp(IRDLOperation):
    """The discrete Fourier transform along the last dimensions; back is divided by the number of elements.

    ```mlir
    %0 = stablehlo.fft %x, type = FFT, length = [8] : (tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>>
    ```
    """

    name = "stablehlo.fft"

    operand = operand_def(_TENSOR)
    fft_type = prop_def(FftTypeAttr)
    fft_length = prop_def(DenseArrayBase.constr(i64))
    result = result_def(_TENSOR)

    traits = traits_def(Pure())
    custom_directives = (FftKind,)
    assembly_format = (
        "$operand `,` custom<FftKind>($fft_type, $fft_length) attr-dict `:` functional-type(operands, results)"
    )

    @property
    def kind(self) -> FftType:
        """Which transform it is."""
        return self.fft_type.data

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many numbers the signal has along each of its dimensions."""
        return self.fft_length.get_values()

    @property
    def operand_lengths(self) -> tuple[int, ...]:
        """The last dimensions of the operand, which is the spectrum where the result is a signal."""
        return self._halved if self.kind == FftType.IRFFT else self.lengths

    @property
    def result_lengths(self) -> tuple[int, ...]:
        """The last dimensions of the result."""
        return self._halved if self.kind == FftType.RFFT else self.lengths

    @property
    def _halved(self) -> tuple[int, ...]:
        """The spectrum of real numbers, without the half that follows from the other."""
        return *self.lengths[:-1], self.lengths[-1] // 2 + 1

    def verify_(self) -> None:
        lengths, source = self.lengths, tensor_type(self.operand)
        shape = source.get_shape()
        if not 1 <= len(lengths) <= min(3, len(shape)):
            raise VerifyException(f"expected a length for each of 1 to 3 last dimensions, got {len(lengths)}")
        before = self.operand_lengths
        if any(got not in (size, DYNAMIC_INDEX) for got, size in zip(shape[-len(lengths) :], before, strict=True)):
            raise VerifyException(f"expected an operand whose last dimensions are {list(before)}, got {source}")
        real = source.element_type.element_type if isa(source.element_type, ComplexType) else source.element_type
        if not isinstance(real, AnyFloat) or isa(source.element_type, ComplexType) == (self.kind == FftType.RFFT):
            expected = "real" if self.kind == FftType.RFFT else "complex"
            raise VerifyException(f"expected {expected} numbers, got {source}")
        element = real if self.kind == FftType.IRFFT else ComplexType(real)
        expect_result(self.result, (*shape[: -len(lengths)], *self.result_lengths), element)


LINEAR_ALGEBRA_OPS = (TriangularSolveOp, CholeskyOp, FftOp)
"""The ops of this file."""

LINEAR_ALGEBRA_ATTRIBUTES = (TransposeAttr, FftTypeAttr)
"""The attributes of this file."""
