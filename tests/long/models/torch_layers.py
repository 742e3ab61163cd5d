"""Modules of PyTorch with what the architectures of the packages have not: upsampling, recurrences, routing, scans."""

from __future__ import annotations

from importlib import import_module
from typing import Any

torch: Any = import_module("torch")
nn: Any = torch.nn
functional: Any = nn.functional


class Residual(nn.Module):
    """Two convolutions of normalised groups, with the time added between them."""

    def __init__(self, inputs: int, outputs: int, time: int) -> None:
        nn.Module.__init__(self)
        self.first = nn.Sequential(nn.GroupNorm(4, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1))
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(time, outputs))
        self.second = nn.Sequential(nn.GroupNorm(4, outputs), nn.SiLU(), nn.Conv2d(outputs, outputs, 3, padding=1))
        self.skip = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Any, time: Any) -> Any:
        return self.second(self.first(x) + self.time(time)[:, :, None, None]) + self.skip(x)


class UNet(nn.Module):
    """What denoises images in diffusion: down, attention, up, and a skip connection, all of them told the time."""

    def __init__(self, width: int = 8, time: int = 16) -> None:
        nn.Module.__init__(self)
        self.time = nn.Sequential(nn.Linear(time, time), nn.SiLU())
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.down = Residual(width, width, time)
        self.shrink = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.middle = Residual(2 * width, 2 * width, time)
        self.norm = nn.GroupNorm(4, 2 * width)
        self.attention = nn.MultiheadAttention(2 * width, 2, batch_first=True)
        self.narrow = nn.Conv2d(2 * width, width, 1)
        self.grow = nn.ConvTranspose2d(2 * width, width, 4, 2, 1)
        self.up = Residual(2 * width, width, time)
        self.last = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, x: Any, step: Any) -> Any:
        angles = step.float()[:, None] * torch.exp(-torch.arange(8, dtype=torch.float32))
        time = self.time(torch.cat([angles.sin(), angles.cos()], dim=-1))
        high = self.down(self.first(x), time)
        low = self.middle(self.shrink(high), time)
        tokens = self.norm(low).flatten(2).transpose(1, 2)
        low = low + self.attention(tokens, tokens, tokens, need_weights=False)[0].transpose(1, 2).reshape(low.shape)
        nearest = functional.interpolate(self.narrow(low), scale_factor=2.0, mode="nearest")
        return self.last(self.up(torch.cat([self.grow(low) + nearest, high], dim=1), time))


def autoencoder() -> Any:
    """Convolutions to a quarter of the sides, and transposed ones back, with other norms and activations."""
    down = (nn.Conv2d(3, 8, 3, 2, 1), nn.GroupNorm(2, 8), nn.ELU(), nn.Conv2d(8, 16, 3, 2, 1))
    norm = (nn.InstanceNorm2d(16, affine=True), nn.LeakyReLU())
    up = (nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1), nn.PReLU(), nn.ConvTranspose2d(8, 3, 4, 2, 1))
    return nn.Sequential(*down, *norm, *up, nn.Sigmoid())


class Recurrent(nn.Module):
    """Tokens through two layers of a recurrence, such as `LSTM`."""

    def __init__(self, kind: str, *, bidirectional: bool = False) -> None:
        nn.Module.__init__(self)
        self.embedding = nn.Embedding(20, 8)
        self.layers = getattr(nn, kind)(8, 12, num_layers=2, batch_first=True, bidirectional=bidirectional)
        self.last = nn.Linear(24 if bidirectional else 12, 5)

    def forward(self, tokens: Any) -> Any:
        return self.last(self.layers(self.embedding(tokens))[0])


class MixtureOfExperts(nn.Module):
    """Each token goes through the two of four experts that are best for it, whose weights are gathered."""

    def __init__(self, width: int = 16, experts: int = 4) -> None:
        nn.Module.__init__(self)
        self.embedding = nn.Embedding(20, width)
        self.router = nn.Linear(width, experts)
        self.up = nn.Parameter(torch.randn(experts, width, 2 * width) / 4)
        self.down = nn.Parameter(torch.randn(experts, 2 * width, width) / 4)

    def forward(self, tokens: Any) -> Any:
        x = self.embedding(tokens)
        shares, chosen = self.router(x).softmax(-1).topk(2, dim=-1)
        shares = shares / shares.sum(-1, keepdim=True)
        hidden = functional.silu(torch.einsum("bld,blkdf->blkf", x, self.up[chosen]))
        return torch.einsum("blkf,blkfd,blk->bld", hidden, self.down[chosen], shares)


class SelectiveScan(nn.Module):
    """The state space of Mamba by sums along the tokens, behind a convolution that looks back."""

    def __init__(self, width: int = 8, states: int = 4) -> None:
        nn.Module.__init__(self)
        self.embedding = nn.Embedding(20, width)
        self.convolution = nn.Conv1d(width, width, 4, groups=width, padding=3)
        self.step = nn.Linear(width, width)
        self.write = nn.Linear(width, states)
        self.read = nn.Linear(width, states)
        self.decay = nn.Parameter(torch.rand(width, states))

    def forward(self, tokens: Any) -> Any:
        x = self.convolution(self.embedding(tokens).transpose(1, 2))[..., : tokens.shape[1]].transpose(1, 2)
        step = functional.softplus(self.step(functional.silu(x)))[..., None]
        decay = torch.cumsum(-step * self.decay, dim=1)
        written = step * self.write(x)[:, :, None] * x[..., None]
        state = torch.exp(decay) * torch.cumsum(written * torch.exp(-decay), dim=1)
        return (state * self.read(x)[:, :, None]).sum(-1)


class Renamed(nn.Module):
    """A model that takes its tensors by name, in order; of its results the first, or those of these names."""

    def __init__(self, model: Any, inputs: tuple[str, ...], results: tuple[str, ...] = ()) -> None:
        nn.Module.__init__(self)
        self.model = model
        self.inputs = inputs
        self.results = results

    def forward(self, first: Any, second: Any) -> Any:
        returned = self.model(**dict(zip(self.inputs, (first, second), strict=True)))
        return tuple(returned[name] for name in self.results) if self.results else returned[0]
