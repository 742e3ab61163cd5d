"""shape: upstream's dialect of shapes and of what must be so of them, as far as tensor programs have it.

Contract. A shape is a tensor of indices, an extent each, or a `!shape.shape`; a size is an index or a `!shape.size`. A
witness says that something is so: a program stops where it is not, whether the witness is used or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import (
    BoolAttr,
    DenseIntElementsAttr,
    IndexType,
    IntegerAttr,
    StringAttr,
    TensorType,
    i1,
)
from xdsl.ir import Attribute, Dialect, Operation, ParametrizedAttribute, SSAValue, TypeAttribute
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.linalg_syntax import parse_result_types, print_result_types


@irdl_attr_definition
class ShapeType(ParametrizedAttribute, TypeAttribute):
    """`!shape.shape`: the extents of a tensor of any rank."""

    name = "shape.shape"


@irdl_attr_definition
class SizeType(ParametrizedAttribute, TypeAttribute):
    """`!shape.size`: an extent, or a number made of extents."""

    name = "shape.size"


@irdl_attr_definition
class WitnessType(ParametrizedAttribute, TypeAttribute):
    """`!shape.witness`: that something is so."""

    name = "shape.witness"


_SHAPE = base(ShapeType) | base(TensorType[IndexType])
_SIZE = base(SizeType) | base(IndexType)


class _ShapeOp(IRDLOperation):
    """What the ops of this dialect have in common."""

    traits = traits_def(Pure())


@irdl_op_definition
class ShapeOfOp(_ShapeOp):
    """The extents of a tensor."""

    name = "shape.shape_of"

    arg = operand_def(TensorType)
    result = result_def(_SHAPE)
    assembly_format = "$arg attr-dict `:` type($arg) `->` type($result)"


@irdl_op_definition
class ConstShapeOp(_ShapeOp):
    """A shape that is known."""

    name = "shape.const_shape"

    shape = prop_def(DenseIntElementsAttr)
    result = result_def(_SHAPE)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        attributes = parser.parse_optional_attr_dict()
        extents = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
        parser.parse_punctuation(":")
        known = DenseIntElementsAttr.from_list(TensorType(IndexType(), [len(extents)]), extents)
        result = parser.parse_type()
        return cls(result_types=[result], properties={"shape": known}, attributes=attributes)

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes)
        printer.print_string(f" [{', '.join(map(str, self.extents))}] : ")
        printer.print_attribute(self.result.type)

    @property
    def extents(self) -> tuple[int, ...]:
        return tuple(int(extent) for extent in self.shape.get_values())


@irdl_op_definition
class ConstSizeOp(_ShapeOp):
    """A size that is known."""

    name = "shape.const_size"

    value = prop_def(IntegerAttr[IndexType])
    result = result_def(base(SizeType))
    assembly_format = "$value attr-dict"


@irdl_op_definition
class ConstWitnessOp(_ShapeOp):
    """A witness of what is known."""

    name = "shape.const_witness"

    passing = prop_def(BoolAttr)
    result = result_def(base(WitnessType))
    assembly_format = "$passing attr-dict"


@irdl_op_definition
class FromExtentsOp(_ShapeOp):
    """The shape with these extents."""

    name = "shape.from_extents"

    extents = var_operand_def(_SIZE)
    shape = result_def(base(ShapeType))
    assembly_format = "$extents attr-dict `:` type($extents)"


@irdl_op_definition
class FromExtentTensorOp(_ShapeOp):
    """The shape whose extents are in a tensor."""

    name = "shape.from_extent_tensor"

    input = operand_def(_SHAPE)
    result = result_def(base(ShapeType))
    assembly_format = "$input attr-dict `:` type($input)"


@irdl_op_definition
class ToExtentTensorOp(_ShapeOp):
    """The extents of a shape as a tensor."""

    name = "shape.to_extent_tensor"

    input = operand_def(_SHAPE)
    result = result_def(_SHAPE)
    assembly_format = "$input attr-dict `:` type($input) `->` type($result)"


@irdl_op_definition
class GetExtentOp(_ShapeOp):
    """One extent of a shape."""

    name = "shape.get_extent"

    shape = operand_def(_SHAPE)
    dim = operand_def(_SIZE)
    extent = result_def(_SIZE)
    assembly_format = "$shape `,` $dim attr-dict `:` type($shape) `,` type($dim) `->` type($extent)"


@irdl_op_definition
class DimOp(_ShapeOp):
    """One extent of a tensor."""

    name = "shape.dim"

    value = operand_def(TensorType)
    index = operand_def(_SIZE)
    extent = result_def(_SIZE)
    assembly_format = "$value `,` $index attr-dict `:` type($value) `,` type($index) `->` type($extent)"


@irdl_op_definition
class RankOp(_ShapeOp):
    """The number of extents of a shape."""

    name = "shape.rank"

    shape = operand_def(_SHAPE)
    rank = result_def(_SIZE)
    assembly_format = "$shape attr-dict `:` type($shape) `->` type($rank)"


@irdl_op_definition
class NumElementsOp(_ShapeOp):
    """The product of the extents of a shape."""

    name = "shape.num_elements"

    shape = operand_def(_SHAPE)
    result = result_def(_SIZE)
    assembly_format = "$shape attr-dict `:` type($shape) `->` type($result)"


class _OfShapes(_ShapeOp):
    """A shape made of several."""

    shapes = var_operand_def(_SHAPE)
    result = result_def(_SHAPE)
    assembly_format = "$shapes attr-dict `:` type($shapes) `->` type($result)"


@irdl_op_definition
class BroadcastOp(_OfShapes):
    """The shape of what broadcasts tensors of these shapes, from their last dimensions on."""

    name = "shape.broadcast"


@irdl_op_definition
class AnyOp(_OfShapes):
    """One of several shapes that are the same."""

    name = "shape.any"


@irdl_op_definition
class ConcatOp(_ShapeOp):
    """The extents of one shape, then those of another one."""

    name = "shape.concat"

    lhs = operand_def(_SHAPE)
    rhs = operand_def(_SHAPE)
    result = result_def(_SHAPE)
    assembly_format = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)"


@irdl_op_definition
class SplitAtOp(_ShapeOp):
    """The extents before a place, which counts from the end where it is negative, and those from there on."""

    name = "shape.split_at"

    operand = operand_def(_SHAPE)
    index = operand_def(_SIZE)
    head = result_def(_SHAPE)
    tail = result_def(_SHAPE)


class _OfSizes(_ShapeOp):
    """A size made of two."""

    lhs = operand_def(_SIZE)
    rhs = operand_def(_SIZE)
    result = result_def(_SIZE)
    assembly_format = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)"


@irdl_op_definition
class AddOp(_OfSizes):
    """The sum of two sizes."""

    name = "shape.add"


@irdl_op_definition
class MulOp(_OfSizes):
    """The product of two sizes."""

    name = "shape.mul"


@irdl_op_definition
class DivOp(_OfSizes):
    """The quotient of two sizes, rounded down."""

    name = "shape.div"


@irdl_op_definition
class MaxOp(_OfSizes):
    """The larger one of two sizes."""

    name = "shape.max"


@irdl_op_definition
class MinOp(_OfSizes):
    """The smaller one of two sizes."""

    name = "shape.min"


@irdl_op_definition
class SizeToIndexOp(_ShapeOp):
    """A size as an index."""

    name = "shape.size_to_index"

    arg = operand_def(_SIZE)
    result = result_def(IndexType())
    assembly_format = "$arg attr-dict `:` type($arg)"


@irdl_op_definition
class IndexToSizeOp(_ShapeOp):
    """An index as a size."""

    name = "shape.index_to_size"

    arg = operand_def(IndexType())
    result = result_def(base(SizeType))
    assembly_format = "$arg attr-dict"


class _ShapesTest(_ShapeOp):
    """Whether something is so of several shapes."""

    shapes = var_operand_def(_SHAPE)
    assembly_format = "$shapes attr-dict `:` type($shapes)"


@irdl_op_definition
class ShapeEqOp(_ShapesTest):
    """Whether all shapes are the same."""

    name = "shape.shape_eq"

    result = result_def(i1)


@irdl_op_definition
class IsBroadcastableOp(_ShapesTest):
    """Whether tensors of these shapes can be broadcast to one shape."""

    name = "shape.is_broadcastable"

    result = result_def(i1)


@irdl_op_definition
class CstrEqOp(_ShapesTest):
    """All shapes are the same."""

    name = "shape.cstr_eq"

    result = result_def(base(WitnessType))


@irdl_op_definition
class CstrBroadcastableOp(_ShapesTest):
    """Tensors of these shapes can be broadcast to one shape."""

    name = "shape.cstr_broadcastable"

    result = result_def(base(WitnessType))


@irdl_op_definition
class CstrRequireOp(_ShapeOp):
    """A condition holds."""

    name = "shape.cstr_require"

    pred = operand_def(i1)
    msg = prop_def(StringAttr)
    result = result_def(base(WitnessType))
    assembly_format = "$pred `,` $msg attr-dict"


@irdl_op_definition
class AssumingAllOp(_ShapeOp):
    """All of several witnesses."""

    name = "shape.assuming_all"

    inputs = var_operand_def(base(WitnessType))
    result = result_def(base(WitnessType))
    assembly_format = "$inputs attr-dict"


@irdl_op_definition
class AssumingYieldOp(IRDLOperation):
    """The results of `shape.assuming`."""

    name = "shape.assuming_yield"

    values = var_operand_def()
    traits = traits_def(IsTerminator(), Pure())
    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def __init__(self, *values: SSAValue) -> None:
        super().__init__(operands=[values])


@irdl_op_definition
class AssumingOp(IRDLOperation):
    """Run the region where the witness says that something is so.

    ```mlir
    %1 = shape.assuming %witness -> (tensor<?xf32>) {
      …
      shape.assuming_yield %0 : tensor<?xf32>
    }
    ```
    """

    name = "shape.assuming"

    witness = operand_def(base(WitnessType))
    region = region_def("single_block")
    res = var_result_def()

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        witness = parser.parse_operand(WitnessType())
        types = parse_result_types(parser)
        region = parser.parse_region()
        if not isinstance(region.block.last_op, AssumingYieldOp):
            region.block.add_op(AssumingYieldOp())
        attributes = parser.parse_optional_attr_dict()
        return cls(operands=[witness], result_types=[types], regions=[region], attributes=attributes)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.witness)
        print_result_types(printer, self.res.types)
        printer.print_string(" ")
        printer.print_region(self.region)
        printer.print_op_attributes(self.attributes)

    def verify_(self) -> None:
        last = self.region.block.last_op
        if not isinstance(last, AssumingYieldOp) or last.values.types != self.res.types:
            raise VerifyException(f"expected a region that yields ({_words(self.res.types)})")


def _words(types: Sequence[Attribute]) -> str:
    return ", ".join(map(str, types))


SHAPE_OPS: tuple[type[Operation], ...] = (
    ShapeOfOp,
    ConstShapeOp,
    ConstSizeOp,
    ConstWitnessOp,
    FromExtentsOp,
    FromExtentTensorOp,
    ToExtentTensorOp,
    GetExtentOp,
    DimOp,
    RankOp,
    NumElementsOp,
    BroadcastOp,
    AnyOp,
    ConcatOp,
    SplitAtOp,
    AddOp,
    MulOp,
    DivOp,
    MaxOp,
    MinOp,
    SizeToIndexOp,
    IndexToSizeOp,
    ShapeEqOp,
    IsBroadcastableOp,
    CstrEqOp,
    CstrBroadcastableOp,
    CstrRequireOp,
    AssumingAllOp,
    AssumingOp,
    AssumingYieldOp,
)

Shape = Dialect("shape", [*SHAPE_OPS], [ShapeType, SizeType, WitnessType])
