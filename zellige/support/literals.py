"""From the text of a dense literal to its bytes; large constants are never unpacked into Python numbers.

The bytes are those of a numpy array in C order, little-endian; an `i1` is a byte 0 or 1, an `index` has 8 bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from xdsl.dialects.builtin import (
    AnyDenseElement,
    AnyFloat,
    BytesAttr,
    ComplexType,
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    IndexType,
    IntegerType,
    RankedStructure,
    i1,
)
from xdsl.ir import Attribute

MAX_CONSTANT_BYTES = 1 << 32
"""What one memory of a module can hold."""

RESOURCE_HEADER_BYTES = 4
"""A resource starts with its alignment, a little-endian u32."""


class LiteralError(ValueError):
    """A literal does not fit its type; the text says how."""


def dense_from_hex(type_: RankedStructure[AnyDenseElement], data: bytes) -> DenseIntOrFPElementsAttr:
    """The attribute of `dense<"0x…">`: the bytes of all elements, or of one for all.

    `i1` may also be packed as MLIR prints it, eight elements a byte, lowest bit first.
    """
    count = _count(type_)
    size = type_.element_type.compile_time_size
    if type_.element_type == i1:
        data = _unpack_bits(data, count)
    elif len(data) == size != count * size:
        data *= count
    return _checked(type_, data, count * size)


def dense_from_resource(type_: RankedStructure[AnyDenseElement], blob: bytes) -> DenseIntOrFPElementsAttr:
    """The attribute of a `dense_resource`: 4 bytes of alignment, then the bytes of all elements."""
    if len(blob) < RESOURCE_HEADER_BYTES:
        raise LiteralError(f"a resource starts with {RESOURCE_HEADER_BYTES} bytes of alignment, got {len(blob)} bytes")
    return _checked(type_, blob[RESOURCE_HEADER_BYTES:], _count(type_) * type_.element_type.compile_time_size)


def dense_from_numbers(
    type_: RankedStructure[AnyDenseElement], numbers: Sequence[complex], *, is_splat: bool
) -> DenseIntOrFPElementsAttr:
    """The attribute of `dense<[…]>` or, with one number for all elements, of `dense<…>`.

    Only a complex element type has complex numbers.
    """
    count = _count(type_)
    match type_.element_type:
        case Float32Type() | Float64Type() as float_type:
            with np.errstate(over="ignore"):
                data = _reals(numbers).astype(f"<f{float_type.size}").tobytes()
        case IntegerType() | IndexType() as integer_type:
            integers = [_in_range(integer_type, int(number.real)) for number in numbers]
            data = bytes(integer & 1 for integer in integers) if integer_type == i1 else integer_type.pack(integers)
        case ComplexType(element_type=Float32Type() | Float64Type() as part):
            with np.errstate(over="ignore"):
                data = np.asarray(numbers, dtype=np.complex128).astype(f"<c{2 * part.size}").tobytes()
        case ComplexType():
            raise LiteralError(f"constants of {type_.element_type} are not supported")
        case other:
            data = other.pack(_reals(numbers).tolist())
    return _checked(type_, data * count if is_splat else data, count * type_.element_type.compile_time_size)


def float_from_bits(element_type: Attribute, bits: int) -> float:
    """The float that a hexadecimal literal such as `0xFF800000` stands for: its bits, not its number."""
    match element_type:
        case Float32Type() | Float64Type() if bits < 1 << 8 * element_type.size:
            return float(np.frombuffer(bits.to_bytes(element_type.size, "little"), f"<f{element_type.size}")[0])
        case _ if isinstance(element_type, AnyFloat) and bits < 1 << element_type.bitwidth:
            return element_type.unpack(bits.to_bytes(element_type.compile_time_size, "little"), 1)[0]
        case _:
            raise LiteralError(f"'{bits:#x}' has more bits than {element_type}")


def _reals(numbers: Sequence[complex]) -> npt.NDArray[np.float64]:
    return np.asarray([number.real for number in numbers], dtype=np.float64)


def _count(type_: RankedStructure[AnyDenseElement]) -> int:
    count = math.prod(type_.get_shape())
    size = count * type_.element_type.compile_time_size
    if size > MAX_CONSTANT_BYTES:
        raise LiteralError(f"a constant of {size} bytes is too large, at most {MAX_CONSTANT_BYTES} are possible")
    return count


def _checked(type_: RankedStructure[AnyDenseElement], data: bytes, expected: int) -> DenseIntOrFPElementsAttr:
    if len(data) != expected:
        raise LiteralError(f"the constant has {len(data)} bytes, its type {type_} needs {expected}")
    return DenseIntOrFPElementsAttr(type_, BytesAttr(data))


def _unpack_bits(data: bytes, count: int) -> bytes:
    if len(data) == 1 and data in (b"\x00", b"\xff"):
        return bytes([data[0] & 1]) * count
    if len(data) == (count + 7) // 8:
        return np.unpackbits(np.frombuffer(data, np.uint8), count=count, bitorder="little").tobytes()
    return data


def _in_range(type_: IntegerType | IndexType, number: int) -> int:
    low, high = (-(1 << 63), 1 << 63) if isinstance(type_, IndexType) else type_.value_range()
    if not low <= number < high:
        raise LiteralError(f"{number} does not fit {type_}, whose values are {low} to {high - 1}")
    return number if isinstance(type_, IndexType) else type_.get_normalized_value(number)
