"""Shapes and amounts that a program computes from constants, as arrays.

Unlike `constant_folding` this looks through whatever computed a value and changes nothing; it is for operands of a
few numbers, of which a pass needs to know what they are.
"""

from __future__ import annotations

from math import prod

import numpy as np
from xdsl.dialects import arith, tensor
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Block, Operation, SSAValue

from zellige.analysis.constant_folding import static_slice
from zellige.analysis.constants import constant_value, dtype_of
from zellige.analysis.evaluate import NotEvaluated, evaluate_generic, evaluate_scalar
from zellige.analysis.indexing import static_shape
from zellige.dialects.shaped_types import element_type, has_static_shapes
from zellige.maths.numerics import Array

MAX_ELEMENTS = 256
"""No operand that says something of the dimensions of a tensor is computed from more."""


def small_value(value: SSAValue) -> Array | None:
    """The value, if it is computed from constants and empty tensors by ops on few elements, else None."""
    try:
        with np.errstate(all="ignore"):
            return _Values().get(value)
    except NotEvaluated:
        return None


class _Values:
    """The values that are known so far."""

    def __init__(self) -> None:
        self._known: dict[SSAValue, Array] = {}

    def get(self, value: SSAValue) -> Array:
        """Evaluate what `value` depends on, in order; the chain may be longer than Python's stack."""
        stack = [value]
        while stack:
            owner = stack[-1].owner
            if stack[-1] in self._known:
                stack.pop()
                continue
            if isinstance(owner, Block) or len(owner.results) != 1 or not has_static_shapes(owner):
                raise NotEvaluated("an argument, or of dynamic size")
            if prod(static_shape(stack[-1])) > MAX_ELEMENTS:
                raise NotEvaluated("too large")
            missing = [operand for operand in _needed(owner) if operand not in self._known]
            if missing:
                stack += missing
                continue
            self._known[stack.pop()] = self._evaluate(owner)
        return self._known[value]

    def _evaluate(self, op: Operation) -> Array:
        shape = static_shape(op.results[0])
        operands = [self._known[operand] for operand in op.operands]
        match op:
            case arith.ConstantOp():
                value = constant_value(op.result)
            case tensor.EmptyOp():
                dtype = dtype_of(element_type(op.tensor.type))
                value = None if dtype is None else np.zeros(shape, dtype)
            case GenericOp():
                value = evaluate_generic(op, operands, self._known.__getitem__)[0]
            case tensor.ExpandShapeOp() | tensor.CollapseShapeOp():
                value = operands[0].reshape(shape)
            case tensor.ExtractSliceOp() if (where := static_slice(op)) is not None:
                value = operands[0][where].reshape(shape)
            case tensor.InsertSliceOp() if (where := static_slice(op)) is not None:
                value = np.array(operands[1])
                value[where] = operands[0].reshape(value[where].shape)
            case tensor.ConcatOp():
                value = np.concatenate(operands, op.dim.value.data)
            case tensor.ExtractOp():
                point = tuple(int(index) for index in operands[1:])
                inside = all(0 <= i < n for i, n in zip(point, operands[0].shape, strict=True))
                value = np.asarray(operands[0][point]) if inside else None
            case _:
                value = evaluate_scalar(op, operands)
        if value is None:
            raise NotEvaluated(op.name)
        return value


def _needed(op: Operation) -> list[SSAValue]:
    """The operands, and what the body of a generic uses from outside."""
    inside = [operand for inner in op.walk() if inner is not op for operand in inner.operands]
    captured = [value for value in inside if not op.is_ancestor(value.owner)]
    return [*op.operands, *captured]
