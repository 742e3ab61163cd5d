"""legalize-quantized-types: tensors of `!quant.uniform` are of integers, and arithmetic on them is that of floats.

Before:  %1 = stablehlo.add %x, %y : tensor<2x!quant.uniform<i8:f32, 0.1:-30>>

After:   %a = (stablehlo.convert %x to f32 - -30.0) * 0.1, %b the same of %y
         %s = stablehlo.add %a, %b : tensor<2xf32>
         %r = stablehlo.round_nearest_even clamp(-128.0, %s / 0.1 + -30.0, 127.0)
         %1 = stablehlo.convert %r : (tensor<2xf32>) -> tensor<2xi8>

This is what the specification says of all ops that compute. Those that move elements, and the bodies of reductions and
sorts, work on the integers; so do callers, to whom arguments and results are these.

Ensures:  no type is quantised.
Fails:    for other ops on quantised tensors, and where an op that moves elements would change scales; all of
          them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import FunctionType, ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.quant import (
    UniformQuantizedType,
    expressed_by,
    quantized_element,
    same_numbers,
    storage_of,
)
from zellige.dialects.stablehlo import control_flow, dynamic, indexing, reductions, shapes
from zellige.dialects.stablehlo.contractions import ConvolutionOp, DotGeneralOp, DotOp
from zellige.dialects.stablehlo.element_kinds import Kind
from zellige.dialects.stablehlo.elementwise import ElementwiseOp
from zellige.dialects.stablehlo.elementwise_forms import BitcastConvertOp, ClampOp, ConstantOp, SelectOp
from zellige.dialects.stablehlo.quantization import QUANTIZATION_OPS
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor
from zellige.support.diagnostics import place_of
from zellige.support.errors import CompileError, Note

HANDLED_OPS = QUANTIZATION_OPS
"""What is replaced; other ops get floats and integers for quantised tensors."""

_COMPUTING = (ElementwiseOp, ClampOp, DotOp, DotGeneralOp, ConvolutionOp, shapes.IotaOp, dynamic.DynamicIotaOp)
"""Ops that compute with what the integers stand for."""

_MOVING = (
    BitcastConvertOp,
    ConstantOp,
    SelectOp,
    control_flow.ReturnOp,
    dynamic.DynamicBroadcastInDimOp,
    dynamic.DynamicPadOp,
    dynamic.DynamicReshapeOp,
    dynamic.RealDynamicSliceOp,
    func.CallOp,
    func.FuncOp,
    func.ReturnOp,
    indexing.DynamicSliceOp,
    indexing.DynamicUpdateSliceOp,
    indexing.GatherOp,
    indexing.ScatterOp,
    indexing.SortOp,
    reductions.ReduceOp,
    reductions.ReduceWindowOp,
    reductions.SelectAndScatterOp,
    shapes.BroadcastInDimOp,
    shapes.ConcatenateOp,
    shapes.PadOp,
    shapes.ReshapeOp,
    shapes.ReverseOp,
    shapes.SliceOp,
    shapes.TransposeOp,
)
"""Ops that do with integers what they do with quantised numbers, where all have the same scales."""

_CARRYING = (func.CallOp, func.FuncOp, func.ReturnOp, control_flow.ReturnOp, indexing.SortOp)
"""Ops whose operands have nothing to do with each other."""


class LegalizeQuantizedTypesPass(ModulePass):
    """Compute with floats, then give each value the type of the integers."""

    name = "legalize-quantized-types"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        quantized = [inner for inner in op.walk() if any(map(_is_quantized, _values(inner)))]
        if not quantized:
            return
        refused = [(inner, words) for inner in quantized if (words := _refusal(inner))]
        if refused:
            (first, message), *others = refused
            notes = [Note(words, place_of(inner)) for inner, words in others]
            raise CompileError(message, op=first, notes=notes, pass_name=self.name)
        for inner in quantized:
            if isinstance(inner, (*_COMPUTING, *HANDLED_OPS)):
                replace_op(inner, lambda build, op=inner: _computed(build, op))
        for inner in list(op.walk()):
            _retype(inner)


def _values(op: Operation) -> Iterator[SSAValue]:
    yield from op.operands
    yield from op.results
    for region in op.regions:
        for block in region.blocks:
            yield from block.args


def _is_quantized(value: SSAValue) -> bool:
    return quantized_element(value.type) is not None


def _refusal(op: Operation) -> str:
    """Why an op on quantised tensors is not supported, or nothing."""
    is_of_bits = isinstance(op, ElementwiseOp) and Kind.FLOAT not in op.KINDS
    is_known = isinstance(op, (*_COMPUTING, *_MOVING, *HANDLED_OPS)) or op.dialect_name() in ("scf", "tensor")
    if is_of_bits or not is_known:
        return f"op '{op.name}' on quantised tensors is not supported"
    elements = [element for value in _values(op) if (element := quantized_element(value.type)) is not None]
    if isinstance(op, _MOVING) and not isinstance(op, _CARRYING):
        for element in elements:
            if not same_numbers(element, elements[0]):
                return f"expected '{op.name}' to keep scales and zero points, got {elements[0]} and {element}"
    return ""


def _computed(build: GraphBuilder, op: Operation) -> list[Tensor]:
    """The results of the op, computed with floats."""
    floats = [_dequantized(build, build.operand(value)) for value in op.operands]
    if not isinstance(op, HANDLED_OPS):
        new = op.clone()
        new.operands = [build.value(operand) for operand in floats]
        for result in new.results:
            Rewriter.replace_value_with_new_type(result, expressed_by(result.type))
        floats = [build.operand(result) for result in build.insert(new).results]
    return [_quantized(build, numbers, old.type) for numbers, old in zip(floats, op.results, strict=True)]


def _dequantized(build: GraphBuilder, tensor: Tensor) -> Tensor:
    element = tensor.element
    if not isinstance(element, UniformQuantizedType):
        return tensor
    numbers = build.convert(build.bit_cast(tensor, element.storage), element.expressed)
    centred = build.map("subtract", numbers, _points(build, element, numbers))
    return build.map("multiply", centred, _scales(build, element, numbers))


def _quantized(build: GraphBuilder, numbers: Tensor, type_: Attribute) -> Tensor:
    """Floats as the elements of a type; themselves where it is a type of floats."""
    element = quantized_element(type_)
    if element is None:
        return numbers
    scaled = build.map("divide", numbers, _scales(build, element, numbers))
    placed = build.map("add", scaled, _points(build, element, numbers))
    low, high = (build.scalar(limit.data, element.expressed) for limit in (element.low, element.high))
    kept = build.one("clamp", [low, placed, high], *placed.form)
    rounded = build.map("round_nearest_even", kept)
    return build.bit_cast(build.convert(rounded, element.storage), element)


def _scales(build: GraphBuilder, element: UniformQuantizedType, numbers: Tensor) -> Tensor:
    return _along(build, element, numbers, [scale.value.data for scale in element.scales])


def _points(build: GraphBuilder, element: UniformQuantizedType, numbers: Tensor) -> Tensor:
    return _along(build, element, numbers, [point.data for point in element.zero_points])


def _along(build: GraphBuilder, element: UniformQuantizedType, numbers: Tensor, each: Sequence[float]) -> Tensor:
    """A number of each scale, for a tensor of floats."""
    if not element.is_per_axis:
        return build.scalar(each[0], element.expressed)
    constant = build.constant(np.asarray(each, numbers.dtype))
    return build.broadcast_in_dim(constant, numbers.shape, [element.dimension.data])


def _retype(op: Operation) -> None:
    """Integers in the place of quantised numbers, wherever the op defines some."""
    arguments = [argument for region in op.regions for block in region.blocks for argument in block.args]
    for value in (*op.results, *arguments):
        if _is_quantized(value):
            Rewriter.replace_value_with_new_type(value, storage_of(value.type))
    if isinstance(op, func.FuncOp):
        signature = op.function_type
        op.function_type = FunctionType.from_lists(
            [storage_of(type_) for type_ in signature.inputs], [storage_of(type_) for type_ in signature.outputs]
        )
    elif isinstance(op, BitcastConvertOp) and op.operand.type == op.result.type:
        Rewriter.replace_op(op, [], [op.operand])
