"""The ops of linalg that say in their text which dimensions they work on or what they compute.

`transpose`, `broadcast`, `reduce`, `map` and `softmax`. The results have the types of the outputs.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar, Self, cast

from xdsl.dialects.builtin import (
    I64,
    AffineMapAttr,
    ArrayAttr,
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    TensorType,
    i64,
)
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    SameVariadicOperandSize,
    irdl_op_definition,
    operand_def,
    prop_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.linalg_bodies import BodyBuilder
from zellige.dialects.linalg_maps import iterator_types, map_attrs, projection, rank, tensor_types
from zellige.dialects.linalg_syntax import parse_group, parse_integers, print_group, print_integers
from zellige.dialects.operand_segments import InferredSegmentsOp
from zellige.dialects.shaped_types import element_type


def _parse_one_to_one(parser: Parser) -> tuple[SSAValue, SSAValue]:
    position = parser.pos
    inputs, outputs = parse_group(parser, "ins"), parse_group(parser, "outs")
    if len(inputs) != 1 or len(outputs) != 1:
        parser.raise_error(f"expected 1 input and 1 output, got {len(inputs)} and {len(outputs)}", position)
    return inputs[0], outputs[0]


def _copy_body(input_: SSAValue, init: SSAValue) -> Region:
    builder = BodyBuilder([element_type(input_.type), element_type(init.type)])
    return builder.yielding(builder.block.args[0])


class _MovementOp(LinalgStructuredOperation, ABC):
    """Each element of the output is one of the input; the property `LIST`, a list of dimensions, says which."""

    LIST: ClassVar[str]
    irdl_options = (SameVariadicOperandSize(),)

    def __init__(self, input_: SSAValue, init: SSAValue, dimensions: Sequence[int]) -> None:
        super().__init__(
            operands=[[input_], [init]],
            result_types=[tensor_types([init])],
            properties={self.LIST: DenseArrayBase.from_list(i64, dimensions)},
            regions=[_copy_body(input_, init)],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        input_, init = _parse_one_to_one(parser)
        op = cls(input_, init, parse_integers(parser, cls.LIST))
        op.attributes |= parser.parse_optional_attr_dict()
        return op

    def print(self, printer: Printer) -> None:
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.outputs)
        print_integers(printer, self.LIST, self._dimensions)
        printer.print_op_attributes(self.attributes)

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([False] * rank(self.outputs[0].type))

    @property
    def _dimensions(self) -> tuple[int, ...]:
        return cast("DenseArrayBase[IntegerType]", self.properties[self.LIST]).get_values()


@irdl_op_definition
class TransposeOp(_MovementOp):
    """Dimension `i` of the output is dimension `permutation[i]` of the input.

    ```mlir
    %1 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%0 : tensor<3x2xf32>) permutation = [1, 0]
    ```
    """

    name = "linalg.transpose"
    LIST: ClassVar[str] = "permutation"

    permutation = prop_def(DenseArrayBase.constr(i64))

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        permutation = self.permutation.get_values()
        dims = len(permutation)
        return map_attrs([projection(dims, [permutation.index(i) for i in range(dims)]), AffineMap.identity(dims)])

    def verify_(self) -> None:
        permutation = self.permutation.get_values()
        if sorted(permutation) != list(range(rank(self.inputs[0].type))):
            raise VerifyException(f"expected a permutation of the dimensions of the input, got {list(permutation)}")
        super().verify_()


@irdl_op_definition
class BroadcastOp(_MovementOp):
    """`dimensions` are those of the output that the input does not have.

    ```mlir
    %1 = linalg.broadcast ins(%a : tensor<8xf32>) outs(%0 : tensor<4x8xf32>) dimensions = [0]
    ```
    """

    name = "linalg.broadcast"
    LIST: ClassVar[str] = "dimensions"

    dimensions = prop_def(DenseArrayBase.constr(i64))

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        dims, added = rank(self.outputs[0].type), self.dimensions.get_values()
        return map_attrs([projection(dims, [i for i in range(dims) if i not in added]), AffineMap.identity(dims)])

    def verify_(self) -> None:
        _verify_dimensions(self.dimensions.get_values(), rank(self.outputs[0].type), "output")
        super().verify_()


def _verify_dimensions(dimensions: Sequence[int], dims: int, of: str) -> None:
    if list(dimensions) != sorted({d for d in dimensions if 0 <= d < dims}):
        raise VerifyException(f"expected increasing dimensions of the {of} (0 to {dims - 1}), got {list(dimensions)}")


def _parse_short_body(parser: Parser) -> tuple[type[Operation], dict[str, Attribute]] | None:
    """`{ arith.addf }`: the one op of the body, with its attributes."""
    if parser.parse_optional_punctuation("{") is None:
        return None
    position = parser.pos
    name = parser.parse_identifier(" that is the name of an operation")
    payload = parser.ctx.get_optional_op(name)
    if payload is None:
        parser.raise_error(f"unknown op '{name}'", position, position + len(name))
    attributes = parser.parse_optional_attr_dict()
    parser.parse_punctuation("}")
    return payload, attributes


def _short_body(
    payload: tuple[type[Operation], dict[str, Attribute]], types: Sequence[Attribute], operands: Sequence[int]
) -> Region:
    """The body that applies an op to its arguments number `operands`; the result has the type of the last argument."""
    op_type, attributes = payload
    builder = BodyBuilder(types)
    properties = op_type.get_irdl_definition().properties if issubclass(op_type, IRDLOperation) else {}
    value = builder.emit(
        op_type.create(
            operands=[builder.block.args[i] for i in operands],
            result_types=[types[-1]],
            properties={name: value for name, value in attributes.items() if name in properties},
            attributes={name: value for name, value in attributes.items() if name not in properties},
        )
    )
    return builder.yielding(value)


def _parse_long_body(parser: Parser) -> Region:
    """`(%in: f32, %out: f32) { … }`."""
    arguments = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_argument)
    return parser.parse_region(arguments)


def _print_long_body(printer: Printer, body: Region) -> None:
    printer.print_string("\n  ")
    with printer.in_parens():
        printer.print_list(body.block.args, printer.print_block_argument)
    printer.print_string(" ")
    printer.print_region(body, print_entry_block_args=False)


@irdl_op_definition
class ReduceOp(LinalgStructuredOperation):
    """Combine the elements along `dimensions` by the body, starting from the outputs.

    ```mlir
    %1 = linalg.reduce { arith.addf } ins(%a : tensor<4x8xf32>) outs(%0 : tensor<8xf32>) dimensions = [0]
    ```
    """

    name = "linalg.reduce"

    dimensions = prop_def(DenseArrayBase.constr(i64))
    irdl_options = (SameVariadicOperandSize(),)

    def __init__(
        self, inputs: Sequence[SSAValue], inits: Sequence[SSAValue], dimensions: Sequence[int], body: Region
    ) -> None:
        super().__init__(
            operands=[inputs, inits],
            result_types=[tensor_types(inits)],
            properties={"dimensions": DenseArrayBase.from_list(i64, dimensions)},
            regions=[body],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        payload = _parse_short_body(parser)
        inputs, inits = parse_group(parser, "ins"), parse_group(parser, "outs")
        if len(inputs) != len(inits) or not inputs:
            parser.raise_error(f"expected an output for each input, got {len(inputs)} and {len(inits)}", position)
        dimensions = parse_integers(parser, "dimensions")
        attributes = parser.parse_optional_attr_dict()
        if payload is None:
            body = _parse_long_body(parser)
        else:
            types = [element_type(value.type) for value in (*inputs, *inits)]
            body = _short_body(payload, types, [len(inputs), 0])
        op = cls(inputs, inits, dimensions, body)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.outputs)
        print_integers(printer, "dimensions", self.dimensions.get_values())
        printer.print_op_attributes(self.attributes)
        _print_long_body(printer, self.body)

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        dims, reduced = rank(self.inputs[0].type), self.dimensions.get_values()
        output = projection(dims, [i for i in range(dims) if i not in reduced])
        return map_attrs([AffineMap.identity(dims)] * len(self.inputs) + [output] * len(self.outputs))

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        reduced = self.dimensions.get_values()
        return iterator_types([i in reduced for i in range(rank(self.inputs[0].type))])

    def verify_(self) -> None:
        _verify_dimensions(self.dimensions.get_values(), rank(self.inputs[0].type), "input")
        super().verify_()


@irdl_op_definition
class MapOp(InferredSegmentsOp, LinalgStructuredOperation):
    """Apply the body to the elements at the same place of all inputs.

    The body has the output's element as a last argument, which older printers leave out.

    ```mlir
    %1 = linalg.map { arith.addf } ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%0 : tensor<8xf32>)
    ```
    """

    name = "linalg.map"

    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(self, inputs: Sequence[SSAValue], init: SSAValue, body: Region) -> None:
        super().__init__(operands=[inputs, [init]], result_types=[tensor_types([init])], regions=[body])

    @classmethod
    def segments(cls, count: int) -> Sequence[int]:
        return (count - 1, 1)  # the last operand is the output

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        payload = _parse_short_body(parser)
        inputs, inits = parse_group(parser, "ins"), parse_group(parser, "outs")
        if len(inits) != 1:
            parser.raise_error(f"expected 1 output, got {len(inits)}", position)
        attributes = parser.parse_optional_attr_dict()
        if payload is None:
            body = _parse_long_body(parser)
            if len(body.block.args) == len(inputs):
                body.block.insert_arg(element_type(inits[0].type), len(inputs))
        else:
            types = [element_type(value.type) for value in (*inputs, *inits)]
            body = _short_body(payload, types, range(len(inputs)))
        op = cls(inputs, inits[0], body)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.outputs)
        printer.print_op_attributes(self.attributes)
        _print_long_body(printer, self.body)

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        return map_attrs([AffineMap.identity(rank(self.outputs[0].type))] * len(self.operands))

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([False] * rank(self.outputs[0].type))


@irdl_op_definition
class SoftmaxOp(IRDLOperation):
    """`exp(x - max(x)) / sum(exp(x - max(x)))` along one dimension.

    ```mlir
    %1 = linalg.softmax dimension(1) ins(%a : tensor<4x8xf32>) outs(%0 : tensor<4x8xf32>) -> tensor<4x8xf32>
    ```
    """

    name = "linalg.softmax"

    input = operand_def(TensorType)
    output = operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    result = var_result_def(TensorType)
    assembly_format = (
        "attr-dict `dimension` `(` $dimension `)` `ins` `(` $input `:` type($input) `)` "
        "`outs` `(` $output `:` type($output) `)` (`->` type($result)^)?"
    )

    def __init__(self, input_: SSAValue, output: SSAValue, dimension: int) -> None:
        super().__init__(
            operands=[input_, output],
            result_types=[[output.type]],
            properties={"dimension": IntegerAttr(dimension, i64)},
        )

    def verify_(self) -> None:
        dims = rank(self.input.type)
        if not 0 <= self.dimension.value.data < dims:
            raise VerifyException(f"dimension must be 0 to {dims - 1}, got {self.dimension.value.data}")
        if self.input.type != self.output.type:
            raise VerifyException(f"the input is {self.input.type}, the output {self.output.type}")
        if [value.type for value in self.result] != [self.output.type]:
            raise VerifyException(f"expected one result of type {self.output.type}")


EXPLICIT_OPS: tuple[type[Operation], ...] = (TransposeOp, BroadcastOp, ReduceOp, MapOp, SoftmaxOp)
