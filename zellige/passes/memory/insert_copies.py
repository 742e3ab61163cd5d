"""insert-copies: give every value that has to stand in a certain place a value of its own.

Before:  %1 = flow.dispatch @insert(%0, %a) tied [0] …
         func.return %1
After:   %2 = flow.dispatch @copy_8xf32(%0) {hal.copy} …
         %1 = flow.dispatch @insert(%2, %a) tied [0] …
         %3 = flow.dispatch @copy_8xf32(%1) {hal.copy} …
         func.return %3

Places are asked for by tied operands, by the results of a function, by globals, and by values that loops and branches
carry. With these copies any plan is correct (two values that a loop swaps, too); `plan-memory` takes away those that it
can do without. An empty tensor is not copied, there is another one.

Requires: `mark-constant-operands`.
Ensures:  a tied operand has no other use; an operand of `func.return` and `ml_program.global_store`, and a tensor that
          `scf.yield` and `scf.condition` hand over, is the result of a copy without other uses; so is the initial value
          of a loop; the arguments of a loop's blocks are only copied, at the start of the block, and so is what
          `ml_program.global_load` gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.dimensions import dynamic_sizes_of
from zellige.analysis.donations import donations
from zellige.analysis.views import is_constant
from zellige.dialects import flow
from zellige.dialects.copies import copy_dispatch, copy_executable
from zellige.dialects.ml_program import GlobalLoadOp, GlobalStoreOp
from zellige.dialects.shaped_types import is_tensor


class InsertCopiesPass(ModulePass):
    """Separate the places of a program, so that they can be planned."""

    name = "insert-copies"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        names = {o.sym_name.data for o in op.ops if isinstance(o, flow.ExecutableOp)}
        for function in [o for o in op.ops if isinstance(o, func.FuncOp)]:
            copies = _Copies(function, names)
            for inner in sorted(function.walk(), key=lambda inner: isinstance(inner, GlobalStoreOp)):
                copies.separate(inner)


@dataclass
class _Copies:
    """Copies of the values of one function; makes the executables that they need."""

    function: func.FuncOp
    names: set[str] = field(default_factory=set[str])

    def separate(self, op: Operation) -> None:
        match op:
            case flow.DispatchOp():
                for index in op.tied_operands:
                    if index >= 0:
                        self._copy_operand(op, index)
            case scf.ForOp() | scf.WhileOp():
                first = 3 if isinstance(op, scf.ForOp) else 0
                for index in range(first, len(op.operands)):
                    self._copy_operand(op, index)
                for region in op.regions:
                    self._copy_arguments(region.block)
            case func.FuncOp():
                block = op.body.block
                for argument in donations(op):
                    self._copy_from(block.args[argument], InsertPoint.at_start(block))
            case GlobalLoadOp():
                self._copy_from(op.result, InsertPoint.after(op))
            case scf.YieldOp() | scf.ConditionOp() | func.ReturnOp() | GlobalStoreOp():
                for index in range(len(op.operands)):
                    self._copy_operand(op, index)
            case _:
                pass

    def _copy_operand(self, op: Operation, index: int) -> None:
        value = op.operands[index]
        if not is_tensor(value.type):
            return
        if isinstance(value.owner, tensor.EmptyOp):
            empty = tensor.EmptyOp(value.owner.dynamic_sizes, value.type)
            empty.location = value.owner.location
            empty.tensor.name_hint = value.name_hint
            Rewriter.insert_op(empty, InsertPoint.before(op))
            op.operands[index] = empty.tensor
        else:
            op.operands[index] = self._copy(value, op, _place_before(op)).outputs[0]

    def _copy_arguments(self, block: Block) -> None:
        place = InsertPoint.at_start(block)
        for argument in block.args:
            if is_tensor(argument.type):
                self._copy_from(argument, place)

    def _copy_from(self, value: SSAValue, place: InsertPoint) -> None:
        """Let all that use the value use a copy of it."""
        uses = list(value.uses)
        copy = self._copy(value, None, place)
        for use in uses:
            use.operation.operands[use.index] = copy.outputs[0]

    def _copy(self, value: SSAValue, near: Operation | None, place: InsertPoint) -> flow.DispatchOp:
        from_constants = is_constant(value)
        copy = copy_dispatch(value, dynamic_sizes_of(value), from_constants)
        if near is not None:
            copy.location = near.location
        name = copy.executable.string_value()
        if name not in self.names:
            assert is_tensor(value.type)
            self.names.add(name)
            Rewriter.insert_op(copy_executable(value.type, from_constants), InsertPoint.before(self.function))
        Rewriter.insert_op(copy, place)
        return copy


def _place_before(op: Operation) -> InsertPoint:
    """Before the op; what is returned is copied before globals are stored, so that these may be updated in place."""
    while isinstance(op, func.ReturnOp | GlobalStoreOp) and isinstance(op.prev_op, GlobalStoreOp):
        op = op.prev_op
    return InsertPoint.before(op)
