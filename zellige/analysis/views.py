"""Values that are other names for the bytes of a value."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.ir import Operation, SSAValue

ViewOp = tensor.ExpandShapeOp | tensor.CollapseShapeOp


def viewed(value: SSAValue) -> SSAValue:
    """The value whose bytes `value` names."""
    while isinstance(owner := value.owner, ViewOp):
        value = owner.src
    return value


def is_constant(value: SSAValue) -> bool:
    """Whether the value is a constant or a view of one."""
    owner = viewed(value).owner
    return isinstance(owner, Operation) and isinstance(owner, arith.ConstantOp)
