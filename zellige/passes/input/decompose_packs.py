"""decompose-packs: a packed tensor is a padded one whose dimensions are split and transposed.

Before:  %1 = linalg.pack %x padding_value(%z : f32) inner_dims_pos = [0] inner_tiles = [8] into %d
                : tensor<13x4xf32> -> tensor<2x4x8xf32>
After:   %p = tensor.pad %x low[0, 0] high[3, 0] { … %z } : tensor<13x4xf32> to tensor<16x4xf32>
         %s = tensor.expand_shape %p [[0, 1], [2]] : tensor<16x4xf32> into tensor<2x8x4xf32>
         %1 = linalg.transpose ins(%s) outs(%d : tensor<2x4x8xf32>) permutation = [0, 2, 1]

Before:  %1 = linalg.unpack %x inner_dims_pos = [0] inner_tiles = [8] into %d
                : tensor<2x4x8xf32> -> tensor<13x4xf32>
After:   %t = linalg.transpose ins(%x) outs(%e : tensor<2x8x4xf32>) permutation = [0, 2, 1]
         %c = tensor.collapse_shape %t [[0, 1], [2]] : tensor<2x8x4xf32> into tensor<16x4xf32>
         %1 = tensor.extract_slice %c[0, 0] [13, 4] [1, 1] : tensor<16x4xf32> to tensor<13x4xf32>

Sizes and tiles may be values: those of the plain tensor say how many tiles there are, and the program checks the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import IndexType, ModuleOp, TensorType
from xdsl.ir import Block, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_explicit import TransposeOp
from zellige.dialects.linalg_packing import PackOp, UnpackOp
from zellige.dialects.reshapes import collapse, expand
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import dynamic_only, known_or_dynamic, mixed
from zellige.passes.input.index_forms import divided_up, minus, product, times


class DecomposePacksPass(ModulePass):
    """Replace `linalg.pack` and `linalg.unpack`."""

    name = "decompose-packs"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for tiled in [o for o in op.walk() if isinstance(o, PackOp | UnpackOp)]:
            value = _packed(tiled) if isinstance(tiled, PackOp) else _unpacked(tiled)
            value.name_hint = value.name_hint or tiled.result.name_hint
            Rewriter.replace_op(tiled, [], [value])


class _Split:
    """The dimensions of a plain tensor, those that are tiled as two: number of tiles and elements of one.

    `sizes` are those of the plain tensor, `groups` the split dimensions of each plain one, `order` the split dimension
    that each packed one is.
    """

    def __init__(self, op: PackOp | UnpackOp, forms: FormBuilder, plain: SSAValue) -> None:
        tile_of = dict(zip(op.positions, mixed(op.tiles, op.inner_tiles), strict=True))
        self.sizes = forms.sizes(plain)
        self.shape: list[Index] = []
        self.padded: list[Index] = []
        self.groups: list[list[int]] = []
        for dim, size in enumerate(self.sizes):
            tile = tile_of.get(dim)
            parts = [size] if tile is None else [divided_up(forms, size, tile), tile]
            self.groups.append([*range(len(self.shape), len(self.shape) + len(parts))])
            self.shape += parts
            self.padded.append(size if len(parts) == 1 else times(forms, *parts))
        outer = op.outer_order(len(self.groups))
        self.order = [*(self.groups[dim][0] for dim in outer), *(self.groups[dim][1] for dim in op.positions)]

    @property
    def is_full(self) -> bool:
        """Whether it is known that all tiles are."""
        return self.padded == self.sizes


def _packed(op: PackOp) -> SSAValue:
    forms = FormBuilder(op)
    split = _Split(op, forms, op.source)
    source, element = op.source, tensor_type(op.source).element_type
    if not split.is_full and op.padding_value is not None:
        source = _padded(forms, source, op.padding_value, split)
    parts_type = TensorType(element, known_or_dynamic(split.shape))
    parts = forms.insert(expand(source, split.groups, parts_type, dynamic_only(split.shape))).result
    packed = TensorType(element, [parts_type.get_shape()[part] for part in split.order])
    dest = forms.cast(op.dest, packed.get_shape())
    return forms.cast(
        forms.insert(TransposeOp(parts, dest, split.order)).results[0], tensor_type(op.result).get_shape()
    )


def _padded(forms: FormBuilder, source: SSAValue, value: SSAValue, split: _Split) -> SSAValue:
    body = Block(arg_types=[IndexType()] * len(split.sizes))
    body.add_op(tensor.YieldOp(value))
    high = [minus(forms, whole, size) for whole, size in zip(split.padded, split.sizes, strict=True)]
    result_type = TensorType(tensor_type(source).element_type, known_or_dynamic(split.padded))
    low = [0] * len(high)
    return forms.insert(
        tensor.PadOp(source, [], dynamic_only(high), Region(body), low, known_or_dynamic(high), result_type)
    ).result


def _unpacked(op: UnpackOp) -> SSAValue:
    forms = FormBuilder(op)
    split = _Split(op, forms, op.dest)
    plain = tensor_type(op.dest)
    places = [split.order.index(part) for part in range(len(split.shape))]
    source_sizes = forms.sizes(op.source)
    sizes = [source_sizes[place] for place in places]
    apart = forms.empty(TensorType(plain.element_type, known_or_dynamic(sizes)), sizes)
    parts = forms.insert(TransposeOp(op.source, apart, places)).results[0]
    whole_type = TensorType(plain.element_type, known_or_dynamic(_joined(forms, sizes, split.groups)))
    whole = forms.insert(collapse(parts, split.groups, whole_type)).result
    if split.is_full and whole_type == plain:
        return whole
    zeros, ones = [0] * len(split.sizes), [1] * len(split.sizes)
    return forms.insert(tensor.ExtractSliceOp(whole, zeros, split.sizes, ones, plain)).result


def _joined(forms: FormBuilder, sizes: Sequence[Index], groups: Sequence[Sequence[int]]) -> list[Index]:
    return [product(forms, [sizes[part] for part in group]) for group in groups]
