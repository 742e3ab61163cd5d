"""legalize-tosa-control-flow: loops, branches and variables of TOSA are those of StableHLO and ml_program.

Before:  tosa.variable @v = dense<0.0> : tensor<4xf32>
         %v = tosa.variable_read @v : tensor<4xf32>
         %0 = tosa.cond_if %c (%a = %v) : tensor<1xi1> (tensor<4xf32>) -> tensor<4xf32> {
           ^bb0(%a: tensor<4xf32>): tosa.yield %a : tensor<4xf32>
         } else {
           ^bb0(%a: tensor<4xf32>): …
         }
After:   ml_program.global private mutable @v(dense<0.0> : tensor<4xf32>) : tensor<4xf32>
         %v = ml_program.global_load @v : tensor<4xf32>
         %p = stablehlo.reshape %c : (tensor<1xi1>) -> tensor<i1>
         %0 = "stablehlo.if"(%p) ({ stablehlo.return %v : tensor<4xf32> }, { … }) : (tensor<i1>) -> tensor<4xf32>

Regions of a branch use the values themselves in place of their arguments. A variable without a value starts as zeros.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr, TensorType, UnitAttr, i1
from xdsl.ir import Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.ml_program import GlobalLoadOp, GlobalOp, GlobalStoreOp
from zellige.dialects.stablehlo.control_flow import IfOp, ReturnOp, WhileOp
from zellige.dialects.stablehlo.shapes import ReshapeOp
from zellige.dialects.tosa.control_flow import CondIfOp, WhileLoopOp, YieldOp
from zellige.dialects.tosa.variables import VariableOp, VariableReadOp, VariableWriteOp, symbol_of

CONDITION = TensorType(i1, [])

HANDLED_OPS = (CondIfOp, WhileLoopOp, YieldOp, VariableOp, VariableReadOp, VariableWriteOp)
"""What is replaced."""


class LegalizeTosaControlFlowPass(ModulePass):
    """Replace TOSA's loops, branches and variables."""

    name = "legalize-tosa-control-flow"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for old in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            new = _replacement(old)
            new.location = old.location
            for result, made in zip(old.results, new.results, strict=True):
                made.name_hint = result.name_hint
            Rewriter.replace_op(old, new)


def _replacement(op: Operation) -> Operation:
    match op:
        case CondIfOp():
            regions = [op.detach_region(region) for region in (op.then_graph, op.else_graph)]
            for region in regions:
                _give_values(region, op.input_list)
            return IfOp(_condition(op.condition, op), op.result_types, *regions)
        case WhileLoopOp():
            regions = [op.detach_region(region) for region in (op.cond_graph, op.body_graph)]
            return WhileOp(op.input_list, *regions)
        case YieldOp():
            is_condition = isinstance(loop := op.parent_op(), WhileOp) and op.parent_region() is loop.cond
            return ReturnOp([_condition(op.inputs[0], op)] if is_condition else list(op.inputs))
        case VariableOp():
            private = StringAttr("private")
            return GlobalOp(op.sym_name, op.tensor_type, UnitAttr(), op.initial_value, private)
        case VariableReadOp():
            return GlobalLoadOp(symbol_of(op), op.output1.type)
        case VariableWriteOp():
            return GlobalStoreOp(symbol_of(op), op.input1)
        case _:
            raise AssertionError(op.name)


def _give_values(region: Region, values: tuple[SSAValue, ...]) -> None:
    """Let a region use values in place of its arguments."""
    block = region.block
    for argument, value in zip(list(block.args), values, strict=True):
        argument.replace_all_uses_with(value)
        block.erase_arg(argument)


def _condition(value: SSAValue, before: Operation) -> SSAValue:
    """One truth value, as a tensor without dimensions."""
    if value.type == CONDITION:
        return value
    reshape = ReshapeOp(value, [])
    reshape.location = before.location
    Rewriter.insert_op(reshape, InsertPoint.before(before))
    return reshape.result
