"""Run tensor programs of the input and global phases with numpy: the oracle for "same numbers before and after a pass".

    outputs = Interpreter(module).call("main", x, y)

Tensors are arrays, scalars are 0-d arrays, `i1` is bool.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, TensorType
from xdsl.dialects.cf import AssertOp
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.utils.hints import isa

from zellige.analysis.constants import array_of, dtype_of
from zellige.analysis.evaluate import NotEvaluated, evaluate_generic, evaluate_scalar
from zellige.maths.numerics import Array


class AssertionFailed(Exception):
    """The program's own `cf.assert` did not hold."""


def _static(values: DenseArrayBase[Any], dynamic: Sequence[Array]) -> list[int]:
    rest = iter(dynamic)
    return [int(next(rest)) if v == -(2**63) else int(v) for v in values.get_values()]


class Interpreter:
    """The functions of one module."""

    def __init__(self, module: ModuleOp) -> None:
        self.functions = {op.sym_name.data: op for op in module.ops if isinstance(op, func.FuncOp)}

    def call(self, name: str, *arguments: Array) -> tuple[Array, ...]:
        """Call a function; the arguments are arrays of the shapes and element types of its signature."""
        values: dict[SSAValue, Array] = {}
        block = self.functions[name].body.block
        with np.errstate(all="ignore"):
            for parameter, argument in zip(block.args, arguments, strict=True):
                values[parameter] = _as_type(argument, parameter.type)
            return tuple(self._run(block, values))

    def _run(self, block: Block, values: dict[SSAValue, Array]) -> list[Array]:
        """Run a block; gives the operands of its terminator."""
        for op in block.ops:
            if op is block.last_op:
                return [values[v] for v in op.operands]
            values.update(zip(op.results, self._results(op, values), strict=True))
        raise AssertionError("a block ends in a terminator")

    def _enter(self, block: Block, arguments: Sequence[Array], values: dict[SSAValue, Array]) -> list[Array]:
        values.update(zip(block.args, arguments, strict=True))
        return self._run(block, values)

    def _results(self, op: Operation, values: dict[SSAValue, Array]) -> Sequence[Array]:
        operands = [values[v] for v in op.operands]
        match op:
            case arith.ConstantOp():
                value = array_of(op.value)
                assert value is not None
                return [value]
            case LinalgStructuredOperation():
                try:
                    return evaluate_generic(op, operands, values.__getitem__)
                except NotEvaluated as error:
                    if str(error).startswith("assertion"):
                        raise AssertionFailed(str(error)) from None
                    raise
            case AssertOp():
                if not operands[0]:
                    raise AssertionFailed(op.msg.data)
                return []
            case func.CallOp():
                return self.call(op.callee.root_reference.data, *operands)
            case scf.IfOp():
                region = op.true_region if operands[0] else op.false_region
                return self._run(region.block, values) if region.blocks else []
            case scf.ForOp():
                carried = operands[3:]
                for i in range(int(operands[0]), int(operands[1]), int(operands[2])):
                    counter = np.array(i, operands[0].dtype)
                    carried = self._enter(op.body.block, [counter, *carried], values)
                return carried
            case scf.WhileOp():
                carried = operands
                while True:
                    goes_on, *carried = self._enter(op.before_region.block, carried, values)
                    if not goes_on:
                        return carried
                    carried = self._enter(op.after_region.block, carried, values)
            case _:
                if op.name.startswith("tensor."):
                    return [self._tensor(op, operands, values)]
                return [evaluate_scalar(op, operands)]

    def _tensor(self, op: Operation, operands: Sequence[Array], values: dict[SSAValue, Array]) -> Array:
        match op:
            case tensor.EmptyOp():
                # What is read without having been written shows up as a wrong number.
                garbage = _zeros(op.tensor.type)
                garbage[...] = 77
                return garbage
            case tensor.ExtractSliceOp() | tensor.InsertSliceOp():
                where = tuple(
                    slice(o, o + (n - 1) * s + 1 if n else o, s)
                    for o, n, s in zip(
                        _static(op.static_offsets, [values[v] for v in op.offsets]),
                        _static(op.static_sizes, [values[v] for v in op.sizes]),
                        _static(op.static_strides, [values[v] for v in op.strides]),
                        strict=True,
                    )
                )
                if isinstance(op, tensor.ExtractSliceOp):
                    return operands[0][where].reshape(_shape(op.result))
                result = np.array(operands[1])
                result[where] = operands[0].reshape(result[where].shape)
                return result
            case tensor.ExpandShapeOp() | tensor.CollapseShapeOp() | tensor.ReshapeOp():
                return operands[0].reshape(_shape(op.result))
            case tensor.CastOp():
                return operands[0]
            case tensor.ExtractOp():
                return np.asarray(operands[0][tuple(int(i) for i in operands[1:])])
            case tensor.InsertOp():
                result = np.array(operands[1])
                result[tuple(int(i) for i in operands[2:])] = operands[0]
                return result
            case tensor.FromElementsOp():
                return np.array(operands, operands[0].dtype).reshape(_shape(op.result))
            case tensor.SplatOp():
                return np.broadcast_to(operands[0], _shape(op.result))
            case tensor.DimOp():
                return np.array(operands[0].shape[int(operands[1])], np.int64)
            case tensor.ConcatOp():
                return np.concatenate(operands, axis=op.dim.value.data)
            case tensor.PadOp():
                return self._pad(op, operands[0], values)
            case _:
                return self._generate(op, values)

    def _pad(self, op: tensor.PadOp, source: Array, values: dict[SSAValue, Array]) -> Array:
        low = _static(op.static_low, [values[v] for v in op.low])
        result = self._fill_by_body(op, values)
        result[tuple(slice(o, o + n) for o, n in zip(low, source.shape, strict=True))] = source
        return result

    def _generate(self, op: Operation, values: dict[SSAValue, Array]) -> Array:
        assert op.name == "tensor.generate", op.name
        return self._fill_by_body(op, values)

    def _fill_by_body(self, op: Operation, values: dict[SSAValue, Array]) -> Array:
        result = _zeros(op.results[0].type)
        for point in np.ndindex(result.shape):
            (result[point],) = self._enter(op.regions[0].block, [np.array(i, np.int64) for i in point], values)
        return result


def _shape(value: SSAValue) -> tuple[int, ...]:
    assert isa(value.type, TensorType[Attribute])
    return value.type.get_shape()


def _zeros(kind: Attribute) -> Array:
    assert isa(kind, TensorType[Attribute])
    return np.zeros(kind.get_shape(), dtype_of(kind.element_type))


def _as_type(argument: Array, kind: Attribute) -> Array:
    element = kind.element_type if isa(kind, TensorType[Attribute]) else kind
    dtype = dtype_of(element)
    assert dtype is not None
    array = np.asarray(argument)
    assert array.dtype == dtype or (array.dtype.kind in "iu" and array.dtype.itemsize == dtype.itemsize), array.dtype
    return array.view(dtype) if array.dtype != dtype else array
