"""Sizes for the dimensions that the inputs of a model leave open: all dimensions of one name are of one size.

Before:  (float[batch,length] x) => …     After (batch=1, length=128):  (float[1,128] x) => …

What outputs and values in between have as sizes follows from that, and is not looked at: exporters give a name to
dimensions that only happened to be of one size.
"""

from __future__ import annotations

from collections.abc import Mapping

import onnx

from zellige.support.errors import UsageError, nearest

Dimension = onnx.TensorShapeProto.Dimension


def open_dimensions(value: onnx.ValueInfoProto) -> dict[str, Dimension]:
    """The dimensions of an input without a size, by `INPUT:AXIS`. A size below 0 is none."""
    return {
        f"{value.name}:{axis}": dimension
        for axis, dimension in enumerate(value.type.tensor_type.shape.dim)
        if not dimension.HasField("dim_value") or dimension.dim_value < 0
    }


def name_of(dimension: Dimension) -> str | None:
    """The name that a dimension shares with others, if it has one. Some exporters write `?` for none."""
    return dimension.dim_param if dimension.dim_param not in ("", "?") else None


def with_dimensions(model: onnx.ModelProto, sizes: Mapping[str, int]) -> onnx.ModelProto:
    """A copy of the model in which the dimensions of inputs have these sizes.

    A key is the name that dimensions share, or `INPUT:AXIS` for one dimension, such as one without a name. Raises
    `UsageError` for a key that the inputs do not have.
    """
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    initialised = {tensor.name for tensor in fixed.graph.initializer}
    places: dict[str, Dimension] = {}
    for value in fixed.graph.input:
        if value.name not in initialised:
            places |= open_dimensions(value)
    names = {place: name_of(dimension) for place, dimension in places.items()}
    for key, size in sizes.items():
        chosen = [place for place, name in names.items() if key in (place, name)]
        if not chosen:
            raise _unknown(key, [name or place for place, name in names.items()])
        for place in chosen:
            places[place].dim_value = size
    return fixed


def _unknown(key: str, known: list[str]) -> UsageError:
    known = list(dict.fromkeys(known))
    has = f"they have {', '.join(known)}" if known else "all of theirs have sizes"
    return UsageError(f"the model's inputs have no dimension '{key}', {has}", nearest=nearest(key, known))
