"""RNN, GRU and LSTM: the products with all inputs at once, then a loop over time for what depends on the step before.

A direction is a loop of its own; the reverse one goes through the same rows from the last to the first. A sequence
that is shorter than others keeps its state in the steps that it does not have, in either direction; its rows are 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.loops import repeat
from zellige.frontends.onnx.nodes import Node, OperatorTable
from zellige.frontends.onnx.operators.activations import Activation, activations, clipped
from zellige.frontends.onnx.operators.quantized import dynamic_product
from zellige.frontends.onnx.refusals import describe
from zellige.maths.sizes import Extent, are_different
from zellige.passes.input.broadcasting import shape_text
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

Step = Callable[[GraphBuilder, Tensor, Sequence[Tensor]], Sequence[Tensor]]
"""The state after a step from the inputs' part of the gates and the state before; its first tensor is the output."""


# Weights and cells


@dataclass(frozen=True)
class _Matrix:
    """A row for each number of each gate."""

    rows: Tensor

    @property
    def sizes(self) -> tuple[int, int]:
        """Numbers of the gates, numbers that they are made of."""
        return self.rows.static_size(0), self.rows.static_size(1)

    def times(self, build: GraphBuilder, operand: Tensor) -> Tensor:
        """Products of the operand's rows with these."""
        return build.dot_general(operand, self.rows, ([], []), ([operand.rank - 1], [1]), operand.element)


@dataclass(frozen=True)
class _QuantizedMatrix:
    """A column of eight bits for each number of each gate, with one scale and zero point for all or for each."""

    columns: Tensor
    scale: Tensor
    zero: Tensor

    @property
    def sizes(self) -> tuple[int, int]:
        return self.columns.static_size(1), self.columns.static_size(0)

    def times(self, build: GraphBuilder, operand: Tensor) -> Tensor:
        """The operand's rows are quantised, too, each time anew."""
        return dynamic_product(build, operand, self.columns, self.scale, self.zero)


Matrices = Callable[[Node, int], tuple[_Matrix | _QuantizedMatrix, _Matrix | _QuantizedMatrix]]
"""The weights of the inputs and those of the state, of one direction."""


def _matrices(node: Node, direction: int) -> tuple[_Matrix, _Matrix]:
    inputs, state = (node.build.take(node.operand(index), 0, direction) for index in (1, 2))
    return _Matrix(inputs), _Matrix(state)


def _quantized_matrices(node: Node, direction: int) -> tuple[_QuantizedMatrix, _QuantizedMatrix]:
    def taken(*indices: int) -> _QuantizedMatrix:
        return _QuantizedMatrix(*(node.build.take(node.operand(index), 0, direction) for index in indices))

    return taken(1, 8, 9), taken(2, 10, 11)


@dataclass(frozen=True)
class _Weights:
    """Those of one direction, and maybe a bias of the inputs and of the state."""

    inputs: _Matrix | _QuantizedMatrix
    state: _Matrix | _QuantizedMatrix
    input_bias: Tensor | None
    state_bias: Tensor | None
    peepholes: Tensor | None

    def gates(self, count: int) -> int:
        """The numbers of `count` gates."""
        return count * self.state.sizes[1]


def _weights(node: Node, direction: int, matrices: Matrices) -> _Weights:
    build = node.build
    inputs, state = matrices(node, direction)
    input_bias = state_bias = None
    if (both := node.optional(3)) is not None:
        bias, many = build.take(both, 0, direction), state.sizes[0]
        if bias.size != 2 * many:
            raise node.wrong(f"the bias is {both.type}, expected two numbers for each of {many} rows of the weights")
        input_bias, state_bias = (build.slice_axis(bias, 0, start, start + many) for start in (0, many))
    peepholes = node.optional(7)
    return _Weights(
        inputs, state, input_bias, state_bias, None if peepholes is None else build.take(peepholes, 0, direction)
    )


def _plus(build: GraphBuilder, rows: Tensor, bias: Tensor | None) -> Tensor:
    return rows if bias is None else build.map("add", rows, bias)


def _part(build: GraphBuilder, gates: Tensor, index: int, size: int) -> Tensor:
    """One gate of several that stand side by side, or its weights where they are rows."""
    return build.slice_axis(gates, gates.rank - 1, index * size, (index + 1) * size)


def _rnn_step(node: Node, weights: _Weights, functions: Sequence[Activation]) -> tuple[Tensor | None, Step]:
    activation = clipped(node, functions[0])

    def step(build: GraphBuilder, gates: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        return [activation(build, build.map("add", gates, weights.state.times(build, state[0])))]

    return weights.state_bias, step


def _lstm_step(node: Node, weights: _Weights, functions: Sequence[Activation]) -> tuple[Tensor | None, Step]:
    """Gates stand in the order input, output, forget, cell; the output gate's peephole looks at the new cell.

    The sums in the gates are clipped, the cell is not: onnxruntime's reading of the attribute.
    """
    gate, squash, squash_cell = clipped(node, functions[0]), clipped(node, functions[1]), functions[2]
    size, is_coupled = weights.gates(1), node.flag("input_forget", default=False)
    peepholes: list[Tensor | None] = [None] * 3
    if weights.peepholes is not None:
        peepholes = [_part(node.build, weights.peepholes, index, size) for index in range(3)]

    def looked(build: GraphBuilder, numbers: Tensor, cell: Tensor, peephole: Tensor | None) -> Tensor:
        return numbers if peephole is None else build.map("add", numbers, build.map("multiply", cell, peephole))

    def step(build: GraphBuilder, gates: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        hidden, cell = state
        gates = build.map("add", gates, weights.state.times(build, hidden))
        enters, leaves, stays, candidate = (_part(build, gates, index, size) for index in range(4))
        enters = gate(build, looked(build, enters, cell, peepholes[0]))
        if is_coupled:
            stays = build.map("subtract", build.scalar(1, enters.element), enters)
        else:
            stays = gate(build, looked(build, stays, cell, peepholes[2]))
        added = build.map("multiply", enters, squash(build, candidate))
        after = build.map("add", build.map("multiply", stays, cell), added)
        leaves = gate(build, looked(build, leaves, after, peepholes[1]))
        return [build.map("multiply", leaves, squash_cell(build, after)), after]

    return weights.state_bias, step


def _gru_step(node: Node, weights: _Weights, functions: Sequence[Activation]) -> tuple[Tensor | None, Step]:
    """Gates stand in the order update, reset, hidden."""
    gate, squash = (clipped(node, function) for function in functions)
    size, resets_products = weights.gates(1), node.flag("linear_before_reset", default=False)
    assert isinstance(weights.state, _Matrix), "no operator has quantised weights of a GRU"
    every = weights.state
    both = _Matrix(node.build.slice_axis(every.rows, 0, 0, 2 * size))
    last = _Matrix(node.build.slice_axis(every.rows, 0, 2 * size, 3 * size))
    added, inner_bias = weights.state_bias, None
    if added is not None and resets_products:
        inner_bias = _part(node.build, added, 2, size)
        added = node.build.pad(node.build.slice_axis(added, 0, 0, 2 * size), 0, [0], [size])

    def step(build: GraphBuilder, gates: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        (hidden,) = state
        products = (every if resets_products else both).times(build, hidden)
        update, reset = (
            gate(build, build.map("add", _part(build, gates, index, size), _part(build, products, index, size)))
            for index in range(2)
        )
        if resets_products:
            recurrent = build.map("multiply", reset, _plus(build, _part(build, products, 2, size), inner_bias))
        else:
            recurrent = last.times(build, build.map("multiply", reset, hidden))
        candidate = squash(build, build.map("add", _part(build, gates, 2, size), recurrent))
        kept = build.map("multiply", update, hidden)
        fresh = build.map("multiply", build.map("subtract", build.scalar(1, update.element), update), candidate)
        return [build.map("add", fresh, kept)]

    return added, step


# Loops


def _recurrent(cell: _Cell, node: Node) -> Sequence[Tensor]:
    """The outputs of all steps, and the states after the last; with `layout` the batch is their first dimension."""
    build, operand = node.build, node.operand(0)
    has_batch_first = node.flag("layout", default=False)
    if has_batch_first:
        operand = build.transpose(operand, [1, 0, 2])
    operand = _of_known_batch(node, cell, operand)
    batch = operand.shape[1]
    ways = _directions(node)
    all_weights = [_weights(node, way, cell.matrices) for way in range(len(ways))]
    size = all_weights[0].gates(1)
    expected = (len(ways), cell.gates * size, operand.shape[2])
    if any(map(are_different, (node.operand(1).shape[0], *all_weights[0].inputs.sizes), expected)):
        raise node.wrong(
            f"weights are {node.operand(1).type}, expected {cell.gates} gates of {size} in {len(ways)} ways"
        )
    initial = [_initial(node, index, [len(ways), batch, size]) for index in cell.states]
    columns: list[Tensor] = []
    finals: list[Sequence[Tensor]] = []
    functions = activations(node, cell.activations, len(ways))
    for way, is_reverse in enumerate(ways):
        weights = all_weights[way]
        state_bias, step = cell.step(node, weights, functions[way])
        gates = _plus(build, weights.inputs.times(build, operand), weights.input_bias)
        gates = _plus(build, gates, state_bias)
        state = [build.take(tensor, 0, way) for tensor in initial]
        rows, final = _steps(node, step, gates, state, is_reverse=is_reverse)
        columns.append(rows)
        finals.append(final)
    outputs = build.stack(columns, 1)
    states = [build.stack(state, 0) for state in zip(*finals, strict=True)]
    if has_batch_first:
        return [build.transpose(outputs, [2, 0, 1, 3]), *(build.transpose(state, [1, 0, 2]) for state in states)]
    return [outputs, *states]


def _of_known_batch(node: Node, cell: _Cell, operand: Tensor) -> Tensor:
    """The operand with as many sequences as there are lengths or states at the start, where that is known."""
    at = 0 if node.flag("layout", default=False) else 1
    lengths, states = node.optional(4), [node.optional(index) for index in cell.states]
    sizes = [] if lengths is None else [lengths.shape[0]]
    sizes += [state.shape[at] for state in states if state is not None and state.rank == 3]
    known = [size for size in sizes if isinstance(size, int)]
    if not known:
        return operand
    message = f"{describe(node.proto)}: {operand.type} does not have {known[0]} sequences"
    return node.build.with_shape(operand, [operand.shape[0], known[0], *operand.shape[2:]], message)


def _directions(node: Node) -> list[bool]:
    """Whether each direction goes backwards."""
    words = {"forward": [False], "reverse": [True], "bidirectional": [False, True]}
    word = node.text("direction", "forward")
    if word not in words:
        raise node.wrong(f"'direction' is '{word}', expected forward, reverse or bidirectional")
    return words[word]


def _initial(node: Node, index: int, shape: Sequence[Extent]) -> Tensor:
    given = node.optional(index)
    if given is None:
        return node.build.full(0, node.operand(0).element, shape)
    if node.flag("layout", default=False):
        given = node.build.transpose(given, [1, 0, 2])
    if given.rank != len(shape) or any(map(are_different, given.shape, shape)):
        raise node.wrong(f"the state at the start is {given.type}, expected shape {shape_text(shape)}")
    return node.build.reshape(given, shape)


def _steps(
    node: Node, step: Step, gates: Tensor, state: Sequence[Tensor], *, is_reverse: bool
) -> tuple[Tensor, Sequence[Tensor]]:
    """The output of each step as rows, and the state after the last one."""
    count = gates.shape[0]
    lengths = _lengths(node, count)

    def at(build: GraphBuilder, index: Tensor, before: Sequence[Tensor]) -> tuple[Tensor, Sequence[Tensor]]:
        after = step(build, build.slice_at(gates, 0, index), before)
        if lengths is None:
            return after[0], after
        is_there = build.compare("LT", index, lengths)
        row = build.select(is_there, after[0], build.scalar(0, after[0].element))
        return row, [build.select(is_there, new, old) for new, old in zip(after, before, strict=True)]

    build = node.build
    if count == 1:
        row, final = at(build, build.scalar(0, i64), state)
        return build.expand_dims(row, [0]), final

    def iteration(inner: GraphBuilder, index: Tensor, carried: Sequence[Tensor]) -> Sequence[Tensor]:
        place = inner.map("subtract", inner.scalar(count - 1, i64), index) if is_reverse else index
        row, after = at(inner, place, carried[1:])
        return [inner.update_slice(carried[0], inner.expand_dims(row, [0]), [place]), *after]

    rows = build.full(0, state[0].element, [count, *state[0].shape])
    made = repeat(build, count, [rows, *state], iteration)
    return made[0], made[1:]


def _lengths(node: Node, count: Extent) -> Tensor | None:
    """How many steps each sequence has, as a column; None where all have all of them."""
    lengths = node.optional(4)
    if lengths is None or (lengths.known is not None and (lengths.known == count).all()):
        return None
    return node.build.convert(node.build.reshape(lengths, [lengths.size, 1]), i64)


@dataclass(frozen=True)
class _Cell:
    """A kind of cell: its gates, the operands with its state at the start, its usual activations.

    `step` makes one step, and the bias of the state that can be added to the inputs' part of the gates.
    """

    gates: int
    states: tuple[int, ...]
    activations: tuple[str, ...]
    step: Callable[[Node, _Weights, Sequence[Activation]], tuple[Tensor | None, Step]]
    matrices: Matrices = _matrices


_LSTM = _Cell(4, (5, 6), ("Sigmoid", "Tanh", "Tanh"), _lstm_step)

RECURRENT: OperatorTable = {
    ("", "GRU"): partial(_recurrent, _Cell(3, (5,), ("Sigmoid", "Tanh"), _gru_step)),
    ("", "LSTM"): partial(_recurrent, _LSTM),
    ("", "RNN"): partial(_recurrent, _Cell(1, (5,), ("Tanh",), _rnn_step)),
    ("com.microsoft", "DynamicQuantizeLSTM"): partial(_recurrent, replace(_LSTM, matrices=_quantized_matrices)),
}
