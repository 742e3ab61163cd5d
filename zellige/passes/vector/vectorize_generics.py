"""vectorize-generics: compute each tile as vector values, and each reduction in a loop that carries vectors.

Before:  %1 = linalg.generic {…fill…} outs(%e : tensor<4x8xf32>) { yield %zero }
         %2 = linalg.generic {…matmul…} ins(%a, %b : tensor<4x512xf32>, tensor<512x8xf32>) outs(%1)
              attrs = {hal.schedule = #hal.schedule<… tile [4, 8, 1]>}
         bufferization.materialize_in_destination %2 in restrict writable %out
After:   %v = vector.broadcast %zero : f32 to vector<4x8xf32>
         %w = scf.for %k = 0 to 512 step 1 iter_args(%acc = %v) -> (vector<4x8xf32>) {
           %3 = tensor.extract_slice %a[0, %k] [4, 1] [1, 1] : tensor<4x512xf32> to tensor<4x1xf32>
           %4 = vector.transfer_read %3[0, 0], %pad {permutation_map = (d0, d1) -> (d0, 0)} : …, vector<4x8xf32>
           …
           scf.yield %sum }
         vector.transfer_write %w, %out[0, 0]

A vector has one dimension for each loop of its tile with more than one iteration, in the order of the result's
dimensions; without any it is a scalar. The width of the machine's vectors plays no part here.

Requires: tiles of `tile-to-registers`.
Ensures:  no `linalg` op is left in kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, memref, scf, tensor, vector
from xdsl.dialects.builtin import (
    AffineMapAttr,
    ArrayAttr,
    BoolAttr,
    ModuleOp,
    TensorType,
    VectorType,
)
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.row_reads import row_reads
from zellige.analysis.schedules import combiner, reads_outputs
from zellige.analysis.structured import Structured, structured
from zellige.dialects import index_arithmetic
from zellige.dialects.arith import of_vectors, zero
from zellige.dialects.bufferization import MaterializeInDestinationOp
from zellige.dialects.flow import executables
from zellige.dialects.hal import ScheduleAttr
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.shaped_types import element_type, is_tensor, is_vector, memref_type, tensor_type
from zellige.dialects.vector_reductions import combine, neutral_element, reduce_across
from zellige.maths.linear_forms import LinearForm
from zellige.maths.vector_pieces import descending_steps
from zellige.passes.generic_erasure import erase_generics
from zellige.passes.linear_indices import evaluate


@dataclass(frozen=True)
class VectorizeGenericsPass(ModulePass):
    """Turn the structured ops of kernels into vector code."""

    name = "vectorize-generics"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            _vectorize_block(executable.kernel.body.block)


def _vectorize_block(block: Block) -> None:
    """Vectorise the generics of a block and of the loops in it. Values of tiles stay inside their block."""
    values: dict[SSAValue, SSAValue] = {}
    generics: list[GenericOp] = []
    stores: list[MaterializeInDestinationOp] = []
    for op in list(block.ops):
        if isinstance(op, GenericOp):
            view = structured(op)
            values.update(zip(op.results, _Emitter(op, view, values).emit(), strict=True))
            generics.append(op)
        elif isinstance(op, MaterializeInDestinationOp):
            _write(op, values[op.source])
            stores.append(op)
        elif isinstance(op, scf.ForOp):
            _vectorize_block(op.body.block)
    for store in stores:
        Rewriter.erase_op(store)
    erase_generics(generics)


def _write(op: MaterializeInDestinationOp, value: SSAValue) -> None:
    builder = Builder(InsertPoint.before(op))
    shape = memref_type(op.dest).get_shape()
    origin = [index_arithmetic.materialize(builder, 0) for _ in shape]
    if not is_vector(value.type):
        store = memref.StoreOp.get(value, op.dest, origin)
    else:
        dimensions = [i for i, size in enumerate(shape) if size > 1]
        results = tuple(AffineExpr.dimension(i) for i in dimensions)
        permutation = AffineMapAttr(AffineMap(len(origin), 0, results))
        store = vector.TransferWriteOp(value, op.dest, origin, _in_bounds(len(results)), permutation_map=permutation)
    store.location = op.location
    builder.insert(store)


def _in_bounds(rank: int) -> ArrayAttr[BoolAttr]:
    return ArrayAttr([BoolAttr.from_bool(True)] * rank)


@dataclass
class _Emitter:
    """Emits one generic. `values` has the vectors of tensors that were computed in the same block."""

    op: GenericOp
    view: Structured
    values: dict[SSAValue, SSAValue]
    parallel: dict[int, int] = field(init=False)
    lane_loop: int | None = field(init=False)
    lanes: int = field(init=False)

    def __post_init__(self) -> None:
        schedule = self.op.attributes["hal.schedule"]
        assert isinstance(schedule, ScheduleAttr)
        written = self.view.outputs[0].permuted_loops
        order = self.view.parallel_loops if written is None else written
        self.parallel = {
            loop: extent for loop in order if isinstance(extent := self.view.extents[loop], int) and extent > 1
        }
        lane_loops = [loop for loop in self.view.reduction_loops if schedule.tile_sizes[loop] > 1]
        self.lane_loop = lane_loops[0] if lane_loops else None
        self.lanes = schedule.tile_sizes[lane_loops[0]] if lane_loops else 1

    def emit(self) -> list[SSAValue]:
        builder = Builder(InsertPoint.before(self.op))
        parallel = self.parallel
        origin: list[Index] = [0] * len(self.view.extents)
        inits: list[SSAValue] = []
        if reads_outputs(self.op):
            starts = [self._start(builder, number, origin, parallel) for number in range(len(self.op.outputs))]
            inits = [self._spread(builder, start, parallel) for start in starts]
        if not self.view.reduction_loops:
            return self._body(builder, origin, parallel, inits)
        assert inits, "a reduction reads its output"
        return self._reduce(builder, list(self.view.reduction_loops), origin, parallel, inits)

    def _start(self, builder: Builder, number: int, origin: list[Index], parallel: dict[int, int]) -> SSAValue:
        """What an output holds before; any number where nothing has been written, as beside an output that is read."""
        output = self.op.outputs[number]
        if isinstance(output.owner, tensor.EmptyOp):
            return builder.insert(zero(element_type(output.type))).result
        return self._operand(builder, len(self.op.inputs) + number, origin, parallel)

    def _reduce(
        self,
        builder: Builder,
        loops: list[int],
        counters: list[Index],
        parallel: dict[int, int],
        carried: list[SSAValue],
    ) -> list[SSAValue]:
        """Loops over `loops`, outermost first; gives the carried values after them."""
        if not loops:
            return self._body(builder, counters, parallel, carried)
        loop, inner_loops = loops[0], loops[1:]
        extent = self.view.extents[loop]
        if loop == self.lane_loop:
            return self._reduce_lanes(builder, loop, counters, carried)
        if extent == 1:
            return self._reduce(builder, inner_loops, counters, parallel, carried)

        def step(inner: Builder, counter: Index, values: list[SSAValue]) -> list[SSAValue]:
            return self._reduce(inner, inner_loops, _with(counters, loop, counter), parallel, values)

        return _for(builder, 0, extent, 1, carried, step)

    def _reduce_lanes(
        self, builder: Builder, loop: int, counters: list[Index], carried: list[SSAValue]
    ) -> list[SSAValue]:
        """A row: whole vectors into separate lanes, then what is left, then across lanes."""
        kind = combiner(self.op)
        assert kind is not None
        assert len(carried) == 1
        element = carried[0].type
        total = carried[0]
        for start, stop, width in self._stretches(builder, self.view.extents[loop]):
            is_rest = isinstance(stop, SSAValue) and width == 1
            lanes = {} if is_rest else {loop: width}
            neutral = neutral_element(kind, element)
            first = total if neutral is None or is_rest else builder.insert(arith.ConstantOp(neutral)).result
            start_vector = self._spread(builder, first, lanes)

            def step(
                inner: Builder, counter: Index, values: list[SSAValue], lanes: dict[int, int] = lanes
            ) -> list[SSAValue]:
                return self._body(inner, _with(counters, loop, counter), lanes, values)

            if isinstance(start, int) and isinstance(stop, int) and stop - start == width:
                sums = step(builder, start, [start_vector])
            else:
                sums = _for(builder, start, stop, width, [start_vector], step)
            if is_rest:
                total = sums[0]
            else:
                across = reduce_across(builder, kind, sums[0])
                total = across if neutral is None else combine(builder, kind, total, across)
        return [total]

    def _stretches(self, builder: Builder, extent: Index) -> list[tuple[Index, Index, int]]:
        """Start, stop and step of the loops through a row: whole vectors, then narrower ones.

        Of a dynamic extent the last ones have steps of one element.
        """
        if isinstance(extent, int):
            whole = extent - extent % self.lanes
            parts: list[tuple[Index, Index, int]] = [(0, whole, self.lanes), (whole, extent, extent - whole)]
            return [part for part in parts if part[0] != part[1]]
        stretches: list[tuple[Index, Index, int]] = []
        start: Index = 0
        for step in descending_steps(self.lanes):
            stop = index_arithmetic.rounded_down(builder, extent, step)
            stretches.append((start, stop, step))
            start = stop
        return stretches

    def _body(
        self, builder: Builder, counters: list[Index], shape: dict[int, int], carried: list[SSAValue]
    ) -> list[SSAValue]:
        """One application of the body to vectors with a dimension for each loop in `shape`."""
        block = self.op.body.block
        scope: dict[SSAValue, SSAValue] = {}
        for number, argument in enumerate(block.args):
            if number >= len(self.op.inputs):
                if carried:
                    scope[argument] = carried[number - len(self.op.inputs)]
            elif argument.first_use is not None:
                scope[argument] = self._operand(builder, number, counters, shape)
        results: list[SSAValue] = []
        rows = row_reads(self.op, self.view, next(iter(shape))) if len(shape) == 1 else None
        for body_op in block.ops:
            if isinstance(body_op, YieldOp):
                results = [scope.get(value, value) for value in body_op.operands]
            elif rows and body_op in rows:
                self._read_row(builder, body_op, scope, shape)
            elif isinstance(body_op, IndexOp):
                counter = counters[body_op.dim.value.data]
                scope[body_op.result] = index_arithmetic.materialize(builder, counter)
            else:
                self._elementwise(builder, body_op, scope, shape)
        return [self._spread(builder, result, shape) for result in results]

    def _read_row(
        self, builder: Builder, body_op: Operation, scope: dict[SSAValue, SSAValue], shape: dict[int, int]
    ) -> None:
        """Neighbours of a tensor, from the place on that the body has computed for the first of them."""
        assert isinstance(body_op, tensor.ExtractOp)
        element = body_op.result.type
        read = vector.TransferReadOp(
            body_op.tensor,
            [scope.get(index, index) for index in body_op.indices],
            builder.insert(zero(element)).result,
            VectorType(element, list(shape.values())),
            _in_bounds(1),
            AffineMapAttr(AffineMap(len(body_op.indices), 0, (AffineExpr.dimension(len(body_op.indices) - 1),))),
        )
        read.location = body_op.location
        scope[body_op.result] = builder.insert(read).result

    def _elementwise(
        self, builder: Builder, body_op: Operation, scope: dict[SSAValue, SSAValue], shape: dict[int, int]
    ) -> None:
        operands = [scope.get(value, value) for value in body_op.operands]
        if not any(is_vector(value.type) for value in operands):
            clone = body_op.clone(scope)
            builder.insert(clone)
            scope.update(zip(body_op.results, clone.results, strict=True))
            return
        sizes = list(shape.values())
        operands = [self._spread(builder, value, shape) for value in operands]
        new = of_vectors(type(body_op)).create(
            operands=operands,
            result_types=[VectorType(result.type, sizes) for result in body_op.results],
            properties=body_op.properties.copy(),
            attributes=body_op.attributes.copy(),
        )
        new.location = body_op.location
        builder.insert(new)
        for old, result in zip(body_op.results, new.results, strict=True):
            result.name_hint = old.name_hint
            scope[old] = result

    def _spread(self, builder: Builder, value: SSAValue, shape: dict[int, int]) -> SSAValue:
        """The value in every element of a vector of this shape, if it is not such a vector."""
        sizes = list(shape.values())
        if not sizes or (is_vector(value.type) and value.type.get_shape() == tuple(sizes)):
            return value
        return builder.insert(vector.BroadcastOp(value, VectorType(element_type(value.type), sizes))).vector

    def _operand(self, builder: Builder, number: int, counters: list[Index], shape: dict[int, int]) -> SSAValue:
        """The operand's elements for these loop counters: a vector over the loops in `shape`, or a scalar."""
        operand = self.op.operands[number]
        if not is_tensor(operand.type):
            return operand
        if operand in self.values:
            return self.values[operand]
        forms = self.view.accesses[number].forms
        sizes = [shape.get(loop, 1) for loop in range(len(counters))]
        offsets = [evaluate(builder, form, counters) for form in forms]
        dimension_of = {loop: i for i, form in enumerate(forms) for loop in shape if form.coefficients[loop]}
        if not dimension_of:
            indices = [index_arithmetic.materialize(builder, offset) for offset in offsets]
            read = tensor.ExtractOp(operand, indices, operand.type.element_type)
            read.location = self.op.location
            return builder.insert(read).result
        return self._read_vector(builder, operand, forms, offsets, sizes, shape, dimension_of)

    def _read_vector(
        self,
        builder: Builder,
        operand: SSAValue,
        forms: Sequence[LinearForm],
        offsets: Sequence[Index],
        sizes: Sequence[int],
        shape: dict[int, int],
        dimension_of: dict[int, int],
    ) -> SSAValue:
        operand_type = tensor_type(operand)
        element = operand_type.element_type
        strides = [1] * len(forms)
        counts = [1] * len(forms)
        for loop, dimension in dimension_of.items():
            strides[dimension] = forms[dimension].coefficients[loop]
            counts[dimension] = sizes[loop]
        source = operand
        if tuple(counts) != operand_type.get_shape():
            sliced = TensorType(element, counts)
            source = builder.insert(tensor.ExtractSliceOp(operand, offsets, counts, strides, sliced)).result
        results = tuple(
            AffineExpr.dimension(dimension_of[loop]) if loop in dimension_of else AffineExpr.constant(0)
            for loop in shape
        )
        start = index_arithmetic.materialize(builder, 0)
        padding = builder.insert(zero(element)).result
        read = vector.TransferReadOp(
            source,
            [start] * len(forms),
            padding,
            VectorType(element, list(shape.values())),
            _in_bounds(len(shape)),
            AffineMapAttr(AffineMap(len(forms), 0, results)),
        )
        read.location = self.op.location
        return builder.insert(read).result


def _with(counters: list[Index], loop: int, counter: Index) -> list[Index]:
    changed = list(counters)
    changed[loop] = counter
    return changed


Step = Callable[[Builder, Index, list[SSAValue]], list[SSAValue]]


def _for(
    builder: Builder, start: Index, stop: Index, width: int, carried: list[SSAValue], step: Step
) -> list[SSAValue]:
    """`scf.for` from `start` to `stop` by `width` that carries values."""
    low, high, by = (index_arithmetic.materialize(builder, n) for n in (start, stop, width))
    block = Block(arg_types=[type_index, *(value.type for value in carried)])
    loop = builder.insert(scf.ForOp(low, high, by, carried, Region(block)))
    inner = Builder(InsertPoint.at_end(block))
    results = step(inner, block.args[0], list(block.args[1:]))
    inner.insert(scf.YieldOp(*results))
    return list(loop.results)
