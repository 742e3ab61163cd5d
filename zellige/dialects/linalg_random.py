"""linalg.fill_rng_2d: numbers that follow from a seed and their place, by a linear congruential generator.

Upstream's definition: two steps of it for each element, the first from row and seed, the second from that and the
column, scaled from the range of 32 bits to that between the first two inputs.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import ArrayAttr, FloatAttr, IntegerAttr, f64, i32
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.irdl import irdl_op_definition

from zellige.dialects.linalg_bodies import BodyBuilder, BodyError
from zellige.dialects.linalg_index import IndexOp
from zellige.dialects.linalg_maps import iterator_types
from zellige.dialects.linalg_named import NamedOp

MULTIPLIER, INCREMENT = 1103515245, 12345
OFFSET = 2147483647.0
"""What makes the smallest number of 32 bits about 0."""
SCALE = 2.3283064e-10
"""One over the numbers of 32 bits."""


@irdl_op_definition
class FillRng2dOp(NamedOp):
    """Numbers between the first two scalars that follow from the third, a seed, and their place.

    ```mlir
    %1 = linalg.fill_rng_2d ins(%min, %max, %seed : f64, f64, i32) outs(%0 : tensor<4x8xf32>) -> tensor<4x8xf32>
    ```
    """

    name = "linalg.fill_rng_2d"

    @classmethod
    def make_body(cls, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
        if list(types[:3]) != [f64, f64, i32]:
            raise BodyError(f"not defined on inputs of type {', '.join(map(str, types[:3]))}, expected f64, f64, i32")
        builder = BodyBuilder(types)
        least, most, seed = builder.block.args[:3]
        row, column = (_counter(builder, dim) for dim in range(2))
        state = _step(builder, builder.emit(arith.AddiOp(row, seed)))
        state = _step(builder, builder.emit(arith.AddiOp(column, state)))
        number = builder.emit(arith.SIToFPOp(state, f64))
        shifted = builder.emit(arith.AddfOp(number, _float(builder, OFFSET)))
        width = builder.emit(arith.SubfOp(most, least))
        factor = builder.emit(arith.MulfOp(width, _float(builder, SCALE)))
        scaled = builder.emit(arith.MulfOp(shifted, factor))
        value = builder.emit(arith.AddfOp(scaled, least))
        return builder.yielding(builder.cast(value, types[-1], is_unsigned=is_unsigned))

    @classmethod
    def operand_count(cls) -> int:
        return 4

    def default_maps(self) -> Sequence[AffineMap]:
        return [AffineMap(2, 0, ())] * 3 + [AffineMap.identity(2)]

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([False, False])


def _counter(builder: BodyBuilder, dim: int) -> SSAValue:
    return builder.emit(arith.IndexCastOp(builder.emit(IndexOp(dim)), i32))


def _float(builder: BodyBuilder, number: float) -> SSAValue:
    return builder.emit(arith.ConstantOp(FloatAttr(number, f64)))


def _integer(builder: BodyBuilder, number: int) -> SSAValue:
    return builder.emit(arith.ConstantOp(IntegerAttr(number, i32)))


def _step(builder: BodyBuilder, state: SSAValue) -> SSAValue:
    product = builder.emit(arith.MuliOp(state, _integer(builder, MULTIPLIER)))
    return builder.emit(arith.AddiOp(product, _integer(builder, INCREMENT)))
