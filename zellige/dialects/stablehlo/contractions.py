"""StableHLO ops that multiply and add: `dot`, `dot_general`, `einsum`, `convolution`, `dynamic_conv`.

Operands may have narrower elements than the result: they are converted to it before anything is multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    ArrayAttr,
    DenseArrayBase,
    DenseIntElementsAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
    i1,
    i64,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    base,
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

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.contraction_attributes import (
    ConvDimensions,
    ConvDimensionsAttr,
    DotAlgorithmAttr,
    DotDimensions,
    DotDimensionsAttr,
    Precision,
    PrecisionAttr,
    conv_dimensions_text,
    parse_conv_dimensions,
    parse_dimensions,
)
from zellige.dialects.stablehlo.shapes import expect_dimensions, expect_result, integers, shape_of
from zellige.dialects.stablehlo.windows import WindowDimension, flags, padding_attr, window_of

_TENSOR = base(TensorType)


@irdl_custom_directive
class DotDimensionNumbers(CustomDirective):
    """`batching_dims = [0] x [0], contracting_dims = [2] x [1]`."""

    dimensions: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        batching = ((), ())
        if parser.parse_optional_keyword("batching_dims"):
            batching = self._parse_pair(parser)
            parser.parse_punctuation(",")
        parser.parse_keyword("contracting_dims")
        self.dimensions.set(state, DotDimensionsAttr(DotDimensions(*batching, *self._parse_pair(parser))))

    @staticmethod
    def _parse_pair(parser: Parser) -> tuple[tuple[int, ...], tuple[int, ...]]:
        parser.parse_punctuation("=")
        left = parse_dimensions(parser)
        parser.parse_keyword("x")
        return left, parse_dimensions(parser)

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        attribute = self.dimensions.get(op)
        assert isinstance(attribute, DotDimensionsAttr)
        dims = attribute.data
        state.print_whitespace(printer)
        if dims.lhs_batching:
            printer.print_string(f"batching_dims = {list(dims.lhs_batching)} x {list(dims.rhs_batching)}, ")
        printer.print_string(f"contracting_dims = {list(dims.lhs_contracting)} x {list(dims.rhs_contracting)}")


def _parse_precision(parser: Parser) -> ArrayAttr[PrecisionAttr]:
    parser.parse_punctuation("=")
    words = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: parser.parse_str_enum(Precision))
    return ArrayAttr([PrecisionAttr(word) for word in words])


def _print_precision(printer: Printer, precision: Attribute | None) -> None:
    if isa(precision, ArrayAttr[PrecisionAttr]):
        printer.print_string(f", precision = [{', '.join(word.data for word in precision)}]")


@irdl_custom_directive
class DotPrecision(CustomDirective):
    """`, precision = [DEFAULT, DEFAULT]`, or nothing."""

    precision: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        if parser.parse_optional_punctuation(","):
            parser.parse_keyword("precision")
            self.precision.set(state, _parse_precision(parser))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        _print_precision(printer, self.precision.get(op))


@irdl_custom_directive
class DotArithmetic(CustomDirective):
    """`, precision = [DEFAULT, DEFAULT], algorithm = <lhs_precision_type = tf32, …>`, either or none."""

    precision: AttributeVariable
    algorithm: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        while parser.parse_optional_punctuation(","):
            if parser.parse_optional_keyword("precision"):
                self.precision.set(state, _parse_precision(parser))
            else:
                parser.parse_keyword("algorithm")
                parser.parse_punctuation("=")
                self.algorithm.set(state, DotAlgorithmAttr(DotAlgorithmAttr.parse_parameter(parser)))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        _print_precision(printer, self.precision.get(op))
        algorithm = self.algorithm.get(op)
        if isinstance(algorithm, DotAlgorithmAttr):
            printer.print_string(", algorithm = ")
            algorithm.print_parameter(printer)


def _verify_product(lhs_value: SSAValue, rhs_value: SSAValue, result: SSAValue, dims: DotDimensions) -> None:
    lhs, rhs = shape_of(lhs_value), shape_of(rhs_value)
    expect_dimensions("lhs dimensions", dims.lhs_batching + dims.lhs_contracting, len(lhs))
    expect_dimensions("rhs dimensions", dims.rhs_batching + dims.rhs_contracting, len(rhs))
    for what, left, right in (
        ("batching", dims.lhs_batching, dims.rhs_batching),
        ("contracting", dims.lhs_contracting, dims.rhs_contracting),
    ):
        if len(left) != len(right):
            raise VerifyException(
                f"expected as many {what} dimensions of lhs as of rhs, got {len(left)} and {len(right)}"
            )
        for d, e in zip(left, right, strict=True):
            if lhs[d] != rhs[e] and DYNAMIC_INDEX not in (lhs[d], rhs[e]):
                raise VerifyException(f"{what} dimensions {d} and {e} have different sizes: {lhs[d]} and {rhs[e]}")
    expect_result(result, dims.result_shape(lhs, rhs), tensor_type(result).element_type)


@irdl_op_definition
class DotGeneralOp(IRDLOperation):
    """Sums of products along the contracting dimensions, for each index of the batch and of all other dimensions.

    ```mlir
    %0 = stablehlo.dot_general %a, %b, batching_dims = [0] x [0], contracting_dims = [2] x [1]
      : (tensor<8x2x3xf32>, tensor<8x3x4xf32>) -> tensor<8x2x4xf32>
    ```
    """

    name = "stablehlo.dot_general"

    lhs = operand_def(_TENSOR)
    rhs = operand_def(_TENSOR)
    dot_dimension_numbers = prop_def(DotDimensionsAttr)
    precision_config = opt_prop_def(ArrayAttr[PrecisionAttr])
    algorithm = opt_prop_def(DotAlgorithmAttr)
    result = result_def(_TENSOR)

    traits = traits_def(Pure())
    custom_directives = (DotDimensionNumbers, DotArithmetic)
    assembly_format = (
        "$lhs `,` $rhs `,` custom<DotDimensionNumbers>($dot_dimension_numbers)"
        " custom<DotArithmetic>($precision_config, $algorithm) attr-dict"
        " `:` functional-type(operands, results)"
    )

    def __init__(self, lhs: SSAValue, rhs: SSAValue, dimensions: DotDimensions, element_type: Attribute) -> None:
        shape = dimensions.result_shape(tensor_type(lhs).get_shape(), tensor_type(rhs).get_shape())
        super().__init__(
            operands=[lhs, rhs],
            result_types=[TensorType(element_type, shape)],
            properties={"dot_dimension_numbers": DotDimensionsAttr(dimensions)},
        )

    @property
    def dimensions(self) -> DotDimensions:
        """Which dimensions are summed over, and which are a batch."""
        return self.dot_dimension_numbers.data

    def verify_(self) -> None:
        _verify_product(self.lhs, self.rhs, self.result, self.dimensions)


@irdl_op_definition
class DotOp(IRDLOperation):
    """A product of vectors and matrices: the last dimension of `lhs` with the first one of `rhs`.

    ```mlir
    %0 = stablehlo.dot %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    ```
    """

    name = "stablehlo.dot"

    lhs = operand_def(_TENSOR)
    rhs = operand_def(_TENSOR)
    precision_config = opt_prop_def(ArrayAttr[PrecisionAttr])
    result = result_def(_TENSOR)

    traits = traits_def(Pure())
    custom_directives = (DotPrecision,)
    assembly_format = (
        "$lhs `,` $rhs custom<DotPrecision>($precision_config) attr-dict `:` functional-type(operands, results)"
    )

    @property
    def dimensions(self) -> DotDimensions:
        """The same product as a `dot_general` has it."""
        return DotDimensions(lhs_contracting=(len(shape_of(self.lhs)) - 1,), rhs_contracting=(0,))

    def verify_(self) -> None:
        lhs, rhs = shape_of(self.lhs), shape_of(self.rhs)
        if len(lhs) not in (1, 2) or len(rhs) not in (1, 2):
            raise VerifyException(f"expected vectors and matrices, got {len(lhs)} and {len(rhs)} dimensions")
        _verify_product(self.lhs, self.rhs, self.result, self.dimensions)


@irdl_op_definition
class EinsumOp(IRDLOperation):
    """Products of two tensors by Einstein's convention: letters that the result does not have are summed over.

    ```mlir
    %0 = "stablehlo.einsum"(%a, %b) {einsum_config = "bij,bjk->bik"} : (…) -> tensor<8x2x4xf32>
    ```
    """

    name = "stablehlo.einsum"

    lhs = operand_def(_TENSOR)
    rhs = operand_def(_TENSOR)
    einsum_config = prop_def(StringAttr)
    result = result_def(_TENSOR)

    traits = traits_def(Pure())
    assembly_format = "$lhs `,` $rhs `,` `config` `=` $einsum_config attr-dict `:` functional-type(operands, results)"

    @property
    def letters(self) -> tuple[str, str, str]:
        """The letters of `lhs`, `rhs` and the result."""
        operands, _, result = self.einsum_config.data.replace(" ", "").partition("->")
        lhs, _, rhs = operands.partition(",")
        return lhs, rhs, result

    def verify_(self) -> None:
        sizes: dict[str, int] = {}
        for letters, value in zip(self.letters, (self.lhs, self.rhs, self.result), strict=True):
            shape = shape_of(value)
            if len(letters) != len(shape) or len(set(letters)) < len(letters) or (not letters.isalpha() and letters):
                raise VerifyException(
                    f"expected {len(shape)} different letters for {value.type}, got '{letters}'"
                    f" in '{self.einsum_config.data}'"
                )
            for letter, size in zip(letters, shape, strict=True):
                if sizes.setdefault(letter, size) != size:
                    raise VerifyException(f"'{letter}' has different sizes: {sizes[letter]} and {size}")
        lhs, rhs, result = self.letters
        if unknown := set(result) - set(lhs + rhs):
            raise VerifyException(f"no operand has the letters {', '.join(sorted(unknown))} of the result")


@irdl_custom_directive
class ConvolutionDimensions(CustomDirective):
    """`[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`."""

    dimensions: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        self.dimensions.set(state, ConvDimensionsAttr(parse_conv_dimensions(parser)))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        attribute = self.dimensions.get(op)
        assert isinstance(attribute, ConvDimensionsAttr)
        state.print_whitespace(printer)
        printer.print_string(conv_dimensions_text(attribute.data))


@irdl_custom_directive
class ConvolutionWindow(CustomDirective):
    """`{stride = [1, 1], pad = [[0, 0], [0, 0]], lhs_dilate = [1, 1], …}`."""

    strides: AttributeVariable
    padding: AttributeVariable
    lhs_dilation: AttributeVariable
    rhs_dilation: AttributeVariable
    reversal: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        lists = {"stride": self.strides, "lhs_dilate": self.lhs_dilation, "rhs_dilate": self.rhs_dilation}

        def parse_field() -> None:
            position = parser.pos
            name = parser.parse_identifier()
            parser.parse_punctuation("=")
            if name == "pad":
                amounts = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: parse_dimensions(parser))
                if any(len(pair) != 2 for pair in amounts):
                    parser.raise_error("expected pairs of amounts of padding", position)
                self.padding.set(state, padding_attr([(low, high) for low, high in amounts]))
            elif name == "reverse":
                values = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
                self.reversal.set(state, flags([value != 0 for value in values]))
            elif name in lists:
                lists[name].set(state, integers(parse_dimensions(parser)))
            else:
                expected = ", ".join(f"'{word}'" for word in (*lists, "pad", "reverse"))
                parser.raise_error(f"expected one of {expected}, got '{name}'", position)

        parser.parse_comma_separated_list(parser.Delimiter.BRACES, parse_field)

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        fields: list[str] = []
        for name, variable in (
            ("stride", self.strides),
            ("pad", self.padding),
            ("lhs_dilate", self.lhs_dilation),
            ("rhs_dilate", self.rhs_dilation),
            ("reverse", self.reversal),
        ):
            attribute = variable.get(op)
            if isa(attribute, DenseIntElementsAttr):
                amounts = iter(attribute.get_values())
                fields.append(f"{name} = {[list(pair) for pair in zip(amounts, amounts, strict=True)]}")
            elif isa(attribute, DenseArrayBase[IntegerType]):
                values = [bool(v) if attribute.elt_type == i1 else v for v in attribute.get_values()]
                fields.append(f"{name} = {values}".replace("True", "true").replace("False", "false"))
        state.print_whitespace(printer)
        with printer.in_braces():
            printer.print_string(", ".join(fields))


class AnyConvolutionOp(IRDLOperation):
    """What `convolution` and `dynamic_conv` have in common: all but where the padding comes from."""

    lhs = operand_def(_TENSOR)
    rhs = operand_def(_TENSOR)
    window_strides = opt_prop_def(DenseArrayBase.constr(i64))
    lhs_dilation = opt_prop_def(DenseArrayBase.constr(i64))
    rhs_dilation = opt_prop_def(DenseArrayBase.constr(i64))
    window_reversal = opt_prop_def(DenseArrayBase.constr(i1))
    dimension_numbers = prop_def(ConvDimensionsAttr)
    feature_group_count = prop_def(IntegerAttr[I64])
    batch_group_count = prop_def(IntegerAttr[I64])
    precision_config = opt_prop_def(ArrayAttr[PrecisionAttr])
    result = result_def(_TENSOR)

    @property
    def dimensions(self) -> ConvDimensions:
        """Which dimension is what."""
        return self.dimension_numbers.data

    @property
    def feature_groups(self) -> int:
        """Groups of features that are convolved apart."""
        return self.feature_group_count.value.data

    @property
    def batch_groups(self) -> int:
        """Groups of the batch, each of which is convolved with output features of its own."""
        return self.batch_group_count.value.data

    def window(self, padding: DenseIntElementsAttr | None) -> tuple[WindowDimension, ...]:
        """The window over the dimensions in space. Raises `VerifyException` where the attributes do not fit."""
        kernel = shape_of(self.rhs)
        return window_of(
            [kernel[d] for d in self.dimensions.kernel.spatial],
            strides=self.window_strides,
            padding=padding,
            base_dilations=self.lhs_dilation,
            window_dilations=self.rhs_dilation,
            reversal=self.window_reversal,
        )

    def verify_(self) -> None:
        dims = self.dimensions
        lhs, rhs = shape_of(self.lhs), shape_of(self.rhs)
        for shape, operand in zip(
            (lhs, rhs, shape_of(self.result)), (dims.input, dims.kernel, dims.output), strict=True
        ):
            if len(shape) != operand.rank:
                raise VerifyException(f"expected {operand.rank} dimensions, as in the numbers, got {len(shape)}")
        if self.feature_groups < 1 or self.batch_groups < 1 or self.feature_groups > 1 < self.batch_groups:
            raise VerifyException(
                "expected groups of features or of the batch, at least 1 of each,"
                f" got {self.feature_groups} and {self.batch_groups}"
            )
        features, filters, batch = lhs[dims.input.second], rhs[dims.kernel.second], lhs[dims.input.first]
        if features != rhs[dims.kernel.first] * self.feature_groups:
            raise VerifyException(
                f"expected {rhs[dims.kernel.first]} x {self.feature_groups} input features, got {features}"
            )
        for what, size, groups in (
            ("output features", filters, self.feature_groups),
            ("output features", filters, self.batch_groups),
            ("batch", batch, self.batch_groups),
        ):
            if size != DYNAMIC_INDEX and size % groups:
                raise VerifyException(f"expected {what} in {groups} equal groups, got {size}")

    def result_shape(self, padding: DenseIntElementsAttr | None) -> tuple[int, ...]:
        """The shape of the result. Raises `VerifyException` where the attributes of the window do not fit."""
        dims, lhs, rhs = self.dimensions, shape_of(self.lhs), shape_of(self.rhs)
        batch = lhs[dims.input.first]
        shape = {
            dims.output.first: batch if batch == DYNAMIC_INDEX else batch // self.batch_groups,
            dims.output.second: rhs[dims.kernel.second],
        }
        window = self.window(padding)
        for base_dim, dim, along in zip(dims.input.spatial, dims.output.spatial, window, strict=True):
            shape[dim] = along.positions(lhs[base_dim])
        return tuple(shape[d] for d in range(dims.output.rank))


@irdl_op_definition
class ConvolutionOp(AnyConvolutionOp):
    """Sums of products of a kernel with the elements under it, at each place of the kernel in the input.

    ```mlir
    %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
           window = {stride = [1, 1], pad = [[1, 1], [1, 1]]}
           {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
         : (tensor<1x8x8x4xf32>, tensor<3x3x4x16xf32>) -> tensor<1x8x8x16xf32>
    ```
    """

    name = "stablehlo.convolution"

    padding = opt_prop_def(DenseIntElementsAttr)

    irdl_options = (ParsePropInAttrDict(),)
    traits = traits_def(Pure())
    custom_directives = (ConvolutionDimensions, ConvolutionWindow)
    assembly_format = (
        "`(` operands `)` `dim_numbers` `=` custom<ConvolutionDimensions>($dimension_numbers) `,` `window` `=`"
        " custom<ConvolutionWindow>($window_strides, $padding, $lhs_dilation, $rhs_dilation, $window_reversal)"
        " attr-dict `:` functional-type(operands, results)"
    )

    def __init__(
        self,
        lhs: SSAValue,
        rhs: SSAValue,
        dimensions: ConvDimensions,
        window: Sequence[WindowDimension],
        element_type: Attribute,
        *,
        feature_groups: int = 1,
        batch_groups: int = 1,
    ) -> None:
        """A convolution with this window over the dimensions in space; its sizes are those of the kernel."""
        input_, kernel = shape_of(lhs), shape_of(rhs)
        sizes = {dimensions.output.first: input_[dimensions.input.first] // batch_groups}
        sizes[dimensions.output.second] = kernel[dimensions.kernel.second]
        for base_dim, dim, along in zip(dimensions.input.spatial, dimensions.output.spatial, window, strict=True):
            sizes[dim] = along.positions(input_[base_dim])
        super().__init__(
            operands=[lhs, rhs],
            result_types=[TensorType(element_type, [sizes[d] for d in range(dimensions.output.rank)])],
            properties={
                "window_strides": integers([along.stride for along in window]),
                "padding": padding_attr([(along.low, along.high) for along in window]),
                "lhs_dilation": integers([along.base_dilation for along in window]),
                "rhs_dilation": integers([along.window_dilation for along in window]),
                "window_reversal": flags([along.is_reversed for along in window]),
                "dimension_numbers": ConvDimensionsAttr(dimensions),
                "feature_group_count": IntegerAttr(feature_groups, i64),
                "batch_group_count": IntegerAttr(batch_groups, i64),
            },
        )

    def verify_(self) -> None:
        super().verify_()
        expect_result(self.result, self.result_shape(self.padding), tensor_type(self.result).element_type)


@irdl_op_definition
class DynamicConvOp(AnyConvolutionOp):
    """A convolution with padding `tensor<Nx2xi64>`: for each dimension in space what is before and after."""

    name = "stablehlo.dynamic_conv"

    lhs = operand_def(_TENSOR)
    rhs = operand_def(_TENSOR)
    padding = operand_def(_TENSOR)

    traits = traits_def(Pure())


CONTRACTION_OPS = (DotOp, DotGeneralOp, EinsumOp, ConvolutionOp, DynamicConvOp)
"""The ops of this file."""
