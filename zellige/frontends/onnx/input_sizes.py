"""Sizes of inputs that a model leaves open: dimensions of one name are one size, which the program checks."""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import SSAValue

from zellige.dialects.shaped_types import tensor_type
from zellige.frontends.onnx.dimensions import name_of, open_dimensions
from zellige.maths.sizes import Extent, Size, Symbol
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def input_tensors(
    build: GraphBuilder, inputs: Sequence[onnx.ValueInfoProto], arguments: Sequence[SSAValue]
) -> list[Tensor]:
    """The arguments of the program function, with what is known of their sizes."""
    first: dict[Symbol, str] = {}

    def size(entry: onnx.ValueInfoProto, argument: SSAValue, axis: int) -> Extent:
        key = f"{entry.name}:{axis}"
        name = name_of(open_dimensions(entry)[key]) or key
        symbol, place = Symbol(name, name), f"dimension {axis} of input '{entry.name}'"
        given = _dimension(build, argument, axis)
        if symbol in first:
            is_equal = build.insert(arith.CmpiOp(given, build.sizes.symbols[symbol], "eq"))
            build.stop_unless(is_equal.results[0], f"{place} differs from {first[symbol]}: both are '{name}'")
        else:
            first[symbol] = place
            build.sizes.symbols[symbol] = given
        return Size.of(symbol)

    tensors: list[Tensor] = []
    for entry, argument in zip(inputs, arguments, strict=True):
        known = tensor_type(argument).get_shape()
        shape = [known[axis] if known[axis] >= 0 else size(entry, argument, axis) for axis in range(len(known))]
        tensors.append(Tensor.computed(argument, shape))
    return tensors


def _dimension(build: GraphBuilder, argument: SSAValue, axis: int) -> SSAValue:
    which = build.insert(arith.ConstantOp(IntegerAttr(axis, IndexType()))).results[0]
    return build.insert(tensor.DimOp(argument, which)).results[0]
