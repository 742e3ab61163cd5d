"""Facts about the body of a `linalg.generic`: what it costs, what it reads, whether it does more than compute."""

from __future__ import annotations

from xdsl.dialects import arith, math
from xdsl.dialects.cf import AssertOp
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from zellige.analysis.indexing import is_all_parallel
from zellige.analysis.tensor_bytes import size_bytes
from zellige.dialects.shaped_types import has_static_shapes, is_tensor, tensor_type

FREE_OPS = (arith.ConstantOp, IndexOp, YieldOp)
CHEAP_OPS = (
    arith.AddfOp,
    arith.SubfOp,
    arith.MulfOp,
    arith.NegfOp,
    arith.MaximumfOp,
    arith.MinimumfOp,
    arith.MaxnumfOp,
    arith.MinnumfOp,
    arith.CmpfOp,
    arith.AddiOp,
    arith.SubiOp,
    arith.MuliOp,
    arith.AndIOp,
    arith.OrIOp,
    arith.XOrIOp,
    arith.CmpiOp,
    arith.SelectOp,
    arith.ExtFOp,
    arith.TruncFOp,
    arith.ExtSIOp,
    arith.ExtUIOp,
    arith.TruncIOp,
    arith.SIToFPOp,
    arith.UIToFPOp,
    arith.IndexCastOp,
    arith.BitcastOp,
    math.AbsFOp,
)
WIDENING_OPS = (arith.ExtFOp, arith.ExtSIOp, arith.ExtUIOp)
CHEAP_LIMIT = 2
"""Ops of a body that costs less to compute again than to store and load."""


def yielded(op: GenericOp) -> YieldOp:
    terminator = op.body.block.last_op
    assert isinstance(terminator, YieldOp)
    return terminator


def has_effect(op: GenericOp) -> bool:
    """The body can stop the program."""
    return any(isinstance(inner, AssertOp) for inner in op.body.block.ops)


def computing_ops(op: GenericOp) -> list[Operation]:
    """The ops of the body that cost something at each point."""
    return [inner for inner in op.body.block.ops if not isinstance(inner, FREE_OPS)]


def moves_data_only(op: GenericOp) -> bool:
    """Every result element is an input element or a scalar that does not depend on the loops."""
    return is_all_parallel(op) and all(isinstance(inner, YieldOp | arith.ConstantOp) for inner in op.body.block.ops)


def is_cheap(op: GenericOp) -> bool:
    ops = computing_ops(op)
    return len(ops) <= CHEAP_LIMIT and all(isinstance(inner, CHEAP_OPS) for inner in ops)


def only_widens(op: GenericOp) -> bool:
    """The body casts its one input to a wider type."""
    ops = computing_ops(op)
    return len(op.inputs) == 1 and len(ops) == 1 and isinstance(ops[0], WIDENING_OPS)


def decodes(op: GenericOp) -> bool:
    """Whether an elementwise op makes a tensor of far fewer bytes: it unpacks numbers, or dequantises them."""
    if not is_all_parallel(op) or len(op.results) != 1 or not has_static_shapes(op):
        return False
    read = sum(size_bytes(value.type) for value in op.inputs if is_tensor(value.type))
    return is_decoded(read, size_bytes(tensor_type(op.results[0])))


def is_decoded(read: int, made: int) -> bool:
    """Whether so many bytes, of which others are made, are far fewer: half of them, and a scale for a few numbers."""
    return 4 * read <= 3 * made


def reads_out(op: GenericOp, result: int) -> bool:
    """The body reads what was in the output `result` before."""
    return op.body.block.args[len(op.inputs) + result].first_use is not None


def _argument_behind(value: SSAValue, block: Block) -> BlockArgument | None:
    """The body argument that `value` is a cast of."""
    while not isinstance(value, BlockArgument):
        if not isinstance(value.owner, (*WIDENING_OPS, arith.SIToFPOp, arith.UIToFPOp)):
            return None
        value = value.owner.operands[0]
    return value if value.owner is block else None


def is_contraction(op: GenericOp) -> bool:
    """A reduction that multiplies elements of two different inputs: a matmul, a convolution, a dot product."""
    if is_all_parallel(op):
        return False
    block = op.body.block
    for inner in block.ops:
        if isinstance(inner, arith.MulfOp | arith.MuliOp):
            left, right = _argument_behind(inner.lhs, block), _argument_behind(inner.rhs, block)
            if left is not None and right is not None and left is not right:
                return True
    return False


def body_has(op: GenericOp, *kinds: type[Operation]) -> bool:
    return any(isinstance(inner, kinds) for inner in op.body.block.ops)
