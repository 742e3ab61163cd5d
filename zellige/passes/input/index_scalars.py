"""Numbers of a program as indices that lie inside of a tensor."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, Signedness, UnrealizedConversionCastOp
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type
from zellige.dialects.signedness import signless
from zellige.passes.input.scalars import Scalars

INDEX = IndexType()
_INDEX_BITS, _LONG_BITS = 32, 64


def _has_no_sign(kind: Attribute) -> bool:
    return isa(kind, IntegerType) and kind.signedness.data == Signedness.UNSIGNED


def signed_type(values: SSAValue) -> IntegerType:
    """A type of at least 32 bits for the integers of a scalar or tensor, the highest of 64 bits left out."""
    kind = element_type(values.type)
    assert isa(kind, IntegerType)
    is_wide = kind.bitwidth == _LONG_BITS or (kind.bitwidth == _INDEX_BITS and _has_no_sign(kind))
    return IntegerType(_LONG_BITS if is_wide else _INDEX_BITS)


def signed(code: Scalars, value: SSAValue) -> SSAValue:
    """An integer as a signed number of its `signed_type`; one that is larger than any is the largest."""
    bits, kind = signless(value.type), signed_type(value)
    number = value if value.type == bits else code.emit(UnrealizedConversionCastOp.get([value], [bits]))
    has_no_sign = _has_no_sign(value.type)
    if bits != kind:
        return code.emit((arith.ExtUIOp if has_no_sign else arith.ExtSIOp)(number, kind))
    if has_no_sign:
        return code.emit(arith.MinUIOp(number, code.integer((1 << (kind.bitwidth - 1)) - 1, number)))
    return number


def clamped_index(code: Scalars, value: SSAValue, limit: Index) -> SSAValue:
    """An integer brought between 0 and `limit`, as an index."""
    if limit == 0:
        return constant_index(code, 0)
    number = signed(code, value)
    number = code.emit(arith.MaxSIOp(number, code.integer(0, number)))
    bound = code.integer(limit, number) if isinstance(limit, int) else code.emit(arith.IndexCastOp(limit, number.type))
    number = code.emit(arith.MinSIOp(number, bound))
    return code.emit(arith.IndexCastOp(number, INDEX))


def constant_index(code: Scalars, number: int) -> SSAValue:
    return code.emit(arith.ConstantOp(IntegerAttr(number, INDEX)))
