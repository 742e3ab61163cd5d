"""legalize-signedness: integer types with signs become those of the same bits without.

Before:  func.func @main(%x: tensor<4xui8>) -> tensor<4xui8> {
           %0 = linalg.generic ins(%x : tensor<4xui8>) … {
           ^bb0(%in: ui8, %out: ui8):
             %1 = builtin.unrealized_conversion_cast %in : ui8 to i8
             %2 = arith.divui %1, %c : i8
             %3 = builtin.unrealized_conversion_cast %2 : i8 to ui8
             linalg.yield %3 : ui8 }

After:   func.func @main(%x: tensor<4xi8> {hal.type = tensor<4xui8>}) -> (tensor<4xi8> {hal.type = …}) {
           %0 = linalg.generic ins(%x : tensor<4xi8>) … {
           ^bb0(%in: i8, %out: i8):
             %2 = arith.divui %in, %c : i8
             linalg.yield %2 : i8 }

The description of the program keeps that integers are unsigned, as `hal.type` of arguments and results.

Requires: ops have been chosen by the signs of their operands.
Ensures:  no type of a value or of an attribute but `hal.type` has a sign; no cast between such types is left.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerType, ModuleOp, Signedness, UnrealizedConversionCastOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type
from zellige.dialects.signatures import note_types
from zellige.passes.type_rewriting import IntegerTypeRewriting


class LegalizeSignednessPass(ModulePass):
    """Rewrite types of values and in attributes, and drop the casts that have become identities."""

    name = "legalize-signedness"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        types = IntegerTypeRewriting(_signless)
        for function in [o for o in op.ops if isinstance(o, FuncOp)]:
            note_types(function, _is_unsigned)
        for inner in list(op.walk()):
            types.rewrite(inner)
        for cast in [o for o in op.walk() if isinstance(o, UnrealizedConversionCastOp)]:
            if cast.operand_types == cast.result_types:
                Rewriter.replace_op(cast, [], cast.operands)


def _signless(type_: IntegerType) -> IntegerType:
    return IntegerType(type_.bitwidth)


def _is_unsigned(type_: Attribute) -> bool:
    element = element_type(type_)
    return isa(element, IntegerType) and element.signedness.data is Signedness.UNSIGNED
