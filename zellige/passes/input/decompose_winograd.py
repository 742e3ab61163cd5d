"""decompose-winograd: the transforms of Winograd's convolution are products with constant matrices.

Before:  %1 = linalg.winograd_input_transform fmr(F_4_3) ins(%x : tensor<1x10x10x5xf32>)
                outs(%0 : tensor<6x6x2x2x1x5xf32>)
After:   %b = arith.constant dense<…> : tensor<6x6xf32>
         %2 = linalg.generic {(a, t, n, w, c, h) -> (a, h), (n, t * 4 + h, w, c), (a, t, n, w, c)} ins(%b, %x) …
         %1 = linalg.generic {(a, b, t, u, n, c, w) -> (b, w), (a, t, n, u * 4 + w, c), …} ins(%b, %2) …

First along the height, then along the width; sums start from zero, those of the output from what is there.

Fails:   for dynamic sizes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import AnyFloat, FloatAttr, ModuleOp, TensorType
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.constants import constant_op, dtype_of
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.linalg_winograd import (
    WinogradFilterTransformOp,
    WinogradInputTransformOp,
    WinogradOp,
    WinogradOutputTransformOp,
)
from zellige.dialects.reshapes import collapse
from zellige.dialects.shaped_types import element_type, has_static_shapes, tensor_type
from zellige.maths.winograd import Matrix, Transforms, transforms
from zellige.support.errors import CompileError


class DecomposeWinogradPass(ModulePass):
    """Replace the transforms with generics."""

    name = "decompose-winograd"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for transform in [o for o in op.walk() if isinstance(o, WinogradOp)]:
            if not has_static_shapes(transform):
                message = f"'{transform.name}' with dynamic sizes is not supported"
                raise CompileError(message, op=transform, pass_name=self.name)
            products = _Products(transform)
            match transform:
                case WinogradFilterTransformOp():
                    value = _filter(transform, products)
                case WinogradInputTransformOp():
                    value = _input(transform, products)
                case _:
                    assert isinstance(transform, WinogradOutputTransformOp)
                    value = _output(transform, products)
            value.name_hint = value.name_hint or transform.result.name_hint
            Rewriter.replace_op(transform, [], [value])


def _shape(value: SSAValue) -> tuple[int, ...]:
    return tensor_type(value).get_shape()


def _sides(op: WinogradOp, height: int, width: int) -> tuple[Transforms, Transforms, int, int]:
    """The matrices along height and width, and how many outputs a tile has along them; 1 where nothing is done."""
    size = op.outputs_of_tile, op.filter_size
    first, second = (size if side != 1 else (1, 1) for side in (height, width))
    return transforms(*first), transforms(*second), first[0], second[0]


def _filter(op: WinogradFilterTransformOp, products: _Products) -> SSAValue:
    filters, height, width, channels = _shape(op.source)
    rows, columns, _, _ = _sides(op, height, width)
    tall = products.of(
        "a w c f h", "a h", "f h w c", rows.filter, op.source, (rows.filter.shape[0], width, channels, filters)
    )
    return products.of("a b c f w", "b w", "a w c f", columns.filter, tall, _shape(op.dest))


def _input(op: WinogradInputTransformOp, products: _Products) -> SSAValue:
    high, wide, down, across, images, channels = _shape(op.dest)
    rows, columns, tall_step, wide_step = _sides(op, high, wide)
    width = _shape(op.source)[2]
    half = (high, down, images, width, channels)
    tall = products.of("a t n w c h", "a h", f"n t*{tall_step}+h w c", rows.input, op.source, half)
    shape = (high, wide, down, across, images, channels)
    return products.of("a b t u n c w", "b w", f"a t n u*{wide_step}+w c", columns.input, tall, shape)


def _output(op: WinogradOutputTransformOp, products: _Products) -> SSAValue:
    high, wide, down, across, images, filters = _shape(op.source)
    rows, columns, tall_step, wide_step = _sides(op, high, wide)
    half = (tall_step, wide, down, across, images, filters)
    tall = products.of("i b t u n f a", "i a", "a b t u n f", rows.output, op.source, half)
    tiles = (images, down, tall_step, across, wide_step, filters)
    made = products.of("n t i u j f b", "j b", "i b t u n f", columns.output, tall, tiles)
    forms, type_ = products.forms, tensor_type(op.dest)
    joined = forms.insert(collapse(made, [[0], [1, 2], [3, 4], [5]], type_)).result
    factor = rows.factor * columns.factor

    def add(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        scale = builder.insert(arith.ConstantOp(FloatAttr(factor, _float(type_.element_type)))).result
        return builder.insert(arith.AddfOp(elements[1], builder.insert(arith.MulfOp(elements[0], scale)))).result

    return forms.pointwise([joined, op.dest], type_, add)


def _float(element: object) -> AnyFloat:
    assert isinstance(element, AnyFloat)
    return element


class _Products:
    """Products of constant matrices and tensors, before an op."""

    def __init__(self, op: Operation) -> None:
        self.forms = FormBuilder(op)
        self._op = op

    def of(
        self, loops: str, matrix_dims: str, source_dims: str, matrix: Matrix, source: SSAValue, shape: Sequence[int]
    ) -> SSAValue:
        """Sums over the last loop, by index expressions: a loop, or `t*4+h`."""
        element = _float(element_type(source.type))
        kind = TensorType(element, matrix.shape)
        known = self.forms.insert(constant_op(matrix.astype(dtype_of(element) or np.float32), kind, self._op)).result
        names = loops.split()
        maps = [_map(names, matrix_dims), _map(names, source_dims), _map(names, " ".join(names[:-1]))]
        zero = self.forms.insert(arith.ConstantOp(FloatAttr(0.0, element))).result
        start = self.forms.fill(zero, TensorType(element, shape))
        kinds = [IteratorTypeAttr.parallel()] * (len(names) - 1) + [IteratorTypeAttr.reduction()]
        return self.forms.generic([known, source], start, maps, kinds, _multiply_add)


def _multiply_add(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
    product = builder.insert(arith.MulfOp(elements[0], elements[1])).result
    return builder.insert(arith.AddfOp(elements[2], product)).result


def _map(loops: Sequence[str], dims: str) -> AffineMap:
    exprs: list[AffineExpr] = []
    for text in dims.split():
        terms = [term.partition("*") for term in text.split("+")]
        parts = [AffineExpr.dimension(loops.index(loop)) * int(by or 1) for loop, _, by in terms]
        exprs.append(sum(parts[1:], start=parts[0]))
    return AffineMap(len(loops), 0, tuple(exprs))
