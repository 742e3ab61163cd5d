"""StableHLO ops that combine elements by a region: `reduce`, `reduce_window`, `select_and_scatter`.

Contract. The region of a reduction of N tensors takes N values so far, then N elements, each a tensor without
dimensions, and returns the N values after. Its order of evaluation is ours to choose. Elements that are narrower than
the region's arguments are converted to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseArrayBase, DenseIntElementsAttr, TensorType, i1, i64
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    SameVariadicOperandSize,
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.stablehlo.contraction_attributes import parse_dimensions
from zellige.dialects.stablehlo.control_flow import ReturnOp, expect_yields
from zellige.dialects.stablehlo.shapes import expect_count, expect_dimensions, expect_result, integers, shape_of
from zellige.dialects.stablehlo.windows import WindowDimension, padding_attr, window_of, windowed_shape

_TENSOR = base(TensorType)


def _verify_reducer(body: Region, count: int, what: str = "the reducer") -> list[Attribute]:
    """The element types of what the region combines. Raises `VerifyException` where it is not of that form."""
    types = [argument.type for argument in body.block.args]
    if any(shape for type_ in types for shape in [type_.get_shape() if isinstance(type_, TensorType) else (0,)]):
        raise VerifyException(f"expected arguments of {what} to be tensors without dimensions")
    if len(types) != 2 * count or types[:count] != types[count:]:
        raise VerifyException(f"expected {what} to have {count} arguments, twice, of the same types, got {len(types)}")
    expect_yields(body, types[:count], what)
    return [element_type(type_) for type_ in types[:count]]


def _verify_inits(inits: Sequence[SSAValue]) -> None:
    if any(shape_of(init) for init in inits):
        raise VerifyException("expected initial values to be tensors without dimensions")


def _same_shape(inputs: Sequence[SSAValue]) -> tuple[int, ...]:
    if not inputs:
        raise VerifyException("expected at least 1 input")
    shapes = {shape_of(value) for value in inputs}
    if len(shapes) > 1:
        raise VerifyException(f"expected inputs of one shape, got {', '.join(str(v.type) for v in inputs)}")
    return shapes.pop()


class ReductionOp(IRDLOperation):
    """What `reduce` and `reduce_window` have in common."""

    inputs = var_operand_def(_TENSOR)
    init_values = var_operand_def(_TENSOR)
    body = region_def("single_block")
    res = var_result_def(_TENSOR)

    irdl_options = (SameVariadicOperandSize(),)

    def verify_results(self, shape: Sequence[int]) -> None:
        """Compare the results with their shape, and with what the region returns."""
        _verify_inits(self.init_values)
        types = _verify_reducer(self.body, len(self.inputs))
        if len(self.res) != len(types):
            raise VerifyException(f"expected {len(types)} results, got {len(self.res)}")
        for result, element in zip(self.res, types, strict=True):
            expect_result(result, shape, element)


def _reduced_types(inputs: Sequence[SSAValue], shape: Sequence[int], body: Region) -> list[Attribute]:
    kinds = [element_type(argument.type) for argument in body.block.args]
    return [TensorType(kind, shape) for kind in kinds[: len(inputs)]]


@irdl_op_definition
class ReduceOp(ReductionOp):
    """Combine the elements along `dimensions`, starting from the initial values.

    ```mlir
    %0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1]
         : (tensor<4x8xf32>, tensor<f32>) -> tensor<4xf32>
    ```
    """

    name = "stablehlo.reduce"

    dimensions = prop_def(DenseArrayBase.constr(i64))

    traits = traits_def(Pure())

    def __init__(
        self, inputs: Sequence[SSAValue], init_values: Sequence[SSAValue], dimensions: Sequence[int], body: Region
    ) -> None:
        shape = [size for d, size in enumerate(shape_of(inputs[0])) if d not in dimensions]
        super().__init__(
            operands=[inputs, init_values],
            result_types=[_reduced_types(inputs, shape, body)],
            properties={"dimensions": integers(dimensions)},
            regions=[body],
        )

    def verify_(self) -> None:
        shape, dims = _same_shape(self.inputs), self.dimensions.get_values()
        expect_dimensions("dimensions", dims, len(shape))
        self.verify_results([size for d, size in enumerate(shape) if d not in dims])

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        pairs = parser.parse_comma_separated_list(parser.Delimiter.NONE, lambda: _parse_pair(parser))
        position = parser.pos
        payload = _parse_payload(parser) if parser.parse_optional_keyword("applies") else None
        if payload is not None and len(pairs) > 1:
            parser.raise_error(f"'applies' is for a reduction of 1 input, got {len(pairs)}", position)
        for word in ("across", "dimensions"):
            parser.parse_keyword(word)
        parser.parse_punctuation("=")
        dimensions = parse_dimensions(parser)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        signature = parser.parse_function_type()
        values = [value for value, _ in pairs] + [init for _, init in pairs]
        op = cls.create(
            operands=parser.resolve_operands(values, signature.inputs.data, position),
            result_types=signature.outputs.data,
            properties={"dimensions": integers(dimensions)},
            attributes=attributes,
        )
        op.add_region(
            _parse_reducer(parser)
            if payload is None
            else _payload_body(payload, TensorType(element_type(signature.outputs.data[0]), []))
        )
        return op

    def print(self, printer: Printer) -> None:
        def print_pair(pair: tuple[SSAValue, SSAValue]) -> None:
            with printer.in_parens():
                printer.print_ssa_value(pair[0])
                printer.print_string(" init: ")
                printer.print_ssa_value(pair[1])

        printer.print_list(list(zip(self.inputs, self.init_values, strict=True)), print_pair)
        payload = payload_of(self.body)
        if payload is not None and len(self.inputs) == 1:
            printer.print_string(f" applies {payload.name}")
        printer.print_string(f" across dimensions = {list(self.dimensions.get_values())}")
        if self.attributes:
            printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_operation_type(self)
        if payload is None or len(self.inputs) > 1:
            _print_reducer(printer, self.body)


def _parse_pair(parser: Parser) -> tuple[UnresolvedOperand, UnresolvedOperand]:
    """`(%x init: %zero)`."""
    with parser.in_parens():
        value = parser.parse_unresolved_operand()
        parser.parse_keyword("init")
        parser.parse_punctuation(":")
        return value, parser.parse_unresolved_operand()


def _parse_payload(parser: Parser) -> type[Operation]:
    position = parser.pos
    name = parser.parse_identifier(" that is the name of an operation")
    op_type = parser.ctx.get_optional_op(name)
    if op_type is None:
        parser.raise_error(f"unknown op '{name}'", position, position + len(name))
    return op_type


def _payload_body(op_type: type[Operation], kind: Attribute) -> Region:
    """The region that applies an op to its two arguments."""
    block = Block(arg_types=[kind, kind])
    op = op_type.create(operands=block.args, result_types=[kind])
    block.add_ops([op, ReturnOp(op.results)])
    return Region(block)


def payload_of(body: Region) -> Operation | None:
    """The op that the region applies to its two arguments, when that is all it does."""
    ops = list(body.block.ops)
    if len(ops) != 2 or len(ops[0].results) != 1 or ops[0].dialect_name() != "stablehlo":
        return None
    op, last = ops
    is_plain = not op.properties and not op.attributes and not op.regions and op.result_types == op.operand_types[:1]
    applies = tuple(op.operands) == tuple(body.block.args) and tuple(last.operands) == tuple(op.results)
    return op if is_plain and applies else None


def _parse_reducer(parser: Parser) -> Region:
    """`reducer(%a: tensor<f32>, %b: tensor<f32>) (%i: …, %j: …) { … }`: values so far, each with its element."""
    parser.parse_keyword("reducer")

    def parse_argument() -> Parser.Argument:
        argument = parser.parse_argument()
        parser.parse_optional_location()
        return argument

    pairs: list[list[Parser.Argument]] = []
    while arguments := parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, parse_argument):
        if len(arguments) != 2:
            parser.raise_error(f"expected a value so far and an element, got {len(arguments)} arguments")
        pairs.append(arguments)
    return parser.parse_region([pair[i] for i in range(2) for pair in pairs])


def _print_reducer(printer: Printer, body: Region) -> None:
    arguments = body.block.args
    half = len(arguments) // 2
    printer.print_string("\n reducer")
    for pair in zip(arguments[:half], arguments[half:], strict=True):
        with printer.in_parens():
            printer.print_list(pair, printer.print_block_argument)
        printer.print_string(" ")
    printer.print_region(body, print_entry_block_args=False)


@irdl_op_definition
class ReduceWindowOp(ReductionOp):
    """Combine the elements under a window, for each of its places.

    ```mlir
    %0 = "stablehlo.reduce_window"(%x, %zero) <{window_dimensions = array<i64: 2, 2>,
                                                window_strides = array<i64: 2, 2>}> ({
      ^bb0(%sum: tensor<f32>, %element: tensor<f32>):
        %1 = stablehlo.add %sum, %element : tensor<f32>
        stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x8xf32>, tensor<f32>) -> tensor<2x4xf32>
    ```
    """

    name = "stablehlo.reduce_window"

    window_dimensions = prop_def(DenseArrayBase.constr(i64))
    window_strides = opt_prop_def(DenseArrayBase.constr(i64))
    base_dilations = opt_prop_def(DenseArrayBase.constr(i64))
    window_dilations = opt_prop_def(DenseArrayBase.constr(i64))
    padding = opt_prop_def(DenseIntElementsAttr)

    traits = traits_def(Pure())

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        init_values: Sequence[SSAValue],
        window: Sequence[WindowDimension],
        body: Region,
    ) -> None:
        shape = windowed_shape(shape_of(inputs[0]), window)
        super().__init__(
            operands=[inputs, init_values],
            result_types=[_reduced_types(inputs, shape, body)],
            properties={
                "window_dimensions": integers([along.size for along in window]),
                "window_strides": integers([along.stride for along in window]),
                "base_dilations": integers([along.base_dilation for along in window]),
                "window_dilations": integers([along.window_dilation for along in window]),
                "padding": padding_attr([(along.low, along.high) for along in window]),
            },
            regions=[body],
        )

    @property
    def window(self) -> tuple[WindowDimension, ...]:
        """The window along each dimension. Raises `VerifyException` where the attributes do not fit."""
        return window_of(
            self.window_dimensions.get_values(),
            strides=self.window_strides,
            padding=self.padding,
            base_dilations=self.base_dilations,
            window_dilations=self.window_dilations,
        )

    def verify_(self) -> None:
        shape = _same_shape(self.inputs)
        expect_count("window dimensions", self.window_dimensions.get_values(), len(shape))
        self.verify_results(windowed_shape(shape, self.window))


@irdl_op_definition
class SelectAndScatterOp(IRDLOperation):
    """Pick one element under each place of a window, and combine the element of `source` of that place with it.

    `select` is true where the element picked so far stays. Elements of the result that were never picked are
    `init_value`. The gradient of a maximum pooling is one.
    """

    name = "stablehlo.select_and_scatter"

    operand = operand_def(_TENSOR)
    source = operand_def(_TENSOR)
    init_value = operand_def(_TENSOR)
    window_dimensions = opt_prop_def(DenseArrayBase.constr(i64))
    window_strides = opt_prop_def(DenseArrayBase.constr(i64))
    padding = opt_prop_def(DenseIntElementsAttr)
    select = region_def("single_block")
    scatter = region_def("single_block")
    result = result_def(_TENSOR)

    traits = traits_def(Pure())

    @property
    def window(self) -> tuple[WindowDimension, ...]:
        """The window along each dimension. Raises `VerifyException` where the attributes do not fit."""
        sizes = self.window_dimensions
        rank = len(shape_of(self.operand))
        return window_of(
            [1] * rank if sizes is None else sizes.get_values(), strides=self.window_strides, padding=self.padding
        )

    def verify_(self) -> None:
        shape, kind = shape_of(self.operand), tensor_type(self.operand).element_type
        if self.window_dimensions is not None:
            expect_count("window dimensions", self.window_dimensions.get_values(), len(shape))
        _verify_inits([self.init_value])
        places = windowed_shape(shape, self.window)
        if list(places) != list(shape_of(self.source)) and DYNAMIC_INDEX not in (*places, *shape_of(self.source)):
            raise VerifyException(f"expected a source of shape {list(places)}, got {self.source.type}")
        arguments = [argument.type for argument in self.select.block.args]
        if arguments != [TensorType(kind, [])] * 2:
            raise VerifyException(f"expected 2 arguments of type tensor<{kind}> of the selection")
        expect_yields(self.select, [TensorType(i1, [])], "the selection")
        (combined,) = _verify_reducer(self.scatter, 1, "the scatter region")
        expect_result(self.result, shape, combined)


REDUCTION_OPS = (ReduceOp, ReduceWindowOp, SelectAndScatterOp)
"""The ops of this file."""
