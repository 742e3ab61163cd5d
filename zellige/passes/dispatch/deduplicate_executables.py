"""deduplicate-executables: keep one of the executables that compute the same.

Before:  flow.executable @a { … }      After:  flow.executable @a { … }
         flow.executable @b { … }              %0 = flow.dispatch @a(%x) …
         %0 = flow.dispatch @a(%x) …           %1 = flow.dispatch @a(%0) …
         %1 = flow.dispatch @b(%0) …

Names and locations do not count; attributes of arguments do. The first one stays.
"""

from __future__ import annotations

from collections.abc import Hashable

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, SymbolRefAttr
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects import flow


class DeduplicateExecutablesPass(ModulePass):
    """Replace executables by equal ones that stand before them."""

    name = "deduplicate-executables"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        kept: dict[Hashable, list[flow.ExecutableOp]] = {}
        replaced: dict[str, str] = {}
        for executable in [o for o in op.ops if isinstance(o, flow.ExecutableOp)]:
            alike = kept.setdefault(_fingerprint(executable), [])
            body = executable.kernel.body
            equal = next((e for e in alike if e.kernel.body.is_structurally_equivalent(body)), None)
            if equal is None:
                alike.append(executable)
            else:
                replaced[executable.sym_name.data] = equal.sym_name.data
                Rewriter.erase_op(executable)
        for dispatch in [o for o in op.walk() if isinstance(o, flow.DispatchOp)]:
            name = dispatch.executable.string_value()
            if name in replaced:
                dispatch.executable = SymbolRefAttr(replaced[name])


def _fingerprint(executable: flow.ExecutableOp) -> Hashable:
    """Equal for equal executables, and cheap: the signature and what the ops are."""
    kernel = executable.kernel
    ops = tuple(
        (inner.name, tuple(sorted(inner.properties.items(), key=lambda item: item[0]))) for inner in kernel.body.walk()
    )
    return kernel.function_type, kernel.arg_attrs, kernel.res_attrs, executable.workgroups, ops
