"""Random recurrent layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz.onnx_growing import Growing

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
_ACTIVATIONS = ("Sigmoid", "Tanh", "Relu")


def layer(g: Growing) -> None:
    kind = g.choice.choice(tuple(_GATES))
    direction = g.choice.choice(("forward", "reverse", "bidirectional"))
    count = 2 if direction == "bidirectional" else 1
    steps, batch, width, hidden = (g.choice.randint(1, 4) for _ in range(4))
    gates = _GATES[kind]
    type_ = "float32"

    def leaf(*shape: int) -> str:
        return g.constant((g.array(type_, shape) * 0.2).astype(type_))

    x = g.leaf(type_, (steps, batch, width))
    operands: list[str | None] = [x, leaf(count, gates * hidden, width), leaf(count, gates * hidden, hidden)]
    operands.append(g.maybe(leaf(count, 2 * gates * hidden)))
    operands.append(g.maybe(g.constant(g.numbers.integers(1, steps + 1, (batch,)).astype(np.int32)), 0.4))
    state = (count, batch, hidden)
    operands.append(g.maybe(leaf(*state)))
    attributes: dict[str, Any] = {"hidden_size": hidden, "direction": direction}
    attributes["clip"] = g.maybe(0.75, 0.2)
    if kind == "LSTM":
        operands.append(g.maybe(leaf(*state)))
        operands.append(g.maybe(leaf(count, 3 * hidden), 0.3))
        attributes["input_forget"] = g.maybe(1, 0.2)
    if kind == "GRU":
        attributes["linear_before_reset"] = g.maybe(g.flag())
    if g.choice.random() < 0.3:
        per = {"LSTM": 3, "GRU": 2, "RNN": 1}[kind]
        attributes["activations"] = [g.choice.choice(_ACTIVATIONS) for _ in range(per * count)]
    g.add(kind, operands, 3 if kind == "LSTM" else 2, **attributes)


FAMILY = {layer: 2}
