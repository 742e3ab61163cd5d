"""flatten-tuples: what crosses the border of a function, a branch or a loop is the values of a tuple, not the tuple.

Before:  func.func private @f(%t: tuple<tensor<4xf32>, tensor<i1>>) -> tuple<tensor<4xf32>, tensor<i1>> {
           return %t
         }
         %1 = func.call @f(%0) : (tuple<…>) -> tuple<…>
         %2 = stablehlo.get_tuple_element %1[0]
After:   func.func private @f(%a: tensor<4xf32>, %b: tensor<i1>) -> (tensor<4xf32>, tensor<i1>) {
           return %a, %b
         }
         %a, %b = func.call @f(%x, %y)
         %1 = stablehlo.tuple %a, %b
         %2 = stablehlo.get_tuple_element %1[0]

So that each tuple stands next to what takes it apart. A public function has an argument or result for each value.

Leaves:  tuples of a `custom_call`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xdsl.context import Context
from xdsl.dialects import func, scf
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, IntegerAttr, ModuleOp, TupleType, i32
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.stablehlo import control_flow as hlo

_CARRIERS = (
    *(func.FuncOp, func.CallOp, func.ReturnOp),
    *(hlo.WhileOp, hlo.IfOp, hlo.CaseOp, hlo.ReturnOp, hlo.OptimizationBarrierOp, hlo.CompositeOp),
    *(scf.IfOp, scf.ForOp, scf.WhileOp, scf.ConditionOp, scf.YieldOp),
)
"""Ops that hand values over as they are."""


class FlattenTuplesPass(ModulePass):
    """Let functions, branches and loops take and give the values of tuples."""

    name = "flatten-tuples"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        carriers = [o for o in op.walk() if isinstance(o, _CARRIERS)]
        for inner in carriers:
            for block in [block for region in inner.regions for block in region.blocks]:
                _flatten_arguments(block)
            if any(map(_is_tuple, inner.operand_types)):
                inner.operands = [part for operand in inner.operands for part in _parts(operand, inner)]
        for inner in carriers:
            if isinstance(inner, func.FuncOp):
                _flatten_signature(inner)
            elif any(map(_is_tuple, inner.result_types)):
                _flatten_results(inner)


def _is_tuple(type_: Attribute) -> bool:
    return isinstance(type_, TupleType)


def _flattened(types: Iterable[Attribute]) -> list[Attribute]:
    """The types of the values of tuples, and of tuples in these."""
    found: list[Attribute] = []
    for type_ in types:
        found += _flattened(type_.types) if isinstance(type_, TupleType) else [type_]
    return found


def _parts(value: SSAValue, before: Operation) -> list[SSAValue]:
    """The values of a tuple, taken out before an op."""
    if not isinstance(value.type, TupleType):
        return [value]
    found: list[SSAValue] = []
    for number, type_ in enumerate(value.type.types):
        part = hlo.GetTupleElementOp(
            operands=[value], properties={"index": IntegerAttr(number, i32)}, result_types=[type_]
        )
        part.location = before.location
        Rewriter.insert_op(part, InsertPoint.before(before))
        found += _parts(part.result, before)
    return found


def _joined(types: Sequence[Attribute], parts: Iterable[SSAValue]) -> tuple[list[Operation], list[SSAValue]]:
    """Ops that make tuples of these types of their flattened values, and the values of the types."""
    rest, ops = iter(parts), list[Operation]()

    def join(type_: Attribute) -> SSAValue:
        if not isinstance(type_, TupleType):
            return next(rest)
        ops.append(hlo.TupleOp(operands=[[join(member) for member in type_.types]], result_types=[type_]))
        return ops[-1].results[0]

    return ops, [join(type_) for type_ in types]


def _flatten_arguments(block: Block) -> None:
    old = list(block.args)
    if not any(_is_tuple(argument.type) for argument in old):
        return
    types = [argument.type for argument in old]
    new = [block.insert_arg(type_, len(block.args)) for type_ in _flattened(types)]
    ops, values = _joined(types, new)
    for op in ops:
        op.location = old[0].location
    Rewriter.insert_op(ops, InsertPoint.at_start(block))
    for argument, value in zip(old, values, strict=True):
        value.name_hint = value.name_hint or argument.name_hint
        argument.replace_all_uses_with(value)
        block.erase_arg(argument)


def _flatten_results(op: Operation) -> None:
    types = list(op.result_types)
    flat = type(op).create(
        operands=list(op.operands),
        result_types=_flattened(types),
        properties=dict(op.properties),
        attributes=dict(op.attributes),
        location=op.location,
        regions=[op.detach_region(region) for region in list(op.regions)],
    )
    ops, values = _joined(types, flat.results)
    for new in ops:
        new.location = op.location
    for value, old in zip(values, op.results, strict=True):
        value.name_hint = old.name_hint
    Rewriter.replace_op(op, [flat, *ops], values)


def _flatten_signature(function: func.FuncOp) -> None:
    types = function.function_type
    if not any(map(_is_tuple, (*types.inputs.data, *types.outputs.data))):
        return
    function.arg_attrs = _flatten_entries(function.arg_attrs, types.inputs.data)
    function.res_attrs = _flatten_entries(function.res_attrs, types.outputs.data)
    function.function_type = type(types).from_lists(_flattened(types.inputs.data), _flattened(types.outputs.data))


def _flatten_entries(
    entries: ArrayAttr[DictionaryAttr] | None, types: Sequence[Attribute]
) -> ArrayAttr[DictionaryAttr] | None:
    """The attributes of arguments or results; what is said of a tuple is said of none of its values."""
    if entries is None:
        return None
    none = DictionaryAttr({})
    flat = [
        none if _is_tuple(type_) else entry
        for entry, type_ in zip(entries, types, strict=True)
        for _ in _flattened([type_])
    ]
    return ArrayAttr(flat)
