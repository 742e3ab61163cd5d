"""Sizes for the dimensions of a model that its declarations leave open: all dimensions of one name are of one size.

Before:  (float[batch,length] x) => (float[batch,length] y)     After (batch=1, length=128):  (float[1,128] x) => …
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import onnx

from zellige.frontends.onnx.checking import subgraphs
from zellige.support.errors import UsageError

Dimension = onnx.TensorShapeProto.Dimension


def with_dimensions(model: onnx.ModelProto, sizes: Mapping[str, int]) -> onnx.ModelProto:
    """A copy of the model in which dimensions have these sizes, wherever a type is declared.

    A key is the name that dimensions share, or `INPUT:AXIS` for one dimension of an input, such as one without a name.
    Raises `UsageError` for a key that the model does not have.
    """
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    places = _open_places(fixed.graph)
    declared = list(_declared(fixed.graph))
    names = dict.fromkeys(dimension.dim_param for dimension in declared if dimension.dim_param)
    for key, size in sizes.items():
        if key not in names and key not in places:
            known = [*names, *(place for place, dimension in places.items() if not dimension.dim_param)]
            near = get_close_matches(key, known, n=1)
            has = f"it has {', '.join(known)}" if known else "all of its dimensions have sizes"
            raise UsageError(f"the model has no dimension '{key}', {has}", nearest=near[0] if near else None)
        for dimension in [d for d in declared if d.dim_param == key] if key in names else [places[key]]:
            dimension.dim_value = size
    return fixed


def _open_places(graph: onnx.GraphProto) -> dict[str, Dimension]:
    """`INPUT:AXIS` -> a dimension without a size."""
    initialised = {tensor.name for tensor in graph.initializer}
    return {
        f"{value.name}:{axis}": dimension
        for value in graph.input
        if value.name not in initialised
        for axis, dimension in enumerate(value.type.tensor_type.shape.dim)
        if not dimension.HasField("dim_value")
    }


def _declared(graph: onnx.GraphProto) -> Iterator[Dimension]:
    """All dimensions that the graph and the graphs in it declare."""
    for value in (*graph.input, *graph.output, *graph.value_info):
        yield from value.type.tensor_type.shape.dim
    for node in graph.node:
        for inner in subgraphs(node):
            yield from _declared(inner)
