"""rematerialize-fills: a dispatch without operands runs again for each user.

Before:  %0 = flow.dispatch @zeros() : () -> tensor<1xf32>
         %1 = flow.dispatch @sum(%x, %0) : …
         %2 = flow.dispatch @norm(%1, %0) : …
After:   %0 = flow.dispatch @zeros() : () -> tensor<1xf32>
         %1 = flow.dispatch @sum(%x, %0) : …
         %3 = flow.dispatch @zeros() : () -> tensor<1xf32>
         %2 = flow.dispatch @norm(%1, %3) : …

A value that is kept alive over other dispatches holds bytes of the slab and cannot be overwritten in place. Filling is
cheaper than that, and the executable is there already.

Ensures: the result of a dispatch without operands has one user.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.flow import DispatchOp


@dataclass(frozen=True)
class RematerializeFillsPass(ModulePass):
    """Clone dispatches without operands to each of their users."""

    name = "rematerialize-fills"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for fill in [o for o in op.walk() if isinstance(o, DispatchOp) and not o.arguments and len(o.outputs) == 1]:
            users = list(dict.fromkeys(use.operation for use in fill.outputs[0].uses))
            if any(user.parent is not fill.parent for user in users):
                continue
            users.sort(key=lambda user: user.parent.get_operation_index(user) if user.parent is not None else 0)
            for user in users[1:]:
                copy = fill.clone()
                copy.outputs[0].name_hint = fill.outputs[0].name_hint
                Rewriter.insert_op(copy, InsertPoint.before(user))
                fill.outputs[0].replace_uses_with_if(copy.outputs[0], lambda use, user=user: use.operation is user)
