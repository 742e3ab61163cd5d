"""Which producers of a `linalg.generic` are worth computing inside its body.

A producer is all-parallel, has one result, and writes each element of it once (its output map is a permutation). It is
taken in when no element is then computed more often than before, or when computing it again costs less than storing
and loading it. Contractions take in data movement and widening casts only: their inner loop has to stay a multiply-add.
What unpacks numbers, or dequantises them, is taken in by a reduction that reads them a few times only: then to load
them wide costs more than to compute them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import FixedBitwidthType, IndexType
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineMap

from zellige.analysis.dimensions import assumed_size, sizes_of
from zellige.analysis.generic_bodies import (
    body_has,
    has_effect,
    is_cheap,
    is_contraction,
    is_decoded,
    moves_data_only,
    only_widens,
    reads_out,
)
from zellige.analysis.indexing import (
    extents_of,
    is_all_parallel,
    is_permutation,
    linear_form,
    loop_extents,
    maps_of,
    same_access,
    substitute,
    through_producer,
    visits_each_once,
)
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type

FEW_READS = 2
"""Times that a number may be decoded again, rather than stored wide."""


def is_only_read_by(value: SSAValue, op: GenericOp) -> bool:
    """The one use of `value` is as an input of `op`."""
    use = value.get_unique_use()
    return use is not None and use.operation is op and use.index < len(op.inputs)


def fused_maps(consumer: GenericOp, index: int, producer: GenericOp) -> list[AffineMap]:
    """Maps of the producer's inputs over the consumer's loops, when `producer` gives input `index` of `consumer`."""
    producer_maps, consumer_map = maps_of(producer), maps_of(consumer)[index]
    loops = through_producer(consumer_map, producer_maps[-1])
    return [substitute(m, loops, consumer_map.num_dims) for m in producer_maps[:-1]]


def is_fusable_producer(op: GenericOp) -> bool:
    """Each element of its one result is written once, from its inputs alone."""
    return len(op.results) == 1 and is_all_parallel(op) and is_permutation(maps_of(op)[-1]) and not reads_out(op, 0)


def pays_off(consumer: GenericOp, index: int, producer: GenericOp) -> bool:
    """Computing the producer in the consumer's body is not more work than it saves."""
    if moves_data_only(producer):
        return True
    if _is_decoded_for(consumer, index, producer):
        return True
    if is_contraction(consumer):
        return only_widens(producer)
    once = visits_each_once(maps_of(consumer)[index])
    if is_only_read_by(producer.results[0], consumer):
        return once or (is_all_parallel(consumer) and is_cheap(producer))
    return is_all_parallel(consumer) and is_cheap(producer) and _bytes_read(producer) < _bytes(producer.results[0])


def _is_decoded_for(consumer: GenericOp, index: int, producer: GenericOp) -> bool:
    """A reduction reads numbers a few times that are made of far fewer bytes, and nothing else reads them."""
    affine_map = maps_of(consumer)[index]
    if is_all_parallel(consumer) or not affine_map.is_projected_permutation():
        return False
    read = {expr.position for expr in affine_map.results if isinstance(expr, AffineDimExpr)}
    times = prod(assumed_size(extent) for loop, extent in enumerate(extents_of(consumer)) if loop not in read)
    if times > FEW_READS or not is_only_read_by(producer.results[0], consumer):
        return False
    return is_decoded(_source_bytes(producer), _bytes(producer.results[0]))


def _source_bytes(op: GenericOp) -> int:
    """What an op reads, and those read that make what it reads."""
    total = 0
    for value in op.inputs:
        made = value.owner
        is_inside = isinstance(made, GenericOp) and value.has_one_use() and is_fusable_producer(made)
        total += _source_bytes(made) if isinstance(made, GenericOp) and is_inside else _bytes(value)
    return total


def can_fuse(consumer: GenericOp, index: int, producer: GenericOp) -> bool:
    """The fused op says the same: its loops keep their extents, and no effect of the producer is lost."""
    producer_maps, consumer_maps = maps_of(producer), maps_of(consumer)
    loops = through_producer(consumer_maps[index], producer_maps[-1])
    extents = extents_of(consumer)
    if has_effect(producer) and not _covers(loops, extents_of(producer), extents):
        return False
    if body_has(producer, IndexOp) and any(linear_form(expr, len(extents)) is None for expr in loops):
        return False
    maps = [
        *consumer_maps[:index],
        *fused_maps(consumer, index, producer),
        *consumer_maps[index + 1 :],
    ]
    operands = [*consumer.inputs[:index], *producer.inputs, *consumer.inputs[index + 1 :], *consumer.outputs]
    return loop_extents(maps, [sizes_of(value) for value in operands]) == extents


def repeated_inputs(op: GenericOp) -> dict[int, int]:
    """Inputs that read the same elements as an earlier one: later input -> first input."""
    maps = maps_of(op)
    first: dict[SSAValue, list[int]] = {}
    repeats: dict[int, int] = {}
    for index, value in enumerate(op.inputs):
        earlier = first.setdefault(value, [])
        same = next((i for i in earlier if same_access(maps[i], maps[index], sizes_of(value))), None)
        if same is None:
            earlier.append(index)
        else:
            repeats[index] = same
    return repeats


def _covers(loops: Sequence[AffineExpr], producer_extents: Sequence[Index], extents: Sequence[Index]) -> bool:
    """Every point of the producer's loops is reached."""
    dims = [expr.position for expr in loops if isinstance(expr, AffineDimExpr)]
    return len(set(dims)) == len(dims) and all(
        size == 1
        if isinstance(expr, AffineConstantExpr)
        else isinstance(expr, AffineDimExpr) and extents[expr.position] == size
        for expr, size in zip(loops, producer_extents, strict=True)
    )


def _bytes(value: SSAValue) -> int:
    element, count = element_type(value.type), prod(map(assumed_size, sizes_of(value)))
    if isinstance(element, IndexType):
        return count * 8
    return count * max(1, element.bitwidth // 8) if isinstance(element, FixedBitwidthType) else count


def _bytes_read(op: GenericOp) -> int:
    return sum(_bytes(value) for value in op.inputs)
