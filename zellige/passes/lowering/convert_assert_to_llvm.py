"""convert-assert-to-llvm: an assertion that does not hold leaves its number and traps.

Before:  cf.assert %c, "too large" {hal.message = 4 : i64}
After:     llvm.cond_br %c, ^holds, ^fault
         ^fault:
           %5 = llvm.mlir.constant(5 : i32) : i32
           %p = llvm.inttoptr … to !llvm.ptr<2>            the fault word, see docs/design/abi.md
           llvm.store %5, %p : i32, !llvm.ptr<2>
           llvm.call_intrinsic "llvm.trap"() : () -> ()
           llvm.unreachable
         ^holds:

Requires: `number-assertions`; no structured control flow is left.
Ensures:  no `cf.assert` is left.
"""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import cf, llvm
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i32
from xdsl.ir import Block
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.artifact import FAULT_ADDRESS
from zellige.dialects.pointers import DEVICE_POINTER, pointer_from_address
from zellige.support.errors import CompileError, Note


class ConvertAssertToLlvmPass(ModulePass):
    """Replace `cf.assert` by a branch to a block that traps."""

    name = "convert-assert-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for assertion in [o for o in op.walk() if isinstance(o, cf.AssertOp)]:
            number = assertion.attributes.get("hal.message")
            if not isinstance(number, IntegerAttr):
                raise CompileError(
                    "assertion without a number, expected the attribute 'hal.message'",
                    op=assertion,
                    notes=(Note("run 'number-assertions' before"),),
                    pass_name=self.name,
                )
            _convert(assertion, number.value.data)


def _convert(assertion: cf.AssertOp, number: int) -> None:
    block = assertion.parent_block()
    assert block is not None
    region = block.parent
    assert region is not None
    holds = block.split_before(assertion)
    fault = Block()
    region.insert_block_before(fault, holds)
    builder = Builder(InsertPoint.at_end(fault))
    code = builder.insert(llvm.ConstantOp(IntegerAttr(number + 1, i32), i32)).result
    address = builder.insert(llvm.ConstantOp(IntegerAttr(FAULT_ADDRESS, i32), i32)).result
    builder.insert(llvm.StoreOp(code, pointer_from_address(builder, address, DEVICE_POINTER), alignment=4))
    builder.insert(llvm.CallIntrinsicOp("llvm.trap", [], []))
    builder.insert(llvm.UnreachableOp())
    branch = llvm.CondBrOp(assertion.arg, holds, [], fault, [])
    for op in (branch, *fault.ops):
        op.location = assertion.location
    block.add_op(branch)
    Rewriter.erase_op(assertion)
