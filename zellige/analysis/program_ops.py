"""Ops that run once for the program, and ops that run for each element of another one."""

from __future__ import annotations

from xdsl.dialects import func, scf
from xdsl.ir import Operation


def is_program_op(op: Operation) -> bool:
    """Whether only functions, loops and branches are around `op`, not the body of a `reduce`, a `sort` or a generic."""
    parent = op.parent_op()
    while parent is not None and not isinstance(parent, func.FuncOp):
        if not isinstance(parent, scf.ForOp | scf.IfOp | scf.WhileOp):
            return False
        parent = parent.parent_op()
    return parent is not None
