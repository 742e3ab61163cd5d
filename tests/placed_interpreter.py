"""Run program functions after the dispatch and the memory phase with numpy.

`DispatchInterpreter` runs dispatches as pure functions. `PlacedInterpreter` runs a function on bytes, as the memory
plan says: a tensor is only what its bytes are at that moment, so a plan that lets two values clash gives wrong numbers.
It also holds the plan to its other promises: where results stand, what a loop carries, and where barriers are missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.utils.hints import isa

from tests.interpreter import Interpreter
from zellige.analysis.constants import dtype_of
from zellige.analysis.placements import placement_of
from zellige.analysis.storage import Place
from zellige.analysis.tensor_bytes import size_bytes
from zellige.analysis.views import ViewOp
from zellige.dialects import flow
from zellige.dialects.hal import BarrierOp, Region
from zellige.maths.numerics import Array


class DispatchInterpreter(Interpreter):
    """Program functions in which kernels are called."""

    def __init__(self, module: ModuleOp) -> None:
        super().__init__(module)
        for executable in flow.executables(module):
            self.functions[executable.sym_name.data] = executable.kernel

    def _results(self, op: Operation, values: dict[SSAValue, Array]) -> Sequence[Array]:
        if isinstance(op, flow.DispatchOp):
            return self.call(op.executable.string_value(), *(values[value] for value in op.arguments))
        return super()._results(op, values)


def is_tensor(value: SSAValue) -> bool:
    return isinstance(value.type, TensorType)


class PlacedInterpreter(DispatchInterpreter):
    """Program functions with `hal.placements`, on bytes."""

    def run(self, name: str, *arguments: Array) -> tuple[Array, ...]:
        function = self.functions[name]
        slab = function.attributes["hal.slab_bytes"]
        assert isinstance(slab, IntegerAttr)
        generator = np.random.default_rng(1)
        self.memory: dict[tuple[Region, int], Array] = {
            (Region.SLAB, 0): generator.integers(0, 255, slab.value.data, np.uint8),
            (Region.CONSTANT, 0): np.zeros(1 << 16, np.uint8),
        }
        for index, argument in enumerate(arguments):
            self.memory[Region.ARGUMENT, index] = np.frombuffer(argument.tobytes(), np.uint8).copy()
        kept = {key: self.memory[key].copy() for key in self.memory if key[0] is Region.ARGUMENT}
        for index, type_ in enumerate(function.function_type.outputs):
            assert isa(type_, TensorType[Attribute])
            self.memory[Region.RESULT, index] = generator.integers(0, 255, size_bytes(type_), np.uint8)
        self.reads: list[tuple[tuple[Region, int], int, int]] = []
        self.writes: list[tuple[tuple[Region, int], int, int]] = []
        terminator = function.body.block.last_op
        assert isinstance(terminator, func.ReturnOp)
        for index, value in enumerate(terminator.arguments):
            if not isinstance(value.owner, tensor.EmptyOp):
                assert placement_of(value) == (Region.RESULT, index, 0)
        self._run_placed(function.body.block, {})
        assert all(np.array_equal(self.memory[key], kept[key]) for key in kept), "an argument was written"
        return tuple(self._at((Region.RESULT, i, 0), type_) for i, type_ in enumerate(function.function_type.outputs))

    def _at(self, place: Place, type_: Attribute) -> Array:
        assert isa(type_, TensorType[Attribute])
        region, index, offset = place
        size = size_bytes(type_)
        content = self.memory[region, index][offset : offset + size]
        assert len(content) == size, f"{place} is too small for {type_}"
        dtype = dtype_of(type_.element_type)
        assert dtype is not None
        if str(type_.element_type) == "index":
            return content.view(np.int32).astype(np.int64).reshape(type_.get_shape())
        return content.view(dtype).reshape(type_.get_shape()).copy()

    def _store(self, place: Place, content: Array) -> None:
        region, index, offset = place
        data = np.frombuffer(np.ascontiguousarray(content).tobytes(), np.uint8)
        self.memory[region, index][offset : offset + len(data)] = data

    def _touch(self, reads: Sequence[tuple[Place, int]], writes: Sequence[tuple[Place, int]]) -> None:
        """Check that a barrier stands between this access and those before that it depends on."""
        now_reads = [((p[0], p[1]), p[2], p[2] + n) for p, n in reads]
        now_writes = [((p[0], p[1]), p[2], p[2] + n) for p, n in writes]

        def meet(ones: Sequence[tuple[object, int, int]], others: Sequence[tuple[object, int, int]]) -> bool:
            return any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in ones for b in others)

        assert not meet(now_reads, self.writes), "read without a barrier after the write"
        assert not meet(now_writes, self.writes), "write without a barrier after the write"
        assert not meet(now_writes, self.reads), "write without a barrier after the read"
        self.reads += now_reads
        self.writes += now_writes

    def _run_placed(self, block: Block, scalars: dict[SSAValue, Array]) -> None:
        for op in block.ops:
            match op:
                case flow.DispatchOp():
                    self._dispatch(op, scalars)
                case BarrierOp():
                    self.reads, self.writes = [], []
                case tensor.ExtractOp():
                    place = placement_of(op.tensor)
                    assert place is not None
                    assert isa(op.tensor.type, TensorType[Attribute])
                    self._touch([(place, size_bytes(op.tensor.type))], [])
                    indices = tuple(int(scalars[i]) for i in op.indices)
                    scalars[op.result] = np.asarray(self._at(place, op.tensor.type)[indices])
                case arith.ConstantOp() if is_tensor(op.result):
                    place = placement_of(op.result)
                    assert place is not None
                    self._store(place, super()._results(op, {})[0])
                case scf.IfOp():
                    region = op.true_region if scalars[op.cond] else op.false_region
                    if region.blocks:
                        self._run_placed(region.block, scalars)
                        self._hand_over(region.block, op.results, scalars)
                case scf.ForOp():
                    self._for(op, scalars)
                case scf.WhileOp():
                    self._while(op, scalars)
                case tensor.EmptyOp() | scf.YieldOp() | scf.ConditionOp() | func.ReturnOp():
                    pass
                case _ if isinstance(op, ViewOp):
                    assert placement_of(op.result) == placement_of(op.src)
                case _:
                    results = self._results(op, scalars)
                    scalars.update(zip(op.results, results, strict=True))

    def _dispatch(self, op: flow.DispatchOp, scalars: dict[SSAValue, Array]) -> None:
        operands: list[Array] = []
        reads: list[tuple[Place, int]] = []
        for index, value in enumerate(op.arguments):
            if not is_tensor(value):
                operands.append(scalars[value])
                continue
            tied = index in op.tied_operands
            place = placement_of(op.outputs[op.tied_operands.index(index)] if tied else value)
            assert place is not None
            if tied and not isinstance(value.owner, tensor.EmptyOp):
                assert placement_of(value) == place, "a tied operand stands elsewhere"
            operands.append(self._at(place, value.type))
            reads.append((place, operands[-1].nbytes))
        results = self.call(op.executable.string_value(), *operands)
        writes: list[tuple[Place, int]] = []
        for result, content, tied in zip(op.outputs, results, op.tied_operands, strict=True):
            place = placement_of(result)
            assert place is not None
            for index, (other, size) in enumerate(reads):
                apart = other[:2] != place[:2] or other[2] >= place[2] + content.nbytes or place[2] >= other[2] + size
                assert apart or other == place or index == tied, "a result overlaps a part of an operand"
            writes.append((place, content.nbytes))
        self._touch(reads, writes)
        for (place, _), content in zip(writes, results, strict=True):
            self._store(place, content)

    def _hand_over(self, block: Block, to: Sequence[SSAValue], scalars: dict[SSAValue, Array], first: int = 0) -> None:
        """Check that what a block hands over stands where it has to be, and hand over the scalars among it."""
        terminator = block.last_op
        assert terminator is not None
        handed: dict[SSAValue, Array] = {}
        for value, target in zip(terminator.operands[first:], to, strict=True):
            if not is_tensor(value):
                handed[target] = scalars[value]
            elif not isinstance(value.owner, tensor.EmptyOp):
                assert placement_of(value) == placement_of(target), "a carried value stands elsewhere"
        scalars.update(handed)

    def _for(self, op: scf.ForOp, scalars: dict[SSAValue, Array]) -> None:
        body = op.body.block
        self._enter_loop(op.iter_args, body.args[1:], scalars)
        for i in range(int(scalars[op.lb]), int(scalars[op.ub]), int(scalars[op.step])):
            scalars[body.args[0]] = np.array(i, np.int64)
            self._run_placed(body, scalars)
            self._hand_over(body, body.args[1:], scalars)
        for result, argument in zip(op.results, body.args[1:], strict=True):
            assert not is_tensor(result) or placement_of(result) == placement_of(argument)
            if not is_tensor(result):
                scalars[result] = scalars[argument]

    def _while(self, op: scf.WhileOp, scalars: dict[SSAValue, Array]) -> None:
        before, after = op.before_region.block, op.after_region.block
        self._enter_loop(op.arguments, before.args, scalars)
        while True:
            self._run_placed(before, scalars)
            condition = before.last_op
            assert isinstance(condition, scf.ConditionOp)
            if not scalars[condition.condition]:
                self._hand_over(before, op.results, scalars, first=1)
                return
            self._hand_over(before, after.args, scalars, first=1)
            self._run_placed(after, scalars)
            self._hand_over(after, before.args, scalars)

    def _enter_loop(
        self, values: Sequence[SSAValue], arguments: Sequence[SSAValue], scalars: dict[SSAValue, Array]
    ) -> None:
        for value, argument in zip(values, arguments, strict=True):
            if not is_tensor(value):
                scalars[argument] = scalars[value]
            elif not isinstance(value.owner, tensor.EmptyOp):
                assert placement_of(value) == placement_of(argument), "an initial value stands elsewhere"
