"""convert-scf-to-cf: structured control flow as branches between blocks.

Before:  %r = scf.while (%a = %x) : (i32) -> i32 {      After:    cf.br ^before(%x : i32)
           scf.condition(%c) %a : i32                           ^before(%a : i32):
         } do {                                                   cf.cond_br %c, ^after(%a : i32), ^end(%a : i32)
         ^bb0(%b : i32):                                        ^after(%b : i32):
           scf.yield %n : i32                                     cf.br ^before(%n : i32)
         }                                                      ^end(%r : i32):

`scf.if`, `scf.for` and `scf.index_switch` are xDSL's patterns, which leave `scf.while` alone.

Ensures: no `scf` op is left.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import cf, scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import BlockInsertPoint, InsertPoint
from xdsl.transforms.convert_scf_to_cf import ForLowering, IfLowering, SwitchLowering


class WhileLowering(RewritePattern):
    """The block before decides between the block after, which leads back to it, and the end."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: scf.WhileOp, rewriter: PatternRewriter) -> None:
        start = op.parent_block()
        assert start is not None
        end = start.split_before(op)
        results = [rewriter.insert_block_argument(end, i, result.type) for i, result in enumerate(op.results)]
        before, condition_block = op.before_region.blocks.first, op.before_region.blocks.last
        after, yield_block = op.after_region.blocks.first, op.after_region.blocks.last
        assert before is not None
        assert condition_block is not None
        assert after is not None
        assert yield_block is not None
        condition, again = condition_block.last_op, yield_block.last_op
        assert isinstance(condition, scf.ConditionOp)
        assert isinstance(again, scf.YieldOp)
        rewriter.insert(cf.BranchOp(before, *op.arguments), InsertPoint.at_end(start))
        rewriter.replace(
            condition, cf.ConditionalBranchOp(condition.condition, after, condition.args, end, condition.args)
        )
        rewriter.replace(again, cf.BranchOp(before, *again.operands))
        rewriter.inline_region(op.before_region, BlockInsertPoint.before(end))
        rewriter.inline_region(op.after_region, BlockInsertPoint.before(end))
        rewriter.replace(op, [], results)


class ConvertScfToCfPass(ModulePass):
    """Lower all structured control flow."""

    name = "convert-scf-to-cf"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns = GreedyRewritePatternApplier([SwitchLowering(), IfLowering(), ForLowering(), WhileLowering()])
        # The last op first: what follows an op moves to another block, and so each op moves once.
        for inner in reversed([o for o in op.walk() if o.dialect_name() == "scf"]):
            if inner.parent is not None:
                patterns.match_and_rewrite(inner, PatternRewriter(inner))
