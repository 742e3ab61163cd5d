"""convert-arith-to-llvm: scalar and vector arithmetic in LLVM's operations and intrinsics.

Before:  %0 = arith.addf %a, %b : vector<4xf32>          After:  %0 = llvm.fadd %a, %b : vector<4xf32>
         %1 = arith.maximumf %0, %c : vector<4xf32>              %1 = llvm.call_intrinsic "llvm.maximum.v4f32"(%0, %c)
         %2 = math.sqrt %1 : vector<4xf32>                       %2 = llvm.call_intrinsic "llvm.sqrt.v4f32"(%1)
         %3 = arith.fptosi %2 : vector<4xf32> to vector<4xi32>   %3 = llvm.call_intrinsic "llvm.fptosi.sat.…"(%2)

Conversions to integers saturate and NaN becomes 0, as wasm's saturating instructions do: no input traps.

Requires: no `index` (`convert-index-to-i32`); math functions without an instruction are expanded.
Ensures:  no `arith` and no `math` op is left.
Fails:    for an op that has no lowering.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, llvm
from xdsl.dialects.builtin import (
    AnyFloat,
    DenseIntOrFPElementsAttr,
    FixedBitwidthType,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    VectorType,
    i1,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from zellige.dialects.llvm import FCmpOp, SelectOp, UIToFPOp
from zellige.dialects.shaped_types import element_type, is_vector
from zellige.support.errors import CompileError

Converter = Callable[[Builder, Operation], SSAValue]


@dataclass(frozen=True)
class ConvertArithToLlvmPass(ModulePass):
    """Replace `arith` and `math` ops."""

    name = "convert-arith-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        ops = [o for o in op.walk() if o.dialect_name() in ("arith", "math")]
        for inner in ops:
            converter = CONVERTERS.get(inner.name)
            if converter is None:
                raise CompileError(
                    f"'{inner.name}' on {inner.results[0].type} has no lowering to WebAssembly",
                    op=inner,
                    pass_name=self.name,
                )
            result = converter(Builder(InsertPoint.before(inner)), inner)
            if result.name_hint is None:
                result.name_hint = inner.results[0].name_hint
            if isinstance(result.owner, Operation):
                result.owner.location = inner.location
            inner.results[0].replace_all_uses_with(result)
            inner.detach()
            inner.erase()


def _type_suffix(value_type: Attribute) -> str:
    """The part of an intrinsic's name that says its type."""
    element = element_type(value_type)
    assert isinstance(element, FixedBitwidthType)
    letter = "f" if isinstance(element, AnyFloat) else "i"
    lanes = f"v{value_type.get_shape()[0]}" if is_vector(value_type) else ""
    return f"{lanes}{letter}{element.bitwidth}"


def _intrinsic(builder: Builder, name: str, args: list[SSAValue], result: Attribute) -> SSAValue:
    call = builder.insert(llvm.CallIntrinsicOp(name, args, [result]))
    return call.results[0]


def _binary(target: Callable[[SSAValue, SSAValue], Operation]) -> Converter:
    return lambda builder, op: builder.insert(target(op.operands[0], op.operands[1])).results[0]


def _same_type_intrinsic(name: str) -> Converter:
    """An intrinsic whose operands and result have one type."""

    def convert(builder: Builder, op: Operation) -> SSAValue:
        result = op.results[0].type
        return _intrinsic(builder, f"llvm.{name}.{_type_suffix(result)}", list(op.operands), result)

    return convert


def _count_zeros(name: str) -> Converter:
    """`ctlz` and `cttz`, defined for 0."""

    def convert(builder: Builder, op: Operation) -> SSAValue:
        result = op.results[0].type
        defined = builder.insert(llvm.ConstantOp(IntegerAttr(0, i1), i1)).result
        return _intrinsic(builder, f"llvm.{name}.{_type_suffix(result)}", [op.operands[0], defined], result)

    return convert


def _cast(target: Callable[[SSAValue, Attribute], Operation]) -> Converter:
    return lambda builder, op: builder.insert(target(op.operands[0], op.results[0].type)).results[0]


def _saturating(name: str) -> Converter:
    def convert(builder: Builder, op: Operation) -> SSAValue:
        source, result = op.operands[0].type, op.results[0].type
        suffix = f"{_type_suffix(result)}.{_type_suffix(source)}"
        return _intrinsic(builder, f"llvm.{name}.sat.{suffix}", [op.operands[0]], result)

    return convert


def _maximum_number(order: str) -> Converter:
    """`maxnumf`, `minnumf`: the right one where that comes first or the left one is NaN. LLVM's own would call libm."""

    def convert(builder: Builder, op: Operation) -> SSAValue:
        left, right = op.operands
        comes_first = builder.insert(FCmpOp(order, left, right)).res
        number = builder.insert(SelectOp(comes_first, right, left)).res
        left_is_nan = builder.insert(FCmpOp("uno", left, left)).res
        return builder.insert(SelectOp(left_is_nan, right, number)).res

    return convert


def _constant(builder: Builder, op: Operation) -> SSAValue:
    assert isinstance(op, arith.ConstantOp)
    return builder.insert(llvm.ConstantOp(op.value, op.result.type)).result


def _integer_comparison(builder: Builder, op: Operation) -> SSAValue:
    assert isinstance(op, arith.CmpiOp)
    return builder.insert(llvm.ICmpOp(op.lhs, op.rhs, IntegerAttr(op.predicate.value.data, i64))).res


def _float_comparison(builder: Builder, op: Operation) -> SSAValue:
    assert isinstance(op, arith.CmpfOp)
    word = llvm.FCmpPredicateFlag.from_int(op.predicate.value.data).value
    return builder.insert(FCmpOp(word, op.lhs, op.rhs)).res


def _select(builder: Builder, op: Operation) -> SSAValue:
    return builder.insert(SelectOp(*op.operands)).res


def _splat_integer(builder: Builder, value: int, value_type: Attribute) -> SSAValue:
    element = element_type(value_type)
    assert isa(element, IntegerType)
    if is_vector(value_type):
        splat = DenseIntOrFPElementsAttr.from_list(VectorType(element, value_type.get_shape()), [value])
        return builder.insert(llvm.ConstantOp(splat, value_type)).result
    return builder.insert(llvm.ConstantOp(IntegerAttr(value, element), value_type)).result


def _rounded_division(toward: str) -> Converter:
    """Signed division with the quotient rounded up or down instead of to zero."""

    def convert(builder: Builder, op: Operation) -> SSAValue:
        left, right = op.operands
        quotient = builder.insert(llvm.SDivOp(left, right)).res
        remainder = builder.insert(llvm.SRemOp(left, right)).res
        zero = _splat_integer(builder, 0, left.type)
        sign = builder.insert(llvm.XOrOp(remainder, right)).res
        order = arith.CMPI_COMPARISON_OPERATIONS.index("slt" if toward == "down" else "sge")
        needs = builder.insert(llvm.ICmpOp(sign, zero, IntegerAttr(order, i64))).res
        inexact_order = arith.CMPI_COMPARISON_OPERATIONS.index("ne")
        inexact = builder.insert(llvm.ICmpOp(remainder, zero, IntegerAttr(inexact_order, i64))).res
        both = builder.insert(llvm.AndOp(needs, inexact)).res
        step = _splat_integer(builder, -1 if toward == "down" else 1, left.type)
        moved = builder.insert(llvm.AddOp(quotient, step)).res
        return builder.insert(SelectOp(both, moved, quotient)).res

    return convert


def _unsigned_division_up(builder: Builder, op: Operation) -> SSAValue:
    left, right = op.operands
    quotient = builder.insert(llvm.UDivOp(left, right)).res
    remainder = builder.insert(llvm.URemOp(left, right)).res
    zero = _splat_integer(builder, 0, left.type)
    order = arith.CMPI_COMPARISON_OPERATIONS.index("ne")
    inexact = builder.insert(llvm.ICmpOp(remainder, zero, IntegerAttr(order, i64))).res
    moved = builder.insert(llvm.AddOp(quotient, _splat_integer(builder, 1, left.type))).res
    return builder.insert(SelectOp(inexact, moved, quotient)).res


def _negate(builder: Builder, op: Operation) -> SSAValue:
    return builder.insert(llvm.FNegOp(op.operands[0])).res


CONVERTERS: dict[str, Converter] = {
    "arith.constant": _constant,
    "arith.addi": _binary(llvm.AddOp),
    "arith.subi": _binary(llvm.SubOp),
    "arith.muli": _binary(llvm.MulOp),
    "arith.divsi": _binary(llvm.SDivOp),
    "arith.divui": _binary(llvm.UDivOp),
    "arith.remsi": _binary(llvm.SRemOp),
    "arith.remui": _binary(llvm.URemOp),
    "arith.floordivsi": _rounded_division("down"),
    "arith.ceildivsi": _rounded_division("up"),
    "arith.ceildivui": _unsigned_division_up,
    "arith.andi": _binary(llvm.AndOp),
    "arith.ori": _binary(llvm.OrOp),
    "arith.xori": _binary(llvm.XOrOp),
    "arith.shli": _binary(llvm.ShlOp),
    "arith.shrsi": _binary(llvm.AShrOp),
    "arith.shrui": _binary(llvm.LShrOp),
    "arith.maxsi": _same_type_intrinsic("smax"),
    "arith.minsi": _same_type_intrinsic("smin"),
    "arith.maxui": _same_type_intrinsic("umax"),
    "arith.minui": _same_type_intrinsic("umin"),
    "arith.cmpi": _integer_comparison,
    "arith.cmpf": _float_comparison,
    "arith.select": _select,
    "arith.addf": _binary(llvm.FAddOp),
    "arith.subf": _binary(llvm.FSubOp),
    "arith.mulf": _binary(llvm.FMulOp),
    "arith.divf": _binary(llvm.FDivOp),
    "arith.negf": _negate,
    "arith.maximumf": _same_type_intrinsic("maximum"),
    "arith.minimumf": _same_type_intrinsic("minimum"),
    "arith.maxnumf": _maximum_number("olt"),
    "arith.minnumf": _maximum_number("ogt"),
    "arith.extsi": _cast(llvm.SExtOp),
    "arith.extui": _cast(llvm.ZExtOp),
    "arith.trunci": _cast(llvm.TruncOp),
    "arith.extf": _cast(llvm.FPExtOp),
    "arith.truncf": _cast(llvm.FPTruncOp),
    "arith.sitofp": _cast(llvm.SIToFPOp),
    "arith.uitofp": _cast(UIToFPOp),
    "arith.fptosi": _saturating("fptosi"),
    "arith.fptoui": _saturating("fptoui"),
    "arith.bitcast": _cast(llvm.BitcastOp),
    "math.sqrt": _same_type_intrinsic("sqrt"),
    "math.absf": _same_type_intrinsic("fabs"),
    "math.floor": _same_type_intrinsic("floor"),
    "math.ceil": _same_type_intrinsic("ceil"),
    "math.trunc": _same_type_intrinsic("trunc"),
    "math.roundeven": _same_type_intrinsic("nearbyint"),
    "math.copysign": _same_type_intrinsic("copysign"),
    "math.ctpop": _same_type_intrinsic("ctpop"),
    "math.ctlz": _count_zeros("ctlz"),
    "math.cttz": _count_zeros("cttz"),
}
