"""decompose-ragged-dot: a product with groups is a product of the rows of each group, zeros in place of all others.

Before:  %0 = "chlo.ragged_dot"(%x, %w, %sizes) {…}
                : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>

After:   %end   = the sums of %sizes up to each group, %start = those before
         %mine  = %start <= row < %end                                    : tensor<3x11xi1>
         %rows  = stablehlo.select %mine, %x, zero                        : tensor<3x11x5xf32>
         %0     = stablehlo.dot_general %rows, %w, contracting_dims = [0, 2] x [0, 1] …

Where the groups are of a dimension that is summed over, the result keeps their dimension; where they are of the batch,
this is the product without groups.

Leaves:  group sizes that are more than one vector, and an op with a dynamic shape.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.chlo_ragged_dot import RaggedDotOp
from zellige.dialects.shaped_types import has_static_shapes, tensor_type
from zellige.dialects.stablehlo.attributes import ComparisonDirection
from zellige.dialects.stablehlo.contraction_attributes import DotDimensions
from zellige.dialects.stablehlo.contractions import DotGeneralOp
from zellige.dialects.stablehlo.elementwise import AddOp, AndOp
from zellige.dialects.stablehlo.elementwise_forms import CompareOp
from zellige.dialects.stablehlo.reductions import ReduceOp
from zellige.dialects.stablehlo.shapes import IotaOp, TransposeOp, shape_of
from zellige.passes.input.scalar_regions import scalar_region
from zellige.passes.input.stablehlo_tensors import Tensors

HANDLED_OPS = (RaggedDotOp,)
"""What is replaced."""


class DecomposeRaggedDotPass(ModulePass):
    """Replace `chlo.ragged_dot` whose group sizes are one vector."""

    name = "decompose-ragged-dot"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for ragged in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if has_static_shapes(ragged) and len(shape_of(ragged.group_sizes)) == 1:
                result = _multiply(Tensors.before(ragged), ragged)
                result.name_hint = ragged.result.name_hint
                Rewriter.replace_op(ragged, [], [result])


def _multiply(code: Tensors, op: RaggedDotOp) -> SSAValue:
    dims, element = op.dimensions, tensor_type(op.result).element_type
    if dims.ignores_groups:
        return code.emit(DotGeneralOp(op.lhs, op.rhs, dims.dot, element))
    # Groups stand first in the left operand.
    batching = tuple(d + 1 for d in dims.lhs_batching_dimensions)
    contracting = tuple(d + 1 for d in dims.lhs_contracting_dimensions)
    rhs_contracting = dims.rhs_contracting_dimensions
    if not dims.sums_groups:
        contracting, rhs_contracting = (0, *contracting), dims.rhs_group_dimensions + rhs_contracting
    numbers = DotDimensions(batching, dims.rhs_batching_dimensions, contracting, rhs_contracting)
    result = code.emit(DotGeneralOp(_rows_of_groups(code, op), op.rhs, numbers, element))
    if not dims.sums_groups or not batching:
        return result
    rest = [d for d in range(len(shape_of(result))) if d != len(batching)]
    return code.emit(TransposeOp(result, [len(batching), *rest]))


def _rows_of_groups(code: Tensors, op: RaggedDotOp) -> SSAValue:
    """The left operand once for each group, with zeros along the ragged dimension where it is not the group's."""
    lhs, ragged = tensor_type(op.lhs), op.dimensions.ragged
    (groups,) = shape_of(op.group_sizes)
    sizes = tensor_type(op.group_sizes)
    square = (groups, groups)
    before = code.select(
        code.below_diagonal(square, inclusive=True),
        code.broadcast(op.group_sizes, [1], square),
        code.zeros(TensorType(sizes.element_type, square)),
    )
    add = scalar_region([sizes.element_type] * 2, lambda builder, pair: builder.insert(AddOp(*pair)).result)
    end = code.emit(ReduceOp([before], [code.zeros(TensorType(sizes.element_type, []))], [1], add))
    start = code.subtract(end, op.group_sizes)
    shape = (groups, lhs.get_shape()[ragged])
    rows = code.emit(IotaOp(1, TensorType(sizes.element_type, shape)))
    after = code.emit(CompareOp(ComparisonDirection.GE, rows, code.broadcast(start, [0], shape)))
    until = code.emit(CompareOp(ComparisonDirection.LT, rows, code.broadcast(end, [0], shape)))
    whole = (groups, *lhs.get_shape())
    return code.select(
        code.broadcast(code.emit(AndOp(after, until)), [0, ragged + 1], whole),
        code.broadcast(op.lhs, range(1, len(whole)), whole),
        code.zeros(TensorType(lhs.element_type, whole)),
    )
