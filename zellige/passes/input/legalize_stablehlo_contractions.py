"""legalize-stablehlo-contractions: `dot`, `dot_general`, `einsum`, `convolution` are generics that multiply and add.

Before:  %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<4x8xf32>, tensor<8x2xf32>) -> …

After:   %e = tensor.empty() : tensor<4x2xf32>
         %z = linalg.generic ins(%zero : tensor<f32>) outs(%e) { yield }
         %0 = linalg.generic {indexing_maps = [(d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d2, d1),
                                               (d0, d1, d2) -> (d0, d1)],
                              iterator_types = ["parallel", "parallel", "reduction"]}
              ins(%a, %b) outs(%z) { out + a * b }

Loops stand in the order of the result's dimensions, then of the left operand's: where linalg has a named op for it,
this is the generic of that op. What is around and between the elements of a convolution, a window that is reversed and
dimensions that are split into groups are `stablehlo.pad`, `reverse` and `reshape` of the operands, left to the pass on
shapes; groups are a loop of their own.

Sums of floats that are narrower than f32 are f32, and rounded once.

Leaves:  an op on types that the table of scalars cannot multiply or convert, and a `dynamic_conv` whose padding is not
         known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloat,
    DenseIntElementsAttr,
    IndexType,
    ModuleOp,
    TensorType,
    f32,
    f64,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.analysis.program_ops import is_program_op
from zellige.analysis.small_values import small_value
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_maps import iterator_types
from zellige.dialects.linalg_structured import Body, Structure
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.stablehlo.contraction_attributes import OperandDimensions
from zellige.dialects.stablehlo.contractions import (
    AnyConvolutionOp,
    ConvolutionOp,
    DotGeneralOp,
    DotOp,
    DynamicConvOp,
    EinsumOp,
)
from zellige.dialects.stablehlo.dynamic import DynamicReshapeOp
from zellige.dialects.stablehlo.elementwise import AddOp, MultiplyOp
from zellige.dialects.stablehlo.shapes import PadOp, ReshapeOp, ReverseOp, expect_result, shape_of
from zellige.dialects.stablehlo.windows import WindowDimension, padding_attr
from zellige.passes.input.index_forms import positions
from zellige.passes.input.scalar_regions import can_convert, converted, converted_scalar, scalar_region, zero
from zellige.passes.input.stablehlo_scalars import can_inline, inline_body
from zellige.support.errors import CompileError

HANDLED_OPS = (DotOp, DotGeneralOp, EinsumOp, ConvolutionOp, DynamicConvOp)
"""What is replaced."""


@dataclass(frozen=True)
class Product:
    """What is multiplied and summed up: an index expression for each dimension, as in `linalg_structured`.

    An expression is a loop, or `place~offset` for a window with a stride and a dilation. Each dimension of the result
    is a loop of its own; all other loops are sums.
    """

    lhs: tuple[str, ...]
    rhs: tuple[str, ...]
    result: tuple[str, ...]
    strides: tuple[int, ...] = ()
    dilations: tuple[int, ...] = ()

    @property
    def structure(self) -> Structure:
        """The loops in order, and the operands."""
        read = [expression.split("~")[-1] for expression in self.lhs + self.rhs]
        sums = dict.fromkeys(loop for loop in read if loop not in self.result)
        operands = (self.lhs, self.rhs, self.result)
        return Structure((*self.result, *sums), frozenset(sums), operands, Body.MULTIPLY_ADD)


class LegalizeStablehloContractionsPass(ModulePass):
    """Replace each product of tensors with a generic."""

    name = "legalize-stablehlo-contractions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS) and is_program_op(o)]:
            match inner:
                case DotOp() | DotGeneralOp():
                    result = _multiply(inner, inner.lhs, inner.rhs, _dot(inner), shape_of(inner.result))
                case EinsumOp():
                    result = _multiply(inner, inner.lhs, inner.rhs, _einsum(inner), shape_of(inner.result))
                case ConvolutionOp():
                    result = _convolve(inner, inner.padding)
                case DynamicConvOp():
                    result = self._convolve_dynamic(inner)
                case _:
                    continue
            if result is not None:
                result.name_hint = inner.results[0].name_hint
                Rewriter.replace_op(inner, [], [result])

    def _convolve_dynamic(self, op: DynamicConvOp) -> SSAValue | None:
        amounts = small_value(op.padding)
        if amounts is None:
            return None
        padding = padding_attr([(int(low), int(high)) for low, high in amounts])
        try:
            expect_result(op.result, op.result_shape(padding), tensor_type(op.result).element_type)
        except VerifyException as error:
            raise CompileError(str(error), op=op, pass_name=self.name) from error
        return _convolve(op, padding)


def _sum_type(op: Operation) -> Attribute:
    """The type of the sums: that of the result, but at least f32, and at least as wide as an algorithm asks for."""
    element = tensor_type(op.results[0]).element_type
    if not isinstance(element, AnyFloat):
        return element
    algorithm = dict(op.algorithm.data) if isinstance(op, DotGeneralOp) and op.algorithm is not None else {}
    if element == f64 or algorithm.get("accumulation_type") == "f64":
        return f64
    return f32


def _dot(op: DotOp | DotGeneralOp) -> Product:
    dims = op.dimensions
    lhs = {d: f"m{d}" for d in range(len(shape_of(op.lhs)))}
    rhs = {d: f"n{d}" for d in range(len(shape_of(op.rhs)))}
    rhs |= {e: lhs[d] for d, e in zip(dims.lhs_batching, dims.rhs_batching, strict=True)}
    rhs |= {e: lhs[d] for d, e in zip(dims.lhs_contracting, dims.rhs_contracting, strict=True)}
    result = [lhs[d] for d in (*dims.lhs_batching, *dims.lhs_free(len(lhs)))]
    return Product(tuple(lhs.values()), tuple(rhs.values()), (*result, *(rhs[d] for d in dims.rhs_free(len(rhs)))))


def _einsum(op: EinsumOp) -> Product:
    lhs, rhs, result = op.letters
    return Product(tuple(lhs), tuple(rhs), tuple(result))


def _multiply(
    op: Operation,
    lhs: SSAValue,
    rhs: SSAValue,
    product: Product,
    shape: Sequence[int],
) -> SSAValue | None:
    """The sums of products as a tensor of this shape, with the elements of the result of `op`.

    None where the table of scalars does not know how these elements are multiplied or added.
    """
    forms = FormBuilder(op)
    element, sum_type = tensor_type(op.results[0]).element_type, _sum_type(op)
    structure = product.structure
    operands = [tensor_type(value).element_type for value in (lhs, rhs)]
    body = scalar_region([*operands, sum_type], _multiply_add if structure.reductions else _multiply_only)
    if not can_inline(body) or not can_convert(sum_type, element):
        return None
    sums = TensorType(sum_type, shape)
    sizes = _sizes(forms, lhs, rhs, product)
    total = forms.generic(
        [lhs, rhs],
        forms.fill(zero(forms, sum_type), sums, sizes) if structure.reductions else forms.empty(sums, sizes),
        structure.maps(product.strides, product.dilations),
        iterator_types([loop in structure.reductions for loop in structure.loops]).data,
        lambda builder, elements: inline_body(builder, body, elements)[0],
    )
    if element == sum_type:
        return total
    return forms.pointwise(
        [total], TensorType(element, shape), lambda builder, elements: converted_scalar(builder, elements[0], element)
    )


def _sizes(forms: FormBuilder, lhs: SSAValue, rhs: SSAValue, product: Product) -> list[Index]:
    """The size of each dimension of the result: that of an operand's with the same loop, or the places of a window."""
    windows = zip([place for place in product.lhs if "~" in place], product.strides, product.dilations, strict=False)
    steps = {place: (stride, dilation) for place, stride, dilation in windows}
    kernel = {loop: forms.size(rhs, d) for d, loop in enumerate(product.rhs)}
    found = dict(kernel)
    for d, place in enumerate(product.lhs):
        loop, _, offset = place.partition("~")
        found[loop] = forms.size(lhs, d)
        if offset:
            stride, dilation = steps[place]
            window = kernel[offset]
            assert isinstance(window, int)
            found[loop] = positions(forms, found[loop], (window - 1) * dilation + 1, stride)
    return [found[loop] for loop in product.result]


def _multiply_only(builder: Builder, arguments: Sequence[SSAValue]) -> SSAValue:
    *factors, total = arguments
    lhs, rhs = (converted(builder, factor, element_type(total.type)) for factor in factors)
    return builder.insert(MultiplyOp(lhs, rhs)).result


def _multiply_add(builder: Builder, arguments: Sequence[SSAValue]) -> SSAValue:
    return builder.insert(AddOp(arguments[-1], _multiply_only(builder, arguments))).result


def _convolve(op: AnyConvolutionOp, padding: DenseIntElementsAttr | None) -> SSAValue | None:
    forms = FormBuilder(op)
    dims, window = op.dimensions, op.window(padding)
    product = Product(
        _names(dims.input, "n", "c", [f"o{i}~k{i}" for i in range(len(window))]),
        _names(dims.kernel, "c", "f", [f"k{i}" for i in range(len(window))]),
        _names(dims.output, "n", "f", [f"o{i}" for i in range(len(window))]),
        tuple(window[i].stride for i in _order(dims.input)),
        tuple(window[i].window_dilation for i in _order(dims.input)),
    )
    lhs, rhs = _padded(forms, op.lhs, dims.input, window), _unreversed(forms, op.rhs, dims.kernel, window)
    shape = shape_of(op.result)
    groups = op.feature_groups * op.batch_groups
    if groups > 1:
        grouped = dims.input.second if op.feature_groups > 1 else dims.input.first
        splits = (grouped, dims.kernel.second, dims.output.second)
        expressions = (product.lhs, product.rhs, product.result)
        shapes = (shape_of(lhs), shape_of(rhs), shape)
        factored = [
            _split(names, sizes, split, groups) for names, sizes, split in zip(expressions, shapes, splits, strict=True)
        ]
        product = replace(product, lhs=factored[0].names, rhs=factored[1].names, result=factored[2].names)
        lhs = _reshaped(forms, lhs, factored[0].sizes)
        rhs = _reshaped(forms, rhs, factored[1].sizes)
        shape = factored[2].sizes
    result = _multiply(op, lhs, rhs, product, shape)
    return result if result is None or groups == 1 else _reshaped(forms, result, shape_of(op.result))


def _names(dims: OperandDimensions, first: str, second: str, spatial: Sequence[str]) -> tuple[str, ...]:
    """An index expression for each dimension."""
    names = {dims.first: first, dims.second: second} | dict(zip(dims.spatial, spatial, strict=True))
    return tuple(names[d] for d in range(dims.rank))


def _order(dims: OperandDimensions) -> list[int]:
    """The dimensions in space in the order in which the operand has them."""
    return sorted(range(len(dims.spatial)), key=lambda i: dims.spatial[i])


def _padded(forms: FormBuilder, lhs: SSAValue, dims: OperandDimensions, window: Sequence[WindowDimension]) -> SSAValue:
    """The input with zeros around it and between its elements."""
    if not any(along.moves_base for along in window):
        return lhs
    amounts = [(0, 0, 0)] * dims.rank
    for d, along in zip(dims.spatial, window, strict=True):
        amounts[d] = (along.low, along.high, along.base_dilation - 1)
    low, high, interior = zip(*amounts, strict=True)
    return forms.insert(PadOp(lhs, zero(forms, tensor_type(lhs).element_type), low, high, interior)).result


def _unreversed(
    forms: FormBuilder, rhs: SSAValue, dims: OperandDimensions, window: Sequence[WindowDimension]
) -> SSAValue:
    """The kernel in the order in which it goes over the input."""
    reversed_dims = [d for d, along in zip(dims.spatial, window, strict=True) if along.is_reversed]
    return forms.insert(ReverseOp(rhs, reversed_dims)).result if reversed_dims else rhs


def _reshaped(forms: FormBuilder, value: SSAValue, shape: Sequence[int]) -> SSAValue:
    """A reshape that splits and joins static dimensions only: the dynamic ones stay in their order."""
    if DYNAMIC_INDEX not in shape:
        return forms.insert(ReshapeOp(value, shape)).result
    dynamic = (size for size in forms.sizes(value) if not isinstance(size, int))
    sizes = [forms.index(next(dynamic) if size == DYNAMIC_INDEX else size) for size in shape]
    amounts = forms.insert(tensor.FromElementsOp(*sizes, result_type=TensorType(IndexType(), [len(sizes)])))
    return forms.insert(DynamicReshapeOp(value, amounts.result, shape)).result


@dataclass(frozen=True)
class _Factored:
    """Index expressions and sizes of an operand whose groups have a dimension of their own."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]


def _split(names: Sequence[str], sizes: Sequence[int], dim: int, groups: int) -> _Factored:
    """Split a dimension into groups and what is in each; a group of 1 needs no loop, nor does a channel of 1."""
    factored: list[tuple[str, int]] = []
    for d, (name, size) in enumerate(zip(names, sizes, strict=True)):
        if d == dim:
            factored += [("g", groups), (name, size // groups)]
        else:
            factored.append((name, size))
    kept = [(name, size) for name, size in factored if name not in ("c", "f") or size > 1]
    return _Factored(tuple(name for name, _ in kept), tuple(size for _, size in kept))
