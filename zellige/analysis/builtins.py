"""Which kernels may be replaced by native code: those whose accesses and faults are known before they run.

Native code gets pointers that have been checked once, on entry. So where a kernel reads and writes has to follow from
its workgroup alone, and nothing in it may stop half-way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from xdsl.dialects import arith, cf, memref, scf, tensor
from xdsl.dialects.builtin import IntegerAttr
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue

from zellige.analysis.kernel_bounds import stray_access
from zellige.analysis.structured import structured
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.hal import WorkgroupIdOp
from zellige.dialects.shaped_types import is_memref

MIN_OPERATIONS = 512
"""Element operations of a workgroup that pay for a call into native code.

512 of them are about 128 instructions on portable vectors and 32 on vectors of 512 bits; a call takes the time of 16.
"""

_DIVISIONS = (
    arith.DivSIOp,
    arith.DivUIOp,
    arith.RemSIOp,
    arith.RemUIOp,
    arith.CeilDivSIOp,
    arith.CeilDivUIOp,
    arith.FloorDivSIOp,
)

_ENDLESS = "how long it runs depends on data"


def obstacle(executable: ExecutableOp) -> str | None:
    """Why a kernel has to stay portable, None when native code may replace it. Its workgroups have been cut."""
    if executable.grid is not None or any(_is_dynamic(argument.type) for argument in executable.kernel.args):
        return "its sizes are known when it runs"
    for op in executable.kernel.walk():
        match op:
            case cf.AssertOp():
                return "an assertion may stop it"
            case scf.WhileOp():
                return _ENDLESS
            case scf.ForOp() if not all(_is_known(bound) for bound in (op.lb, op.ub, op.step)):
                return _ENDLESS
            case _ if isinstance(op, _DIVISIONS) and not _is_safe_divisor(op.rhs):
                return "an integer division may have no result"
            case _ if not all(_is_known(index) for index in _indices(op)):
                return f"a place that '{op.name}' accesses depends on data"
            case _:
                pass
    stray = stray_access(executable)
    if stray is not None:
        return stray
    operations = workgroup_operations(executable)
    if operations < MIN_OPERATIONS:
        return f"a workgroup is {operations} element operations, at least {MIN_OPERATIONS} pay for a call"
    return None


def _is_dynamic(type_: Attribute) -> bool:
    return is_memref(type_) and not type_.has_static_shape()


def workgroup_operations(executable: ExecutableOp) -> int:
    """Element operations of one workgroup: the iterations of each structured op, times the ops of its body."""
    generics = [op for op in executable.kernel.body.block.ops if isinstance(op, GenericOp)]
    return sum(math.prod(structured(op).static_extents) * _body_operations(op) for op in generics)


def _body_operations(op: GenericOp) -> int:
    """Ops of the body; one that only yields moves an element, which counts as one too."""
    free = (arith.ConstantOp, IndexOp, YieldOp)
    return max(1, sum(not isinstance(inner, free) for inner in op.body.walk()))


def _is_safe_divisor(value: SSAValue) -> bool:
    """Whether dividing by it has a result for all dividends: -1 has none for the lowest number."""
    owner = value.owner
    return (
        isinstance(owner, arith.ConstantOp)
        and isinstance(owner.value, IntegerAttr)
        and owner.value.value.data not in (0, -1)
    )


def _indices(op: Operation) -> Iterator[SSAValue]:
    """Operands that say where `op` accesses memory."""
    match op:
        case tensor.ExtractOp() | memref.LoadOp() | memref.StoreOp():
            yield from op.indices
        case tensor.ExtractSliceOp() | memref.SubviewOp():
            yield from (*op.offsets, *op.sizes, *op.strides)
        case _:
            pass


def _is_known(index: SSAValue) -> bool:
    """Whether a value follows from constants, the workgroup and counters of loops."""
    waiting, seen = [index], set[SSAValue]()
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen.add(value)
        owner = value.owner
        if _is_loop_counter(value) or isinstance(owner, IndexOp | WorkgroupIdOp):
            continue
        if not isinstance(owner, Operation) or owner.dialect_name() != "arith":
            return False
        waiting += owner.operands
    return True


def _is_loop_counter(value: SSAValue) -> bool:
    return isinstance(value, BlockArgument) and value.index == 0 and isinstance(value.block.parent_op(), scf.ForOp)
