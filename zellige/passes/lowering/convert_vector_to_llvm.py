"""convert-vector-to-llvm: vectors of one dimension in LLVM's operations.

Before:  %0 = vector.broadcast %x : f32 to vector<4xf32>
         %1 = vector.reduction <add>, %v : vector<4xf32> into f32
After:   %2 = llvm.insertelement %x, %undef[%zero : i32] : vector<4xf32>
         %0 = llvm.shufflevector %2, %undef [0, 0, 0, 0] : vector<4xf32>
         %3 = llvm.shufflevector %v, %v [2, 3, 2, 3] : vector<4xf32>
         %4 = arith.addf %v, %3 : vector<4xf32>
         … the same with neighbours, then element 0

A sum across lanes is a tree of fixed shape, so its result does not depend on the engine.

Requires: vectors of one dimension (`unroll-vectors`).
Ensures:  no `vector` op is left.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import llvm, vector
from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, ModuleOp, i32
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.dialects.llvm import ExtractElementOp
from zellige.dialects.shaped_types import vector_type
from zellige.dialects.vector_reductions import combine
from zellige.support.errors import CompileError


@dataclass(frozen=True)
class ConvertVectorToLlvmPass(ModulePass):
    """Replace `vector` ops by element insertions, extractions and shuffles."""

    name = "convert-vector-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        ops = [o for o in op.walk() if o.dialect_name() == "vector"]
        for inner in ops:
            result = _convert(Builder(InsertPoint.before(inner)), inner)
            result.name_hint = inner.results[0].name_hint
            inner.results[0].replace_all_uses_with(result)
        for inner in reversed(ops):
            inner.detach()
            inner.erase()


def _convert(builder: Builder, op: Operation) -> SSAValue:
    match op:
        case vector.BroadcastOp():
            return _broadcast(builder, op)
        case vector.ReductionOp():
            return _reduce(builder, op)
        case vector.ExtractOp():
            return _element(builder, op.vector, int(op.static_position.get_values()[0]))
        case vector.InsertOp():
            index = _constant(builder, int(op.static_position.get_values()[0]))
            return builder.insert(llvm.InsertElementOp(op.dest, op.source, index)).res
        case _:
            raise CompileError(f"'{op.name}' has no lowering to LLVM", op=op, pass_name=ConvertVectorToLlvmPass.name)


def _constant(builder: Builder, value: int) -> SSAValue:
    return builder.insert(llvm.ConstantOp(IntegerAttr(value, i32), i32)).result


def _element(builder: Builder, value: SSAValue, lane: int) -> SSAValue:
    return builder.insert(ExtractElementOp(value, _constant(builder, lane))).res


def _shuffle(builder: Builder, value: SSAValue, lanes: list[int]) -> SSAValue:
    mask = DenseArrayBase.from_list(i32, lanes)
    return builder.insert(llvm.ShuffleVectorOp(value, value, mask, value.type)).res


def _broadcast(builder: Builder, op: vector.BroadcastOp) -> SSAValue:
    result_type = op.vector.type
    undefined = builder.insert(llvm.UndefOp(result_type)).res
    first = builder.insert(llvm.InsertElementOp(undefined, op.source, _constant(builder, 0))).res
    return _shuffle(builder, first, [0] * result_type.get_shape()[0])


def _reduce(builder: Builder, op: vector.ReductionOp) -> SSAValue:
    total = op.vector
    lanes = vector_type(total).get_shape()[0]
    half = lanes // 2
    while half:
        moved = _shuffle(builder, total, [half + lane % half for lane in range(lanes)])
        total = combine(builder, op.kind.data, total, moved)
        half //= 2
    return _element(builder, total, 0)
