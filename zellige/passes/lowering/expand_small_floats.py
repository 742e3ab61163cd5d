"""expand-small-floats: f16, bf16 and f8 become integers of their width, and conversions integer arithmetic.

Before:  %0 = vector.transfer_read %a[%i], %pad : memref<64xbf16, …>, vector<4xbf16>
         %1 = arith.extf %0 : vector<4xbf16> to vector<4xf32>
After:   %0 = vector.transfer_read %a[%i], %pad : memref<64xi16, …>, vector<4xi16>
         %2 = arith.extui %0 : vector<4xi16> to vector<4xi32>
         %3 = arith.shli %2, %c16 : vector<4xi32>
         %1 = arith.bitcast %3 : vector<4xi32> to vector<4xf32>

WebAssembly has no such types. Signatures in `hal.arguments` and `hal.results` keep them.

Requires: `widen-small-floats`.
Ensures:  no value is a small float.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    i32,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.arith import of_vectors
from zellige.dialects.shaped_types import element_type
from zellige.dialects.small_floats import is_small_float, semantics_of, storage_type
from zellige.passes.lowering.math_functions.small_floats import narrowed, widened
from zellige.passes.lowering.math_functions.values import F32, Code, Real, Whole


@dataclass(frozen=True)
class ExpandSmallFloatsPass(ModulePass):
    """Convert small floats by hand and store them as integers."""

    name = "expand-small-floats"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            if isinstance(inner, arith.ExtFOp) and is_small_float(inner.input.type):
                Rewriter.replace_op(inner, [], [_widened(inner)])
            elif isinstance(inner, arith.TruncFOp) and is_small_float(inner.result.type):
                Rewriter.replace_op(inner, [], [_narrowed(inner)])
        for inner in op.walk():
            _store_as_integers(inner)
        for same in [o for o in op.walk() if isinstance(o, arith.BitcastOp) and o.input.type == o.result.type]:
            Rewriter.replace_op(same, [], [same.input])


def _code(op: arith.ExtFOp | arith.TruncFOp) -> Code:
    return Code(Builder(InsertPoint.before(op)), op.result.type, op.location)


def _widened(op: arith.ExtFOp) -> SSAValue:
    semantics = semantics_of(element_type(op.input.type))
    assert semantics is not None
    code = _code(op)
    stored = code.insert(arith.BitcastOp(op.input, storage_type(op.input.type)))
    bits = code.insert(of_vectors(arith.ExtUIOp).create(operands=[stored], result_types=[code.shaped(i32)]))
    wide = widened(Whole(code, bits, i32), semantics).ssa
    wide.name_hint = op.result.name_hint
    return wide


def _narrowed(op: arith.TruncFOp) -> SSAValue:
    semantics = semantics_of(element_type(op.result.type))
    assert semantics is not None
    code = _code(op)
    bits = narrowed(Real(code, op.input, F32), semantics).ssa
    stored = code.insert(
        of_vectors(arith.TruncIOp).create(operands=[bits], result_types=[storage_type(op.result.type)])
    )
    small = code.insert(arith.BitcastOp(stored, op.result.type))
    small.name_hint = op.result.name_hint
    return small


def _store_as_integers(op: Operation) -> None:
    if isinstance(op, arith.ConstantOp):
        op.properties["value"] = _stored_constant(op.value)
    arguments = [argument for region in op.regions for block in region.blocks for argument in block.args]
    for value in (*op.results, *arguments):
        if (stored := storage_type(value.type)) != value.type:
            Rewriter.replace_value_with_new_type(value, stored)
    if isinstance(op, FuncOp):
        op.update_function_type()


def _stored_constant(value: Attribute) -> Attribute:
    """The constant with the bits of its numbers."""
    match value:
        case DenseIntOrFPElementsAttr():
            dense = cast("DenseIntOrFPElementsAttr[Any]", value)
            return DenseIntOrFPElementsAttr(cast("Any", storage_type(dense.type)), dense.data)
        case DenseResourceAttr():
            return DenseResourceAttr(value.resource_handle, cast("Any", storage_type(value.get_type())))
        case FloatAttr() if is_small_float(value.type):
            bits = int.from_bytes(value.type.pack([value.value.data]), "little")
            return IntegerAttr(bits, IntegerType(value.type.bitwidth), truncate_bits=True)
        case _:
            return value
