"""unroll-vectors: cut vectors of any shape into vectors of the machine's width.

Before:  %a = vector.transfer_read %s[%c0, %c0], %pad {permutation_map = (d0, d1) -> (d0, 0)} : …, vector<2x6xf32>
         %b = arith.addf %a, %x : vector<2x6xf32>
After:   %0 = tensor.extract %s[%c0, %c0]          %1 = tensor.extract %s[%c1, %c0]
         %2 = vector.broadcast %0 : f32 to vector<4xf32>          (and vector<2xf32>, and both of %1)
         %b0 = arith.addf %2, %x0 : vector<4xf32>
         …

The last dimension becomes full vectors, then halves and quarters of one for what is left; one element is a scalar.
Elements that are not neighbours in memory are read one by one. A reduction combines halves, then halves of those, …, so
that its result does not depend on `bits`.

Ensures:  vectors have one dimension and at most `bits` bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import memref, scf, tensor, vector
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, BoolAttr, ModuleOp, VectorType
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.schedules import element_bits
from zellige.analysis.strides import element_strides
from zellige.dialects import index_arithmetic
from zellige.dialects.flow import executables
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type, is_memref, is_vector, vector_type
from zellige.dialects.vector_reductions import combine, reduce_across
from zellige.maths.vector_pieces import Piece, binary_chunks, pieces


@dataclass(frozen=True)
class UnrollVectorsPass(ModulePass):
    """Cut the vectors of kernels to the target's width."""

    name = "unroll-vectors"
    bits: int = 128

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            kernel = executable.kernel
            widths = [
                max(8, element_bits(value.type.element_type))  # a truth value takes a byte in memory
                for o in kernel.walk()
                for value in (*o.operands, *o.results)
                if is_vector(value.type)
            ]
            if widths:
                _Unroller(max(1, self.bits // max(widths))).block(kernel.body.block)


def _piece_type(element: Attribute, width: int) -> Attribute:
    return element if width == 1 else VectorType(element, [width])


@dataclass
class _Unroller:
    lanes: int
    parts: dict[SSAValue, list[SSAValue]] = field(default_factory=dict[SSAValue, list[SSAValue]])

    def block(self, block: Block) -> None:
        replaced: list[Operation] = []
        for op in list(block.ops):
            if isinstance(op, scf.ForOp):
                if self._loop(op):
                    replaced.append(op)
            elif any(is_vector(value.type) for value in (*op.operands, *op.results)):
                self._op(op)
                replaced.append(op)
        for op in reversed(replaced):
            op.detach()
            op.erase()

    def _pieces(self, value: SSAValue) -> tuple[Piece, ...]:
        return pieces(vector_type(value).get_shape(), self.lanes)

    def _flat(self, values: Sequence[SSAValue]) -> list[SSAValue]:
        return [part for value in values for part in self.parts.get(value, [value])]

    def _loop(self, op: scf.ForOp) -> bool:
        """Carry pieces instead of vectors; whether the loop was replaced."""
        if not any(is_vector(arg.type) for arg in op.iter_args):
            self.block(op.body.block)
            return False
        carried = self._flat(op.iter_args)
        old = op.body.block
        new = Block(arg_types=[old.args[0].type, *(value.type for value in carried)])
        old.args[0].replace_all_uses_with(new.args[0])
        loop = scf.ForOp(op.lb, op.ub, op.step, carried, Region(new))
        loop.location = op.location
        Builder(InsertPoint.before(op)).insert(loop)
        self._match(list(old.args[1:]), list(new.args[1:]))
        self._match(list(op.results), list(loop.results))
        for inner in list(old.ops):
            inner.detach()
            new.add_op(inner)
        self.block(new)
        return True

    def _match(self, values: Sequence[SSAValue], parts: list[SSAValue]) -> None:
        """Say which pieces stand for each value, in order."""
        start = 0
        for value in values:
            if is_vector(value.type):
                stop = start + len(self._pieces(value))
                self.parts[value] = parts[start:stop]
            else:
                stop = start + 1
                value.replace_all_uses_with(parts[start])
            start = stop

    def _op(self, op: Operation) -> None:
        builder = Builder(InsertPoint.before(op))
        match op:
            case scf.YieldOp():
                builder.insert(scf.YieldOp(*self._flat(op.operands)))
            case vector.BroadcastOp():
                self.parts[op.vector] = self._broadcast(builder, op)
            case vector.TransferReadOp():
                self.parts[op.result] = self._read(builder, op)
            case vector.TransferWriteOp():
                self._write(builder, op)
            case vector.ReductionOp():
                op.dest.replace_all_uses_with(self._reduce(builder, op))
            case _:
                self._elementwise(builder, op)

    def _elementwise(self, builder: Builder, op: Operation) -> None:
        columns = [self.parts.get(value, [value] * len(self._pieces(op.results[0]))) for value in op.operands]
        new_parts: list[list[SSAValue]] = [[] for _ in op.results]
        for piece, operands in zip(self._pieces(op.results[0]), zip(*columns, strict=True), strict=True):
            new = type(op).create(
                operands=operands,
                result_types=[_piece_type(element_type(result.type), piece.width) for result in op.results],
                properties=op.properties.copy(),
                attributes=op.attributes.copy(),
            )
            new.location = op.location
            builder.insert(new)
            for parts, result in zip(new_parts, new.results, strict=True):
                parts.append(result)
        self.parts.update(zip(op.results, new_parts, strict=True))

    def _broadcast(self, builder: Builder, op: vector.BroadcastOp) -> list[SSAValue]:
        element = op.vector.type.element_type
        source = op.source
        if is_vector(source.type):
            rank = source.type.get_num_dims()
            known = dict(zip(self._pieces(source), self.parts[source], strict=True))
            return [
                known[Piece(piece.outer[len(piece.outer) - rank + 1 :], piece.start, piece.width)]
                for piece in self._pieces(op.vector)
            ]
        by_width: dict[int, SSAValue] = {1: source}
        for piece in self._pieces(op.vector):
            if piece.width not in by_width:
                spread = vector.BroadcastOp(source, VectorType(element, [piece.width]))
                by_width[piece.width] = builder.insert(spread).vector
        return [by_width[piece.width] for piece in self._pieces(op.vector)]

    def _reduce(self, builder: Builder, op: vector.ReductionOp) -> SSAValue:
        """The halves of the vector combined, then the halves of that, …: in the same order for every width."""
        kind = op.kind.data
        (length,) = vector_type(op.vector).get_shape()
        parts = list(zip(self._pieces(op.vector), self.parts[op.vector], strict=True))
        total: SSAValue | None = None
        for start, size in binary_chunks(length):
            level = [part for piece, part in parts if start <= piece.start < start + size]
            while (half := len(level) // 2) > 0:
                level = [combine(builder, kind, a, b) for a, b in zip(level[:half], level[half:], strict=True)]
            single = reduce_across(builder, kind, level[0]) if is_vector(level[0].type) else level[0]
            total = single if total is None else combine(builder, kind, total, single)
        assert total is not None
        return total

    def _read(self, builder: Builder, op: vector.TransferReadOp) -> list[SSAValue]:
        dimensions = [_dimension(expr) for expr in op.permutation_map.data.results]
        return _Reader(builder, op, _Places(builder, op.indices, dimensions)).read(self._pieces(op.result))

    def _write(self, builder: Builder, op: vector.TransferWriteOp) -> None:
        dimensions = [_dimension(expr) for expr in op.permutation_map.data.results]
        last = dimensions[-1]
        assert last is not None
        contiguous = element_strides(op.source)[last] == 1
        places = _Places(builder, op.indices, dimensions)
        for piece, part in zip(self._pieces(op.vector), self.parts[op.vector], strict=True):
            indices = places.first(piece)
            if piece.width == 1:
                builder.insert(memref.StoreOp.get(part, op.source, places.ssa(indices)))
            elif contiguous:
                builder.insert(
                    vector.TransferWriteOp(
                        part, op.source, places.ssa(indices), _IN_BOUNDS, permutation_map=_along(last, len(indices))
                    )
                )
            else:
                for lane in range(piece.width):
                    element = builder.insert(vector.ExtractOp(part, [lane], element_type(op.vector.type))).result
                    place = list(indices)
                    place[last] = places.moved(place[last], lane)
                    builder.insert(memref.StoreOp.get(element, op.source, places.ssa(place)))


_IN_BOUNDS = ArrayAttr([BoolAttr.from_bool(True)])


def _along(dimension: int, rank: int) -> AffineMapAttr:
    return AffineMapAttr(AffineMap(rank, 0, (AffineExpr.dimension(dimension),)))


def _dimension(expr: AffineExpr) -> int | None:
    """Dimension of the source that a vector dimension runs along; None where it repeats one element."""
    if isinstance(expr, AffineDimExpr):
        return expr.position
    assert isinstance(expr, AffineConstantExpr)
    return None


@dataclass
class _Places:
    """Indices into the memory of one op. A constant or a sum that several pieces need is built once."""

    builder: Builder
    base: Sequence[SSAValue]
    dimensions: Sequence[int | None]
    constants: dict[int, SSAValue] = field(default_factory=dict[int, SSAValue])
    sums: dict[tuple[SSAValue, int], Index] = field(default_factory=dict[tuple[SSAValue, int], Index])

    def first(self, piece: Piece) -> list[Index]:
        """Indices of the first element of a piece."""
        indices: list[Index] = [_known(value) for value in self.base]
        for dimension, position in zip(self.dimensions, (*piece.outer, piece.start), strict=True):
            if dimension is not None:
                indices[dimension] = self.moved(indices[dimension], position)
        return indices

    def moved(self, index: Index, by: int) -> Index:
        if isinstance(index, int):
            return index + by
        if by == 0:
            return index
        if (index, by) not in self.sums:
            self.sums[index, by] = index_arithmetic.add(self.builder, index, self._constant(by))
        return self.sums[index, by]

    def ssa(self, indices: Sequence[Index]) -> list[SSAValue]:
        return [self._constant(index) if isinstance(index, int) else index for index in indices]

    def _constant(self, number: int) -> SSAValue:
        if number not in self.constants:
            self.constants[number] = index_arithmetic.materialize(self.builder, number)
        return self.constants[number]


def _known(value: SSAValue) -> Index:
    constant = index_arithmetic.constant_value(value)
    return value if constant is None else constant


@dataclass
class _Reader:
    """Reads the pieces of one `vector.transfer_read`; what several pieces share is read once."""

    builder: Builder
    op: vector.TransferReadOp
    places: _Places
    scalars: dict[tuple[Index, ...], SSAValue] = field(default_factory=dict[tuple[Index, ...], SSAValue])
    vectors: dict[tuple[tuple[Index, ...], int], SSAValue] = field(
        default_factory=dict[tuple[tuple[Index, ...], int], SSAValue]
    )

    def read(self, wanted: Sequence[Piece]) -> list[SSAValue]:
        return [self._piece(piece) for piece in wanted]

    def _piece(self, piece: Piece) -> SSAValue:
        indices = self.places.first(piece)
        if piece.width == 1:
            return self._scalar(indices)
        key = (tuple(indices), piece.width)
        if key not in self.vectors:
            self.vectors[key] = self._vector(indices, self.places.dimensions[-1], piece.width)
        return self.vectors[key]

    def _scalar(self, indices: list[Index]) -> SSAValue:
        key = tuple(indices)
        if key not in self.scalars:
            source = self.op.source
            places = self.places.ssa(indices)
            if is_memref(source.type):
                read = memref.LoadOp.get(source, places)
                self.scalars[key] = self.builder.insert(read).res
            else:
                extract = tensor.ExtractOp(source, places, element_type(source.type))
                self.scalars[key] = self.builder.insert(extract).result
        return self.scalars[key]

    def _vector(self, indices: list[Index], last: int | None, width: int) -> SSAValue:
        piece_type = VectorType(element_type(self.op.result.type), [width])
        if last is None:
            return self.builder.insert(vector.BroadcastOp(self._scalar(indices), piece_type)).vector
        if element_strides(self.op.source)[last] == 1:
            read = vector.TransferReadOp(
                self.op.source,
                self.places.ssa(indices),
                self.op.padding,
                piece_type,
                _IN_BOUNDS,
                _along(last, len(indices)),
            )
            read.location = self.op.location
            return self.builder.insert(read).result
        result: SSAValue | None = None
        for lane in range(width):
            place = list(indices)
            place[last] = self.places.moved(place[last], lane)
            value = self._scalar(place)
            if result is None:
                result = self.builder.insert(vector.BroadcastOp(value, piece_type)).vector
            else:
                result = self.builder.insert(vector.InsertOp(value, result, [lane])).result
        assert result is not None
        return result
