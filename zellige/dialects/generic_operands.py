"""Changing the inputs and the body of a `linalg.generic` in place: the op, its results, place and names stay."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, DenseArrayBase, i32
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.rewriter import Rewriter
from xdsl.transforms.common_subexpression_elimination import cse
from xdsl.transforms.dead_code_elimination import is_trivially_dead

from zellige.dialects.shaped_types import element_type


def set_inputs(op: GenericOp, inputs: Sequence[SSAValue], maps: Sequence[AffineMap]) -> None:
    """Give `op` other inputs and their maps. The arguments of the body have to be brought in line by the caller."""
    outputs = tuple(op.outputs)
    out_maps = op.indexing_maps.data[len(op.inputs) :]
    op.operands = (*inputs, *outputs)
    op.properties["operandSegmentSizes"] = DenseArrayBase.from_list(i32, [len(inputs), len(outputs)])
    op.properties["indexing_maps"] = ArrayAttr([*(AffineMapAttr(m) for m in maps), *out_maps])


def replace_inputs(
    op: GenericOp, inputs: Sequence[SSAValue], maps: Sequence[AffineMap], becomes: Sequence[int | SSAValue | None]
) -> None:
    """Give `op` other inputs; what the body read as old input `i` becomes new input or value `becomes[i]`.

    An old input that the body does not read may become None.
    """
    block = op.body.block
    old = block.args[: len(op.inputs)]
    new = [block.insert_arg(element_type(value.type), len(old) + i) for i, value in enumerate(inputs)]
    for argument, target in zip(old, becomes, strict=True):
        if target is not None:
            argument.replace_all_uses_with(new[target] if isinstance(target, int) else target)
        block.erase_arg(argument)
    set_inputs(op, inputs, maps)


def tidy_body(op: GenericOp) -> None:
    """Compute everything in the body once, and nothing that is not used; `linalg.index` counts as free of effects."""
    block = op.body.block
    counters: dict[int, IndexOp] = {}
    for inner in [o for o in block.ops if isinstance(o, IndexOp)]:
        first = counters.setdefault(inner.dim.value.data, inner)
        if first is not inner:
            Rewriter.replace_op(inner, [], [first.result])
    cse(block)
    for inner in reversed(list(block.ops)):
        is_dead = inner.result.first_use is None if isinstance(inner, IndexOp) else is_trivially_dead(inner)
        if is_dead:
            Rewriter.erase_op(inner)
