"""number-assertions: give the messages of a program numbers.

Before:  builtin.module {                       After:  builtin.module attributes {hal.messages = ["too large"]} {
           cf.assert %c, "too large"                      cf.assert %c, "too large" {hal.message = 0 : i64}

Ensures: `hal.message` of each `cf.assert` is the index of its text in `hal.messages`; equal texts have one number.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import cf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.passes import ModulePass


class NumberAssertionsPass(ModulePass):
    """Collect the messages of a module."""

    name = "number-assertions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        numbers: dict[str, int] = {}
        for assertion in [o for o in op.walk() if isinstance(o, cf.AssertOp)]:
            number = numbers.setdefault(assertion.msg.data, len(numbers))
            assertion.attributes["hal.message"] = IntegerAttr(number, i64)
        op.attributes["hal.messages"] = ArrayAttr(StringAttr(message) for message in numbers)
