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

Fails:   for dynamic sizes and tiles.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, ModuleOp, TensorType
from xdsl.ir import Block, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.linalg_explicit import TransposeOp
from zellige.dialects.linalg_packing import PackOp, UnpackOp
from zellige.dialects.reshapes import collapse, expand
from zellige.dialects.shaped_types import tensor_type
from zellige.support.errors import CompileError


class DecomposePacksPass(ModulePass):
    """Replace `linalg.pack` and `linalg.unpack`."""

    name = "decompose-packs"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for tiled in [o for o in op.walk() if isinstance(o, PackOp | UnpackOp)]:
            types = (tensor_type(tiled.source), tensor_type(tiled.dest))
            if DYNAMIC_INDEX in (*tiled.tiles, *(size for type_ in types for size in type_.get_shape())):
                raise CompileError(f"'{tiled.name}' with dynamic sizes is not supported", op=tiled, pass_name=self.name)
            value = _packed(tiled) if isinstance(tiled, PackOp) else _unpacked(tiled)
            value.name_hint = value.name_hint or tiled.result.name_hint
            Rewriter.replace_op(tiled, [], [value])


class _Split:
    """The dimensions of a plain tensor, those that are tiled as two: number of tiles and elements of one.

    `groups` are the split dimensions of each plain one, `order` the split dimension that each packed one is.
    """

    def __init__(self, op: PackOp | UnpackOp, plain: TensorType) -> None:
        tile_of = dict(zip(op.positions, op.tiles, strict=True))
        self.shape: list[int] = []
        self.groups: list[list[int]] = []
        for dim, size in enumerate(plain.get_shape()):
            tile = tile_of.get(dim)
            parts = [size] if tile is None else [-(-size // tile), tile]
            self.groups.append([*range(len(self.shape), len(self.shape) + len(parts))])
            self.shape += parts
        outer = op.outer_order(len(self.groups))
        self.order = [*(self.groups[dim][0] for dim in outer), *(self.groups[dim][1] for dim in op.positions)]
        self.padded = [size if dim not in tile_of else self._whole(dim) for dim, size in enumerate(plain.get_shape())]

    def _whole(self, dim: int) -> int:
        tiles, tile = (self.shape[part] for part in self.groups[dim])
        return tiles * tile


def _packed(op: PackOp) -> SSAValue:
    plain = tensor_type(op.source)
    forms, split = FormBuilder(op), _Split(op, plain)
    source = op.source
    if tuple(split.padded) != plain.get_shape():
        assert op.padding_value is not None, "tiles that are not full have a padding value"
        source = _padded(forms, source, op.padding_value, split.padded)
    parts = forms.insert(expand(source, split.groups, TensorType(plain.element_type, split.shape))).result
    return forms.insert(TransposeOp(parts, op.dest, split.order)).results[0]


def _padded(forms: FormBuilder, source: SSAValue, value: SSAValue, shape: list[int]) -> SSAValue:
    plain = tensor_type(source)
    body = Block(arg_types=[IndexType()] * len(shape))
    body.add_op(tensor.YieldOp(value))
    high = [whole - size for whole, size in zip(shape, plain.get_shape(), strict=True)]
    result_type = TensorType(plain.element_type, shape)
    return forms.insert(tensor.PadOp(source, [], [], Region(body), [0] * len(shape), high, result_type)).result


def _unpacked(op: UnpackOp) -> SSAValue:
    plain = tensor_type(op.dest)
    forms, split = FormBuilder(op), _Split(op, plain)
    places = [split.order.index(part) for part in range(len(split.shape))]
    apart = forms.empty(TensorType(plain.element_type, split.shape))
    parts = forms.insert(TransposeOp(op.source, apart, places)).results[0]
    whole = forms.insert(collapse(parts, split.groups, TensorType(plain.element_type, split.padded))).result
    if tuple(split.padded) == plain.get_shape():
        return whole
    zeros, ones = [0] * len(split.padded), [1] * len(split.padded)
    return forms.insert(tensor.ExtractSliceOp.from_static_parameters(whole, zeros, plain.get_shape(), ones)).result
