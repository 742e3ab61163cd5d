"""What StableHLO ops compute on scalars: a table from op class and kind of element to a builder of `arith` and `math`.

    stablehlo.maximum %a, %b : tensor<4xui8>   is   arith.maxui %x, %y : i8   for each element

`apply_to_scalars` does it for an op, `inline_body` for a region of ops on tensors without dimensions. Signs of types
are only at the border: a scalar of type `ui8` is cast to `i8`, and a result back, with `unrealized_conversion_cast`;
`legalize-signedness` makes these types one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import cast

from xdsl.builder import Builder
from xdsl.dialects import arith, complex, math, tensor  # noqa: A004  (the dialect's name)
from xdsl.dialects.builtin import (
    AnyFloat,
    ComplexType,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    UnrealizedConversionCastOp,
)
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.traits import IsTerminator
from xdsl.utils.hints import isa

from zellige.dialects.arith import RemfOp
from zellige.dialects.shaped_types import element_type, is_tensor
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo import complex_numbers, elementwise_forms
from zellige.dialects.stablehlo import elementwise as hlo
from zellige.dialects.stablehlo.element_kinds import Kind, kind_of
from zellige.dialects.stablehlo.shapes import BroadcastInDimOp, ReshapeOp, TransposeOp
from zellige.passes.input import complex_scalars, float_scalars, integer_scalars
from zellige.passes.input.chlo_scalars import CHLO_FUNCTIONS
from zellige.passes.input.conversion_scalars import bitcast, convert
from zellige.passes.input.scalars import Function, Operands, Scalars


def _op(make: Callable[..., Operation]) -> Function:
    """The function that is one op of the operands in order."""
    return lambda code, op, operands: code.emit(make(*operands))


def _select(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
    return code.select(*operands)


def _clamp(highest: Callable[..., Operation], lowest: Callable[..., Operation]) -> Function:
    def clamp(code: Scalars, op: Operation, operands: Operands) -> SSAValue:
        low, value, high = operands
        return code.emit(lowest(code.emit(highest(value, low)), high))

    return clamp


def _on(**functions: Function) -> Mapping[Kind, Function]:
    """The functions of each single kind; a name may be one of several kinds, and a later name overrides."""
    return MappingProxyType({kind: function for name, function in functions.items() for kind in Kind[name]})


def _integer_op(make: Callable[..., Operation]) -> Mapping[Kind, Function]:
    return _on(INTEGER=_op(make))


def _bits_op(make: Callable[..., Operation]) -> Mapping[Kind, Function]:
    return _on(BITS=_op(make))


def _float_op(make: Callable[..., Operation]) -> Mapping[Kind, Function]:
    return _on(FLOAT=_op(make))


_MAXIMUM = {
    Kind.FLOAT: arith.MaximumfOp,
    Kind.SIGNED: arith.MaxSIOp,
    Kind.UNSIGNED: arith.MaxUIOp,
    Kind.BOOLEAN: arith.OrIOp,
}
_MINIMUM = {
    Kind.FLOAT: arith.MinimumfOp,
    Kind.SIGNED: arith.MinSIOp,
    Kind.UNSIGNED: arith.MinUIOp,
    Kind.BOOLEAN: arith.AndIOp,
}

FUNCTIONS: Mapping[type[Operation], Mapping[Kind, Function]] = MappingProxyType(
    {
        hlo.AbsOp: _on(
            FLOAT=_op(math.AbsFOp),
            SIGNED=_op(math.AbsIOp),
            UNSIGNED=integer_scalars.identity,
            COMPLEX=complex_scalars.magnitude,
        ),
        hlo.AddOp: _on(
            FLOAT=_op(arith.AddfOp), INTEGER=_op(arith.AddiOp), BOOLEAN=_op(arith.OrIOp), COMPLEX=complex_scalars.add
        ),
        hlo.AndOp: _bits_op(arith.AndIOp),
        hlo.Atan2Op: _on(FLOAT=_op(math.Atan2Op), COMPLEX=complex_scalars.binary(complex_scalars.angle_of)),
        elementwise_forms.BitcastConvertOp: _on(FLOAT=bitcast, BITS=bitcast),
        hlo.CbrtOp: _on(FLOAT=_op(math.CbrtOp), COMPLEX=complex_scalars.unary(complex_scalars.cube_root)),
        hlo.CeilOp: _float_op(math.CeilOp),
        elementwise_forms.ClampOp: {kind: _clamp(_MAXIMUM[kind], _MINIMUM[kind]) for kind in _MAXIMUM},
        elementwise_forms.CompareOp: _on(
            COMPLEX=complex_scalars.compare,
            FLOAT=float_scalars.compare,
            SIGNED=integer_scalars.compare_signed,
            UNSIGNED=integer_scalars.compare_unsigned,
            BOOLEAN=integer_scalars.compare_unsigned,
        ),
        hlo.ConvertOp: _on(FLOAT=convert, BITS=convert, COMPLEX=convert),
        complex_numbers.ComplexOp: _on(COMPLEX=complex_scalars.create),
        complex_numbers.RealOp: _on(COMPLEX=complex_scalars.real_part, FLOAT=complex_scalars.itself),
        complex_numbers.ImagOp: _on(COMPLEX=complex_scalars.imaginary_part, FLOAT=complex_scalars.zero),
        hlo.CosineOp: _on(FLOAT=_op(math.CosOp), COMPLEX=complex_scalars.unary(complex_scalars.cosine)),
        hlo.CountLeadingZerosOp: _integer_op(math.CountLeadingZerosOp),
        hlo.DivideOp: _on(
            COMPLEX=complex_scalars.divide,
            FLOAT=_op(arith.DivfOp),
            SIGNED=integer_scalars.divide_signed,
            UNSIGNED=integer_scalars.divide_unsigned,
        ),
        hlo.ExponentialOp: _on(FLOAT=_op(math.ExpOp), COMPLEX=complex_scalars.exp),
        hlo.ExponentialMinusOneOp: _on(
            FLOAT=_op(math.ExpM1Op), COMPLEX=complex_scalars.unary(complex_scalars.exp_minus_one)
        ),
        hlo.FloorOp: _float_op(math.FloorOp),
        hlo.IsFiniteOp: _on(FLOAT=float_scalars.is_finite),
        hlo.LogOp: _on(FLOAT=_op(math.LogOp), COMPLEX=complex_scalars.log),
        hlo.LogPlusOneOp: _on(FLOAT=_op(math.Log1pOp), COMPLEX=complex_scalars.unary(complex_scalars.log_plus_one)),
        hlo.LogisticOp: _on(FLOAT=float_scalars.logistic, COMPLEX=complex_scalars.unary(complex_scalars.logistic)),
        hlo.MaximumOp: {kind: _op(make) for kind, make in _MAXIMUM.items()}
        | {Kind.COMPLEX: complex_scalars.binary(complex_scalars.maximum)},
        hlo.MinimumOp: {kind: _op(make) for kind, make in _MINIMUM.items()}
        | {Kind.COMPLEX: complex_scalars.binary(complex_scalars.minimum)},
        hlo.MultiplyOp: _on(
            FLOAT=_op(arith.MulfOp),
            INTEGER=_op(arith.MuliOp),
            BOOLEAN=_op(arith.AndIOp),
            COMPLEX=complex_scalars.multiply,
        ),
        hlo.NegateOp: _on(FLOAT=_op(arith.NegfOp), INTEGER=integer_scalars.negate, COMPLEX=complex_scalars.negate),
        hlo.NotOp: _on(BITS=integer_scalars.invert),
        hlo.OrOp: _bits_op(arith.OrIOp),
        hlo.PopcntOp: _integer_op(math.CtPopOp),
        hlo.PowerOp: _on(
            FLOAT=_op(math.PowFOp),
            SIGNED=_op(math.IPowIOp),
            UNSIGNED=integer_scalars.power_unsigned,
            COMPLEX=complex_scalars.binary(complex_scalars.power),
        ),
        elementwise_forms.ReducePrecisionOp: _on(FLOAT=float_scalars.reduce_precision),
        hlo.RemainderOp: _on(
            FLOAT=_op(RemfOp), SIGNED=integer_scalars.remainder_signed, UNSIGNED=integer_scalars.remainder_unsigned
        ),
        hlo.RoundNearestAfzOp: _float_op(math.RoundOp),
        hlo.RoundNearestEvenOp: _float_op(math.RoundEvenOp),
        hlo.RsqrtOp: _on(FLOAT=_op(math.RsqrtOp), COMPLEX=complex_scalars.unary(complex_scalars.reciprocal_root)),
        elementwise_forms.SelectOp: _on(FLOAT=_select, BITS=_select, COMPLEX=complex_scalars.select),
        hlo.ShiftLeftOp: _on(INTEGER=integer_scalars.shift_left),
        hlo.ShiftRightArithmeticOp: _on(INTEGER=integer_scalars.shift_right_arithmetic),
        hlo.ShiftRightLogicalOp: _on(INTEGER=integer_scalars.shift_right_logical),
        hlo.SignOp: _on(
            FLOAT=float_scalars.sign, SIGNED=integer_scalars.sign, COMPLEX=complex_scalars.unary(complex_scalars.sign)
        ),
        hlo.SineOp: _on(FLOAT=_op(math.SinOp), COMPLEX=complex_scalars.unary(complex_scalars.sine)),
        hlo.SqrtOp: _on(FLOAT=_op(math.SqrtOp), COMPLEX=complex_scalars.sqrt),
        hlo.SubtractOp: _on(FLOAT=_op(arith.SubfOp), INTEGER=_op(arith.SubiOp), COMPLEX=complex_scalars.subtract),
        hlo.TanOp: _on(FLOAT=_op(math.TanOp), COMPLEX=complex_scalars.unary(complex_scalars.tangent)),
        hlo.TanhOp: _on(FLOAT=_op(math.TanhOp), COMPLEX=complex_scalars.tanh),
        hlo.XorOp: _bits_op(arith.XOrIOp),
        **CHLO_FUNCTIONS,
    }
)
"""All ops that are functions of scalars. The kind is that of the last operand, but complex where the result is."""


def scalar_function(op: Operation) -> Function | None:
    """How an op is computed on scalars, or None where it is not a function of them or not known for this type."""
    if (functions := FUNCTIONS.get(type(op))) is None or not op.operands:
        return None
    kinds = [kind_of(element_type(value.type)) for value in (op.operands[-1], op.results[0])]
    return functions.get(Kind.COMPLEX if Kind.COMPLEX in kinds else kinds[0])


def apply_to_scalars(builder: Builder, op: Operation, scalars: Sequence[SSAValue]) -> SSAValue:
    """The element of the result of `op` for these elements of its operands; `scalar_function` knows it."""
    function = scalar_function(op)
    assert function is not None, op.name
    code = Scalars(builder, op.location)
    result = function(code, op, [_cast(code, scalar, signless(scalar.type)) for scalar in scalars])
    return _cast(code, result, element_type(op.results[0].type))


def _cast(code: Scalars, value: SSAValue, to: Attribute) -> SSAValue:
    return value if value.type == to else code.emit(UnrealizedConversionCastOp.get([value], [to]))


def can_inline(region: Region) -> bool:
    """Whether all ops of a region are known on scalars, so that `inline_body` takes it."""
    return len(region.blocks) == 1 and all(_is_scalar_op(op) for op in region.block.ops)


def _is_scalar_op(op: Operation) -> bool:
    if op.has_trait(IsTerminator):
        return True
    if isinstance(op, elementwise_forms.ConstantOp | arith.ConstantOp):
        return isinstance(element_type(op.results[0].type), AnyFloat | IntegerType | ComplexType)
    if not all(_is_scalar(value.type) for value in (*op.operands, *op.results)):
        return False
    return isinstance(op, _MOVES) or scalar_function(op) is not None


def _is_scalar(type_: Attribute) -> bool:
    return is_tensor(type_) and not type_.get_num_dims()


_MOVES = (BroadcastInDimOp, ReshapeOp, TransposeOp)
"""Ops that leave a tensor without dimensions as it is."""


def inline_body(builder: Builder, region: Region, arguments: Sequence[SSAValue]) -> list[SSAValue]:
    """Build what a region of tensors without dimensions computes and give the scalars that it returns.

    `arguments` are the scalars for the arguments of the region, which `can_inline`. What it uses from around it is
    read with `tensor.extract`.
    """
    scalars: dict[SSAValue, SSAValue] = dict(zip(region.block.args, arguments, strict=True))

    def scalar(value: SSAValue) -> SSAValue:
        if value not in scalars:
            read = builder.insert(tensor.ExtractOp(value, [], element_type(value.type)))
            read.location = region.block.first_op.location if region.block.first_op else read.location
            scalars[value] = read.result
        return scalars[value]

    for op in region.block.ops:
        if op.has_trait(IsTerminator):
            return [scalar(value) for value in op.operands]
        if isinstance(op, elementwise_forms.ConstantOp | arith.ConstantOp):
            scalars[op.results[0]] = _scalar_constant(builder, op)
        elif isinstance(op, _MOVES):
            scalars[op.results[0]] = scalar(op.operands[0])
        else:
            result = apply_to_scalars(builder, op, [scalar(value) for value in op.operands])
            result.name_hint = op.results[0].name_hint
            scalars[op.results[0]] = result
    raise AssertionError("a region ends in a terminator")


def _scalar_constant(builder: Builder, op: elementwise_forms.ConstantOp | arith.ConstantOp) -> SSAValue:
    code = Scalars(builder, op.location)
    if not isinstance(op.value, DenseIntOrFPElementsAttr):
        return code.emit(op.clone())
    number, element = op.value.get_values()[0], op.value.get_element_type()
    bits = signless(element)
    if isinstance(bits, AnyFloat):
        return code.emit(arith.ConstantOp(FloatAttr(cast("float", number), bits)))
    if isa(bits, ComplexType[AnyFloat]):
        parts = cast("tuple[float, float]", number)
        real, imaginary = (code.emit(arith.ConstantOp(FloatAttr(part, bits.element_type))) for part in parts)
        return code.emit(complex.CreateOp(real, imaginary, bits))
    assert isa(bits, IntegerType)
    constant = code.emit(arith.ConstantOp(IntegerAttr(cast("int", number), bits, truncate_bits=True)))
    return _cast(code, constant, element)
