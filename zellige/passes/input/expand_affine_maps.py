"""expand-affine-maps: what affine says of indices is arithmetic.

Before:  %0 = affine.apply affine_map<(d0)[s0] -> (d0 * 3 + s0 floordiv 2)>(%n)[%m]
         %1 = affine.min affine_map<(d0) -> (d0, 17)>(%0)
After:   %a = arith.muli %n, %c3 : index
         %b = arith.floordivsi %m, %c2 : index
         %0 = arith.addi %a, %b : index
         %1 = arith.minsi %0, %c17 : index

Leaves:  loops, branches and accesses to memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from types import MappingProxyType

from xdsl.context import Context
from xdsl.dialects import affine
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.affine import MaxOp
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.passes.input.index_forms import divided_down, divided_up, greater, lesser, minus, plus, times

REPLACED_OPS = (affine.ApplyOp, affine.MinOp, MaxOp)
"""What is replaced."""


class ExpandAffineMapsPass(ModulePass):
    """Replace `affine.apply`, `affine.min` and `affine.max`."""

    name = "expand-affine-maps"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, REPLACED_OPS)]:
            forms = FormBuilder(inner)
            values = _results(forms, inner)
            choose = greater if isinstance(inner, MaxOp) else lesser
            value = forms.index(reduce(lambda one, other, choose=choose: choose(forms, one, other), values))
            value.name_hint = value.name_hint or inner.results[0].name_hint
            Rewriter.replace_op(inner, [], [value])


def _results(forms: FormBuilder, op: affine.ApplyOp | affine.MinOp | MaxOp) -> list[Index]:
    map_, operands = op.map.data, list(op.operands)
    dims, symbols = operands[: map_.num_dims], operands[map_.num_dims :]
    return [_value(forms, expr, dims, symbols) for expr in map_.results]


def _value(forms: FormBuilder, expr: AffineExpr, dims: Sequence[SSAValue], symbols: Sequence[SSAValue]) -> Index:
    match expr:
        case AffineConstantExpr():
            return expr.value
        case AffineDimExpr():
            return dims[expr.position]
        case AffineSymExpr():
            return symbols[expr.position]
        case AffineBinaryOpExpr():
            return _ARITHMETIC[expr.kind](
                forms, _value(forms, expr.lhs, dims, symbols), _value(forms, expr.rhs, dims, symbols)
            )
        case _:
            raise AssertionError(expr)


def _rest(forms: FormBuilder, one: Index, other: Index) -> Index:
    """What is left of a division that rounds down."""
    return minus(forms, one, times(forms, divided_down(forms, one, other), other))


_ARITHMETIC: Mapping[AffineBinaryOpKind, Callable[[FormBuilder, Index, Index], Index]] = MappingProxyType(
    {
        AffineBinaryOpKind.Add: plus,
        AffineBinaryOpKind.Mul: times,
        AffineBinaryOpKind.Mod: _rest,
        AffineBinaryOpKind.FloorDiv: divided_down,
        AffineBinaryOpKind.CeilDiv: divided_up,
    }
)
