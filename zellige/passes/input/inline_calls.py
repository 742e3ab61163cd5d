"""inline-calls: put the bodies of called functions where they are called, and drop private functions.

Before:  func.func private @relu(%x: tensor<8xf32>) -> tensor<8xf32> { %0 = …; return %0 }
         func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> { %1 = call @relu(%a) …; return %1 }
After:   func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> { %0 = … %a …; return %0 }

With `elements=true` only calls in bodies of other ops, such as a comparator, are replaced, and all functions stay: so
those ops can be legalised, and the rest of the program is checked as it was written. With `numbers=true` only calls are
that compute single integers of such, or take some beside tensors of dynamic sizes: they may be sizes.

Ensures:  no call and no private function is left; with `elements=true`, only the program itself calls.
Fails:    for a function that calls itself, one that is not defined, and one of several blocks that is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerType, ModuleOp
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.program_ops import is_program_op
from zellige.dialects.shaped_types import has_static_shapes, is_tensor
from zellige.support.errors import CompileError, Note


@dataclass(frozen=True)
class InlineCallsPass(ModulePass):
    """Replace calls with the bodies of their callees."""

    name = "inline-calls"
    elements: bool = False
    numbers: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = {o.sym_name.data: o for o in op.ops if isinstance(o, FuncOp)}
        if self.elements:
            self._inline_some(functions, _element_calls)
            return
        if self.numbers:
            self._inline_some(functions, _calls_of_numbers)
            return
        for call, callee in self._callees_first(functions):
            _inline(call, callee)
        for function in functions.values():
            if function.sym_visibility is not None and function.sym_visibility.data == "private":
                Rewriter.erase_op(function)

    def _inline_some(self, functions: dict[str, FuncOp], calls: Callable[[dict[str, FuncOp]], list[CallOp]]) -> None:
        """Replace these calls, and those of their kind that come with the callees."""
        inner = calls(functions)
        if inner:
            self._callees_first(functions)  # there is an end: no function calls itself
        while inner:
            for call in inner:
                _inline(call, functions[_name(call)])
            inner = calls(functions)

    def _callees_first(self, functions: dict[str, FuncOp]) -> list[tuple[CallOp, FuncOp]]:
        """All calls, those inside a callee before the calls of it."""
        order: list[tuple[CallOp, FuncOp]] = []
        done: set[str] = set()
        for root, function in functions.items():
            if root in done:
                continue
            stack = [(root, iter(_calls(function)))]
            active = {root: 0}
            while stack:
                name, calls = stack[-1]
                call = next(calls, None)
                if call is None:
                    stack.pop()
                    del active[name]
                    done.add(name)
                    order.extend((c, functions[_name(c)]) for c in _calls(functions[name]))
                    continue
                callee = self._callee(call, functions)
                if callee in active:
                    self._reject_recursion(call, [*active][active[callee] :])
                if callee not in done:
                    active[callee] = len(stack)
                    stack.append((callee, iter(_calls(functions[callee]))))
        return order

    def _callee(self, call: CallOp, functions: dict[str, FuncOp]) -> str:
        name = _name(call)
        if name not in functions:
            raise CompileError(f"function '@{name}' is not defined in this module", op=call, pass_name=self.name)
        function = functions[name]
        if not function.body.blocks:
            raise CompileError(
                f"function '@{name}' is declared but has no body",
                op=call,
                notes=(Note("a module has to define every function that it calls"),),
                pass_name=self.name,
            )
        if len(function.body.blocks) > 1:
            raise CompileError(
                f"function '@{name}' has {len(function.body.blocks)} blocks, expected 1",
                op=call,
                notes=(Note("write branches and loops with 'scf.if', 'scf.for' and 'scf.while'"),),
                pass_name=self.name,
            )
        return name

    def _reject_recursion(self, call: CallOp, cycle: list[str]) -> None:
        path = " -> ".join(f"'@{name}'" for name in [*cycle, _name(call)])
        raise CompileError(
            f"recursive call of '@{_name(call)}' is not supported",
            op=call,
            notes=(Note(f"the calls are {path}"), Note("write the recursion as a loop with 'scf.while'")),
            pass_name=self.name,
        )


def _name(call: CallOp) -> str:
    return call.callee.string_value()


def _calls(function: FuncOp) -> list[CallOp]:
    return [o for o in function.walk() if isinstance(o, CallOp)]


def _element_calls(functions: dict[str, FuncOp]) -> list[CallOp]:
    return [call for function in functions.values() for call in _calls(function) if not is_program_op(call)]


def _inline(call: CallOp, callee: FuncOp) -> None:
    block = callee.body.clone().block
    terminator = block.last_op
    assert isinstance(terminator, ReturnOp)
    Rewriter.inline_block(block, InsertPoint.before(call), call.arguments)
    Rewriter.replace_op(call, [], terminator.operands)
    Rewriter.erase_op(terminator)


def _calls_of_numbers(functions: dict[str, FuncOp]) -> list[CallOp]:
    """Calls from single integers to single integers, and those that hand some on beside tensors of dynamic sizes."""
    calls = [call for function in functions.values() for call in _calls(function)]
    return [call for call in calls if _computes_numbers(call) or _hands_sizes_on(call)]


def _computes_numbers(call: CallOp) -> bool:
    return bool(call.results) and all(map(_is_integer, (*call.operands, *call.results)))


def _hands_sizes_on(call: CallOp) -> bool:
    return not has_static_shapes(call) and any(map(_is_integer, call.operands))


def _is_integer(value: SSAValue) -> bool:
    type_ = value.type
    return is_tensor(type_) and isinstance(type_.element_type, IntegerType) and not type_.get_num_dims()
