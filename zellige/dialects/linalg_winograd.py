"""linalg's transforms of Winograd's convolution: of filters, of the input and of the output.

Contract. `fmr(F_m_r)`: tiles of `m` outputs of a filter of `r` are products of `m + r - 1` numbers, along height, along
width, or both. A filter of 1 along one of them is not transformed there. The filter is f h w c, the input n h w c, the
output n h w f; transformed they are a b c f, a b th tw n c and a b th tw n f, with tiles th and tw and numbers a and b.
What is transformed back is added to the output.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

from xdsl.dialects.builtin import DYNAMIC_INDEX, I32, IntegerAttr, TensorType, i32
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.linalg_syntax import parse_group, parse_result_types, print_group, print_result_types
from zellige.dialects.shaped_types import tensor_type

SIZES = ((2, 3), (4, 3), (2, 5))
"""Outputs of a tile and size of the filter, in the order of upstream's numbers for them."""


class WinogradOp(IRDLOperation, ABC):
    """What the three have in common."""

    fmr = prop_def(IntegerAttr[I32])
    source = operand_def(TensorType)
    dest = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())

    @property
    def outputs_of_tile(self) -> int:
        return SIZES[self.fmr.value.data][0]

    @property
    def filter_size(self) -> int:
        return SIZES[self.fmr.value.data][1]

    @property
    def numbers(self) -> int:
        """How many numbers a tile has when it is transformed."""
        return self.outputs_of_tile + self.filter_size - 1

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parser.parse_keyword("fmr")
        names = [_name(number) for number in range(len(SIZES))]
        with parser.in_parens():
            position = parser.pos
            name = parser.parse_identifier()
            if name not in names:
                parser.raise_error(f"expected one of {', '.join(names)}, got {name}", position)
        position = parser.pos
        values: list[SSAValue] = [*parse_group(parser, "ins"), *parse_group(parser, "outs")]
        if len(values) != 2:
            parser.raise_error(f"expected 1 input and 1 output, got {len(values)} operands", position)
        attributes = parser.parse_optional_attr_dict()
        properties = {"fmr": IntegerAttr(names.index(name), i32)}
        types = parse_result_types(parser)
        return cls(operands=values, result_types=types, properties=properties, attributes=attributes)

    def print(self, printer: Printer) -> None:
        printer.print_string(f" fmr({_name(self.fmr.value.data)})")
        print_group(printer, "ins", [self.source])
        print_group(printer, "outs", [self.dest])
        printer.print_op_attributes(self.attributes)
        print_result_types(printer, [self.result.type])

    def verify_(self) -> None:
        if not 0 <= self.fmr.value.data < len(SIZES):
            raise VerifyException(f"fmr must be 0 to {len(SIZES) - 1}, got {self.fmr.value.data}")
        plain, transformed = self._plain_and_transformed()
        types = [tensor_type(plain), tensor_type(transformed), tensor_type(self.result)]
        ranks = (4, 4 if isinstance(self, WinogradFilterTransformOp) else 6)
        if self.result.type != self.dest.type or tuple(type_.get_num_dims() for type_ in types[:2]) != ranks:
            raise VerifyException(
                f"expected tensors of {ranks[0]} and {ranks[1]} dimensions, got {types[0]} and {types[1]}"
            )
        given, made = types[0].get_shape(), types[1].get_shape()
        if DYNAMIC_INDEX in (*given, *made):
            return
        expected = TensorType(types[0].element_type, self._transformed_shape(given, made))
        if types[1] != expected:
            raise VerifyException(f"expected {expected} as the transformed form of {types[0]}, got {types[1]}")

    def _plain_and_transformed(self) -> tuple[SSAValue, SSAValue]:
        return self.source, self.dest

    @abstractmethod
    def _transformed_shape(self, plain: tuple[int, ...], transformed: tuple[int, ...]) -> list[int]:
        """The shape of the transformed tensor, of which only what cannot follow from the plain one is looked at."""


@irdl_op_definition
class WinogradFilterTransformOp(WinogradOp):
    """Filters as Winograd's convolution multiplies them.

    ```mlir
    %1 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<2x3x3x5xf32>) outs(%0 : tensor<6x6x5x2xf32>)
        -> tensor<6x6x5x2xf32>
    ```
    """

    name = "linalg.winograd_filter_transform"

    def _transformed_shape(self, plain: tuple[int, ...], transformed: tuple[int, ...]) -> list[int]:
        filters, height, width, channels = plain
        if {height, width} - {1, self.filter_size}:
            raise VerifyException(f"expected filters of {self.filter_size} or 1, got {height} by {width}")
        sides = [1 if size == 1 else self.numbers for size in (height, width)]
        return [*sides, channels, filters]


@irdl_op_definition
class WinogradInputTransformOp(WinogradOp):
    """Tiles of the input as Winograd's convolution multiplies them.

    ```mlir
    %1 = linalg.winograd_input_transform fmr(F_4_3) ins(%x : tensor<1x10x10x5xf32>)
        outs(%0 : tensor<6x6x2x2x1x5xf32>) -> tensor<6x6x2x2x1x5xf32>
    ```
    """

    name = "linalg.winograd_input_transform"

    def _transformed_shape(self, plain: tuple[int, ...], transformed: tuple[int, ...]) -> list[int]:
        images, *sizes, channels = plain
        sides = [1 if side == 1 else self.numbers for side in transformed[:2]]
        tiles = [
            size if side == 1 else (size - self.filter_size + 1) // self.outputs_of_tile
            for size, side in zip(sizes, sides, strict=True)
        ]
        return [*sides, *tiles, images, channels]


@irdl_op_definition
class WinogradOutputTransformOp(WinogradOp):
    """Products of tiles as the output of a convolution.

    ```mlir
    %1 = linalg.winograd_output_transform fmr(F_4_3) ins(%v : tensor<6x6x2x2x1x2xf32>)
        outs(%0 : tensor<1x8x8x2xf32>) -> tensor<1x8x8x2xf32>
    ```
    """

    name = "linalg.winograd_output_transform"

    def _plain_and_transformed(self) -> tuple[SSAValue, SSAValue]:
        return self.dest, self.source

    def _transformed_shape(self, plain: tuple[int, ...], transformed: tuple[int, ...]) -> list[int]:
        images, *sizes, filters = plain
        sides = [1 if side == 1 else self.numbers for side in transformed[:2]]
        tiles = [size if side == 1 else size // self.outputs_of_tile for size, side in zip(sizes, sides, strict=True)]
        return [*sides, *tiles, images, filters]


def _name(number: int) -> str:
    outputs, size = SIZES[number]
    return f"F_{outputs}_{size}"


WINOGRAD_OPS: tuple[type[Operation], ...] = (
    WinogradFilterTransformOp,
    WinogradInputTransformOp,
    WinogradOutputTransformOp,
)
