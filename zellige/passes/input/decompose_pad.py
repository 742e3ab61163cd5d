"""decompose-pad: a pad is a filled tensor with the source in the middle.

Before:  %1 = tensor.pad %0 low[0, 1] high[0, 1] { ^bb0(%i: index, %j: index): tensor.yield %zero : f32 }
                : tensor<4x6xf32> to tensor<4x8xf32>
After:   %e = tensor.empty() : tensor<4x8xf32>
         %f = linalg.generic ins(%zero : f32) outs(%e) { yield }
         %1 = tensor.insert_slice %0 into %f[0, 1] [4, 6] [1, 1]

A padding value that depends on the position is computed by the generic from `linalg.index`. A pad of nothing is its
source.

Amounts may be values; `resolve-dimensions` refuses those that depend on data.

Fails:   for amounts that are negative.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index, add
from zellige.dialects.slices import insert_slice, known_or_dynamic, mixed
from zellige.support.errors import CompileError, Note


class DecomposePadPass(ModulePass):
    """Replace `tensor.pad` with a fill and an `insert_slice`."""

    name = "decompose-pad"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for pad in [o for o in op.walk() if isinstance(o, tensor.PadOp)]:
            low, high = self._amounts(pad)
            forms, builder = FormBuilder(pad), Builder(InsertPoint.before(pad))
            shape = pad.result.type.get_shape()
            if all(amount == 0 for amount in (*low, *high)):
                Rewriter.replace_op(pad, [], [forms.cast(pad.source, shape)])
                continue
            sizes = forms.sizes(pad.source)
            padded = [add(builder, add(builder, a, n), b) for a, n, b in zip(low, sizes, high, strict=True)]
            background = self._background(pad, forms, padded)
            placed = forms.insert(insert_slice(pad.source, background, low, sizes)).result
            Rewriter.replace_op(pad, [], [forms.cast(placed, shape)])

    def _amounts(self, pad: tensor.PadOp) -> tuple[list[Index], list[Index]]:
        low, high = mixed(pad.static_low.get_values(), pad.low), mixed(pad.static_high.get_values(), pad.high)
        known = [amount for amount in (*low, *high) if isinstance(amount, int)]
        if min(known, default=0) < 0:
            raise CompileError(
                f"padding must not be negative, got {min(known)}",
                op=pad,
                notes=(Note("cut with 'tensor.extract_slice'"),),
                pass_name=self.name,
            )
        return low, high

    def _background(self, pad: tensor.PadOp, forms: FormBuilder, sizes: Sequence[Index]) -> SSAValue:
        """A tensor of these sizes, with the padding value everywhere."""
        result_type = TensorType(pad.result.type.element_type, known_or_dynamic(sizes))
        body = pad.region.block
        terminator = body.last_op
        assert isinstance(terminator, tensor.YieldOp)
        value = terminator.operands[0]
        if body.parent_op() is pad and not _is_inside(value, pad):
            return forms.fill(value, result_type, sizes)
        return forms.computed(body, result_type, sizes)


def _is_inside(value: SSAValue, pad: tensor.PadOp) -> bool:
    """The value is made in the region of the pad."""
    block = value.owner if value.owner is pad.region.block else getattr(value.owner, "parent", None)
    return block is pad.region.block
