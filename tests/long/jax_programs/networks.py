# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Networks of flax.linen and flax.nnx, applied with random parameters."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, floats, integers

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")
nn: Any = import_module("flax.linen")
nnx: Any = import_module("flax.nnx")


class Mlp(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        return nn.Dense(3)(nn.gelu(nn.Dense(16)(x)))


class Cnn(nn.Module):
    train: bool = False

    @nn.compact
    def __call__(self, x: Any) -> Any:
        for width in (8, 16):
            x = nn.Conv(width, (3, 3), use_bias=False)(x)
            x = nn.BatchNorm(use_running_average=not self.train)(x)
            x = nn.max_pool(nn.relu(x), (2, 2), (2, 2))
        x = nn.avg_pool(x, (2, 2), (2, 2))
        return nn.Dense(10)(x.reshape(x.shape[0], -1))


class ResidualBlock(nn.Module):
    width: int
    stride: int = 1

    @nn.compact
    def __call__(self, x: Any) -> Any:
        y = nn.relu(nn.BatchNorm(use_running_average=True)(nn.Conv(self.width, (3, 3), self.stride, use_bias=False)(x)))
        y = nn.BatchNorm(use_running_average=True)(nn.Conv(self.width, (3, 3), use_bias=False)(y))
        if x.shape != y.shape:
            x = nn.Conv(self.width, (1, 1), self.stride, use_bias=False)(x)
        return nn.relu(x + y)


class ResNet(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        x = nn.max_pool(nn.relu(nn.Conv(8, (7, 7), 2)(x)), (3, 3), (2, 2), "SAME")
        for width, stride in ((8, 1), (8, 1), (16, 2), (16, 1), (32, 2)):
            x = ResidualBlock(width, stride)(x)
        return nn.Dense(5)(x.mean((1, 2)))


class EncoderBlock(nn.Module):
    @nn.compact
    def __call__(self, x: Any, mask: Any = None) -> Any:
        x = x + nn.MultiHeadDotProductAttention(2, deterministic=True)(nn.LayerNorm()(x), mask=mask)
        return x + nn.Dense(16)(nn.Dropout(0.1, deterministic=True)(nn.gelu(nn.Dense(32)(nn.LayerNorm()(x)))))


class Transformer(nn.Module):
    causal: bool = False

    @nn.compact
    def __call__(self, tokens: Any) -> Any:
        embedding = nn.Embed(20, 16)
        x = embedding(tokens) + self.param("places", nn.initializers.normal(0.02), (12, 16))[: tokens.shape[1]]
        padding = nn.make_attention_mask(tokens > 0, tokens > 0)
        mask = nn.combine_masks(padding, nn.make_causal_mask(tokens)) if self.causal else padding
        for _ in range(2):
            x = EncoderBlock()(x, mask)
        return embedding.attend(nn.LayerNorm()(x))


class Translator(nn.Module):
    @nn.compact
    def __call__(self, source: Any, target: Any) -> Any:
        embedding = nn.Embed(20, 16)
        memory = EncoderBlock()(embedding(source))
        x = EncoderBlock()(embedding(target), nn.make_causal_mask(target))
        x = x + nn.MultiHeadAttention(2, deterministic=True)(
            x, memory, mask=nn.make_attention_mask(target > 0, source > 0)
        )
        return nn.Dense(20)(x)


class Recurrent(nn.Module):
    kind: str = "LSTMCell"
    both_ways: bool = False

    @nn.compact
    def __call__(self, x: Any) -> Any:
        layer = nn.RNN(getattr(nn, self.kind)(12))
        if self.both_ways:
            layer = nn.Bidirectional(layer, nn.RNN(getattr(nn, self.kind)(12)))
        return layer(x)


class Decoder(nn.Module):
    """One step with a cache of keys and values."""

    @nn.compact
    def __call__(self, x: Any) -> Any:
        return nn.MultiHeadDotProductAttention(2, deterministic=True, decode=True)(x)


class AutoEncoder(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        x = nn.relu(nn.GroupNorm(4)(nn.Conv(8, (3, 3), 2)(x)))
        x = nn.relu(nn.InstanceNorm()(nn.Conv(16, (3, 3), 2)(x)))
        x = nn.relu(nn.ConvTranspose(8, (3, 3), (2, 2))(x))
        return nn.sigmoid(nn.ConvTranspose(3, (4, 4), (2, 2), padding="VALID")(x))


class Mobile(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        x = nn.Conv(16, (1, 1))(x)
        x = nn.hard_swish(nn.Conv(16, (3, 3), 2, feature_group_count=16)(x))
        scale = nn.sigmoid(nn.Dense(16)(nn.relu(nn.Dense(4)(x.mean((1, 2), keepdims=True)))))
        return nn.Conv(8, (1, 1))(x * scale)


class Mixer(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        x = nn.Conv(16, (4, 4), 4)(x).reshape(x.shape[0], -1, 16)
        y = nn.LayerNorm()(x).swapaxes(1, 2)
        x = x + nn.Dense(x.shape[1])(nn.gelu(nn.Dense(24)(y))).swapaxes(1, 2)
        return nn.RMSNorm()(x + nn.Dense(16)(nn.silu(nn.Dense(32)(x))))


class Dilated(nn.Module):
    """A stack of causal convolutions, as WaveNet has them."""

    @nn.compact
    def __call__(self, x: Any) -> Any:
        for rate in (1, 2, 4):
            y = nn.Conv(8, (2,), kernel_dilation=rate, padding="CAUSAL")(x)
            x = x + nn.Conv(x.shape[-1], (1,))(jnp.tanh(y) * nn.sigmoid(y))
        return nn.WeightNorm(nn.Dense(4))(x)


class GraphNetwork(nn.Module):
    @nn.compact
    def __call__(self, nodes: Any, senders: Any, receivers: Any) -> Any:
        for _ in range(2):
            messages = nn.relu(nn.Dense(8)(nodes))[senders]
            nodes = nn.Dense(8)(jax.ops.segment_sum(messages, receivers, 6))
        return nodes.mean(0)


def _linen(name: str, module: Any, *inputs: Any, **options: Any) -> Case:
    """A case whose parameters are constants of the program."""
    variables = jax.tree.map(random_like, jax.eval_shape(module.init, jax.random.key(0), *inputs))
    return Case(name, lambda *x: module.apply(variables, *x, **options), inputs)


def random_like(leaf: Any) -> Any:
    """Numbers near those that layers start from; variances are positive."""
    if not np.issubdtype(leaf.dtype, np.floating):
        return np.zeros(leaf.shape, leaf.dtype)
    return floats(*leaf.shape, low=0.05, high=0.4) if len(leaf.shape) < 2 else floats(*leaf.shape, low=-0.3, high=0.3)


def cases() -> Iterator[Case]:
    image, tokens = floats(2, 16, 16, 3), integers(2, 9, low=0, high=20)
    sequence = floats(3, 7, 6)
    yield _linen("mlp", Mlp(), floats(4, 6))
    yield _linen("cnn", Cnn(), image)
    yield _linen("cnn_batch_statistics", Cnn(train=True), image, mutable=["batch_stats"])
    yield _linen("resnet", ResNet(), floats(1, 32, 32, 3))
    yield _linen("encoder", Transformer(), tokens)
    yield _linen("decoder", Transformer(causal=True), tokens)
    yield _linen("translator", Translator(), tokens, integers(2, 6, low=0, high=20))
    for kind in ("LSTMCell", "OptimizedLSTMCell", "GRUCell", "MGUCell", "SimpleCell"):
        yield _linen(f"rnn_{kind}", Recurrent(kind), sequence)
    yield _linen("rnn_both_ways", Recurrent(both_ways=True), sequence)
    yield _linen("rnn_lstm_convolution", nn.RNN(nn.ConvLSTMCell(4, (3, 3))), floats(1, 4, 6, 6, 2))
    yield _linen("decode_step", Decoder(), floats(2, 1, 16), mutable=["cache"])
    yield _linen("autoencoder", AutoEncoder(), image)
    yield _linen("mobile", Mobile(), image)
    yield _linen("mixer", Mixer(), image)
    yield _linen("dilated", Dilated(), floats(2, 19, 3))
    yield _linen(
        "graph", GraphNetwork(), floats(6, 5), integers(12, low=0, high=6), integers(12, low=0, high=6)[::-1].copy()
    )
    yield _linen("bfloat16", nn.Dense(8, dtype="bfloat16", param_dtype="bfloat16"), floats(4, 6, dtype="bfloat16"))
    yield _linen("mixed_precision", nn.Conv(8, (3, 3), dtype="bfloat16"), image)
    yield _linen("dense_general", nn.DenseGeneral((4, 5), axis=(-2, -1)), floats(3, 6, 7))
    yield _linen("einsum", nn.Einsum((6, 4), "bi,io->bo"), floats(3, 6))
    yield _linen("conv_local", nn.ConvLocal(4, (3, 3)), floats(1, 6, 6, 2))
    yield _linen("prelu", nn.PReLU(), floats(3, 6))
    yield from _nnx()


def _nnx() -> Iterator[Case]:
    rngs = nnx.Rngs(0)

    class Block(nnx.Module):
        def __init__(self) -> None:
            self.first = nnx.Linear(6, 16, rngs=rngs)
            self.norm = nnx.BatchNorm(16, use_running_average=True, rngs=rngs)
            self.drop = nnx.Dropout(0.5, deterministic=True, rngs=rngs)
            self.second = nnx.Linear(16, 3, rngs=rngs)

        def __call__(self, x: Any) -> Any:
            return self.second(self.drop(nnx.relu(self.norm(self.first(x)))))

    yield Case("nnx_block", _pure(Block()), (floats(4, 6),))
    yield Case("nnx_conv", _pure(nnx.Conv(3, 8, (3, 3), rngs=rngs)), (floats(2, 8, 8, 3),))
    yield Case("nnx_conv_transpose", _pure(nnx.ConvTranspose(3, 8, (3, 3), 2, rngs=rngs)), (floats(2, 8, 8, 3),))
    yield Case("nnx_group_norm", _pure(nnx.GroupNorm(8, 4, rngs=rngs)), (floats(2, 5, 8),))
    yield Case("nnx_layer_norm", _pure(nnx.LayerNorm(8, rngs=rngs)), (floats(2, 5, 8),))
    yield Case("nnx_attention", _pure(nnx.MultiHeadAttention(2, 16, decode=False, rngs=rngs)), (floats(2, 5, 16),))
    yield Case("nnx_embed", _pure(nnx.Embed(9, 4, rngs=rngs)), (integers(2, 5, low=0, high=9),))
    yield Case("nnx_lora", _pure(nnx.LoRALinear(6, 8, lora_rank=2, rngs=rngs)), (floats(4, 6),))


def _pure(module: Any) -> Any:
    definition, state = nnx.split(module)
    return nnx.merge(definition, state)
