# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Steps of training: values, gradients and updates by the optimisers of optax."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, floats, integers
from tests.long.jax_programs.networks import (
    AutoEncoder,
    Cnn,
    GraphNetwork,
    Mlp,
    Mobile,
    Recurrent,
    ResNet,
    Transformer,
    random_like,
)

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")
optax: Any = import_module("optax")

OPTIMISERS: dict[str, dict[str, Any]] = {
    "sgd": {"momentum": 0.9, "nesterov": True},
    "adam": {},
    "adamw": {},
    "rmsprop": {},
    "adagrad": {},
    "lamb": {},
    "lion": {},
    "adafactor": {},
    "nadam": {},
    "adadelta": {},
    "radam": {},
    "novograd": {},
    "yogi": {},
    "fromage": {},
    "amsgrad": {},
    "adabelief": {},
    "sm3": {},
}


def cases() -> Iterator[Case]:
    batch, labels = floats(4, 6), integers(4, low=0, high=3)
    for name, options in OPTIMISERS.items():
        yield _step(f"mlp_{name}", Mlp(), getattr(optax, name)(1e-2, **options), (batch,), labels)
    schedule = optax.warmup_cosine_decay_schedule(0.0, 1e-2, 3, 10)
    yield _step(
        "mlp_schedule", Mlp(), optax.chain(optax.clip_by_global_norm(1.0), optax.adam(schedule)), (batch,), labels
    )
    yield _step("mlp_accumulated", Mlp(), optax.MultiSteps(optax.adam(1e-2), 2), (batch,), labels)
    image = floats(2, 16, 16, 3)
    yield _step("cnn", Cnn(), optax.adam(1e-2), (image,), integers(2, low=0, high=10))
    yield _step("cnn_batch_statistics", Cnn(train=True), optax.adam(1e-2), (image,), integers(2, low=0, high=10))
    yield _step("resnet", ResNet(), optax.adam(1e-2), (image,), integers(2, low=0, high=5))
    yield _step(
        "transformer",
        Transformer(causal=True),
        optax.sgd(1e-2),
        (integers(2, 9, low=0, high=20),),
        integers(2, 9, low=0, high=20),
    )
    yield _step("lstm", Recurrent(), optax.adam(1e-2), (floats(3, 7, 6),), integers(3, 7, low=0, high=12))
    yield _step("gru", Recurrent("GRUCell"), optax.adam(1e-2), (floats(3, 7, 6),), integers(3, 7, low=0, high=12))
    yield _step("autoencoder", AutoEncoder(), optax.sgd(1e-2), (image,), None)
    yield _step("mobile", Mobile(), optax.adam(1e-2), (image,), None)
    edges = integers(12, low=0, high=6)
    yield _step("graph", GraphNetwork(), optax.adam(1e-2), (floats(6, 5), edges, edges[::-1].copy()), None)
    for name in (
        "sigmoid_binary_cross_entropy",
        "huber_loss",
        "cosine_similarity",
        "hinge_loss",
        "log_cosh",
        "kl_divergence",
        "l2_loss",
    ):
        loss = getattr(optax, name)
        yield Case(
            f"loss_{name}",
            jax.value_and_grad(lambda p, t, f=loss: f(p, t).mean()),
            (floats(4, 6), floats(4, 6, low=0.1, high=0.9)),
        )
    logits, targets = floats(2, 7, 5), integers(2, 3, low=1, high=5)
    yield Case(
        "loss_ctc",
        jax.value_and_grad(lambda p: optax.ctc_loss(p, jnp.zeros((2, 7)), targets, jnp.zeros((2, 3))).sum()),
        (logits,),
    )


def _step(name: str, module: Any, optimiser: Any, inputs: tuple[Any, ...], labels: Any) -> Case:
    """The state of training goes in and comes out, as the program of a training loop has it."""
    variables = jax.tree.map(random_like, jax.eval_shape(module.init, jax.random.key(0), *inputs))
    parameters, rest = variables["params"], {kind: values for kind, values in variables.items() if kind != "params"}

    def loss(parameters: Any) -> Any:
        result, changed = module.apply({"params": parameters, **rest}, *inputs, mutable=list(rest))
        if labels is None:
            return (result**2).mean(), changed
        return optax.softmax_cross_entropy_with_integer_labels(result, labels).mean(), changed

    def step(parameters: Any, state: Any) -> Any:
        (value, changed), gradients = jax.value_and_grad(loss, has_aux=True)(parameters)
        updates, state = optimiser.update(gradients, state, parameters)
        return value, optax.apply_updates(parameters, updates), state, changed

    return Case(name, step, (parameters, optimiser.init(jax.tree.map(np.asarray, parameters))))
