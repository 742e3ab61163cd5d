"""decompose-ragged-dot: a product with groups is a product of the rows of each group, zeros in place of all others.

Before:  %0 = "chlo.ragged_dot"(%x, %w, %sizes) {…}
                : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>

After:   %end   = the sums of %sizes up to each group, %start = those before
         %mine  = %start <= row < %end                                    : tensor<3x11xi1>
         %rows  = stablehlo.select %mine, %x, zero                        : tensor<3x11x5xf32>
         %0     = stablehlo.dot_general %rows, %w, contracting_dims = [0, 2] x [0, 1] …

Where the groups are of a dimension that is summed over, the result keeps their dimension; where they are of the batch,
this is the product without groups.

Leaves:  group sizes that are more than one vector.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from zellige.dialects.chlo_ragged_dot import RaggedDotOp
from zellige.dialects.shaped_types import tensor_type
from zellige.passes.input.matrices import Matrices
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

HANDLED_OPS = (RaggedDotOp,)
"""What is replaced."""


class DecomposeRaggedDotPass(ModulePass):
    """Replace `chlo.ragged_dot` whose group sizes are one vector."""

    name = "decompose-ragged-dot"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for ragged in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if tensor_type(ragged.group_sizes).get_num_dims() == 1:
                replace_op(ragged, lambda build, ragged=ragged: [_multiply(build, ragged)])


def _multiply(build: GraphBuilder, op: RaggedDotOp) -> Tensor:
    dims, element = op.dimensions, tensor_type(op.result).element_type
    lhs, rhs = build.operand(op.lhs), build.operand(op.rhs)
    rhs_batching, rhs_contracting = dims.rhs_batching_dimensions, dims.rhs_contracting_dimensions
    if dims.ignores_groups:
        batching = (dims.lhs_batching_dimensions, rhs_batching)
        return build.dot_general(lhs, rhs, batching, (dims.lhs_contracting_dimensions, rhs_contracting), element)
    # Groups stand first in the left operand.
    batching = tuple(d + 1 for d in dims.lhs_batching_dimensions)
    contracting = tuple(d + 1 for d in dims.lhs_contracting_dimensions)
    if not dims.sums_groups:
        contracting, rhs_contracting = (0, *contracting), dims.rhs_group_dimensions + rhs_contracting
    rows = _rows_of_groups(build, lhs, build.operand(op.group_sizes), dims.ragged)
    result = build.dot_general(rows, rhs, (batching, rhs_batching), (contracting, rhs_contracting), element)
    return build.move_axis(result, len(batching), 0) if dims.sums_groups else result


def _rows_of_groups(build: GraphBuilder, lhs: Tensor, sizes: Tensor, ragged: int) -> Tensor:
    """The left operand once for each group, with zeros along the ragged dimension where it is not the group's."""
    (groups,) = sizes.shape
    before = build.select(Matrices(build).below_diagonal(groups, inclusive=True), sizes, build.scalar(0, sizes.element))
    end = build.reduce("add", before, 0, [1])
    start = build.map("subtract", end, sizes)
    rows = build.iota(sizes.element, (groups, lhs.shape[ragged]), 1)
    after, until = (
        build.compare(direction, rows, build.broadcast_in_dim(limit, rows.shape, [0]))
        for direction, limit in (("GE", start), ("LT", end))
    )
    whole = (groups, *lhs.shape)
    mine = build.broadcast_in_dim(build.map("and", after, until), whole, [0, ragged + 1])
    return build.select(mine, lhs, build.scalar(0, lhs.element))
