"""Which ops of a block become one kernel. Decides only; `outline-dispatches` applies it.

A *group* is a set of ops of which only the last one has results that are used outside. Groups grow along the
dependence graph: when every path from an op leads through one later op (its immediate post-dominator), all ops between
the two can join, if one kernel can hold them (`is_one_kernel`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import networkx as nx
from xdsl.dialects import tensor
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Block, Operation, SSAValue

from zellige.analysis.generic_bodies import decodes
from zellige.analysis.indexing import extents_of
from zellige.analysis.kept_values import have_places
from zellige.analysis.nests import Nest, form_nests
from zellige.analysis.post_dominators import immediate_post_dominators
from zellige.analysis.schedules import choose_packing, choose_tiles
from zellige.analysis.structured import Structured, structured
from zellige.analysis.target import NATIVE_TARGETS, WASM, TargetDescription
from zellige.analysis.tensor_bytes import size_bytes
from zellige.analysis.views import reads
from zellige.dialects.linalg_ext import SequentialOp
from zellige.dialects.shaped_types import is_tensor

ROW_BYTES = 32 << 10
"""Bytes of intermediate values that the ops of a row group may keep for one row."""

REGION_OPS = 24
"""Ops that may stand between an op and its post-dominator: bounds the search."""

ComputeOp = GenericOp | tensor.InsertSliceOp | SequentialOp


@dataclass(frozen=True)
class DispatchGroup:
    """Ops of one kernel in program order. The last one has the results."""

    ops: tuple[ComputeOp, ...]

    @property
    def last(self) -> ComputeOp:
        return self.ops[-1]


def is_fill(op: Operation | Block) -> bool:
    """Whether the op gives every element the same scalar from outside: cheap enough to be done again in each kernel."""
    if not isinstance(op, GenericOp) or len(op.results) != 1:
        return False
    if any(is_tensor(value.type) for value in op.inputs) or len(list(op.body.block.ops)) != 1:
        return False
    return op.body.block.args[-1].first_use is None


def is_contraction(view: Structured) -> bool:
    """Whether the op reduces and reads elements again and again (a matrix product, a convolution, a pooling window)."""
    inputs = [access for access in view.accesses[: view.inputs] if access.forms]
    if not view.reduction_loops or not inputs:
        return False
    has_window = any(len(form.loops) > 1 for access in inputs for form in access.forms)
    return has_window or all(len(access.loops) < len(view.extents) for access in inputs)


def is_elementwise(view: Structured) -> bool:
    return not view.reduction_loops


def _init_uses_only(value: SSAValue) -> bool:
    return all(is_init_use(use.operation, use.index) for use in value.uses)


def is_init_use(op: Operation, index: int) -> bool:
    """Whether operand `index` of the op is where an output of a generic starts from."""
    return isinstance(op, GenericOp) and index >= len(op.inputs)


def _dependence_graph(block: Block) -> tuple[nx.DiGraph[int], list[Operation]]:
    """Edges from each op of the block to the ops that use it (a use in a region counts for the op that holds it).

    Nodes are positions in the block; the last one, after the terminator, is the end of the block. A fill that starts
    a reduction is done again in the kernel that needs it, so that use is no edge.
    """
    ops = list(block.ops)
    position = {op: i for i, op in enumerate(ops)}
    end = len(ops)
    graph: nx.DiGraph[int] = nx.DiGraph()
    for i, op in enumerate(ops):
        users: set[int] = set()
        fill = is_fill(op)
        for use in (use for result in op.results for use in result.uses):
            if fill and is_init_use(use.operation, use.index):
                continue
            user = block.find_ancestor_op_in_block(use.operation)
            assert user is not None
            users.add(position[user])
        graph.add_edges_from((i, user) for user in sorted(users) or [end])
    return graph, ops


def _between(graph: nx.DiGraph[int], start: int, stop: int) -> list[int] | None:
    """Nodes on the paths from `start` to its post-dominator `stop`; None when they are too many to be one kernel."""
    seen: set[int] = set()
    stack = [start]
    while stack:
        for successor in graph.successors(stack.pop()):
            if successor != stop and successor not in seen:
                seen.add(successor)
                stack.append(successor)
        if len(seen) > REGION_OPS:
            return None
    return sorted(seen)


def dispatch_groups(block: Block) -> tuple[DispatchGroup, ...]:
    """The kernels of a block, in the order of their last ops. Ops in nested regions are not part of it."""
    graph, ops = _dependence_graph(block)
    end = len(ops)
    post_dominator = immediate_post_dominators(graph, end)
    roots = [i for i, op in enumerate(ops) if isinstance(op, ComputeOp) and not _is_only_started_from(op)]
    group_of: dict[int, frozenset[int]] = {i: frozenset([i]) for i in roots}
    views: dict[Operation, Structured] = {op: structured(op) for i in roots if isinstance(op := ops[i], GenericOp)}
    for i in roots:
        stop = post_dominator[i]
        if i != max(group_of[i]) or stop not in group_of:
            continue
        between = _between(graph, i, stop)
        if between is None or any(n not in group_of for n in between):
            continue
        members = frozenset[int]().union(*(group_of[n] for n in (i, *between, stop)))
        if is_one_kernel([ops[n] for n in sorted(members)], views):
            group_of |= dict.fromkeys(members, members)
    kernels: list[DispatchGroup] = []
    for last in sorted({max(members) for members in group_of.values()}):
        members = [ops[n] for n in sorted(group_of[last])]
        kernels.append(DispatchGroup(tuple(op for op in members if isinstance(op, ComputeOp))))
    return tuple(kernels)


def _is_only_started_from(op: Operation) -> bool:
    """Whether the op is a fill that only starts reductions, and so needs no kernel of its own."""
    return is_fill(op) and _init_uses_only(op.results[0])


def is_one_kernel(ops: Sequence[Operation], views: dict[Operation, Structured]) -> bool:
    """Whether these ops, in program order, can be one kernel.

    An op of `linalg_ext` is a kernel alone. An insertion can end a kernel, if no other op reads what it writes into. A
    generic of which an output starts from another one is no obstacle when the other one has the same loops for the
    elements (a bias that is broadcast first). The rest has to be a root with its elementwise consumers, or ops that
    agree on rows.
    """
    if any(isinstance(op, SequentialOp) for op in ops):
        return False
    last = ops[-1]
    generics = [op for op in ops if isinstance(op, GenericOp)]
    if isinstance(last, tensor.InsertSliceOp):
        if not generics or last.source.owner is not generics[-1]:
            return False
        if any(use.operation is not last for use in last.source.uses):
            return False
        if last.dest.owner in generics:
            return False
    if len(ops) - len(generics) != isinstance(last, tensor.InsertSliceOp):
        return False
    insertion = last if isinstance(last, tensor.InsertSliceOp) else _insertion_of(last)
    if insertion is not None and any(reads(op, insertion.dest) for op in generics):
        return False
    members = set(generics)
    if any(_captures(op, members) for op in generics):
        return False
    inits = {op for op in generics if _starts_another(op, members)}
    if any(not _starts_alike(op, views) for op in inits):
        return False
    rest = [op for op in generics if op not in inits]
    edges = [
        (producer, consumer, index)
        for consumer in rest
        for index, value in enumerate(consumer.operands)
        if isinstance(producer := value.owner, GenericOp) and producer in members and producer not in inits
    ]
    if _is_root_with_epilogues(rest, edges, views) or _is_row_group(rest, edges, views):
        return True
    decoders = {producer for producer, consumer, index in edges if _is_decoder(producer, consumer, index, views)}
    if not decoders or not _are_packed(decoders, generics):
        return False
    others = [op for op in rest if op not in decoders]
    return _is_root_with_epilogues(others, [edge for edge in edges if edge[0] not in decoders], views)


def _is_decoder(producer: GenericOp, consumer: GenericOp, index: int, views: dict[Operation, Structured]) -> bool:
    """Whether an op makes an input of a contraction of far fewer bytes, and for nothing else."""
    is_input = index < len(consumer.inputs) and producer.results[0].has_one_use()
    return is_input and is_contraction(views[consumer]) and decodes(producer)


def _are_packed(decoders: Collection[GenericOp], ops: Sequence[GenericOp]) -> bool:
    """Whether the contraction that reads what `decoders` make copies it into panels, which are then what they make.

    So it has to be on each machine that the kernel may get code for: elsewhere all of it would be in local memory.
    """
    nests, made = form_nests(ops), {op.results[0] for op in decoders}
    return all(made <= _packed_values(nests, target) for target in (WASM, *NATIVE_TARGETS.values()))


def _packed_values(nests: Sequence[Nest], target: TargetDescription) -> set[SSAValue]:
    packed: set[SSAValue] = set()
    for nest in nests:
        tile = choose_tiles(nest, target)[nest.members.index(nest.dominant)]
        packed |= {nest.dominant.op.operands[number] for number in choose_packing(nest, tile, target)}
    return packed


def _insertion_of(op: Operation) -> tensor.InsertSliceOp | None:
    """The op that inserts the result, where that is its only use."""
    use = op.results[0].get_unique_use()
    return use.operation if use is not None and isinstance(use.operation, tensor.InsertSliceOp) else None


def _captures(op: GenericOp, members: Collection[Operation]) -> bool:
    """Whether the body uses a value of a member: such a value has to be whole before the op starts."""
    return any(value.owner in members for inner in op.body.walk() for value in inner.operands)


def _starts_another(op: GenericOp, members: Collection[Operation]) -> bool:
    uses = [use for result in op.results for use in result.uses]
    return bool(uses) and all(is_init_use(use.operation, use.index) and use.operation in members for use in uses)


def _starts_alike(op: GenericOp, views: dict[Operation, Structured]) -> bool:
    view = views[op]
    if not is_elementwise(view) or len(op.results) != 1 or len(list(op.results[0].uses)) != 1:
        return False
    return _covers_loops(view.outputs[0].permuted_loops, view)


def _covers_loops(loops: tuple[int, ...] | None, view: Structured) -> bool:
    """Whether a value has one element for each point of the parallel loops."""
    return loops is not None and sorted(loops) == list(view.parallel_loops)


Edge = tuple[GenericOp, GenericOp, int]


def _result_access(edge: Edge, views: dict[Operation, Structured]) -> tuple[int, ...] | None:
    producer, consumer, index = edge
    result = producer.results.index(consumer.operands[index])
    return views[producer].outputs[result].permuted_loops


def _is_root_with_epilogues(
    ops: Sequence[GenericOp], edges: Sequence[Edge], views: dict[Operation, Structured]
) -> bool:
    consumers = {consumer for _, consumer, _ in edges}
    if len(ops) - len(consumers) != 1 or not all(is_elementwise(views[op]) for op in consumers):
        return False
    if not have_places(ops):
        return False
    return all(
        index < len(consumer.inputs)
        and _covers_loops(_result_access((producer, consumer, index), views), views[producer])
        and _covers_loops(views[consumer].accesses[index].permuted_loops, views[consumer])
        for producer, consumer, index in edges
    )


def _is_row_group(ops: Sequence[GenericOp], edges: Sequence[Edge], views: dict[Operation, Structured]) -> bool:
    if any(is_contraction(views[op]) for op in ops):
        return False
    rows = min(_leading_parallel(views[op]) for op in ops)
    for producer, consumer, index in edges:
        written = views[producer].outputs[producer.results.index(consumer.operands[index])]
        read = views[consumer].accesses[index]
        for access in (written, read):
            common = 0
            while common < min(rows, len(access.forms)) and access.forms[common].single_loop == common:
                common += 1
            rows = common
    extents = {extents_of(op)[:rows] for op in ops}
    if rows == 0 or len(extents) != 1:
        return False
    row_bytes = 0
    for op in ops[:-1]:
        for result in op.results:
            assert is_tensor(result.type)
            row = TensorType(result.type.element_type, result.type.get_shape()[rows:])
            if row.has_static_shape():
                row_bytes += size_bytes(row)
    return row_bytes <= ROW_BYTES and have_places(ops, rows)


def _leading_parallel(view: Structured) -> int:
    count = 0
    while count < len(view.parallel) and view.parallel[count]:
        count += 1
    return count
