"""legalize-stablehlo-elementwise: constants, and a `linalg.generic` for each op that computes element by element.

Before:  %s = stablehlo.constant dense<2.0> : tensor<f32>
         %0 = stablehlo.clamp %s, %x, %y : (tensor<f32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>

After:   %s = arith.constant dense<2.0> : tensor<f32>
         %e = tensor.empty() : tensor<4xf32>
         %0 = linalg.generic {indexing_maps = [(d0) -> (), (d0) -> (d0), (d0) -> (d0), (d0) -> (d0)], …}
              ins(%s, %x, %y) outs(%e) {
         ^bb0(%in: f32, %in_1: f32, %in_2: f32, %out: f32):
           %1 = arith.maximumf %in_1, %in : f32
           %2 = arith.minimumf %1, %in_2 : f32
           linalg.yield %2 : f32 }

A bitcast between elements of different widths is a generic too, of shifts and ors, with one loop more.

Leaves:  an op on types that the table of scalars has no function for.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.program_ops import is_program_op
from zellige.dialects.generic_forms import Compute, FormBuilder
from zellige.dialects.shaped_types import element_type, has_static_shapes, is_tensor, tensor_type
from zellige.dialects.stablehlo.element_kinds import Kind, bits_of, kind_of
from zellige.dialects.stablehlo.elementwise_forms import BitcastConvertOp, ConstantOp, MapOp
from zellige.passes.input.bit_pieces import bitcast_pieces
from zellige.passes.input.stablehlo_scalars import (
    FUNCTIONS,
    apply_to_scalars,
    can_inline,
    inline_body,
    scalar_function,
)

HANDLED_OPS = (ConstantOp, MapOp, *FUNCTIONS)
"""What is replaced."""


class LegalizeStablehloElementwisePass(ModulePass):
    """Replace each elementwise op with a generic of the scalars that it computes."""

    name = "legalize-stablehlo-elementwise"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for old in [o for o in op.walk() if isinstance(o, HANDLED_OPS) and is_program_op(o)]:
            if (new := _replacement(old)) is not None:
                new.name_hint = old.results[0].name_hint
                Rewriter.replace_op(old, [], [new])


def _replacement(op: Operation) -> SSAValue | None:
    if isinstance(op, ConstantOp):
        return FormBuilder(op).insert(arith.ConstantOp(op.value)).result
    if isinstance(op, MapOp):
        return _pointwise(op, _region_of(op)) if can_inline(op.computation) else None
    if isinstance(op, BitcastConvertOp) and _changes_width(op):
        return bitcast_pieces(op, op.operand, tensor_type(op.result)) if _has_bits(op) else None
    if scalar_function(op) is None or not _is_on_tensors(op):
        return None
    return _pointwise(op, lambda builder, elements: apply_to_scalars(builder, op, elements[:-1]))


def _region_of(op: MapOp) -> Compute:
    return lambda builder, elements: inline_body(builder, op.computation, elements[:-1])[0]


def _changes_width(op: BitcastConvertOp) -> bool:
    return bits_of(element_type(op.operand.type)) != bits_of(element_type(op.result.type))


def _has_bits(op: BitcastConvertOp) -> bool:
    """Whether both types are static tensors of real numbers or truth values."""
    kinds = [kind_of(element_type(value.type)) for value in (op.operand, op.result)]
    return has_static_shapes(op) and all(kind in Kind.BITS | Kind.FLOAT for kind in kinds)


def _is_on_tensors(op: Operation) -> bool:
    return all(is_tensor(value.type) for value in (*op.operands, *op.results))


def _pointwise(op: Operation, compute: Compute) -> SSAValue:
    """A generic over the elements of the result; operands without dimensions are the same for all."""
    result_type = tensor_type(op.results[0])
    rank = result_type.get_num_dims()
    maps = [
        AffineMap.identity(rank) if tensor_type(value).get_num_dims() else AffineMap(rank, 0, ())
        for value in op.operands
    ]
    return FormBuilder(op).pointwise(op.operands, result_type, compute, maps)
