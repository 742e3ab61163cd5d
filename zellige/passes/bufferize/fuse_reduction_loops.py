"""fuse-reduction-loops: a loop that sums up what the loop before it has stored does so in that loop.

Before:  scf.for %i = %c0 to %c1024 step %c32 {
           %a, %b = …
           vector.transfer_write %a, %row[%i] …
           vector.transfer_write %b, %row[%i + 16] …
         }
         %sum = scf.for %j = %c0 to %c1024 step %c16 iter_args(%s = %zero) -> (vector<16xf32>) {
           %x = vector.transfer_read %row[%j] …
           %t = arith.addf %x, %s
           scf.yield %t
         }
After:   %sum = scf.for %i = %c0 to %c1024 step %c32 iter_args(%s = %zero) -> (vector<16xf32>) {
           %a, %b = …
           vector.transfer_write %a, %row[%i] …
           vector.transfer_write %b, %row[%i + 16] …
           %t = arith.addf %a, %s
           %u = arith.addf %b, %t
           scf.yield %u
         }

Nothing is read back, and a processor adds while it computes the next numbers. The same numbers are combined in the same
order, so results stay as they are, bit by bit. Loops stay apart where the first runs in other steps than multiples of
the second's, or where either does more than that.

Requires: `bufferize-kernels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import memref, scf, vector
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.traits import is_side_effect_free
from xdsl.transforms.dead_code_elimination import is_trivially_dead

from zellige.dialects import index_arithmetic
from zellige.dialects.flow import executables
from zellige.dialects.index_arithmetic import Index, constant_value
from zellige.dialects.shaped_types import is_vector, memref_type


@dataclass(frozen=True)
class FuseReductionLoopsPass(ModulePass):
    """Move reductions of stored vectors into the loops that store them."""

    name = "fuse-reduction-loops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            for block in [b for o in executable.kernel.walk() for region in o.regions for b in region.blocks]:
                _fuse_in(block)


def _fuse_in(block: Block) -> None:
    stores: _Loop | None = None
    between: list[Operation] = []
    for op in list(block.ops):
        if isinstance(op, scf.ForOp):
            loop = _Loop.of(op)
            stored = _stored(stores, loop) if stores is not None and loop is not None else None
            if stores is not None and loop is not None and stored is not None:
                _fuse(stores, between, loop, stored)
                stores = None
            else:
                stores, between = loop, []
        elif _only_computes(op):
            between.append(op)
        else:
            stores = None


@dataclass(frozen=True)
class _Loop:
    """A loop from one known number to another, without loops inside."""

    op: scf.ForOp
    first: int
    end: int
    step: int

    @staticmethod
    def of(op: scf.ForOp) -> _Loop | None:
        first, end, step = (constant_value(value) for value in (op.lb, op.ub, op.step))
        if first is None or end is None or step is None or any(inner.regions for inner in op.body.block.ops):
            return None
        return _Loop(op, first, end, step)

    @property
    def counter(self) -> SSAValue:
        return self.op.body.block.args[0]

    @property
    def writes(self) -> list[vector.TransferWriteOp]:
        return [op for op in self.op.body.block.ops if isinstance(op, vector.TransferWriteOp)]

    @property
    def reads(self) -> list[vector.TransferReadOp]:
        return [op for op in self.op.body.block.ops if isinstance(op, vector.TransferReadOp)]


@dataclass(frozen=True)
class _Place:
    """Where a vector stands: elements of a buffer from `offset` and the sum of values with factors on."""

    buffer: SSAValue
    factors: tuple[tuple[SSAValue, int], ...]
    offset: int

    def at(self, counter: SSAValue, other: SSAValue, distance: int) -> _Place:
        """The place when `counter` is `other` and a distance more."""
        factors = dict(self.factors)
        factor = factors.pop(counter, 0)
        factors[other] = factors.get(other, 0) + factor
        return _Place(self.buffer, _sorted(factors), self.offset + factor * distance)


def _sorted(factors: dict[SSAValue, int]) -> tuple[tuple[SSAValue, int], ...]:
    return tuple(sorted(((value, factor) for value, factor in factors.items() if factor), key=lambda item: id(item[0])))


def _place(access: vector.TransferReadOp | vector.TransferWriteOp) -> _Place | None:
    """None where strides are not known, or where the elements of the vector are not neighbours in their order."""
    buffer: SSAValue = access.source
    strides = memref_type(buffer).get_strides()
    is_row = strides is not None and len(strides) > 0 and strides[-1] == 1
    if not is_row or access.mask is not None or not access.permutation_map.data.is_minor_identity():
        return None
    factors: dict[SSAValue, int] = {}
    offset = _add(factors, access.indices, strides)
    while offset is not None and isinstance(view := buffer.owner, memref.SubviewOp):
        values = iter(view.offsets)
        numbers = [next(values) if n == DYNAMIC_INDEX else n for n in view.static_offsets.get_values()]
        buffer = view.source
        more = _add(factors, numbers, memref_type(buffer).get_strides())
        offset = None if more is None else offset + more
    return None if offset is None else _Place(buffer, _sorted(factors), offset)


def _add(factors: dict[SSAValue, int], indices: Sequence[Index], strides: Sequence[int | None] | None) -> int | None:
    """Add indices, in elements, to the factors of values; what constants come to, or None where a stride is unknown."""
    offset = 0
    for index, stride in zip(indices, strides or [None] * len(indices), strict=True):
        if stride is None:
            return None
        number = index if isinstance(index, int) else constant_value(index)
        if number is not None:
            offset += number * stride
        elif isinstance(index, SSAValue):
            factors[index] = factors.get(index, 0) + stride
    return offset


def _stored(stores: _Loop, sums: _Loop) -> list[list[SSAValue]] | None:
    """For each step of the second loop that a step of the first stands for: the vectors that its reads would find.

    None where the second loop cannot become part of the first.
    """
    times, rest = divmod(stores.step, sums.step)
    is_same_range = (stores.first, stores.end) == (sums.first, sums.end) and not (sums.end - sums.first) % stores.step
    if rest or not is_same_range or stores.op.results or not _do_nothing_else(stores, sums):
        return None
    writes = [(_place(write), write.vector) for write in stores.writes]
    written = {(place, value.type): value for place, value in writes if place is not None}
    if len(written) < len(writes) or not _stand_apart(stores, list(written)):
        return None
    found = [
        [_moved(read, sums.counter, stores.counter, number * sums.step) for read in sums.reads]
        for number in range(times)
    ]
    is_all = {key for step in found for key in step} == set(written)
    return [[written[key] for key in step if key in written] for step in found] if is_all else None


def _moved(
    read: vector.TransferReadOp, counter: SSAValue, other: SSAValue, distance: int
) -> tuple[_Place, Attribute] | None:
    """What is read, and where, when `counter` is `other` and a distance more."""
    place = _place(read)
    return None if place is None else (place.at(counter, other, distance), read.result.type)


def _stand_apart(loop: _Loop, keys: Sequence[tuple[_Place, Attribute]]) -> bool:
    """Whether no step of the loop writes where another write, or another step, does."""
    if len({(place.buffer, place.factors) for place, _ in keys}) != 1:
        return False
    pieces = sorted((place.offset, _lanes(kind)) for place, kind in keys)
    next_step = pieces[0][0] + dict(keys[0][0].factors).get(loop.counter, 0) * loop.step
    starts = [*(offset for offset, _ in pieces[1:]), next_step]
    return all(offset + size <= start for (offset, size), start in zip(pieces, starts, strict=True))


def _lanes(kind: Attribute) -> int:
    assert is_vector(kind)
    return prod(kind.get_shape())


def _do_nothing_else(stores: _Loop, sums: _Loop) -> bool:
    """Whether the first loop writes vectors, and the second one reads vectors: all else is computing."""
    may_be = (vector.TransferReadOp, memref.LoadOp, vector.TransferWriteOp, scf.YieldOp)
    return all(isinstance(op, may_be) or _only_computes(op) for op in stores.op.body.block.ops) and all(
        isinstance(op, vector.TransferReadOp | scf.YieldOp) or _only_computes(op) for op in sums.op.body.block.ops
    )


def _only_computes(op: Operation) -> bool:
    return not op.regions and (isinstance(op, memref.SubviewOp) or is_side_effect_free(op))


def _fuse(stores: _Loop, between: Sequence[Operation], sums: _Loop, stored: Sequence[Sequence[SSAValue]]) -> None:
    for op in between:
        op.detach()
    Rewriter.insert_op(between, InsertPoint.before(stores.op))
    body = stores.op.body.detach_block(0)
    end = body.last_op
    assert isinstance(end, scf.YieldOp)
    Rewriter.erase_op(end)
    carried: Sequence[SSAValue] = [body.insert_arg(value.type, 1 + i) for i, value in enumerate(sums.op.iter_args)]
    for number, vectors in enumerate(stored):
        carried = _append_step(body, sums, number * sums.step, vectors, carried)
    body.add_op(scf.YieldOp(*carried))
    fused = scf.ForOp(stores.op.lb, stores.op.ub, stores.op.step, sums.op.iter_args, body)
    fused.location = stores.op.location
    Rewriter.replace_op(stores.op, fused, [])
    Rewriter.replace_op(sums.op, [], fused.results)


def _append_step(
    body: Block, sums: _Loop, distance: int, vectors: Sequence[SSAValue], carried: Sequence[SSAValue]
) -> Sequence[SSAValue]:
    """Append what the second loop computes of vectors, and return what it would carry on."""
    builder = Builder(InsertPoint.at_end(body))
    before = body.last_op
    counter = index_arithmetic.add(builder, body.args[0], distance)
    values: dict[SSAValue, SSAValue] = {sums.counter: index_arithmetic.materialize(builder, counter)}
    values |= zip(sums.op.body.block.args[1:], carried, strict=True)
    values |= {read.result: value for read, value in zip(sums.reads, vectors, strict=True)}
    last = sums.op.body.block.last_op
    assert last is not None
    for op in sums.op.body.block.ops:
        if op is not last and not isinstance(op, vector.TransferReadOp):
            builder.insert(op.clone(values))
    results = [values.get(value, value) for value in last.operands]
    op = body.last_op
    while op is not None and op is not before:
        following, op = op, op.prev_op
        if is_trivially_dead(following) and not set(following.results) & set(results):
            Rewriter.erase_op(following)
    return results
