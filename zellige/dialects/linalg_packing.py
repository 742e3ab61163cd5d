"""linalg.pack and linalg.unpack: tensors whose dimensions are cut into tiles, and back.

Contract. Dimension `inner_dims_pos[k]` of the plain tensor is cut into tiles of `inner_tiles[k]` elements. The
tiles are the last dimensions of the packed one, in the order of this list; `outer_dims_perm` says which dimension of
the plain tensor each of the outer dimensions counts. `into` gives the result its shape; its elements are not read.
"""

from __future__ import annotations

from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseArrayBase, IndexType, TensorType, i64
from xdsl.dialects.utils.dynamic_index_list import DynamicIndexList
from xdsl.ir import Attribute, Operation
from xdsl.irdl import (
    AnyAttr,
    AttrSizedOperandSegments,
    IRDLOperation,
    VarConstraint,
    base,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import tensor_type

_TILES = (
    "(`outer_dims_perm` `=` $outer_dims_perm^)? `inner_dims_pos` `=` $inner_dims_pos `inner_tiles` `=`"
    " custom<DynamicIndexList>($inner_tiles, $static_inner_tiles) `into` $dest attr-dict"
    " `:` type($source) `->` type($dest)"
)

_RESULT = VarConstraint("Result", base(TensorType[Attribute]))


class _TiledOp(IRDLOperation):
    """What both have in common."""

    outer_dims_perm = opt_prop_def(DenseArrayBase.constr(i64))
    inner_dims_pos = prop_def(DenseArrayBase.constr(i64))
    static_inner_tiles = prop_def(DenseArrayBase.constr(i64))
    traits = traits_def(Pure())
    custom_directives = (DynamicIndexList,)

    @property
    def positions(self) -> tuple[int, ...]:
        return tuple(int(position) for position in self.inner_dims_pos.get_values())

    @property
    def tiles(self) -> tuple[int, ...]:
        return tuple(int(tile) for tile in self.static_inner_tiles.get_values())

    def outer_order(self, rank: int) -> tuple[int, ...]:
        """The dimension of the plain tensor that each outer dimension counts."""
        order = self.outer_dims_perm
        return tuple(range(rank)) if order is None or not len(order) else tuple(int(d) for d in order.get_values())

    def _check(self, plain: TensorType[Attribute], packed: TensorType[Attribute]) -> None:
        rank, positions, tiles = plain.get_num_dims(), self.positions, self.tiles
        if len(set(positions)) != len(positions) or not all(0 <= position < rank for position in positions):
            raise VerifyException(f"expected different dimensions of {plain}, got inner_dims_pos = {list(positions)}")
        if len(tiles) != len(positions) or any(tile < 1 and tile != DYNAMIC_INDEX for tile in tiles):
            raise VerifyException(f"expected {len(positions)} tiles of at least 1, got inner_tiles = {list(tiles)}")
        if sorted(self.outer_order(rank)) != list(range(rank)):
            raise VerifyException(f"outer_dims_perm is no permutation of {rank} dimensions")
        if DYNAMIC_INDEX in (*plain.get_shape(), *packed.get_shape(), *tiles):
            return
        sizes = list(plain.get_shape())
        for position, tile in zip(positions, tiles, strict=True):
            sizes[position] = -(-sizes[position] // tile)
        expected = (*(sizes[dim] for dim in self.outer_order(rank)), *tiles)
        if packed.get_shape() != expected or packed.element_type != plain.element_type:
            wanted = TensorType(plain.element_type, expected)
            raise VerifyException(f"expected {wanted} as the packed form of {plain}, got {packed}")


@irdl_op_definition
class PackOp(_TiledOp):
    """Cut dimensions into tiles; elements of tiles that are outside of the source have the padding value.

    ```mlir
    %1 = linalg.pack %x padding_value(%pad : f32) inner_dims_pos = [0, 1] inner_tiles = [8, 2] into %0
        : tensor<13x4xf32> -> tensor<2x2x8x2xf32>
    ```
    """

    name = "linalg.pack"

    source = operand_def(TensorType)
    dest = operand_def(_RESULT)
    padding_value = opt_operand_def(AnyAttr())
    inner_tiles = var_operand_def(IndexType())
    result = result_def(_RESULT)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    assembly_format = f"$source (`padding_value` `(` $padding_value^ `:` type($padding_value) `)`)? {_TILES}"

    def verify_(self) -> None:
        plain, packed = tensor_type(self.source), tensor_type(self.dest)
        self._check(plain, packed)
        if self.padding_value is not None:
            if self.padding_value.type != plain.element_type:
                raise VerifyException(
                    f"the padding value is {self.padding_value.type}, elements are {plain.element_type}"
                )
            return
        for position, tile in zip(self.positions, self.tiles, strict=True):
            size = plain.get_shape()[position]
            if DYNAMIC_INDEX not in (size, tile) and size % tile:
                message = f"dimension {position} of {size} elements does not fill tiles of {tile}"
                raise VerifyException(f"{message}: expected a padding value")


@irdl_op_definition
class UnpackOp(_TiledOp):
    """Put tiles together; what is outside of the result is dropped.

    ```mlir
    %1 = linalg.unpack %x inner_dims_pos = [0, 1] inner_tiles = [8, 2] into %0
        : tensor<2x2x8x2xf32> -> tensor<13x4xf32>
    ```
    """

    name = "linalg.unpack"

    source = operand_def(TensorType)
    dest = operand_def(_RESULT)
    inner_tiles = var_operand_def(IndexType())
    result = result_def(_RESULT)
    assembly_format = f"$source {_TILES}"

    def verify_(self) -> None:
        self._check(tensor_type(self.dest), tensor_type(self.source))


PACKING_OPS: tuple[type[Operation], ...] = (PackOp, UnpackOp)
