"""plan-memory: give every tensor of a program function its place.

Before:  %0 = flow.dispatch @relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
         %1 = flow.dispatch @copy_8xf32(%0) {hal.copy} : (tensor<8xf32>) -> tensor<8xf32>
         func.return %1
After:   %0 = flow.dispatch @relu(%x) {hal.placements = [#hal.placement<result 0 0>]} : …
         func.return %0

Transient values share one slab; values that do not live at the same time may have the same bytes. Those of dynamic size
are in slots, which `hal.reserve` at the start of the function counts. A result of the
function is made where it belongs, and an elementwise result may replace an operand that dies. `hal.slab_bytes` and
`hal.slab_lower_bound_bytes` (the largest sum of bytes that live at one time) tell how good the packing is. Each global
has `hal.placement`, and the module `hal.globals_bytes`.

Requires: `insert-copies`.
Ensures:  an op that makes tensors has `hal.placements`, one a result (`unit` for a scalar); a `scf.while` also has
          `hal.carried_placements`, one an operand. Offsets are multiples of 64. Equal constants have one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.context import Context
from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import ArrayAttr, DenseIntOrFPElementsAttr, IntegerAttr, ModuleOp, UnitAttr, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.dimensions import open_sizes
from zellige.analysis.in_place import in_place_arguments
from zellige.analysis.size_expressions import SizeExpressions
from zellige.analysis.storage import Place, StoragePlan, plan_storage
from zellige.analysis.tensor_bytes import align_up, size_bytes
from zellige.analysis.value_bytes import rounded_unit
from zellige.dialects import flow
from zellige.dialects.hal import ConstantAttr, PlacementAttr, Region
from zellige.dialects.hal_sizes import ReserveOp
from zellige.dialects.ml_program import GlobalOp
from zellige.dialects.shaped_types import is_tensor
from zellige.passes.size_values import SizeValues


class PlanMemoryPass(ModulePass):
    """One slab for each function, one constant segment for the module."""

    name = "plan-memory"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        executables = [o for o in op.ops if isinstance(o, flow.ExecutableOp)]
        in_place = {executable.sym_name.data: in_place_arguments(executable) for executable in executables}
        constants = _ConstantSegment()
        offsets = _place_globals(op)
        for function in [o for o in op.ops if isinstance(o, func.FuncOp)]:
            _erase_unused(function)
            plan = plan_storage(function, in_place, constants.offset, offsets)
            _apply(function, plan)
        called = {o.executable.string_value() for o in op.walk() if isinstance(o, flow.DispatchOp)}
        for executable in executables:
            if executable.sym_name.data not in called:
                Rewriter.erase_op(executable)


def _place_globals(module: ModuleOp) -> dict[str, int]:
    """Give each global its place among the bytes that the functions share between calls; returns the offsets."""
    offsets: dict[str, int] = {}
    end = 0
    for variable in [o for o in module.ops if isinstance(o, GlobalOp)]:
        assert is_tensor(variable.type)
        offsets[variable.sym_name.data] = end
        variable.attributes["hal.placement"] = PlacementAttr(Region.GLOBAL, 0, end)
        end += align_up(size_bytes(variable.type))
    if offsets:
        module.attributes["hal.globals_bytes"] = IntegerAttr(end, i64)
    return offsets


class _ConstantSegment:
    """Offsets of constants: in the order in which they first come, equal bytes once, and each parameter once."""

    def __init__(self) -> None:
        self._offsets: dict[tuple[bytes | str, int], int] = {}
        self._end = 0

    def offset(self, value: ConstantAttr) -> int:
        contents = value.type
        assert is_tensor(contents)
        size = size_bytes(contents)
        content = value.data.data if isinstance(value, DenseIntOrFPElementsAttr) else value.resource_handle.data
        key = (content, size)
        if key not in self._offsets:
            self._offsets[key] = self._end
            self._end += align_up(size)
        return self._offsets[key]


def _erase_unused(function: func.FuncOp) -> None:
    for op in reversed([o for o in function.walk() if isinstance(o, arith.ConstantOp | tensor.EmptyOp)]):
        if all(result.first_use is None for result in op.results):
            Rewriter.erase_op(op)


def _apply(function: func.FuncOp, plan: StoragePlan) -> None:
    for copy in plan.needless_copies:
        Rewriter.replace_op(copy, [], [copy.arguments[0]])
    for op in function.walk():
        if any(result in plan.places for result in op.results):
            op.attributes["hal.placements"] = _placements(op.results, plan.places)
        if isinstance(op, scf.WhileOp) and any(value in plan.places for value in op.arguments):
            op.attributes["hal.carried_placements"] = _placements(op.before_region.block.args, plan.places)
    if open_sizes(function):
        _reserve(function, plan)
    function.attributes["hal.slab_bytes"] = IntegerAttr(plan.slab_bytes, i64)
    function.attributes["hal.slab_lower_bound_bytes"] = IntegerAttr(plan.slab_lower_bound_bytes, i64)


def _reserve(function: func.FuncOp, plan: StoragePlan) -> None:
    """Say at the start of the function what depends on the sizes of its arguments."""
    expressions, values = SizeExpressions(function), SizeValues(function)
    terminator = function.body.block.last_op
    assert isinstance(terminator, func.ReturnOp)
    results = [size for value in terminator.arguments for size in expressions.open_sizes(value)]
    units = [rounded_unit(unit) for _, unit in plan.slots]
    sizes, rounded = (list(map(values.value, extents)) for extents in (results, units))
    values.insert(ReserveOp(sizes, rounded, [extent for extent, _ in plan.slots]))


def _placements(values: Sequence[SSAValue], places: Mapping[SSAValue, Place]) -> ArrayAttr[Attribute]:
    return ArrayAttr(PlacementAttr(*places[value]) if value in places else UnitAttr() for value in values)
