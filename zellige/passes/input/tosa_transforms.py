"""Fourier transforms of TOSA, in StableHLO."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from zellige.dialects.tosa import transforms
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.fourier_transforms import FourierTransforms, Parts
from zellige.passes.input.tosa_nodes import Function, Node

LAST = 2
"""Images are batch, height, width."""


def _fft(node: Node) -> Parts:
    fourier, parts = FourierTransforms(node.build), (node.operand("input_real", 3), node.operand("input_imag", 3))
    if not node.flag("inverse"):
        return fourier.forward(fourier.forward(parts, LAST), LAST - 1)
    count = parts[0].static_size(LAST) * parts[0].static_size(LAST - 1)
    back = fourier.backward(fourier.backward(parts, LAST), LAST - 1)
    return tuple(node.build.map_with("multiply", part, 1 / max(1, count)) for part in back)


def _rfft(node: Node) -> Parts:
    fourier = FourierTransforms(node.build)
    return fourier.forward(fourier.of_signal(node.operand("input_real", 3), LAST), LAST - 1)


TRANSFORM_FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {transforms.Fft2dOp: _fft, transforms.Rfft2dOp: _rfft}
)
"""How each op is translated."""
