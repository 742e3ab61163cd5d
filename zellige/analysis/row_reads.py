"""Reads inside of bodies that run along rows: `tensor.extract %x[%place, %column]` where `%column` is a loop's counter.

Such a body can work on vectors along that loop, although it computes indices: these are the same for the whole vector,
and what is read are neighbours.
"""

from __future__ import annotations

from enum import Enum, auto

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Operation, SSAValue

from zellige.analysis.structured import Structured


class _Course(Enum):
    """How a value goes along a loop. What is not in the table of values stays the same."""

    COUNTS = auto()
    VARIES = auto()


def row_reads(op: GenericOp, view: Structured, loop: int) -> frozenset[Operation] | None:
    """The reads that go along `loop` together with it; None where the body has no form with vectors along it."""
    courses: dict[SSAValue, _Course] = {}
    reads: set[Operation] = set()
    for argument, access in zip(op.body.block.args, view.accesses, strict=True):
        if any(form.coefficients[loop] for form in access.forms):
            courses[argument] = _Course.VARIES
    for inner in op.body.block.ops:
        known = [courses.get(value) for value in inner.operands]
        match inner:
            case YieldOp():
                if _Course.COUNTS in known:
                    return None
            case IndexOp():
                if inner.dim.value.data == loop:
                    courses[inner.result] = _Course.COUNTS
            case tensor.ExtractOp():
                if any(known[:-1]) or known[-1] is _Course.VARIES:
                    return None
                if known[-1] is _Course.COUNTS and inner.indices:
                    reads.add(inner)
                    courses[inner.result] = _Course.VARIES
            case arith.AddiOp() if _Course.COUNTS in known:
                if known.count(None) != 1:
                    return None
                courses[inner.result] = _Course.COUNTS
            case _ if any(known):
                if _Course.COUNTS in known or not _is_elementwise(inner):
                    return None
                courses |= dict.fromkeys(inner.results, _Course.VARIES)
            case _ if inner.regions or not _is_scalar(inner):
                return None
            case _:
                pass
    return frozenset(reads)


def _is_scalar(op: Operation) -> bool:
    return op.dialect_name() in (arith.Arith.name, "math")


def _is_elementwise(op: Operation) -> bool:
    """Whether the op has a form on vectors that takes lanes one by one."""
    has_index = any(isinstance(value.type, IndexType) for value in (*op.operands, *op.results))
    return _is_scalar(op) and not has_index and not op.regions
