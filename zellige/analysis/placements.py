"""Reading the memory plan that `plan-memory` has written into the IR."""

from __future__ import annotations

from typing import cast

from xdsl.dialects import func, scf
from xdsl.dialects.builtin import ArrayAttr
from xdsl.ir import Attribute, Block, OpResult, SSAValue

from zellige.analysis.donations import donations
from zellige.analysis.storage import Place
from zellige.dialects.hal import PlacementAttr, Region


def placement_of(value: SSAValue) -> Place | None:
    """The place of a tensor of a program function; None when the plan does not say."""
    owner = value.owner
    if isinstance(value, OpResult):
        return _entry(value.op.attributes.get("hal.placements"), value.index)
    assert isinstance(owner, Block)
    index = owner.args.index(value)
    parent = owner.parent_op()
    match parent:
        case func.FuncOp():
            result = donations(parent).get(index)
            return (Region.ARGUMENT, index, 0) if result is None else (Region.RESULT, result, 0)
        case scf.ForOp():
            return _entry(parent.attributes.get("hal.placements"), index - 1)
        case scf.WhileOp():
            is_condition = owner.parent is parent.before_region
            key = "hal.carried_placements" if is_condition else "hal.placements"
            return _entry(parent.attributes.get(key), index)
        case _:
            return None


def _entry(placements: Attribute | None, index: int) -> Place | None:
    if not isinstance(placements, ArrayAttr):
        return None
    entries = cast("ArrayAttr[Attribute]", placements).data
    if not 0 <= index < len(entries):
        return None
    entry = entries[index]
    return entry.place if isinstance(entry, PlacementAttr) else None
