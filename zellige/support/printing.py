"""Printing modules so that reading the text gives the same module, and large constants are never unpacked.

xDSL's own printer turns every element of a constant into a Python number, and prints 0.0 and -0.0 as one value.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import numpy as np
from xdsl.dialects.builtin import AnyFloat, DenseIntOrFPElementsAttr, ModuleOp, i1
from xdsl.ir import Attribute, Operation
from xdsl.printer import Printer
from xdsl.utils.hints import isa

MAX_LISTED_ELEMENTS = 100
"""Constants with more elements are printed in hexadecimal, as upstream does it."""


def module_text(op: ModuleOp | Operation, *, generic: bool = False, locations: bool = False) -> str:
    """The text of `op`, with a line feed at its end."""
    stream = StringIO()
    ModulePrinter(stream=stream, print_generic_format=generic, print_debuginfo=locations).print_op(op)
    stream.write("\n")
    return stream.getvalue()


def types_text(types: Sequence[Attribute]) -> str:
    """`(i32, tensor<4xf32>)`."""
    return f"({', '.join(map(str, types))})"


class ModulePrinter(Printer):
    """The printer of xDSL with constants from bytes, and names of resources in quotes where they need them."""

    def print_resource_handle(self, dialect: str, handle: str) -> None:
        self.print_identifier_or_string_literal(handle)

    def print_attribute(self, attribute: Attribute) -> None:
        if isa(attribute, DenseIntOrFPElementsAttr):
            self._print_dense(attribute)
            self.print_string(" : ")
            self.print_attribute(attribute.type)
        else:
            super().print_attribute(attribute)

    def _print_dense(self, constant: DenseIntOrFPElementsAttr) -> None:
        data, size = constant.data.data, constant.get_element_type().compile_time_size
        count = len(data) // size
        self.print_string("dense<")
        if count and _is_splat(data, size):
            self._print_element(constant.get_element_type(), data[:size])
        elif count > MAX_LISTED_ELEMENTS:
            if constant.get_element_type() == i1:
                data = np.packbits(np.frombuffer(data, np.uint8) != 0, bitorder="little").tobytes()
            self.print_string(f'"0x{data.hex().upper()}"')
        elif count:
            elements = [data[i : i + size] for i in range(0, len(data), size)]
            self._print_elements(constant.get_element_type(), elements, constant.get_shape())
        self.print_string(">")

    def _print_elements(self, type_: Attribute, elements: Sequence[bytes], shape: Sequence[int]) -> None:
        self.print_string("[")
        step = len(elements) // shape[0]
        for i in range(shape[0]):
            if i:
                self.print_string(", ")
            if len(shape) == 1:
                self._print_element(type_, elements[i])
            else:
                self._print_elements(type_, elements[i * step : (i + 1) * step], shape[1:])
        self.print_string("]")

    def _print_element(self, type_: Attribute, element: bytes) -> None:
        if isinstance(type_, AnyFloat):
            value = type_.unpack(element, 1)[0]
            if value != value or value in (float("inf"), float("-inf")):
                self.print_string(f"0x{element[::-1].hex().upper()}")
            else:
                self.print_float(value, type_)
        elif type_ == i1:
            self.print_string("true" if any(element) else "false")
        else:
            self.print_string(str(int.from_bytes(element, "little", signed=True)))


def _is_splat(data: bytes, size: int) -> bool:
    """Whether all elements of `size` bytes are the same bytes."""
    if size not in (1, 2, 4, 8):
        return data == data[:size] * (len(data) // size)
    elements = np.frombuffer(data, f"<u{size}")
    return bool((elements == elements[0]).all())
