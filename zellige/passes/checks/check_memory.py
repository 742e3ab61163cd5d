"""check-memory: the contract of the memory phase.

Ensures: each result of the program stands in its place, and so does what a loop or a branch hands over; places in the
         slab are aligned and inside it; kernels have memrefs in device and constant memory at their border, and
         no results.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from zellige.analysis.dimensions import open_sizes
from zellige.analysis.placements import placement_of
from zellige.analysis.tensor_bytes import ALIGNMENT_BYTES, size_bytes
from zellige.dialects import flow
from zellige.dialects.hal import MemoryAttr, PlacementAttr, Region
from zellige.dialects.hal_sizes import ReserveOp
from zellige.dialects.ml_program import GlobalLoadOp, GlobalOp, GlobalStoreOp
from zellige.dialects.shaped_types import is_memref, is_tensor
from zellige.support.errors import CompileError


class CheckMemoryPass(ModulePass):
    """Read the memory plan and raise an error where it does not hold together."""

    name = "check-memory"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in flow.executables(op):
            _check_kernel(executable.kernel)
        variables = {inner.sym_name.data: inner for inner in op.ops if isinstance(inner, GlobalOp)}
        for access in [inner for inner in op.walk() if isinstance(inner, GlobalLoadOp | GlobalStoreOp)]:
            _check_access(access, variables.get(access.symbol.root_reference.data))
        for function in [inner for inner in op.ops if isinstance(inner, func.FuncOp)]:
            slab = function.attributes.get("hal.slab_bytes")
            if not isinstance(slab, IntegerAttr):
                raise _error("expected the size of the slab in the attribute 'hal.slab_bytes'", function)
            reserve = next((inner for inner in function.body.block.ops if isinstance(inner, ReserveOp)), None)
            if reserve is None and open_sizes(function):
                raise _error("expected 'hal.reserve' in a function of dynamic sizes", function)
            for inner in function.walk():
                _check_places(inner, slab.value.data, reserve)
                _check_hand_over(inner)


def _error(message: str, op: Operation) -> CompileError:
    return CompileError(message, op=op, pass_name=CheckMemoryPass.name)


def _check_kernel(kernel: func.FuncOp) -> None:
    if kernel.function_type.outputs.data:
        raise _error(f"a kernel writes its results into buffers, got {kernel.function_type.outputs.data[0]}", kernel)
    for argument in kernel.args:
        if is_tensor(argument.type):
            raise _error(f"argument {argument.index} of a kernel is a buffer or a scalar, got {argument.type}", kernel)
        if is_memref(argument.type) and not isinstance(argument.type.memory_space, MemoryAttr):
            raise _error(f"argument {argument.index} of a kernel is in no memory: {argument.type}", kernel)


def _check_places(op: Operation, slab_bytes: int, reserve: ReserveOp | None) -> None:
    for result in op.results:
        if not is_tensor(result.type) or isinstance(op, tensor.EmptyOp):
            continue
        place = placement_of(result)
        if place is None:
            raise _error(f"result {result.index} has no place, expected 'hal.placements'", op)
        region, index, offset = place
        if region is Region.SLOT:
            extents = reserve.slot_extents if reserve is not None else ()
            if index >= len(extents) or offset >= extents[index]:
                raise _error(
                    f"result {result.index} is in slot {index} from unit {offset} on, slots have {extents}", op
                )
            continue
        if offset % ALIGNMENT_BYTES:
            raise _error(f"offset {offset} of result {result.index} is not a multiple of {ALIGNMENT_BYTES}", op)
        end = offset + (size_bytes(result.type) if region is Region.SLAB else 0)
        if end > slab_bytes and region is Region.SLAB:
            raise _error(f"result {result.index} is in bytes {offset}..{end}, the slab has {slab_bytes}", op)


def _check_access(access: GlobalLoadOp | GlobalStoreOp, variable: GlobalOp | None) -> None:
    place = None if variable is None else variable.attributes.get("hal.placement")
    if not isinstance(place, PlacementAttr):
        raise _error("expected the place of the global in its attribute 'hal.placement'", access)
    is_load = isinstance(access, GlobalLoadOp)
    _check_same(access.result if is_load else access.value, place, "the value of a global", access)


def _check_hand_over(op: Operation) -> None:
    match op:
        case func.ReturnOp():
            for index, value in enumerate(op.arguments):
                _check_same(value, PlacementAttr(Region.RESULT, index, 0), f"result {index} of the program", op)
        case scf.ForOp():
            _check_all(op.iter_args, op.body.block.args[1:], op)
            _check_all(_handed(op.body.block.last_op), op.body.block.args[1:], op)
        case scf.WhileOp():
            before, after = op.before_region.block, op.after_region.block
            _check_all(op.arguments, before.args, op)
            _check_all(_handed(after.last_op), before.args, op)
            _check_all(_handed(before.last_op)[1:], after.args, op)
        case scf.IfOp():
            for region in [region for region in op.regions if region.blocks]:
                _check_all(_handed(region.block.last_op), op.results, op)
        case flow.DispatchOp():
            for result, tied in zip(op.outputs, op.tied_operands, strict=True):
                if tied >= 0:
                    _check_all([op.arguments[tied]], [result], op)
        case _:
            pass


def _handed(terminator: Operation | None) -> Sequence[SSAValue]:
    return () if terminator is None else tuple(terminator.operands)


def _check_all(values: Sequence[SSAValue], targets: Sequence[SSAValue], op: Operation) -> None:
    for value, target in zip(values, targets, strict=True):
        place = placement_of(target)
        if is_tensor(target.type) and place is not None:
            _check_same(value, PlacementAttr(*place), "what is handed over", op)


def _check_same(value: SSAValue, expected: PlacementAttr, what: str, op: Operation) -> None:
    place = placement_of(value)
    if isinstance(value.owner, tensor.EmptyOp) or (place is not None and PlacementAttr(*place) == expected):
        return
    got = "nowhere" if place is None else f"in {PlacementAttr(*place)}"
    raise _error(f"{what} has to stand in {expected}, it stands {got}", op)
