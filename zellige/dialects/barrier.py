"""The barrier that workers of one call wait at, as a function of the llvm dialect."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import llvm
from xdsl.dialects.builtin import IntegerAttr, i32
from xdsl.dialects.llvm import LLVMFunctionType, LLVMVoidType
from xdsl.ir import Block, Region, SSAValue
from xdsl.rewriter import InsertPoint

from zellige.dialects.llvm import AtomicLoadOp, AtomicRMWOp
from zellige.dialects.pointers import DEVICE_POINTER, moved

BARRIER = "zellige.barrier"


def barrier_function() -> llvm.FuncOp:
    """`@zellige.barrier(sync, n)`: returns when n workers have called it.

    The synchronisation block holds how many have arrived (u32 at byte 0) and how often all have (u32 at byte 4). The
    last one to arrive sets the first back to 0 and then counts the second up, which the others wait for. So the block
    is ready for the next barrier.
    """
    start, arrive, release, wait, done = (
        Block(arg_types=[DEVICE_POINTER, i32]),
        Block(),
        Block(),
        Block(),
        Block(),
    )
    sync, workers = start.args
    sync.name_hint, workers.name_hint = "sync", "workers"

    builder = Builder(InsertPoint.at_end(start))
    one = _constant(builder, 1)
    several = builder.insert(llvm.ICmpOp(workers, one, IntegerAttr(8, 64))).res
    builder.insert(llvm.CondBrOp(several, arrive, [], done, []))

    builder = Builder(InsertPoint.at_end(arrive))
    rounds = moved(builder, sync, 4)
    before = builder.insert(AtomicLoadOp(rounds, i32, 4)).res
    earlier = builder.insert(AtomicRMWOp("add", sync, one)).res
    arrived = builder.insert(llvm.AddOp(earlier, one)).res
    is_last = builder.insert(llvm.ICmpOp(arrived, workers, IntegerAttr(0, 64))).res
    builder.insert(llvm.CondBrOp(is_last, release, [], wait, []))

    builder = Builder(InsertPoint.at_end(release))
    builder.insert(AtomicRMWOp("xchg", sync, _constant(builder, 0)))
    builder.insert(AtomicRMWOp("add", rounds, one))
    builder.insert(llvm.BrOp(done))

    builder = Builder(InsertPoint.at_end(wait))
    now = builder.insert(AtomicLoadOp(rounds, i32, 4)).res
    is_same = builder.insert(llvm.ICmpOp(now, before, IntegerAttr(0, 64))).res
    builder.insert(llvm.CondBrOp(is_same, wait, [], done, []))

    Builder(InsertPoint.at_end(done)).insert(llvm.ReturnOp())
    return llvm.FuncOp(
        BARRIER,
        LLVMFunctionType([DEVICE_POINTER, i32], LLVMVoidType()),
        linkage=llvm.LinkageAttr("external"),
        body=Region([start, arrive, release, wait, done]),
    )


def _constant(builder: Builder, number: int) -> SSAValue:
    return builder.insert(llvm.ConstantOp(IntegerAttr(number, i32), i32)).result
