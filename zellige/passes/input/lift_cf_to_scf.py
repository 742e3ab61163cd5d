"""lift-cf-to-scf: a function of several blocks becomes one block with loops and branches.

Before:  ^bb0:                                            After:  %r = scf.while (%i = %c0) : (i32) -> i32 {
           cf.br ^head(%c0 : i32)                                   %p = arith.cmpi slt, %i, %n : i32
         ^head(%i: i32):                                            scf.condition(%p) %i : i32
           %p = arith.cmpi slt, %i, %n : i32                      } do {
           cf.cond_br %p, ^body, ^end                             ^bb0(%k: i32):
         ^body:                                                     %j = arith.addi %k, %c1 : i32
           %j = arith.addi %i, %c1 : i32                            scf.yield %j : i32
           cf.br ^head(%j : i32)                                  }
         ^end:                                                    func.return %r : i32
           func.return %i : i32

A branch ends where its ways meet again. A loop is entered at one block and left by one edge; what comes before that
edge is the first region of the `scf.while`, the rest the second.

Ensures:  functions have one block.
Fails:    for loops of other forms (`break` in a branch, several entries), and for `cf.switch`.
"""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
from xdsl.context import Context
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr, LocationAttr, ModuleOp, i1
from xdsl.dialects.cf import BranchOp, ConditionalBranchOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.post_dominators import immediate_post_dominators
from zellige.support.errors import CompileError, Note


class LiftCfToScfPass(ModulePass):
    """Write branches between blocks as `scf.if` and `scf.while`."""

    name = "lift-cf-to-scf"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, FuncOp) and len(o.body.blocks) > 1]:
            _Lifting(function).apply()


def _error(message: str, op: Operation | None) -> CompileError:
    hint = Note("write it with 'scf.if', 'scf.for' and 'scf.while'")
    return CompileError(message, op=op, notes=(hint,), pass_name=LiftCfToScfPass.name)


def _successors(block: Block) -> tuple[Block, ...]:
    last = block.last_op
    match last:
        case BranchOp():
            return (last.successor,)
        case ConditionalBranchOp():
            return (last.then_block, last.else_block)
        case _:
            if last is not None and last.successors:
                raise _error(f"a branch by '{last.name}' is not supported", last)
            return ()


class _Lifting:
    """One function: its graph of blocks, and the blocks of each loop by the block where it is entered."""

    def __init__(self, function: FuncOp) -> None:
        self._function = function
        self._exit = self._join_returns()
        self._graph: nx.DiGraph[Block] = nx.DiGraph()
        pending = [function.body.blocks[0]]
        while pending:
            block = pending.pop()
            self._graph.add_node(block)
            pending += [successor for successor in _successors(block) if successor not in self._graph]
            self._graph.add_edges_from((block, successor) for successor in _successors(block))
        self._loops: dict[Block, frozenset[Block]] = {}
        self._find_loops(self._graph)
        self._entered: set[Block] = set()

    def apply(self) -> None:
        body, first = self._function.body, self._function.body.blocks[0]
        lifted = Block(arg_types=first.arg_types)
        for old, new in zip(first.args, lifted.args, strict=True):
            new.name_hint, new.location = old.name_hint, old.location
        values = self._emit(first, lifted.args, self._exit, lifted)
        _move(self._exit, values, lifted)
        end = self._exit.last_op
        assert end is not None
        end.detach()
        lifted.add_op(end)
        for block in list(body.blocks):
            body.detach_block(block)
            block.erase(safe_erase=False)
        body.add_block(lifted)

    def _join_returns(self) -> Block:
        """Let all returns lead to one block that returns; a block that nothing leads to counts for nothing."""
        returns = [op for block in self._function.body.blocks if isinstance(op := block.last_op, ReturnOp)]
        exit_ = Block(arg_types=self._function.function_type.outputs.data)
        end = ReturnOp(*exit_.args)
        end.location = returns[0].location if returns else self._function.location
        exit_.add_op(end)
        self._function.body.add_block(exit_)
        for op in returns:
            branch = BranchOp(exit_, *op.arguments)
            branch.location = op.location
            Rewriter.replace_op(op, branch, [])
        return exit_

    def _find_loops(self, graph: nx.DiGraph[Block]) -> None:
        for component in [set(c) for c in nx.strongly_connected_components(graph)]:
            inside = nx.DiGraph(graph.subgraph(component))
            if not inside.edges:
                continue
            entries = [block for block in component if any(p not in component for p in graph.predecessors(block))]
            if len(entries) != 1:
                places = [block for block in self._function.body.blocks if block in component]
                raise _error(f"a loop with {len(entries)} entries is not supported", places[0].last_op)
            header = entries[0]
            self._loops[header] = frozenset(component)
            inside.remove_edges_from(list(inside.in_edges(header)))
            self._find_loops(inside)

    def _emit(self, block: Block, arguments: Sequence[SSAValue], stop: Block, into: Block) -> Sequence[SSAValue]:
        """Move what runs from `block` on until `stop` to the end of `into`; returns what `stop` is given."""
        while block is not stop:
            if block in self._loops and block not in self._entered:
                block, arguments = self._emit_loop(block, arguments, into)
                continue
            _move(block, arguments, into)
            last = block.last_op
            match last:
                case BranchOp():
                    block, arguments = last.successor, list(last.arguments)
                    Rewriter.erase_op(last)
                case ConditionalBranchOp():
                    block, arguments = self._emit_branch(last, stop, into)
                case _:
                    raise _error("expected 'func.return', 'cf.br' or 'cf.cond_br' at the end of a block", last)
            if block in self._entered and block is not stop:
                raise _error("a loop that goes round before its end is tested is not supported", last)
        return arguments

    def _emit_branch(self, op: ConditionalBranchOp, stop: Block, into: Block) -> tuple[Block, Sequence[SSAValue]]:
        """An `scf.if` with what runs until the ways meet; returns where they meet, and what is given there."""
        assert op.parent is not None
        meeting = self._meeting(op.parent, stop, op)
        condition, location = op.cond, op.location
        ways = [(op.then_block, list(op.then_arguments)), (op.else_block, list(op.else_arguments))]
        Rewriter.erase_op(op)
        branches = [Block(), Block()]
        for (block, arguments), branch in zip(ways, branches, strict=True):
            _append(branch, scf.YieldOp(*self._emit(block, arguments, meeting, branch)), location)
        choice = scf.IfOp(condition, list(meeting.arg_types), Region(branches[0]), Region(branches[1]))
        _append(into, choice, location)
        return meeting, choice.results

    def _meeting(self, start: Block, stop: Block, op: Operation) -> Block:
        """The first block that all ways from `start` to `stop` lead through."""
        ways: nx.DiGraph[Block] = nx.DiGraph()
        pending, seen = [start], {start}
        while pending:
            block = pending.pop()
            for successor in _successors(block):
                if successor is not stop and (successor in self._entered or successor is self._exit):
                    raise _error("a branch that leaves a loop, or begins its next round, is not supported", op)
                ways.add_edge(block, successor)
                if successor is not stop and successor not in seen:
                    seen.add(successor)
                    pending.append(successor)
        return immediate_post_dominators(ways, stop)[start]

    def _emit_loop(self, header: Block, arguments: Sequence[SSAValue], into: Block) -> tuple[Block, Sequence[SSAValue]]:
        """An `scf.while`; returns the block after the loop, and what it is given."""
        inside = self._loops[header]
        edges = [(block, out) for block in inside for out in _successors(block) if out not in inside]
        if len(edges) != 1:
            raise _error(f"a loop that is left in {len(edges)} places is not supported", header.last_op)
        (last, out), test = edges[0], edges[0][0].last_op
        assert isinstance(test, ConditionalBranchOp)
        self._entered.add(header)
        before = Block(arg_types=header.arg_types)
        _move(last, self._emit(header, before.args, last, before) if last is not header else before.args, before)
        goes_on, location = test.cond, test.location
        ways = [(test.then_block, list(test.then_arguments)), (test.else_block, list(test.else_arguments))]
        if test.then_block is out:
            ways.reverse()
            truth = arith.ConstantOp(IntegerAttr(1, i1))
            _append(before, truth, location)
            negated = arith.XOrIOp(goes_on, truth.result)
            _append(before, negated, location)
            goes_on = negated.result
        (inner, inner_values), (_, out_values) = ways
        Rewriter.erase_op(test)
        handed = _needed_after(before, [*inner_values, *out_values])
        _append(before, scf.ConditionOp(goes_on, *handed), location)
        after = Block(arg_types=[value.type for value in handed])
        loop = scf.WhileOp(list(arguments), after.arg_types, Region(before), Region(after))
        in_body, outside = dict(zip(handed, after.args, strict=True)), dict(zip(handed, loop.res, strict=True))
        for value in handed:
            in_body[value].name_hint = outside[value].name_hint = value.name_hint
            for use in [use for use in value.uses if not _is_within(use.operation, before)]:
                new = in_body if self._home(use.operation) in inside else outside
                use.operation.operands[use.index] = new[value]
        inner_values = [in_body.get(value, value) for value in inner_values]
        _append(after, scf.YieldOp(*self._emit(inner, inner_values, header, after)), location)
        self._entered.discard(header)
        _append(into, loop, location)
        return out, [outside.get(value, value) for value in out_values]

    def _home(self, op: Operation) -> Block | None:
        """The block of the function in which an op stands that has not been moved."""
        while (parent := op.parent_op()) is not None and parent is not self._function:
            op = parent
        return op.parent


def _move(block: Block, arguments: Sequence[SSAValue], into: Block) -> None:
    """Put the ops of the block, all but the terminator, to the end of `into`."""
    for parameter, argument in zip(block.args, arguments, strict=True):
        argument.name_hint = argument.name_hint or parameter.name_hint
        parameter.replace_all_uses_with(argument)
    for op in [op for op in block.ops if op is not block.last_op]:
        op.detach()
        into.add_op(op)


def _append(block: Block, op: Operation, location: LocationAttr) -> None:
    """Put a new op to the end of the block."""
    op.location = location
    block.add_op(op)


def _needed_after(block: Block, given: Sequence[SSAValue]) -> list[SSAValue]:
    """The values of the block that are among `given` or used outside of it."""
    made = [*block.args, *(result for op in block.ops for result in op.results)]
    return [
        value for value in made if value in given or any(not _is_within(use.operation, block) for use in value.uses)
    ]


def _is_within(op: Operation | None, block: Block) -> bool:
    while op is not None:
        if op.parent is block:
            return True
        op = op.parent_op()
    return False
