"""Bodies of sorts: what they say of equal elements, and which elements they look at."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.ir import Region

from zellige.dialects.linalg_ext import YieldOp

_STRICT_INTEGER = ("slt", "sgt", "ult", "ugt")
_STRICT_FLOAT = ("olt", "ogt", "ult", "ugt")


def is_strict(body: Region) -> bool:
    """Whether the body ends in a comparison that is false for equal elements."""
    terminator = body.block.last_op
    assert isinstance(terminator, YieldOp)
    match terminator.values[0].owner:
        case arith.CmpiOp() as comparison:
            return arith.CMPI_COMPARISON_OPERATIONS[comparison.predicate.value.data] in _STRICT_INTEGER
        case arith.CmpfOp() as comparison:
            return arith.CMPF_COMPARISON_OPERATIONS[comparison.predicate.value.data] in _STRICT_FLOAT
        case _:
            return False


def looks_at_first_only(body: Region) -> bool:
    """Whether the order depends on the elements of the first of several tensors."""
    return all(argument.first_use is None for argument in body.block.args[2:])
