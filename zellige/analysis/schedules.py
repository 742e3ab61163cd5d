"""Choosing schedules: which loop becomes the vector, how large register tiles are. Decides only; passes apply it."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import FixedBitwidthType, IndexType
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.dialects.vector import CombiningKindFlag
from xdsl.ir import Attribute, Operation, SSAValue

from zellige.analysis.generic_bodies import decodes
from zellige.analysis.nests import Member, Nest, producer
from zellige.analysis.row_reads import row_reads
from zellige.analysis.structured import Access, Structured
from zellige.analysis.target import TargetDescription
from zellige.dialects.packed import WordsOp
from zellige.dialects.shaped_types import is_tensor
from zellige.dialects.vector_reductions import KINDS

SCALAR_OPS = (
    arith.DivSIOp,
    arith.DivUIOp,
    arith.RemSIOp,
    arith.RemUIOp,
    arith.CeilDivSIOp,
    arith.CeilDivUIOp,
    arith.FloorDivSIOp,
    math.IPowIOp,
)
"""Operations that have no vector instruction and are no faster lane by lane."""

INSTRUCTIONS = (
    math.SqrtOp,
    math.AbsFOp,
    math.FloorOp,
    math.CeilOp,
    math.TruncOp,
    math.RoundEvenOp,
    math.CopySignOp,
)
"""Functions that are one vector instruction."""

SIMPLE_VECTORS = 4
"""Vectors that a short body works on at a time, so that loads and loop counting do not stand out."""

SHORTEST_REDUCTION = 2
"""Vectors that a reduction along a row must at least fill to be worth the sum across lanes."""

LEAST_PANEL_USES = 8
"""Times that a panel is read for the copy to pay."""

PANEL_COST = 1.5
"""Loads for one vector from a panel, with its share of the copy, as `_access_cost` counts."""


def element_bits(element: Attribute) -> int:
    """Bits of an element in a register; an index is an i32."""
    if isinstance(element, IndexType):
        return 32
    assert isinstance(element, FixedBitwidthType)
    return element.bitwidth


def widest_element_bits(ops: Sequence[GenericOp]) -> int:
    """Bits of the widest element that the bodies work on, at least 8."""
    values = [
        value
        for op in ops
        for value in (*op.body.block.args, *(result for o in op.body.block.ops for result in o.results))
    ]
    return max([8, *(element_bits(v.type) for v in values if isinstance(v.type, IndexType | FixedBitwidthType))])


def combiner(op: GenericOp) -> CombiningKindFlag | None:
    """How the body combines the running value of its output with the rest, if by one known operation."""
    block = op.body.block
    accumulator = block.args[len(op.inputs)]
    terminator = block.last_op
    assert terminator is not None
    combine = terminator.operands[0].owner
    if len(op.results) != 1 or not isinstance(combine, Operation):
        return None
    if isinstance(combine, arith.SelectOp):
        return _kept_extreme(combine, accumulator)
    use = accumulator.get_unique_use()
    return KINDS.get(combine.name) if use is not None and use.operation is combine else None


def _kept_extreme(select: arith.SelectOp, accumulator: SSAValue) -> CombiningKindFlag | None:
    """The kind of `x > accumulator ? x : accumulator` and its like, which pass over each x that is NaN."""
    comparison = select.cond.owner
    uses = [use.operation for use in accumulator.uses]
    if not isinstance(comparison, arith.CmpfOp) or select.rhs is not accumulator or set(uses) != {select, comparison}:
        return None
    operands = (comparison.lhs, comparison.rhs)
    if len(uses) != 2 or set(operands) != {select.lhs, accumulator}:
        return None
    takes_greater = arith.CMPF_COMPARISON_OPERATIONS[comparison.predicate.value.data] in ("ogt", "oge")
    takes_less = arith.CMPF_COMPARISON_OPERATIONS[comparison.predicate.value.data] in ("olt", "ole")
    if comparison.lhs is accumulator:
        takes_greater, takes_less = takes_less, takes_greater
    if takes_greater:
        return CombiningKindFlag.MAXNUMF
    return CombiningKindFlag.MINNUMF if takes_less else None


def reads_outputs(op: GenericOp) -> bool:
    """Whether the body uses the running value of an output."""
    return any(arg.first_use is not None for arg in op.body.block.args[len(op.inputs) :])


def can_be_vector(member: Member) -> bool:
    """Whether every operation of the body has a vector form and all outputs have the same order of loops."""
    for body_op in member.op.body.block.ops:
        if isinstance(body_op, YieldOp):
            continue
        if isinstance(body_op, SCALAR_OPS) or body_op.dialect_name() not in ("arith", "math", "packed"):
            return False
        if any(isinstance(value.type, IndexType) for value in (*body_op.operands, *body_op.results)):
            return False
    orders = {access.permuted_loops for access in member.view.outputs}
    return len(orders) == 1 and None not in orders


def choose_tiles(nest: Nest, target: TargetDescription) -> tuple[tuple[int, ...], ...]:
    """For each member of the nest the tile size of each of its loops; all ones where it runs element by element."""
    scalar = tuple((1,) * len(member.view.extents) for member in nest.members)
    if not all(can_be_vector(member) for member in nest.members):
        return (_row_tile(nest.root, target),) if len(nest.members) == 1 else scalar
    lanes = target.lanes(widest_element_bits([member.op for member in nest.members]))
    dominant = nest.dominant
    tile = _register_tile(dominant, lanes, target)
    root_tile = {
        root: size for root, size in zip(dominant.root_loops, tile, strict=True) if root is not None and size > 1
    }
    if len(root_tile) > 1 and not all(
        _keeps_order(member, root_tile) and _is_readable(member, root_tile) for member in nest.members
    ):
        vector_loop = max(root_tile, key=lambda loop: root_tile[loop])
        root_tile = {vector_loop: root_tile[vector_loop]}
    if not all(_is_readable(member, root_tile) for member in nest.members):
        return scalar
    tiles: list[tuple[int, ...]] = []
    for member in nest.members:
        sizes = [1 if root is None else root_tile.get(root, 1) for root in member.root_loops]
        if member is dominant:
            for loop in member.view.reduction_loops:
                sizes[loop] = tile[loop]
        elif not root_tile and member.view.reduction_loops:
            own = _register_tile(member, lanes, target)
            for loop in member.view.reduction_loops:
                sizes[loop] = own[loop]
        tiles.append(tuple(sizes))
    return tuple(tiles)


def _row_tile(member: Member, target: TargetDescription) -> tuple[int, ...]:
    """The tile of an op whose body reads tensors: vectors along the rows of the result where it reads rows too."""
    view = member.view
    tile = [1] * len(view.extents)
    orders = {access.permuted_loops for access in view.outputs}
    order = orders.pop()
    if orders or not order or view.reduction_loops or _has_scalar_ops(member.op):
        return tuple(tile)
    loop = order[-1]
    if row_reads(member.op, view, loop) and all(access.is_strided([loop]) for access in view.accesses):
        lanes = target.lanes(widest_element_bits([member.op]))
        tile[loop] = min(view.assumed_extents[loop], SIMPLE_VECTORS * lanes)
    return tuple(tile)


def _has_scalar_ops(op: GenericOp) -> bool:
    return any(isinstance(body_op, SCALAR_OPS) for body_op in op.body.block.ops)


def _keeps_order(member: Member, root_tile: dict[int, int]) -> bool:
    """Whether the member's result has its vector dimensions in the order of the root's result."""
    written = member.view.outputs[0].permuted_loops
    assert written is not None
    vector_loops = [member.root_loops[loop] for loop in written if member.root_loops[loop] in root_tile]
    return vector_loops == sorted(root_tile)


def _is_readable(member: Member, root_tile: dict[int, int]) -> bool:
    """Whether every operand of the member has a slice for the vector."""
    loops = [loop for loop, root in enumerate(member.root_loops) if root in root_tile]
    return all(access.is_strided(loops) for access in member.view.accesses)


def _register_tile(member: Member, lanes: int, target: TargetDescription) -> tuple[int, ...]:
    view = member.view
    extents = view.assumed_extents
    tile = [1] * len(extents)
    loop = _vector_loop(member, lanes, target)
    if loop is None:
        return tuple(tile)
    if not view.parallel[loop] or view.inputs < 2 or not view.reduction_loops:
        vectors = target.costly_vectors if view.parallel[loop] and _is_costly(member.op) else SIMPLE_VECTORS
        tile[loop] = min(extents[loop], vectors * lanes)
        return tuple(tile)
    other = _reusing_loop(view, loop)
    vectors = target.stream_vectors
    if other is not None:
        slides = _slides(view, loop)
        vectors = _even_vectors(extents[loop], lanes, target.window_vectors) if slides else target.panel_vectors
    tile[loop] = min(extents[loop], vectors * lanes)
    if other is not None:
        rows = target.accumulators // -(-tile[loop] // lanes)
        tile[other] = min(extents[other], max(1, rows), target.most_rows)
    return tuple(tile)


def _even_vectors(extent: int, lanes: int, most: int) -> int:
    """Vectors in a tile, at most `most`, such that the last tile is about as large as the others.

    A narrow rest has few accumulators, each of which waits for itself: 5 vectors as 4 and 1 take a third longer than as
    3 and 2.
    """
    vectors = -(-extent // lanes)
    return -(-vectors // -(-vectors // most))


def _is_costly(op: GenericOp) -> bool:
    """Whether the body calls functions that become long sequences, which need many registers."""
    return any(o.dialect_name() == "math" and not isinstance(o, INSTRUCTIONS) for o in op.body.block.ops)


def _slides(view: Structured, vector_loop: int) -> bool:
    """Whether vectors of an input move with a reduction loop, as in a window.

    The loop over a window is short and gets unrolled: then each step has vectors of its own, and all of them are live
    beside the accumulators.
    """
    forms = [form for access in view.accesses[: view.inputs] for form in access.forms if form.coefficients[vector_loop]]
    return any(form.coefficients[loop] for form in forms for loop in view.reduction_loops)


def _reusing_loop(view: Structured, vector_loop: int) -> int | None:
    """A parallel loop that uses again what is loaded along the vector loop: that input does not depend on it."""
    inputs = view.accesses[: view.inputs]
    candidates = [
        loop
        for loop in view.parallel_loops
        if loop != vector_loop
        and view.assumed_extents[loop] > 1
        and any(loop not in access.loops and vector_loop in access.loops for access in inputs)
    ]
    return candidates[-1] if candidates else None


def _vector_loop(member: Member, lanes: int, target: TargetDescription) -> int | None:
    """The loop along which the fewest elements have to be gathered, parallel loops preferred."""
    view, op = member.view, member.op
    best: tuple[float, int] | None = None
    for loop, extent in enumerate(view.assumed_extents):
        if extent < 2:
            continue
        if not view.parallel[loop]:
            is_last = loop == view.reduction_loops[-1]
            if not is_last or extent < SHORTEST_REDUCTION * lanes or combiner(op) is None:
                continue
        costs = [
            _access_cost(access, loop, operand, lanes)
            for access, operand in zip(view.accesses, op.operands, strict=True)
        ]
        if view.parallel[loop]:
            costs = [
                min(cost, PANEL_COST) if cost is not None and _can_pack(view, number, op, loop, lanes, target) else cost
                for number, cost in enumerate(costs)
            ]
        known = [cost for cost in costs if cost is not None]
        if len(known) < len(costs):
            continue
        score = sum(known) * lanes / min(extent, lanes) + (0.0 if view.parallel[loop] else 1.5)
        if best is None or score <= best[0]:
            best = (score, loop)
    return None if best is None else best[1]


def _can_pack(view: Structured, number: int, op: GenericOp, loop: int, lanes: int, target: TargetDescription) -> bool:
    """Whether the panels of an input along `loop` would be used often enough to be worth a copy."""
    if number >= view.inputs or view.inputs < 2:
        return False
    other = _reusing_loop(view, loop)
    if other is None or other in view.accesses[number].loops:
        return False
    rows = target.panel_vectors
    value = op.operands[number]
    is_used_often = view.assumed_extents[other] >= LEAST_PANEL_USES * rows or _is_decoded(value)
    return is_used_often and _has_panels(view, number, op.operands[number], loop, rows * lanes, target)


def _is_decoded(value: SSAValue) -> bool:
    """Whether a value is made of far fewer bytes: in panels each number is made once, where it is needed."""
    op = producer(value)
    return op is not None and decodes(op)


def _access_cost(access: Access, loop: int, operand: SSAValue, lanes: int) -> float | None:
    """Loads for one vector along `loop`, a splat being a quarter; None where no vector can be read or written."""
    if not is_tensor(operand.type):
        return 0.0
    shape = operand.type.get_shape()
    dimensions = [i for i, form in enumerate(access.forms) if form.coefficients[loop]]
    if not dimensions:
        return 0.25
    step = access.forms[dimensions[0]].coefficients[loop]
    if len(dimensions) > 1 or step < 0:
        return None
    return 1.0 if step == 1 and all(size == 1 for size in shape[dimensions[0] + 1 :]) else 1.0 + lanes


def choose_packing(nest: Nest, tile: Sequence[int], target: TargetDescription) -> tuple[int, ...]:
    """Inputs of the nest's dominant op, with register tile `tile`, that are worth a copy into panels.

    Either rows of the input are far apart in memory, so that they compete for the same few sets of the cache, or its
    elements along the vector loop are, so that each vector would have to be gathered again and again. An input that
    the kernel makes itself has to stand somewhere anyway.
    """
    member = nest.dominant
    view = member.view
    tiled = [loop for loop in view.parallel_loops if tile[loop] > 1]
    if len(tiled) != 2:
        return ()
    other, vector_loop = sorted(tiled, key=lambda loop: tile[loop])
    is_used_often = view.assumed_extents[other] >= LEAST_PANEL_USES * tile[other]
    reads = [operand for each in nest.members for operand in each.op.operands]
    packed: list[int] = []
    for number, access in enumerate(view.accesses[: view.inputs]):
        operand = member.op.operands[number]
        is_gathered = (_access_cost(access, vector_loop, operand, 1) or 0.0) > 1.0
        if reads.count(operand) > 1 or not (is_gathered or access.permuted_loops is not None):
            continue
        if not is_used_often and not isinstance(operand.owner, GenericOp | WordsOp):
            continue
        if other not in access.loops and _has_panels(view, number, operand, vector_loop, tile[vector_loop], target):
            packed.append(number)
    return tuple(packed)


def _has_panels(
    view: Structured, number: int, operand: SSAValue, vector_loop: int, width: int, target: TargetDescription
) -> bool:
    """Whether the part of an input that belongs to `width` steps of the vector loop is a box that fits local memory."""
    access, operand_type = view.accesses[number], operand.type
    along = [form for form in access.forms if vector_loop in form.loops]
    if not is_tensor(operand_type) or len(along) != 1 or not view.reduction_loops:
        return False
    if any(view.parallel[loop] for loop in along[0].loops if loop != vector_loop):
        return False
    sizes = [width if loop == vector_loop else extent for loop, extent in enumerate(view.assumed_extents)]
    if any(not isinstance(view.extents[loop], int) for loop in access.loops if loop != vector_loop):
        return False
    elements = prod(form.span(sizes) for form in access.forms)
    return elements * element_bits(operand_type.element_type) // 8 <= target.scratch_bytes
