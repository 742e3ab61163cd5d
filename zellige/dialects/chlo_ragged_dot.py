"""`chlo.ragged_dot`: a product of which one dimension is cut into groups whose sizes are known when the program runs.

Contract. Groups follow each other along the ragged dimension of the left operand. A dimension that only the result has:
each group meets a matrix of its own, an index of the group dimension of the right operand. A dimension that is summed
over: there is a result for each group. A dimension of the batch: groups change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from xdsl.dialects.builtin import ArrayAttr, IntegerType, TensorType
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Data, SpacedOpaqueSyntaxAttribute
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.contraction_attributes import DotDimensions, Precision, parse_dimensions
from zellige.dialects.stablehlo.shapes import expect_dimensions, expect_result, shape_of

_TENSOR = base(TensorType)


@irdl_attr_definition
class PrecisionAttr(EnumAttribute[Precision], SpacedOpaqueSyntaxAttribute):
    """`#chlo<precision DEFAULT>`."""

    name = "chlo.precision"


@dataclass(frozen=True)
class RaggedDimensions:
    """Which dimensions are summed over, which are a batch, and which one has groups."""

    lhs_batching_dimensions: tuple[int, ...] = ()
    rhs_batching_dimensions: tuple[int, ...] = ()
    lhs_contracting_dimensions: tuple[int, ...] = ()
    rhs_contracting_dimensions: tuple[int, ...] = ()
    lhs_ragged_dimensions: tuple[int, ...] = ()
    rhs_group_dimensions: tuple[int, ...] = ()

    @property
    def ragged(self) -> int:
        """The dimension of the left operand that has groups."""
        return self.lhs_ragged_dimensions[0]

    @property
    def sums_groups(self) -> bool:
        """Whether the groups are of a dimension that is summed over."""
        return self.ragged in self.lhs_contracting_dimensions

    @property
    def ignores_groups(self) -> bool:
        """Whether the groups are of a dimension of the batch."""
        return self.ragged in self.lhs_batching_dimensions

    @property
    def dot(self) -> DotDimensions:
        """The dimensions of a product of the operands without groups."""
        return DotDimensions(
            self.lhs_batching_dimensions,
            self.rhs_batching_dimensions,
            self.lhs_contracting_dimensions,
            self.rhs_contracting_dimensions,
        )


@irdl_attr_definition
class RaggedDimensionsAttr(Data[RaggedDimensions]):
    """`#chlo.ragged_dot<lhs_batching_dimensions = [], …, rhs_group_dimensions = [0]>`."""

    name = "chlo.ragged_dot"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> RaggedDimensions:
        known = [field.name for field in fields(RaggedDimensions)]
        lists: dict[str, tuple[int, ...]] = {}

        def parse_field() -> None:
            position = parser.pos
            name = parser.parse_identifier()
            if name not in known or name in lists:
                parser.raise_error(f"expected each of {', '.join(known)} at most once, got {name}", position)
            parser.parse_punctuation("=")
            lists[name] = parse_dimensions(parser)

        parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_field)
        return RaggedDimensions(**lists)

    def print_parameter(self, printer: Printer) -> None:
        lists = [f"{field.name} = {list(getattr(self.data, field.name))}" for field in fields(RaggedDimensions)]
        with printer.in_angle_brackets():
            printer.print_string(", ".join(lists))


@irdl_op_definition
class RaggedDotOp(IRDLOperation):
    """A product with groups; `group_sizes` has the size of each.

    ```mlir
    %0 = "chlo.ragged_dot"(%x, %w, %sizes) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<
           lhs_batching_dimensions = [], rhs_batching_dimensions = [],
           lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1],
           lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}>
         : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
    ```
    """

    name = "chlo.ragged_dot"

    lhs = operand_def(_TENSOR)
    rhs = operand_def(_TENSOR)
    group_sizes = operand_def(_TENSOR)
    ragged_dot_dimension_numbers = prop_def(RaggedDimensionsAttr)
    precision_config = opt_prop_def(ArrayAttr[PrecisionAttr])
    result = result_def(_TENSOR)

    traits = traits_def(Pure())

    @property
    def dimensions(self) -> RaggedDimensions:
        """Which dimension is what."""
        return self.ragged_dot_dimension_numbers.data

    def verify_(self) -> None:
        dims, lhs, rhs = self.dimensions, shape_of(self.lhs), shape_of(self.rhs)
        if len(dims.lhs_ragged_dimensions) != 1:
            raise VerifyException(f"expected 1 ragged dimension of lhs, got {list(dims.lhs_ragged_dimensions)}")
        expect_dimensions("lhs dimensions", dims.lhs_batching_dimensions + dims.lhs_contracting_dimensions, len(lhs))
        expect_dimensions("the ragged dimension", dims.lhs_ragged_dimensions, len(lhs))
        used = dims.rhs_batching_dimensions + dims.rhs_contracting_dimensions + dims.rhs_group_dimensions
        expect_dimensions("rhs dimensions", used, len(rhs))
        has_matrices = not dims.sums_groups and not dims.ignores_groups
        if len(dims.rhs_group_dimensions) != has_matrices:
            raise VerifyException(
                f"expected {int(has_matrices)} group dimensions of rhs, got {list(dims.rhs_group_dimensions)}"
            )
        sizes = tensor_type(self.group_sizes)
        if not isinstance(sizes.element_type, IntegerType) or not sizes.get_num_dims():
            raise VerifyException(f"expected group sizes that are integers, got {sizes}")
        groups = sizes.get_shape()[-1]
        shape = [size for d, size in enumerate(rhs) if d not in used]
        batch = [lhs[d] for d in dims.lhs_batching_dimensions]
        shape = [*batch, *(lhs[d] for d in dims.dot.lhs_free(len(lhs))), *shape]
        expect_result(
            self.result, [groups, *shape] if dims.sums_groups else shape, tensor_type(self.result).element_type
        )
