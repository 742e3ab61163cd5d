"""mark-constant-operands: say which arguments of kernels are in the constant memory.

Before:  func.func @k(%a: tensor<4xf32>, %b: tensor<4xf32>) …
         %w = arith.constant dense<…> : tensor<4xf32>
         %0 = flow.dispatch @k(%x, %w) …
After:   func.func @k(%a: tensor<4xf32>, %b: tensor<4xf32> {hal.memory = #hal.memory<constant>}) …

Ensures: at every dispatch, an operand is a constant, or a view of one, exactly where the kernel's argument says so. An
         executable whose dispatches do not agree is cloned.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr, SymbolRefAttr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.views import is_constant
from zellige.dialects import flow
from zellige.dialects.hal import Memory, MemoryAttr


class MarkConstantOperandsPass(ModulePass):
    """Tell apart what a kernel reads from constant and from device memory."""

    name = "mark-constant-operands"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        executables = {o.sym_name.data: o for o in op.ops if isinstance(o, flow.ExecutableOp)}
        marked: dict[tuple[str, tuple[bool, ...]], str] = {}
        seen: set[str] = set()
        for dispatch in [o for o in op.walk() if isinstance(o, flow.DispatchOp)]:
            name = dispatch.executable.string_value()
            pattern = tuple(
                i not in dispatch.tied_operands and is_constant(value) for i, value in enumerate(dispatch.arguments)
            )
            if (name, pattern) not in marked:
                executable = executables[name]
                if name in seen:
                    executable = _clone(executable, _free_name(name, executables))
                    executables[executable.sym_name.data] = executable
                seen.add(name)
                marked[name, pattern] = executable.sym_name.data
                _mark(executable, pattern)
            dispatch.executable = SymbolRefAttr(marked[name, pattern])


def _free_name(name: str, taken: dict[str, flow.ExecutableOp]) -> str:
    number = 1
    while f"{name}_v{number}" in taken:
        number += 1
    return f"{name}_v{number}"


def _clone(executable: flow.ExecutableOp, name: str) -> flow.ExecutableOp:
    clone = executable.clone()
    clone.kernel.sym_name = StringAttr(name)
    clone.sym_name = StringAttr(name)
    Rewriter.insert_op(clone, InsertPoint.after(executable))
    return clone


def _mark(executable: flow.ExecutableOp, pattern: tuple[bool, ...]) -> None:
    kernel = executable.kernel
    old = kernel.arg_attrs.data if kernel.arg_attrs is not None else (DictionaryAttr({}),) * len(pattern)
    memory = MemoryAttr(Memory.CONSTANT)
    new: list[DictionaryAttr] = []
    for attributes, is_in_constants in zip(old, pattern, strict=True):
        others = {key: value for key, value in attributes.data.items() if key != "hal.memory"}
        new.append(DictionaryAttr(others | {"hal.memory": memory} if is_in_constants else others))
    kernel.arg_attrs = ArrayAttr(new) if any(attributes.data for attributes in new) else None
