"""linalg_ext: ops on tensors of which one step depends on the step before: sort, scan, topk, scatter.

Contract. Each op is a kernel by itself. It is a function of its operands: what its results hold does not depend on how
it is cut. *Rows* are the elements along `dimension`; rows know nothing of each other, and each is worked through in
order. The body is scalar computation and ends in `linalg_ext.yield`; it may use scalars from outside. The first
`updates` results have the bytes of the first operands where these are not needed any more.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    BoolAttr,
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    TensorType,
    i1,
    i64,
)
from xdsl.ir import Attribute, Dialect, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    irdl_op_definition,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.linalg_syntax import (
    parse_group,
    parse_integers,
    parse_result_types,
    print_group,
    print_integers,
    print_result_types,
)
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.support.printing import types_text

RUN = 16
"""A row of at most so many elements is sorted by insertion and needs no second buffer."""


@irdl_op_definition
class YieldOp(IRDLOperation):
    """The results of a body.

    ```mlir
    linalg_ext.yield %sum : f32
    ```
    """

    name = "linalg_ext.yield"

    values = var_operand_def()
    traits = traits_def(IsTerminator(), Pure())
    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def __init__(self, *values: SSAValue) -> None:
        super().__init__(operands=[values])


class SequentialOp(IRDLOperation, ABC):
    """What the ops of this dialect have in common: a kernel that is worked through in order."""

    UPDATES: ClassVar[bool] = False
    """Whether result `i` is operand `i` after an update."""

    body = region_def("single_block")

    @property
    def updated(self) -> int:
        """How many of the first operands the results take over."""
        return len(self.results) if self.UPDATES else 0


def parse_dimension(parser: Parser) -> int:
    """`dimension(1)`."""
    parser.parse_keyword("dimension")
    with parser.in_parens():
        return parser.parse_integer(allow_boolean=False)


def parse_flag(parser: Parser, keyword: str) -> bool:
    """`keyword(true)`."""
    parser.parse_keyword(keyword)
    with parser.in_parens():
        return parser.parse_boolean()


def print_in_parens(printer: Printer, keyword: str, value: object) -> None:
    """The inverse of `parse_dimension` and `parse_flag`."""
    printer.print_string(f" {keyword}({str(value).lower()})")


def verify_body(body: Region, arguments: Sequence[Attribute], results: Sequence[Attribute]) -> None:
    """Check the types of a body's arguments and of what it yields. Raises `VerifyException`."""
    block = body.block
    if tuple(block.arg_types) != tuple(arguments):
        raise VerifyException(f"expected a body of {types_text(arguments)}, got {types_text(block.arg_types)}")
    terminator = block.last_op
    if not isinstance(terminator, YieldOp):
        raise VerifyException(f"expected a body that ends in '{YieldOp.name}'")
    if tuple(terminator.values.types) != tuple(results):
        raise VerifyException(
            f"expected a body that yields {types_text(results)}, got {types_text(terminator.values.types)}"
        )


def _verify_rows(dimension: int, inputs: Sequence[SSAValue]) -> None:
    """All inputs have one shape, of which `dimension` is one."""
    if not inputs:
        raise VerifyException("expected at least one input")
    shapes = {tensor_type(value).get_shape() for value in inputs}
    if len(shapes) > 1:
        raise VerifyException(f"inputs must have one shape, got {types_text([value.type for value in inputs])}")
    rank = len(shapes.pop())
    if not 0 <= dimension < rank:
        raise VerifyException(f"dimension must be 0 to {rank - 1}, got {dimension}")


def _elements(values: Sequence[SSAValue]) -> list[Attribute]:
    return [element_type(value.type) for value in values]


def _print_end(printer: Printer, op: SequentialOp) -> None:
    if op.attributes:
        printer.print_op_attributes(op.attributes, print_keyword=True)
    printer.print_string(" ")
    printer.print_region(op.body)
    print_result_types(printer, [result.type for result in op.results])


def _parse_end(parser: Parser) -> tuple[dict[str, Attribute], Region, list[Attribute]]:
    attributes = parser.parse_optional_attr_dict_with_keyword()
    body = parser.parse_region()
    return ({} if attributes is None else dict(attributes.data)), body, parse_result_types(parser)


def _needs_space(inputs: Sequence[SSAValue], dimension: int) -> bool:
    """Whether rows are too long to be sorted where they are."""
    shape = tensor_type(inputs[0]).get_shape() if inputs else ()
    return 0 <= dimension < len(shape) and not 0 <= shape[dimension] <= RUN


@irdl_op_definition
class SortOp(SequentialOp):
    """Sort rows; all inputs move together. Elements that the body puts in no order stay in the order they have.

    The body says whether the first of two elements comes before the second: its arguments are the first and the second
    element of the first input, then those of the next. Of long rows half of the results are space to work in, of
    which nothing is said.

    ```mlir
    %sorted = linalg_ext.sort dimension(1) ins(%x : tensor<4x8xf32>) {
    ^bb0(%a: f32, %b: f32):
      %less = arith.cmpf olt, %a, %b : f32
      linalg_ext.yield %less : i1
    } -> tensor<4x8xf32>
    ```
    """

    name = "linalg_ext.sort"

    inputs = var_operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    outputs = var_result_def(TensorType)
    traits = traits_def(Pure())

    def __init__(self, inputs: Sequence[SSAValue], dimension: int, body: Region) -> None:
        types = [value.type for value in inputs]
        super().__init__(
            operands=[inputs],
            result_types=[types * 2 if _needs_space(inputs, dimension) else types],
            properties={"dimension": IntegerAttr(dimension, i64)},
            regions=[body],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        dimension = parse_dimension(parser)
        inputs = parse_group(parser, "ins")
        attributes, body, _ = _parse_end(parser)
        op = cls(inputs, dimension, body)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        print_in_parens(printer, "dimension", self.dimension.value.data)
        print_group(printer, "ins", self.inputs)
        _print_end(printer, self)

    @property
    def sorted(self) -> Sequence[SSAValue]:
        """The sorted inputs, without the space to work in."""
        return self.results[: len(self.inputs)]

    def verify_(self) -> None:
        dimension = self.dimension.value.data
        _verify_rows(dimension, self.inputs)
        types = list(self.inputs.types)
        expected = types * 2 if _needs_space(self.inputs, dimension) else types
        if list(self.outputs.types) != expected:
            raise VerifyException(f"expected results {types_text(expected)}, got {types_text(self.outputs.types)}")
        verify_body(self.body, [t for element in _elements(self.inputs) for t in (element, element)], [i1])


@irdl_op_definition
class ScanOp(SequentialOp):
    """Combine the elements of each row, one after the other, and keep what comes out on the way.

    The body's arguments are what has been combined so far, and the next elements. An inclusive scan has in each place
    the combination with the element there, an exclusive one that of the elements before. Both start from `init`;
    without it, an inclusive scan starts from the first elements. `reverse` goes from the last element to the first.

    ```mlir
    %sums = linalg_ext.scan dimension(1) inclusive(true) reverse(false) ins(%x : tensor<4x8xf32>) {
    ^bb0(%sum: f32, %a: f32):
      %next = arith.addf %sum, %a : f32
      linalg_ext.yield %next : f32
    } -> tensor<4x8xf32>
    ```
    """

    name = "linalg_ext.scan"

    inputs = var_operand_def(TensorType)
    inits = var_operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    inclusive = prop_def(BoolAttr)
    reverse = prop_def(BoolAttr)
    outputs = var_result_def(TensorType)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure())

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        inits: Sequence[SSAValue],
        dimension: int,
        body: Region,
        *,
        inclusive: bool = True,
        reverse: bool = False,
    ) -> None:
        arguments = body.block.arg_types[: len(inputs)]
        results = [TensorType(kind, tensor_type(x).get_shape()) for kind, x in zip(arguments, inputs, strict=True)]
        super().__init__(
            operands=[inputs, inits],
            result_types=[results],
            properties={
                "dimension": IntegerAttr(dimension, i64),
                "inclusive": BoolAttr.from_bool(inclusive),
                "reverse": BoolAttr.from_bool(reverse),
            },
            regions=[body],
        )

    @property
    def is_inclusive(self) -> bool:
        return bool(self.inclusive)

    @property
    def is_reverse(self) -> bool:
        return bool(self.reverse)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        dimension = parse_dimension(parser)
        inclusive, reverse = parse_flag(parser, "inclusive"), parse_flag(parser, "reverse")
        inputs, inits = parse_group(parser, "ins"), parse_group(parser, "init")
        attributes, body, _ = _parse_end(parser)
        op = cls(inputs, inits, dimension, body, inclusive=inclusive, reverse=reverse)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        print_in_parens(printer, "dimension", self.dimension.value.data)
        print_in_parens(printer, "inclusive", self.is_inclusive)
        print_in_parens(printer, "reverse", self.is_reverse)
        print_group(printer, "ins", self.inputs)
        print_group(printer, "init", self.inits)
        _print_end(printer, self)

    def verify_(self) -> None:
        dimension = self.dimension.value.data
        _verify_rows(dimension, self.inputs)
        shape = tensor_type(self.inputs[0]).get_shape()
        results = _elements(self.outputs)
        if len(results) != len(self.inputs) or any(tensor_type(r).get_shape() != shape for r in self.outputs):
            raise VerifyException(f"expected a result of the shape of each input, got {types_text(self.outputs.types)}")
        verify_body(self.body, [*results, *_elements(self.inputs)], results)
        if not self.inits:
            if not self.is_inclusive or results != _elements(self.inputs):
                raise VerifyException("expected 'init': only an inclusive scan can start from its first elements")
            return
        row = [size for d, size in enumerate(shape) if d != dimension]
        expected = [TensorType(kind, row) for kind in results]
        if list(self.inits.types) != expected:
            raise VerifyException(f"expected 'init' of {types_text(expected)}, got {types_text(self.inits.types)}")


@irdl_op_definition
class TopkOp(SequentialOp):
    """The first elements of each row when it is sorted, and where they were.

    The body says whether its first argument comes before its second one; elements that it puts in no order stay in the
    order they have. `outs` are what the lists start from, without places left: an element gets in where it comes before
    one that is there. Without `outs` the lists start empty. A second input gives the numbers to keep, else they are the
    places in the row.

    ```mlir
    %values, %places = linalg_ext.topk dimension(1) ins(%x : tensor<4x8xf32>) {
    ^bb0(%a: f32, %b: f32):
      %greater = arith.cmpf ogt, %a, %b : f32
      linalg_ext.yield %greater : i1
    } -> (tensor<4x2xf32>, tensor<4x2xi32>)
    ```
    """

    name = "linalg_ext.topk"

    inputs = var_operand_def(TensorType)
    inits = var_operand_def(TensorType)
    dimension = prop_def(IntegerAttr[I64])
    outputs = var_result_def(TensorType)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure())

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        inits: Sequence[SSAValue],
        dimension: int,
        body: Region,
        result_types: Sequence[Attribute],
    ) -> None:
        super().__init__(
            operands=[inputs, inits],
            result_types=[result_types],
            properties={"dimension": IntegerAttr(dimension, i64)},
            regions=[body],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        dimension = parse_dimension(parser)
        inputs, inits = parse_group(parser, "ins"), parse_group(parser, "outs")
        attributes, body, types = _parse_end(parser)
        op = cls(inputs, inits, dimension, body, types)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        print_in_parens(printer, "dimension", self.dimension.value.data)
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.inits)
        _print_end(printer, self)

    def verify_(self) -> None:
        dimension = self.dimension.value.data
        _verify_rows(dimension, self.inputs)
        if len(self.inputs) > 2 or len(self.outputs) != 2:
            raise VerifyException(
                f"expected values, with their numbers or without, and two results, got {len(self.inputs)} inputs "
                f"and {len(self.outputs)} results"
            )
        values, places = (tensor_type(result) for result in self.outputs)
        shape = tensor_type(self.inputs[0]).get_shape()
        kept = values.get_shape()
        if places.get_shape() != kept or _without(kept, dimension) != _without(shape, dimension):
            raise VerifyException(f"expected two results that differ from the input in dimension {dimension} only")
        if not self.inits and DYNAMIC_INDEX < shape[dimension] < kept[dimension]:
            raise VerifyException(f"a row of {shape[dimension]} elements has no first {kept[dimension]}")
        if self.inits and self.inits.types != self.outputs.types:
            raise VerifyException(
                f"expected 'outs' of {types_text(self.outputs.types)}, got {types_text(self.inits.types)}"
            )
        if not isinstance(places.element_type, IntegerType):
            raise VerifyException(f"expected integers for the places, got {places.element_type}")
        expected = _elements(self.outputs)[: len(self.inputs)]
        if _elements(self.inputs) != expected:
            raise VerifyException(f"expected inputs of {types_text(expected)}, got {types_text(self.inputs.types)}")
        verify_body(self.body, [values.element_type] * 2, [i1])


def _without(shape: Sequence[int], dimension: int) -> list[int]:
    return [size for d, size in enumerate(shape) if d != dimension]


@irdl_op_definition
class ScatterOp(SequentialOp):
    """Update windows of tensors, one after the other.

    Row `n` of the updates is a window with the dimensions of the inputs. It starts where row `n` of the integers
    `indices` says for the dimensions `dims`, and at 0 in all others. What of it lies outside is left out. The body's
    arguments are the elements that are there and the new ones; it yields what is there afterwards.

    ```mlir
    %sums = linalg_ext.scatter dims = [0] into(%x : tensor<9x4xf32>) ins(%i, %u : tensor<3x1xi32>, tensor<3x1x4xf32>) {
    ^bb0(%old: f32, %new: f32):
      %sum = arith.addf %old, %new : f32
      linalg_ext.yield %sum : f32
    } -> tensor<9x4xf32>
    ```
    """

    name = "linalg_ext.scatter"
    UPDATES: ClassVar[bool] = True

    inputs = var_operand_def(TensorType)
    sources = var_operand_def(TensorType)
    dims = prop_def(DenseArrayBase.constr(i64))
    outputs = var_result_def(TensorType)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure())

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        indices: SSAValue,
        windows: Sequence[SSAValue],
        dims: Sequence[int],
        body: Region,
    ) -> None:
        super().__init__(
            operands=[inputs, [indices, *windows]],
            result_types=[[value.type for value in inputs]],
            properties={"dims": DenseArrayBase.from_list(i64, dims)},
            regions=[body],
        )

    @property
    def indices(self) -> SSAValue:
        return self.sources[0]

    @property
    def windows(self) -> Sequence[SSAValue]:
        """One tensor of updates for each input."""
        return self.sources[1:]

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        dims = parse_integers(parser, "dims")
        inputs, sources = parse_group(parser, "into"), parse_group(parser, "ins")
        if not sources:
            parser.raise_error("expected 'ins' with indices and updates")
        attributes, body, _ = _parse_end(parser)
        op = cls(inputs, sources[0], sources[1:], dims, body)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        print_integers(printer, "dims", self.dims.get_values())
        print_group(printer, "into", self.inputs)
        print_group(printer, "ins", self.sources)
        _print_end(printer, self)

    def verify_(self) -> None:
        _verify_scatter_shapes(self)
        if self.outputs.types != self.inputs.types:
            raise VerifyException(
                f"expected results {types_text(self.inputs.types)}, got {types_text(self.outputs.types)}"
            )
        elements = _elements(self.inputs)
        verify_body(self.body, [*elements, *_elements(self.windows)], elements)


def _verify_scatter_shapes(op: ScatterOp) -> None:
    if not op.inputs or len(op.windows) != len(op.inputs):
        raise VerifyException(f"expected updates for each input, got {len(op.windows)} for {len(op.inputs)}")
    shape = tensor_type(op.inputs[0]).get_shape()
    if any(tensor_type(value).get_shape() != shape for value in op.inputs):
        raise VerifyException(f"inputs must have one shape, got {types_text(op.inputs.types)}")
    indices = tensor_type(op.indices)
    dims = op.dims.get_values()
    if len(set(dims)) != len(dims) or not set(dims) <= set(range(len(shape))):
        raise VerifyException(f"expected different dimensions of the inputs (0 to {len(shape) - 1}), got {list(dims)}")
    if not isinstance(indices.element_type, IntegerType):
        raise VerifyException(f"expected integers as indices, got {indices.element_type}")
    if indices.get_num_dims() != 2 or indices.get_shape()[1] != len(dims):
        raise VerifyException(f"expected {len(dims)} indices for each update, got {indices}")
    for value in op.windows:
        window = tensor_type(value).get_shape()
        if len(window) != len(shape) + 1 or window[0] != indices.get_shape()[0]:
            raise VerifyException(
                f"expected {indices.get_shape()[0]} windows of {len(shape)} dimensions, got {value.type}"
            )
        if any(DYNAMIC_INDEX < full < size for size, full in zip(window[1:], shape, strict=True)):
            raise VerifyException(f"a window is no larger than {list(shape)}, got {list(window[1:])}")


LinalgExt = Dialect("linalg_ext", [SortOp, ScanOp, TopkOp, ScatterOp, YieldOp], [])
