"""Choosing what of a kernel's loops one workgroup runs. Decides only; passes apply it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import gcd, prod

from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import BlockArgument, Operation, SSAValue

from zellige.analysis.dimensions import assumed_size, sizes_of
from zellige.analysis.nests import Member, Nest, producer
from zellige.analysis.schedules import widest_element_bits
from zellige.analysis.structured import Access, structured
from zellige.analysis.target import TargetDescription
from zellige.analysis.tensor_bytes import element_bytes
from zellige.dialects.shaped_types import tensor_type

CONTRACTION_TILE = (64, 256)
"""Bounds on the iterations of a contraction's tiled loops in one workgroup, which use again what is loaded."""

BLOCK_BYTES = 512 << 10
"""What one input may bring to a workgroup of a contraction: it is read once for each panel, and has to stay cached."""

PASSED_BYTES = 512 << 10
"""What one workgroup should at most keep between the nests of its kernel: it is written whole before it is read."""

MOST_WORKGROUPS = 256

MOST_CUT = 3
"""Loops that are shared out to workgroups: their x, y and z."""

MOST_INNER = 1 << 10
"""What one workgroup may run of a dynamic loop inside of another one: how long either is shows when it runs."""


def choose_workgroups(nests: Sequence[Nest], target: TargetDescription, tile: Sequence[int]) -> tuple[int, ...]:
    """Iterations of each loop of the kernel's last op that one workgroup runs, 0 for all; each divides a static extent.

    `tile` is the register tile of that op. At most three loops are cut, dynamic ones first: what one workgroup runs of
    them has a bound. A part has no more odd ends than the whole: 508 steps by 8 end in one vector of 4, but four times
    127 in elements that are computed one by one.
    """
    last = nests[-1].root
    extents = last.view.assumed_extents
    work = sum(prod(member.view.assumed_extents) for nest in nests for member in nest.members)
    passed = _passed_bytes(nests)
    wanted = max(min(MOST_WORKGROUPS, -(-work // target.workgroup_work)), -(-passed // PASSED_BYTES))
    is_contraction = (
        len(nests) == 1
        and nests[0].dominant.view.inputs > 1
        and any(member.view.reduction_loops for member in nests[0].members)
    )

    def least(loop: int) -> int:
        rows = _contraction_rows(nests[0].dominant) if is_contraction and tile[loop] > 1 else 1
        return max(tile[loop], rows)

    cuttable = _cuttable_loops(nests)
    dynamic = [loop for loop in cuttable if isinstance(last.view.extents[loop], SSAValue)][:MOST_CUT]
    points = prod(extents[loop] for loop in dynamic)
    worth = min(target.workgroup_work * points // work, PASSED_BYTES * points // max(1, passed)) if dynamic else 0
    sizes = _dynamic_parts(dynamic, worth, tile, least)
    cut = len(dynamic)
    for loop in dynamic:
        wanted = -(-wanted // -(-extents[loop] // sizes[loop]))
    for loop in cuttable:
        if wanted <= 1 or cut == MOST_CUT:
            break
        extent = extents[loop]
        candidates = [
            size
            for size in _divisors(extent)
            if size >= least(loop) and extent // size <= wanted and size % gcd(extent, tile[loop]) == 0
        ]
        size = min(candidates, default=extent)
        if loop not in dynamic and size < extent:
            sizes[loop] = size
            wanted = -(-wanted // (extent // size))
            cut += 1
    return tuple(sizes)


def _passed_bytes(nests: Sequence[Nest]) -> int:
    """What a whole kernel keeps between its nests, as far as that is known."""
    kept = [result for nest in nests[:-1] for result in nest.root.op.results]
    return sum(
        prod(map(assumed_size, sizes_of(result))) * element_bytes(tensor_type(result).element_type) for result in kept
    )


def _dynamic_parts(loops: Sequence[int], worth: int, tile: Sequence[int], least: Callable[[int], int]) -> list[int]:
    """What one workgroup runs of dynamic loops, `worth` iterations of them together: powers of 2, or a tile."""
    sizes = [0] * len(tile)
    for loop in reversed(loops):
        most = worth if loop == loops[0] else min(worth, MOST_INNER)
        size = max(1, least(loop), most)
        sizes[loop] = max(tile[loop], 1 << (size.bit_length() - 1))
        worth //= sizes[loop]
    return sizes


def _contraction_rows(member: Member) -> int:
    """Iterations of a tiled loop of a contraction whose inputs fill `BLOCK_BYTES`, within `CONTRACTION_TILE`."""
    depth = prod(member.view.assumed_extents[loop] for loop in member.view.reduction_loops)
    row_bytes = max(1, depth * widest_element_bits([member.op]) // 8)
    least, most = CONTRACTION_TILE
    return min(most, max(least, BLOCK_BYTES // row_bytes))


def _divisors(number: int) -> list[int]:
    low = [i for i in range(1, int(number**0.5) + 1) if number % i == 0]
    return sorted({*low, *(number // i for i in low)})


def _cuttable_loops(nests: Sequence[Nest]) -> list[int]:
    """Parallel loops of the last op that every op before it can be cut along too, so that nothing is computed twice."""
    last, ops = nests[-1].root, {member.op for nest in nests for member in nest.members}
    extents = last.view.extents
    known = [loop for loop in last.view.parallel_loops if isinstance(extents[loop], int | BlockArgument)]
    return [loop for loop in known if extents[loop] not in (0, 1) and can_cut(last.op, loop, ops)]


def can_cut(op: GenericOp, loop: int, ops: Collection[Operation]) -> bool:
    """Whether a part of a loop takes just a part of what others of these ops compute, each by a loop of its own."""
    waiting, seen = [(op, loop)], {(op, loop)}
    while waiting:
        consumer, along = waiting.pop()
        for operand, access in zip(consumer.operands, structured(consumer).accesses, strict=True):
            maker = producer(operand)
            if maker is None or maker not in ops:
                continue
            dimension, written = _only_dimension(access, along), structured(maker).outputs[0].permuted_loops
            if dimension is None or written is None:
                return False
            before = maker, written[dimension]
            if before not in seen:
                seen.add(before)
                waiting.append(before)
    return True


def _only_dimension(access: Access, loop: int) -> int | None:
    """The dimension that a loop runs along, where each dimension has a loop of its own or is read at one place."""
    loops = [form.single_loop for form in access.forms]
    if loops.count(loop) != 1 or any(one is None and form.loops for one, form in zip(loops, access.forms, strict=True)):
        return None
    return loops.index(loop)
