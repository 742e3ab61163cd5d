"""Numbers of inputs that the declared outputs follow from.

A model may be given a size or a shape that intermediate shapes depend on, though its outputs are declared with static
shapes. Then the program is compiled for the numbers that give these outputs, and stops where it is given others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, islice, product

import numpy as np
import onnx

from zellige.frontends.onnx.tensors import declared_type
from zellige.passes.input.tensors import Array, dtype_of

MAX_ATTEMPTS = 32
"""A model is read at most this often again."""


def assumptions(graph: onnx.GraphProto) -> Iterator[Mapping[str, Array]]:
    """What integer inputs may be: sizes of the outputs, in their order."""
    initialised = {tensor.name for tensor in graph.initializer}
    shapes = [type_.get_shape() for value in graph.output if (type_ := declared_type(value.type)) is not None]
    shapes = [shape for shape in shapes if min(shape, default=1) >= 0]
    choices: dict[str, list[Array]] = {}
    for value in graph.input:
        type_ = declared_type(value.type)
        if value.name in initialised or type_ is None or type_.get_num_dims() > 1:
            continue
        dtype = dtype_of(type_.element_type)
        if dtype not in (np.dtype(np.int32), np.dtype(np.int64)) or not type_.has_static_shape():
            continue
        (length,) = type_.get_shape() or (1,)
        parts = dict.fromkeys(part for shape in shapes for part in combinations(shape, length))
        if parts:
            choices[value.name] = [np.asarray(part, dtype).reshape(type_.get_shape()) for part in parts]
    if choices:
        for chosen in islice(product(*choices.values()), MAX_ATTEMPTS):
            yield dict(zip(choices, chosen, strict=True))
