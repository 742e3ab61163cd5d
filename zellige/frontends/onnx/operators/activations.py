"""Functions that an attribute of a recurrent operator names, with an alpha, a beta and a limit for what goes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from zellige.frontends.onnx.nodes import Node
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

Activation = Callable[[GraphBuilder, Tensor], Tensor]


def _affine(alpha: float, beta: float, build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map_with("add", build.map_with("multiply", x, alpha), beta)


def _leaky_relu(alpha: float, build: GraphBuilder, x: Tensor) -> Tensor:
    return build.select(build.compare("GE", x, build.scalar(0, x.element)), x, build.map_with("multiply", x, alpha))


def _thresholded_relu(alpha: float, build: GraphBuilder, x: Tensor) -> Tensor:
    zero = build.scalar(0, x.element)
    return build.select(build.compare("GT", x, build.scalar(alpha, x.element)), x, zero)


def _scaled_tanh(alpha: float, beta: float, build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map_with("multiply", build.map("tanh", build.map_with("multiply", x, beta)), alpha)


def _hard_sigmoid(alpha: float, beta: float, build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map_with("maximum", build.map_with("minimum", _affine(alpha, beta, build, x), 1), 0)


def _elu(alpha: float, build: GraphBuilder, x: Tensor) -> Tensor:
    below = build.map_with("multiply", build.map("exponential_minus_one", x), alpha)
    return build.select(build.compare("GE", x, build.scalar(0, x.element)), x, below)


def _relu(build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map_with("maximum", x, 0)


def _tanh(build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map("tanh", x)


def _sigmoid(build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map("logistic", x)


def _softsign(build: GraphBuilder, x: Tensor) -> Tensor:
    return build.map("divide", x, build.map_with("add", build.map("abs", x), 1))


def _softplus(build: GraphBuilder, x: Tensor) -> Tensor:
    small = build.map("exponential", build.map("negate", build.map("abs", x)))
    return build.map("add", build.map_with("maximum", x, 0), build.map("log_plus_one", small))


_ACTIVATIONS: dict[str, tuple[Callable[..., Tensor], tuple[float, ...]]] = {
    "affine": (_affine, (1.0, 0.0)),
    "elu": (_elu, (1.0,)),
    "hardsigmoid": (_hard_sigmoid, (0.2, 0.5)),
    "leakyrelu": (_leaky_relu, (0.01,)),
    "relu": (_relu, ()),
    "scaledtanh": (_scaled_tanh, (1.0, 1.0)),
    "sigmoid": (_sigmoid, ()),
    "softplus": (_softplus, ()),
    "softsign": (_softsign, ()),
    "tanh": (_tanh, ()),
    "thresholdedrelu": (_thresholded_relu, (1.0,)),
}
"""Word in lower case -> function, and the defaults of its alpha and beta where it has them."""


def activations(node: Node, defaults: Sequence[str], directions: int) -> list[list[Activation]]:
    """The functions of each direction. Those that have an alpha or a beta take the next one that is given."""
    words = node.texts("activations") if node.has("activations") else tuple(defaults) * directions
    if len(words) != len(defaults) * directions:
        raise node.wrong(f"got {len(words)} activations, expected {len(defaults)} for each of {directions} directions")
    given = iter(node.numbers("activation_alpha", ())), iter(node.numbers("activation_beta", ()))
    made = [_activation(node, word, given) for word in words]
    return [made[index : index + len(defaults)] for index in range(0, len(made), len(defaults))]


def activation_of(node: Node, word: str, numbers: Sequence[float]) -> Activation:
    """The function of this name with its alpha and beta."""
    return _activation(node, word, [iter([number]) for number in numbers])


def _activation(node: Node, word: str, given: Sequence[Iterator[float]]) -> Activation:
    if word.lower() not in _ACTIVATIONS:
        raise node.wrong(f"activation is '{word}', expected one of {', '.join(sorted(_ACTIVATIONS))}")
    function, defaults = _ACTIVATIONS[word.lower()]
    given = [*given, *[iter(())] * (len(defaults) - len(given))]
    return partial(function, *(next(numbers, default) for numbers, default in zip(given, defaults, strict=False)))


def clipped(node: Node, activation: Activation) -> Activation:
    """The function of what is clipped first to the limits that the node's 'clip' sets."""
    if not node.has("clip"):
        return activation
    limit = node.number("clip")

    def limited(build: GraphBuilder, x: Tensor) -> Tensor:
        return activation(build, build.map_with("maximum", build.map_with("minimum", x, limit), -limit))

    return limited
