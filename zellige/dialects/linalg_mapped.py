"""`linalg.contract` and `linalg.elementwise`: named ops whose indexing maps are part of what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineMap
from xdsl.irdl import AttrSizedOperandSegments, irdl_attr_definition, irdl_op_definition, opt_prop_def, prop_def
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa
from xdsl.utils.str_enum import StrEnum

from zellige.dialects.linalg_bodies import ELEMENTWISE_INPUTS, BodyError, elementwise_body, structured_body
from zellige.dialects.linalg_maps import iterator_types, map_attrs, rank
from zellige.dialects.linalg_named import CastingOp
from zellige.dialects.linalg_structured import Body
from zellige.dialects.linalg_syntax import parse_group, parse_result_types, print_group, print_result_types
from zellige.dialects.shaped_types import element_type


@irdl_op_definition
class ContractOp(CastingOp):
    """A sum of products over the loops that the output's map does not have.

    ```mlir
    %1 = linalg.contract indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>,
                                          affine_map<(m, n, k) -> (m, n)>]
         ins(%a, %b : tensor<8x4xf32>, tensor<8x6xf32>) outs(%0 : tensor<4x6xf32>) -> tensor<4x6xf32>
    ```
    """

    name = "linalg.contract"

    indexing_maps = prop_def(ArrayAttr[AffineMapAttr])

    @classmethod
    def make_body(cls, types: Sequence[Attribute], *, is_unsigned: bool) -> Region:
        return structured_body(Body.MULTIPLY_ADD, types, is_unsigned=is_unsigned)

    @classmethod
    def operand_count(cls) -> int:
        return 3

    def default_maps(self) -> Sequence[AffineMap]:
        return ()

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        return self.indexing_maps

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        output = self.indexing_maps.data[-1].data
        kept = {expr.position for expr in output.results if isinstance(expr, AffineDimExpr)}
        return iterator_types([loop not in kept for loop in range(output.num_dims)])

    def verify_(self) -> None:
        _verify_maps(self.indexing_maps, 3)
        super().verify_()


class ElementwiseKind(StrEnum):
    """The functions of `linalg.elementwise`."""

    EXP = "exp"
    LOG = "log"
    ABS = "abs"
    CEIL = "ceil"
    FLOOR = "floor"
    NEGF = "negf"
    RECIPROCAL = "reciprocal"
    ROUND = "round"
    SQRT = "sqrt"
    RSQRT = "rsqrt"
    SQUARE = "square"
    TANH = "tanh"
    ERF = "erf"
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    DIV = "div"
    DIV_UNSIGNED = "div_unsigned"
    MAX_SIGNED = "max_signed"
    MIN_SIGNED = "min_signed"
    POWF = "powf"
    SELECT = "select"

    @property
    def function(self) -> str:
        """The named op that computes the same."""
        return self.removesuffix("_signed") if self.endswith("_signed") else str(self)


@irdl_attr_definition
class ElementwiseKindAttr(EnumAttribute[ElementwiseKind]):
    """`#linalg.elementwise_kind<add>`."""

    name = "linalg.elementwise_kind"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> ElementwiseKind:
        with parser.in_angle_brackets():
            return super().parse_parameter(parser)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            super().print_parameter(printer)


@irdl_op_definition
class ElementwiseKindOp(LinalgStructuredOperation):
    """A function of an element of each input; the maps may turn or spread inputs.

    ```mlir
    %1 = linalg.elementwise kind=#linalg.elementwise_kind<add>
         indexing_maps = [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>]
         ins(%a, %b : tensor<8xf32>, tensor<4x8xf32>) outs(%0 : tensor<4x8xf32>) -> tensor<4x8xf32>
    ```
    """

    name = "linalg.elementwise"

    kind = prop_def(ElementwiseKindAttr)
    indexing_maps = opt_prop_def(ArrayAttr[AffineMapAttr])
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        kind: ElementwiseKindAttr,
        inputs: Sequence[SSAValue],
        outputs: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        indexing_maps: ArrayAttr[AffineMapAttr] | None = None,
    ) -> None:
        """Raises `BodyError` where the function is not defined on the element types."""
        types = [element_type(value.type) for value in (*inputs, *outputs)]
        super().__init__(
            operands=[inputs, outputs],
            result_types=[result_types],
            properties={"kind": kind, "indexing_maps": indexing_maps},
            regions=[elementwise_body(kind.data.function, types, is_unsigned=False)],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        parser.parse_keyword("kind")
        parser.parse_punctuation("=")
        kind = parser.parse_attribute()
        maps: Attribute | None = None
        if parser.parse_optional_keyword("indexing_maps"):
            parser.parse_punctuation("=")
            maps = parser.parse_attribute()
        attributes = parser.parse_optional_attr_dict()
        inputs, outputs = parse_group(parser, "ins"), parse_group(parser, "outs")
        types = parse_result_types(parser)
        if not isinstance(kind, ElementwiseKindAttr):
            parser.raise_error(f"expected #linalg.elementwise_kind, got {kind}", position)
        if maps is not None and not isa(maps, ArrayAttr[AffineMapAttr]):
            parser.raise_error(f"expected a list of affine maps, got {maps}", position)
        count = ELEMENTWISE_INPUTS[kind.data.function]
        if (len(inputs), len(outputs)) != (count, 1):
            parser.raise_error(f"expected {count} inputs and 1 output, got {len(inputs)} and {len(outputs)}", position)
        try:
            op = cls(kind, inputs, outputs, types, maps)
        except BodyError as error:
            parser.raise_error(f"'{cls.name}' of kind '{kind.data}' is {error}", position)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        printer.print_string(" kind=")
        printer.print_attribute(self.kind)
        if self.indexing_maps is not None:
            printer.print_string(" indexing_maps = ")
            printer.print_attribute(self.indexing_maps)
        if self.attributes:
            printer.print_op_attributes(self.attributes)
        print_group(printer, "ins", self.inputs)
        print_group(printer, "outs", self.outputs)
        print_result_types(printer, self.res.types)

    def get_indexing_maps(self) -> ArrayAttr[AffineMapAttr]:
        if self.indexing_maps is not None:
            return self.indexing_maps
        return map_attrs([AffineMap.identity(rank(self.outputs[0].type))] * len(self.operands))

    def get_iterator_types(self) -> ArrayAttr[IteratorTypeAttr]:
        return iterator_types([False] * rank(self.outputs[0].type))

    def verify_(self) -> None:
        if self.indexing_maps is not None:
            _verify_maps(self.indexing_maps, len(self.operands))
        super().verify_()


def _verify_maps(maps: ArrayAttr[AffineMapAttr], count: int) -> None:
    if len(maps) != count:
        raise VerifyException(f"expected {count} indexing maps, got {len(maps)}")
    dims = {map_.data.num_dims for map_ in maps}
    if len(dims) != 1:
        raise VerifyException(f"expected indexing maps of the same loops, got {sorted(dims)} of them")
    for map_ in maps:
        if not map_.data.is_projected_permutation():
            raise VerifyException(f"expected projected permutations, got {map_.data}")


MAPPED_OPS = (ContractOp, ElementwiseKindOp)
