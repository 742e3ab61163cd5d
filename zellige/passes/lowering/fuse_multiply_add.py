"""fuse-multiply-add: let a multiplication and the addition of its result become one instruction.

Before:  %0 = arith.mulf %a, %b : vector<4xf32>
         %1 = arith.addf %c, %0 : vector<4xf32>
After:   %1 = llvm.call_intrinsic "llvm.fmuladd.v4f32"(%a, %b, %c) : (vector<4xf32>, …) -> vector<4xf32>

The engine decides whether the product is rounded (relaxed SIMD), so results may differ in the last bit between
engines; the pass is left out of the pipeline for deterministic modules. Only vectors of whole multiples of 128 bits
are fused: scalars and narrower vectors have no such instruction in wasm, and code for wider machines fuses the same
elements.
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

WASM_VECTOR_BITS = 128


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
    if not is_vector(value_type) or not isinstance(value_type.element_type, Float32Type | Float64Type):
        return None
    (lanes,) = value_type.get_shape()
    bits = value_type.element_type.bitwidth
    return None if lanes * bits % WASM_VECTOR_BITS else f"v{lanes}f{bits}"


def _fuse(add: arith.AddfOp, multiply: arith.MulfOp, addend: SSAValue, suffix: str) -> None:
    fused = llvm.CallIntrinsicOp(f"llvm.fmuladd.{suffix}", [multiply.lhs, multiply.rhs, addend], [add.result.type])
    fused.location = add.location
    Rewriter.replace_op(add, fused)
    multiply.detach()
    multiply.erase()
