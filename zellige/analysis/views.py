"""Values that are other names for the bytes of a value."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.ir import Operation, SSAValue

from zellige.dialects import flow

ViewOp = tensor.ExpandShapeOp | tensor.CollapseShapeOp | flow.ReshapeOp


def viewed(value: SSAValue) -> SSAValue:
    """The value whose bytes `value` names."""
    while isinstance(owner := value.owner, ViewOp):
        value = owner.src
    return value


def reads(op: Operation, value: SSAValue) -> bool:
    """Whether `op`, or its body, reads what `value` holds: all or a part of it. An empty tensor holds nothing."""
    place = _whole(value)
    return not isinstance(place.owner, tensor.EmptyOp) and any(
        _whole(operand) is place for inner in op.walk() for operand in inner.operands
    )


def _whole(value: SSAValue) -> SSAValue:
    """The value of which `value` is a view or a slice."""
    while isinstance(owner := value.owner, ViewOp | tensor.ExtractSliceOp):
        value = owner.operands[0]
    return value


def is_constant(value: SSAValue) -> bool:
    """Whether the value is a constant or a view of one."""
    owner = viewed(value).owner
    return isinstance(owner, Operation) and isinstance(owner, arith.ConstantOp)
