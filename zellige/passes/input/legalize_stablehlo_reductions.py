"""legalize-stablehlo-reductions: `reduce` and `reduce_window` are generics with the body that the program gives.

Before:  %0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1]
                : (tensor<4x8xf32>, tensor<f32>) -> tensor<4xf32>

After:   %e = tensor.empty() : tensor<4xf32>
         %f = linalg.generic ins(%zero) outs(%e) { yield }
         %0 = linalg.generic {indexing_maps = [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)],
                              iterator_types = ["parallel", "reduction"]} ins(%x) outs(%f) { out + in }

A window has a loop for each of its dimensions that is larger than 1, after those of the result: a pooling is the
generic of linalg's named pooling. What stands around and between the elements is a `stablehlo.pad` with the initial
value, left to the pass on shapes. A window over all elements before each one, of a long row, is a `linalg_ext.scan`.

Sums and products of floats that are narrower than f32 are f32, and rounded once.

Leaves:  an op whose region is more than scalar computation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects.builtin import AnyFloat, ModuleOp, TensorType, f32
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.program_ops import is_program_op
from zellige.analysis.small_values import small_value
from zellige.dialects import linalg_ext
from zellige.dialects.generic_forms import Compute, FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_maps import iterator_types, projection
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.stablehlo.elementwise import AddOp, MaximumOp, MinimumOp, MultiplyOp
from zellige.dialects.stablehlo.reductions import ReduceOp, ReduceWindowOp, ReductionOp, payload_of
from zellige.dialects.stablehlo.shapes import PadOp, shape_of
from zellige.dialects.stablehlo.windows import Cumulative, cumulative
from zellige.passes.input.index_forms import positions
from zellige.passes.input.scalar_regions import can_convert, converted_scalar, scalar_region
from zellige.passes.input.stablehlo_scalars import can_inline, inline_body

HANDLED_OPS = (ReduceOp, ReduceWindowOp)
"""What is replaced."""


SHORT_ROW = 16
"""A window over a row of at most so many elements is no more work than a kernel of its own for it."""


class LegalizeStablehloReductionsPass(ModulePass):
    """Replace each reduction whose body is scalar computation with a generic."""

    name = "legalize-stablehlo-reductions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS) and is_program_op(o)]:
            if (reducer := _Reducer.of(inner)) is None:
                continue
            match inner:
                case ReduceOp():
                    results = _reduce(inner, reducer)
                case ReduceWindowOp():
                    results = _reduce_window(inner, reducer)
                case _:
                    continue
            for old, new in zip(inner.results, results, strict=True):
                new.name_hint = old.name_hint
            Rewriter.replace_op(inner, [], results)


class _Reducer:
    """The region of a reduction, and the types in which its values so far are kept."""

    def __init__(self, body: Region) -> None:
        self.body = body
        arguments = body.block.args
        self.types = [element_type(argument.type) for argument in arguments[: len(arguments) // 2]]

    @classmethod
    def of(cls, op: ReductionOp) -> _Reducer | None:
        """None for a body that is more than scalar computation."""
        reducer = cls(_wide(op.body) or op.body)
        elements = [tensor_type(value).element_type for value in (*op.inputs, *op.init_values)]
        casts = [*zip(elements, reducer.types * 2, strict=True)]
        casts += zip(reducer.types, [tensor_type(result).element_type for result in op.results], strict=True)
        known = can_inline(reducer.body) and all(can_convert(source, target) for source, target in casts)
        return reducer if known else None

    def combine(self, builder: Builder, elements: Sequence[SSAValue]) -> list[SSAValue]:
        """The values after, from the elements of the inputs and the values so far, which come last."""
        count = len(self.types)
        converted = [converted_scalar(builder, *pair) for pair in zip(elements[:count], self.types, strict=True)]
        return inline_body(builder, self.body, [*elements[-count:], *converted])


def _wide(body: Region) -> Region | None:
    """The sum or product of f32 in place of one of narrower floats."""
    payload = payload_of(body)
    element = element_type(body.block.args[0].type)
    if not isinstance(payload, AddOp | MultiplyOp) or not isinstance(element, AnyFloat) or element.bitwidth >= 32:
        return None
    op_type = type(payload)
    return scalar_region([f32, f32], lambda builder, arguments: builder.insert(op_type(*arguments)).result)


def _reduce(op: ReduceOp, reducer: _Reducer) -> list[SSAValue]:
    shape, dims = shape_of(op.inputs[0]), op.dimensions.get_values()
    kept = projection(len(shape), [d for d in range(len(shape)) if d not in dims])
    return _combine(
        op,
        reducer,
        op.inputs,
        [AffineMap.identity(len(shape))] * len(op.inputs) + [kept] * len(op.inputs),
        [d in dims for d in range(len(shape))],
        [size for d, size in enumerate(FormBuilder(op).sizes(op.inputs[0])) if d not in dims],
    )


def _reduce_window(op: ReduceWindowOp, reducer: _Reducer) -> list[SSAValue]:
    window, forms = op.window, FormBuilder(op)
    running = cumulative(shape_of(op.inputs[0]), window)
    if running is not None and window[running.dim].size > SHORT_ROW and _starts_from_identity(op):
        return [_scan(op, reducer, running)]
    rank = len(window)
    inner = [d for d in range(rank) if window[d].size > 1]
    loops = rank + len(inner)
    along = [AffineExpr.dimension(d) * window[d].stride for d in range(rank)]
    for loop, d in enumerate(inner, rank):
        along[d] = along[d] + AffineExpr.dimension(loop) * window[d].window_dilation
    inputs: list[SSAValue] = list(op.inputs)
    if any(dimension.moves_base for dimension in window):
        low = [dimension.low for dimension in window]
        high = [dimension.high for dimension in window]
        interior = [dimension.base_dilation - 1 for dimension in window]
        inputs = [
            forms.insert(PadOp(value, init, low, high, interior)).result
            for value, init in zip(inputs, op.init_values, strict=True)
        ]
    maps = [AffineMap(loops, 0, tuple(along))] * len(inputs)
    if inner:
        # Its elements are not read: it says how far the loops over the window go.
        shape = TensorType(tensor_type(inputs[0]).element_type, [window[d].size for d in inner])
        inputs.append(forms.empty(shape))
        maps.append(projection(loops, range(rank, loops)))
    maps += [projection(loops, range(rank))] * len(op.inputs)
    sizes = [positions(forms, forms.size(inputs[0], d), window[d].extent, window[d].stride) for d in range(rank)]
    return _combine(op, reducer, inputs, maps, [False] * rank + [True] * len(inner), sizes)


def _starts_from_identity(op: ReduceWindowOp) -> bool:
    """Whether one op combines single elements and leaves them as they are when the other one is the initial value."""
    payload, init = payload_of(op.body), small_value(op.init_values[0])
    if len(op.inputs) != 1 or payload is None or init is None:
        return False
    limits = (
        np.finfo(init.dtype) if init.dtype.kind == "f" else np.iinfo(init.dtype) if init.dtype.kind == "i" else None
    )
    match payload:
        case AddOp():
            return bool(init == 0)
        case MultiplyOp():
            return bool(init == 1)
        case MaximumOp() if limits is not None:
            return bool(init == (-np.inf if init.dtype.kind == "f" else limits.min))
        case MinimumOp() if limits is not None:
            return bool(init == (np.inf if init.dtype.kind == "f" else limits.max))
        case _:
            return False


def _scan(op: ReduceWindowOp, reducer: _Reducer, running: Cumulative) -> SSAValue:
    """The values on the way from the initial value along a dimension."""
    forms, source = FormBuilder(op), op.inputs[0]
    (kind,), element = reducer.types, tensor_type(op.res[0]).element_type
    row = TensorType(kind, [size for d, size in enumerate(shape_of(source)) if d != running.dim])
    sizes = [size for d, size in enumerate(forms.sizes(source)) if d != running.dim]
    nowhere = AffineMap(row.get_num_dims(), 0, ())
    start = forms.pointwise([op.init_values[0]], row, _conversion_to(kind), [nowhere], sizes)
    body = Block(arg_types=[kind, tensor_type(source).element_type])
    builder = Builder(InsertPoint.at_end(body))
    so_far, next_element = body.args
    builder.insert(linalg_ext.YieldOp(*reducer.combine(builder, [next_element, so_far])))
    scan = linalg_ext.ScanOp([source], [start], running.dim, Region(body), reverse=running.is_reverse)
    result = forms.insert(scan).outputs[0]
    return result if kind == element else _rounded(forms, result, element)


def _combine(
    op: ReductionOp,
    reducer: _Reducer,
    inputs: Sequence[SSAValue],
    maps: Sequence[AffineMap],
    is_reduction: Sequence[bool],
    sizes: Sequence[Index],
) -> list[SSAValue]:
    """The generic that starts from the initial values, and its results in the types of the results of `op`."""
    forms = FormBuilder(op)
    starts: list[SSAValue] = []
    for init, kind, result in zip(op.init_values, reducer.types, op.results, strict=True):
        start_type = TensorType(kind, tensor_type(result).get_shape())
        nowhere = AffineMap(start_type.get_num_dims(), 0, ())
        starts.append(forms.pointwise([init], start_type, _conversion_to(kind), [nowhere], sizes))
    results = forms.generics(inputs, starts, maps, iterator_types(is_reduction).data, reducer.combine)
    return [
        value if value.type == result.type else _rounded(forms, value, tensor_type(result).element_type)
        for value, result in zip(results, op.results, strict=True)
    ]


def _conversion_to(element: Attribute) -> Compute:
    return lambda builder, elements: converted_scalar(builder, elements[0], element)


def _rounded(forms: FormBuilder, value: SSAValue, element: Attribute) -> SSAValue:
    result_type = TensorType(element, tensor_type(value).get_shape())
    return forms.pointwise([value], result_type, _conversion_to(element))
