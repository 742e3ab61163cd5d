"""decompose-pad: a pad is a filled tensor with the source in the middle.

Before:  %1 = tensor.pad %0 low[0, 1] high[0, 1] { ^bb0(%i: index, %j: index): tensor.yield %zero : f32 }
                : tensor<4x6xf32> to tensor<4x8xf32>
After:   %e = tensor.empty() : tensor<4x8xf32>
         %f = linalg.generic ins(%zero : f32) outs(%e) { yield }
         %1 = tensor.insert_slice %0 into %f[0, 1] [4, 6] [1, 1]

A padding value that depends on the position is computed by the generic from `linalg.index`. A pad of nothing is its
source.

Fails:   for amounts that are negative or not known at compile time.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import tensor_type
from zellige.support.errors import CompileError, Note


class DecomposePadPass(ModulePass):
    """Replace `tensor.pad` with a fill and an `insert_slice`."""

    name = "decompose-pad"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for pad in [o for o in op.walk() if isinstance(o, tensor.PadOp)]:
            low, high = self._amounts(pad)
            if not any(low) and not any(high):
                Rewriter.replace_op(pad, [], [pad.source])
                continue
            forms = FormBuilder(pad)
            result_type = pad.result.type
            background = self._background(pad, forms, result_type)
            sizes = tensor_type(pad.source).get_shape()
            placed = forms.insert(tensor.InsertSliceOp.get(pad.source, background, sizes, low))
            Rewriter.replace_op(pad, [], [placed.result])

    def _amounts(self, pad: tensor.PadOp) -> tuple[tuple[int, ...], tuple[int, ...]]:
        low, high = pad.static_low.get_values(), pad.static_high.get_values()
        if pad.low or pad.high:
            raise CompileError(
                "padding by amounts that are not known at compile time is not supported",
                op=pad,
                notes=(Note("give 'low' and 'high' as integers"),),
                pass_name=self.name,
            )
        if min((*low, *high), default=0) < 0:
            raise CompileError(
                f"padding must not be negative, got low {list(low)} and high {list(high)}",
                op=pad,
                notes=(Note("cut with 'tensor.extract_slice'"),),
                pass_name=self.name,
            )
        return low, high

    def _background(self, pad: tensor.PadOp, forms: FormBuilder, result_type: TensorType[Attribute]) -> SSAValue:
        """The whole result, with the padding value everywhere."""
        body = pad.region.block
        terminator = body.last_op
        assert isinstance(terminator, tensor.YieldOp)
        value = terminator.operands[0]
        if body.parent_op() is pad and not _is_inside(value, pad):
            return forms.fill(value, result_type)

        def compute(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
            for dim, argument in enumerate(body.args):
                if argument.first_use is not None:
                    argument.replace_all_uses_with(builder.insert(IndexOp(dim)).result)
            for inner in [o for o in body.ops if o is not terminator]:
                inner.detach()
                builder.insert(inner)
            return terminator.operands[0]

        return forms.pointwise([], result_type, compute)


def _is_inside(value: SSAValue, pad: tensor.PadOp) -> bool:
    """The value is made in the region of the pad."""
    block = value.owner if value.owner is pad.region.block else getattr(value.owner, "parent", None)
    return block is pad.region.block
