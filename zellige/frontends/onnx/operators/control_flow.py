"""If, Loop and Scan. What is known while reading is decided then: which branch to take, and what to unroll."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from xdsl.dialects.builtin import i1, i64
from xdsl.ir import Region

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.refusals import SkippedError, UnsupportedError, describe
from zellige.frontends.onnx.runtime_shapes import check
from zellige.frontends.onnx.tensors import Value, tensor_of_proto
from zellige.maths.sizes import Extent
from zellige.passes.input.op_builder import Form
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, type_of
from zellige.support.errors import CompileError

MAX_UNROLLED = 1 << 10
"""Iterations of a loop that has to be unrolled, because what it carries changes its shape."""


def _if(node: Node) -> Sequence[Value]:
    """A branch that contradicts the sizes of the inputs stops the program; the other one may be meant for them."""
    condition = node.operand(0)
    branches = node.graph("then_branch"), node.graph("else_branch")
    if condition.known is not None:
        chosen = branches[0] if condition.known.reshape(-1)[0] else branches[1]
        return node.read_subgraph(chosen, node.build, [])

    made = [_branch(node, graph) for graph in branches]
    forms = [[output.form for output in branch[1]] for branch in made if not isinstance(branch, CompileError)]
    if forms and forms[0] != forms[-1]:
        texts = [", ".join(str(type_of(*form)) for form in branch) for branch in forms]
        raise node.unsupported(f"the branches have results of different types: {texts[0]} and {texts[1]}")
    regions: list[Region] = []
    for branch in made:
        if isinstance(branch, CompileError) and not forms:
            raise branch
        inner, outputs = _stopped(node, branch, forms[0]) if isinstance(branch, CompileError) else branch
        regions.append(inner.ended(outputs))
    return node.build.op("if", [node.build.reshape(condition, ())], forms[0], regions=regions)


Branch = tuple[GraphBuilder, list[Tensor]]
"""What is in a branch, and what comes out of it."""


def _branch(node: Node, graph: onnx.GraphProto) -> Branch | CompileError:
    """A branch that may be taken, or what is wrong with it."""
    inner, _ = node.build.branch()
    try:
        return inner, _tensors(node, node.read_subgraph(graph, inner, []))
    except (UnsupportedError, SkippedError):
        raise
    except CompileError as error:
        inner.block.erase(safe_erase=False)
        return error


def _stopped(node: Node, error: CompileError, forms: Sequence[Form]) -> Branch:
    """A branch that only says what is wrong with it."""
    inner, _ = node.build.branch()
    inner.check(inner.scalar(0, i1), f"{describe(node.proto)} takes a branch that cannot run: {error.message}")
    return inner, [inner.full(0, *form) for form in forms]


def _tensors(node: Node, values: Sequence[Value]) -> list[Tensor]:
    """Values that regions can take and yield."""
    tensors = [value for value in values if isinstance(value, Tensor)]
    if len(tensors) != len(values):
        raise node.unsupported("a sequence comes out of a graph that may run or not")
    return tensors


def _loop(node: Node) -> Sequence[Value]:
    build, body = node.build, node.graph("body")
    limit, condition = node.optional(0), node.optional(1)
    carried = [value for value in node.all_values[2:] if value is not None]
    goes_on = (condition is None or bool(condition.known is not None and condition.known.all())) and _is_endless(body)
    count = int(limit.known.reshape(-1)[0]) if limit is not None and limit.known is not None else None
    if goes_on and count is not None:
        looped = _counted(node, body, carried, count)
        return _unrolled(node, body, carried, count) if looped is None else looped
    start = build.scalar(1, i1) if condition is None else build.reshape(condition, ())
    bound = build.scalar(np.iinfo(np.int64).max, i64) if limit is None else build.reshape(limit, ())
    made = _while(node, body, _tensors(node, carried), bound, start)
    if made is None:
        raise node.unsupported("what the loop carries changes its type, and how often it runs is not known")
    return made


def _is_endless(body: onnx.GraphProto) -> bool:
    """Whether a body never ends the loop: the condition that it returns is the one that it is given, or true."""
    makers = {name: maker for maker in body.node for name in maker.output}
    name = body.output[0].name
    while name in makers and makers[name].op_type == "Identity" and not makers[name].domain:
        name = makers[name].input[0]
    if name == body.input[1].name:
        return True
    constants = [tensor for tensor in body.initializer if tensor.name == name]
    if name in makers and makers[name].op_type == "Constant":
        constants = [attribute.t for attribute in makers[name].attribute if attribute.name == "value"]
    return any(bool(numbers.all()) for c in constants if (numbers := tensor_of_proto(c, None).known) is not None)


def _unrolled(node: Node, body: onnx.GraphProto, carried: Sequence[Value], count: int) -> list[Value]:
    """The body once for each iteration."""
    if count > MAX_UNROLLED:
        raise node.unsupported(f"what the loop carries changes its type, and it runs {count} times")
    state, rows = list(carried), list[list[Tensor]]()
    for index in range(count):
        arguments = [Tensor.of(np.asarray(index)), Tensor.of(np.asarray(True))]
        made = node.read_subgraph(body, node.build, [*arguments, *state])[1:]
        state = list(made[: len(carried)])
        rows.append(_tensors(node, made[len(carried) :]))
    if not rows and len(body.output) > len(carried) + 1:
        raise node.unsupported("the shape of the rows of a loop that does not run is not known")
    return [*state, *(node.build.stack(column, 0) for column in zip(*rows, strict=True))]


def _counted(node: Node, body: onnx.GraphProto, carried: Sequence[Value], count: int) -> list[Value] | None:
    """A loop that runs `count` times; None where it would have to carry values of changing types."""
    tensors = [value for value in carried if isinstance(value, Tensor)]
    if len(tensors) != len(carried):
        return None
    build = node.build
    return _while(node, body, tensors, build.scalar(count, i64), build.scalar(1, i1), max(count, 0))


def _while(
    node: Node, body: onnx.GraphProto, carried: Sequence[Tensor], bound: Tensor, start: Tensor, count: int | None = None
) -> list[Value] | None:
    """Iterate while the number of iterations is below `bound` and the condition is true.

    What each iteration appends goes into a tensor that has room for all of them: `count`, or as many as declared.
    """
    build = node.build
    forms = [tensor.form for tensor in carried]
    inner, (index, condition, *state) = build.branch([(i64, ()), (i1, ()), *forms])
    made = node.read_subgraph(body, inner, [index, condition, *state])
    outputs = [output for output in made if isinstance(output, Tensor)]
    ended, after, rows = outputs[0], outputs[1 : len(carried) + 1], outputs[len(carried) + 1 :]
    if len(outputs) != len(made) or [value.form for value in after] != forms:
        return None
    counts = [_row_count(node, len(carried) + number, count) for number in range(len(rows))]
    buffers: list[Tensor] = []
    filled: list[Tensor] = []
    for row, many in zip(rows, counts, strict=True):
        buffers.append(_room(build, row, many))
        argument = inner.argument(buffers[-1].form)
        filled.append(inner.update_slice(argument, inner.expand_dims(row, [0]), [index]))
    following = inner.map_with("add", index, 1)
    region = inner.ended([following, inner.reshape(ended, ()), *after, *filled])
    state = [build.scalar(0, i64), start, *carried, *buffers]
    test, (at, going, *_) = build.branch([value.form for value in state])
    is_going = test.map("and", test.compare("LT", at, bound), going)
    results = build.op("while", state, [value.form for value in state], regions=[test.ended([is_going]), region])
    if count is None and rows:
        check(node, build.compare("EQ", results[0], build.scalar(counts[0], i64)), f"expected {counts[0]} iterations")
    columns = results[2 + len(carried) :]
    taken = [build.slice_axis(column, 0, 0, many) for column, many in zip(columns, counts, strict=True)]
    return [*results[2 : 2 + len(carried)], *taken]


def _room(build: GraphBuilder, row: Tensor, count: Extent) -> Tensor:
    """A tensor for as many rows, and at least for one: the body of a loop that does not run writes one, too."""
    return build.full(0, row.element, [1 if count == 0 else count, *row.shape])


def _row_count(node: Node, index: int, count: int | None) -> int:
    return node.result_shape(index)[0] if count is None else count


def _scan(node: Node) -> Sequence[Value]:
    """Slices of the inputs go in, rows of the outputs come out; the number of iterations is a size."""
    if node.version < 9:
        raise node.unsupported("Scan of version 8, with batches, is not supported", "convert the model to version 9")
    build, body = node.build, node.graph("body")
    many = node.integer("num_scan_inputs")
    operands = node.operands
    carried, sources = operands[: len(operands) - many], operands[len(operands) - many :]
    rows = len(body.output) - len(carried)
    axes = [
        node.dimension(axis, source.rank)
        for axis, source in zip(node.ints("scan_input_axes", [0] * many), sources, strict=True)
    ]
    backwards = node.ints("scan_input_directions", [0] * many)
    counts = {source.shape[axis] for source, axis in zip(sources, axes, strict=True)}
    if len(counts) != 1:
        raise node.wrong(f"the inputs have different numbers of slices: {', '.join(map(str, sorted(counts)))}")
    count = counts.pop()
    ordered = [
        build.reverse(source, [axis] if back else [])
        for source, axis, back in zip(sources, axes, backwards, strict=True)
    ]
    forms = [tensor.form for tensor in carried]
    inner, (index, *state) = build.branch([(i64, ()), *forms])
    slices = [_slice(inner, source, axis, index) for source, axis in zip(ordered, axes, strict=True)]
    outputs = _tensors(node, node.read_subgraph(body, inner, [*state, *slices]))
    after, made = outputs[: len(carried)], outputs[len(carried) :]
    if [value.form for value in after] != forms:
        raise node.unsupported("what the scan carries changes its type")
    buffers: list[Tensor] = []
    filled: list[Tensor] = []
    reversals = node.ints("scan_output_directions", [0] * rows)
    for row in made:
        buffers.append(_room(build, row, count))
        argument = inner.argument(buffers[-1].form)
        filled.append(inner.update_slice(argument, inner.expand_dims(row, [0]), [index]))
    region = inner.ended([inner.map_with("add", index, 1), *after, *filled])
    start = [build.scalar(0, i64), *carried, *buffers]
    test, (at, *_) = build.branch([value.form for value in start])
    is_going = test.compare("LT", at, build.scalar(count, i64))
    results = build.op("while", start, [value.form for value in start], regions=[test.ended([is_going]), region])
    columns = [
        build.reverse(build.slice_axis(column, 0, 0, count), [0] if back else [])
        for column, back in zip(results[1 + len(carried) :], reversals, strict=True)
    ]
    targets = node.ints("scan_output_axes", [0] * rows)
    moved = [
        build.move_axis(column, 0, node.dimension(axis, column.rank))
        for column, axis in zip(columns, targets, strict=True)
    ]
    return [*results[1 : 1 + len(carried)], *moved]


def _slice(inner: GraphBuilder, source: Tensor, axis: int, index: Tensor) -> Tensor:
    """What an iteration sees of a source; anything where there is no iteration."""
    if source.shape[axis] == 0:
        return inner.full(0, source.element, [size for i, size in enumerate(source.shape) if i != axis])
    return inner.slice_at(source, axis, index)


CONTROL_FLOW: OperatorTable = {
    ("", op): operator for op, operator in dict[str, Operator](If=_if, Loop=_loop, Scan=_scan).items()
}
