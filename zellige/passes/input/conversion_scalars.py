"""Conversions between numbers of different types, as StableHLO has them."""

from __future__ import annotations

from xdsl.dialects import arith, complex  # noqa: A004  (the dialect's name)
from xdsl.dialects.builtin import AnyFloat, ComplexType, IntegerType, f32, i1
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo.element_kinds import Kind, kind_of
from zellige.passes.input.scalars import Operands, Scalars


def bitcast(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    """The same bits; both types have the same width."""
    target = signless(element_type(op.results[0].type))
    return operands[0] if operands[0].type == target else code.emit(arith.BitcastOp(operands[0], target))


def convert(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    source, target = element_type(op.operands[0].type), element_type(op.results[0].type)
    if isa(source, ComplexType) or isa(target, ComplexType):
        return _convert_complex(code, operands[0], source, target)
    return convert_scalar(code, operands[0], kind_of(source), target)


def _convert_complex(code: Scalars, value: SSAValue, source: Attribute, target: Attribute) -> SSAValue:
    """Part by part. A real number has the imaginary part zero; of a complex one the real part is kept."""
    if not isa(source, ComplexType):
        assert isa(target, ComplexType)
        real = convert_scalar(code, value, kind_of(source), target.element_type)
        return code.emit(complex.CreateOp(real, code.float(0.0, real), target))
    real = code.emit(complex.ReOp(value))
    if not isa(target, ComplexType):
        return convert_scalar(code, real, Kind.FLOAT, target)
    imaginary = code.emit(complex.ImOp(value))
    parts = [convert_scalar(code, part, Kind.FLOAT, target.element_type) for part in (real, imaginary)]
    return code.emit(complex.CreateOp(parts[0], parts[1], target))


def convert_scalar(code: Scalars, value: SSAValue, kind: Kind, target: Attribute) -> SSAValue:
    """The number `value`, of a signless type but of this kind, as a `target`."""
    result_type = signless(target)
    is_signed = kind == Kind.SIGNED
    if value.type == result_type:
        return value
    if target == i1:
        zero = code.float(0.0, value) if kind == Kind.FLOAT else code.integer(0, value)
        return code.compare("une" if kind == Kind.FLOAT else "ne", value, zero)
    source = value.type
    if isinstance(source, AnyFloat) and isinstance(result_type, AnyFloat):
        return _convert_float(code, value, source, result_type)
    if isinstance(source, AnyFloat) and isa(result_type, IntegerType):
        to_signed = kind_of(target) == Kind.SIGNED
        return code.emit((arith.FPToSIOp if to_signed else arith.FPToUIOp)(value, result_type))
    if isinstance(result_type, AnyFloat):
        return code.emit((arith.SIToFPOp if is_signed else arith.UIToFPOp)(value, result_type))
    assert isa(source, IntegerType), f"no conversion from {source}"
    assert isa(result_type, IntegerType), f"no conversion to {target}"
    if source.bitwidth > result_type.bitwidth:
        return code.emit(arith.TruncIOp(value, result_type))
    return code.emit((arith.ExtSIOp if is_signed else arith.ExtUIOp)(value, result_type))


def _convert_float(code: Scalars, value: SSAValue, source: AnyFloat, target: AnyFloat) -> SSAValue:
    """Formats of one width, such as f16 and bf16, become each other by way of f32, which holds both."""
    if source.bitwidth == target.bitwidth:
        value, source = code.emit(arith.ExtFOp(value, f32)), f32
    return code.emit((arith.ExtFOp if source.bitwidth < target.bitwidth else arith.TruncFOp)(value, target))
