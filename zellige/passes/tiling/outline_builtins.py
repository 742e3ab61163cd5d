"""outline-builtins: mark the kernels that native code may replace, and keep the text that it is made from.

Before:  flow.executable @gelu workgroups [64, 1, 1] { func.func @gelu(…) { … } }
After:   intrinsic.group @zellige.kernels versions [1]
         intrinsic.template @gelu "flow.executable @gelu workgroups [64, 1, 1] …"
         flow.executable @gelu workgroups [64, 1, 1]
             attributes {intrinsic.builtin = #intrinsic.builtin<group @zellige.kernels version 1>} { … }

The text is an executable that reads back inside a module. What follows this pass chooses for one machine.

Requires: `tile-to-workgroups`.
Ensures:  the group is declared if a kernel is marked; each marked kernel has one template.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.builtins import obstacle
from zellige.artifact import KERNEL_GROUP
from zellige.dialects.flow import executables
from zellige.dialects.intrinsic import BUILTIN, BuiltinAttr, GroupOp, TemplateOp
from zellige.support.printing import module_text

KERNEL_VERSION = 1
"""Version of the group of kernels: how they are called and what their templates are."""


@dataclass(frozen=True)
class OutlineBuiltinsPass(ModulePass):
    """Make a built-in function of each kernel whose accesses and faults are known before it runs."""

    name = "outline-builtins"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        chosen = [executable for executable in executables(op) if obstacle(executable) is None]
        if not chosen:
            return
        group = GroupOp(KERNEL_GROUP, [KERNEL_VERSION])
        group.location = op.location
        Rewriter.insert_op(group, InsertPoint.at_start(op.body.block))
        for executable in chosen:
            template = TemplateOp(executable.sym_name.data, module_text(executable))
            template.location = executable.location
            Rewriter.insert_op(template, InsertPoint.before(executable))
            executable.attributes[BUILTIN] = BuiltinAttr(KERNEL_GROUP, KERNEL_VERSION)
