"""fuse-multiply-add: let a multiplication and the addition of its result become one instruction.

Before:  %0 = arith.mulf %a, %b : vector<4xf32>
         %1 = arith.addf %c, %0 : vector<4xf32>
After:   %1 = llvm.call_intrinsic "llvm.fmuladd.v4f32"(%a, %b, %c) : (vector<4xf32>, …) -> vector<4xf32>

The engine decides whether the product is rounded (relaxed SIMD), so results may differ in the last bit between
engines; the pass is left out of the pipeline for deterministic modules. Only vectors of exactly 128 bits are fused:
wider ones and scalars would be split into a multiplication and an addition anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, llvm
from xdsl.dialects.builtin import Float32Type, Float64Type, ModuleOp
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.shaped_types import is_vector


@dataclass(frozen=True)
class FuseMultiplyAddPass(ModulePass):
    """Form `llvm.fmuladd` from additions of products that have no other use."""

    name = "fuse-multiply-add"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for add in [o for o in op.walk() if isinstance(o, arith.AddfOp)]:
            suffix = _intrinsic_suffix(add.result.type)
            if suffix is None:
                continue
            for product, addend in ((add.rhs, add.lhs), (add.lhs, add.rhs)):
                if isinstance(product.owner, arith.MulfOp) and product.has_one_use():
                    _fuse(add, product.owner, addend, suffix)
                    break


def _intrinsic_suffix(value_type: Attribute) -> str | None:
    if is_vector(value_type):
        if isinstance(value_type.element_type, Float32Type) and value_type.get_shape() == (4,):
            return "v4f32"
        if isinstance(value_type.element_type, Float64Type) and value_type.get_shape() == (2,):
            return "v2f64"
    return None


def _fuse(add: arith.AddfOp, multiply: arith.MulfOp, addend: SSAValue, suffix: str) -> None:
    fused = llvm.CallIntrinsicOp(f"llvm.fmuladd.{suffix}", [multiply.lhs, multiply.rhs, addend], [add.result.type])
    fused.location = add.location
    Rewriter.replace_op(add, fused)
    multiply.detach()
    multiply.erase()
