"""Conversions to floats of 8 bits, which saturate."""

from __future__ import annotations

import numpy as np
from xdsl.ir import Attribute

from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, dtype_of, is_float


def is_eight_bit_float(element: Attribute) -> bool:
    return is_float(element) and dtype_of(element).itemsize == 1


def saturated(build: GraphBuilder, numbers: Tensor, element: Attribute) -> Tensor:
    """Floats as floats of 8 bits; what is beyond the largest number, infinity too, becomes that. NaN stays."""
    values = np.arange(1 << 8, dtype=np.uint8).view(dtype_of(element)).astype(np.float32)
    largest = float(values[np.isfinite(values)].max())
    limited = build.map_with("minimum", build.map_with("maximum", numbers, -largest), largest)
    return build.convert(limited, element)
