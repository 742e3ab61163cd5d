"""StableHLO ops with regions that run or do not, and those that only arrange values: tuples, barriers, composites.

Contract. Regions take and yield tensors; a condition is a `tensor<i1>`. The regions of `if` and `case` have no
arguments and use what is defined around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from xdsl.dialects.builtin import (
    I32,
    DictionaryAttr,
    FlatSymbolRefAttrConstr,
    IntegerAttr,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    TupleType,
    i1,
    i32,
)
from xdsl.ir import Attribute, Data, ParametrizedAttribute, Region, SSAValue, TypeAttribute
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_region_def,
    var_result_def,
)
from xdsl.irdl.declarative_assembly_format import (
    CustomDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    irdl_custom_directive,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, Pure, RecursiveMemoryEffect
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.stablehlo.syntax import PairwiseTypes, SameOperandsAndResultType
from zellige.support.printing import types_text


@irdl_attr_definition
class TokenType(ParametrizedAttribute, TypeAttribute):
    """Orders effects and holds nothing, `!stablehlo.token`."""

    name = "stablehlo.token"


@irdl_op_definition
class ReturnOp(IRDLOperation):
    """What a region yields.

    ```mlir
    stablehlo.return %0, %1 : tensor<f32>, tensor<i32>
    ```
    """

    name = "stablehlo.return"

    arguments = var_operand_def()
    traits = traits_def(IsTerminator(), Pure())
    assembly_format = "$arguments attr-dict (`:` type($arguments)^)?"

    def __init__(self, arguments: Sequence[SSAValue]) -> None:
        super().__init__(operands=[arguments])


def expect_yields(region: Region, types: Sequence[Attribute], what: str) -> None:
    """Raise `VerifyException` unless the region ends in a `stablehlo.return` of values of these types."""
    last = region.block.last_op
    if not isinstance(last, ReturnOp):
        raise VerifyException(f"expected {what} to end in 'stablehlo.return'")
    if list(last.arguments.types) != list(types):
        raise VerifyException(f"expected {what} to return {types_text(types)}, got {types_text(last.arguments.types)}")


def _expect_arguments(region: Region, types: Sequence[Attribute], what: str) -> None:
    if list(region.block.arg_types) != list(types):
        raise VerifyException(f"expected {what} to take {types_text(types)}, got {types_text(region.block.arg_types)}")


@irdl_op_definition
class WhileOp(IRDLOperation):
    """Run `body` on the carried values as long as `cond` of them is true.

    ```mlir
    %2:2 = stablehlo.while(%i = %0, %sum = %1) : tensor<i32>, tensor<f32>
    cond {
      %3 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %3 : tensor<i1>
    } do {
      …
      stablehlo.return %4, %5 : tensor<i32>, tensor<f32>
    }
    ```
    """

    name = "stablehlo.while"

    arguments = var_operand_def()
    cond = region_def("single_block")
    body = region_def("single_block")
    res = var_result_def()
    traits = traits_def(RecursiveMemoryEffect())

    def __init__(self, arguments: Sequence[SSAValue], cond: Region, body: Region) -> None:
        super().__init__(operands=[arguments], result_types=[[value.type for value in arguments]], regions=[cond, body])

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        def parse_pair() -> tuple[Any, Any]:
            name = parser.parse_argument(expect_type=False)
            parser.parse_punctuation("=")
            return name, parser.parse_unresolved_operand()

        position = parser.pos
        pairs = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parse_pair)
        types: list[Attribute] = []
        if pairs:
            parser.parse_punctuation(":")
            types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        if len(types) != len(pairs):
            parser.raise_error(f"expected {len(pairs)} types, one a carried value, got {len(types)}", position)
        values = parser.resolve_operands([value for _, value in pairs], types, position)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        names = [name.resolve(type_) for (name, _), type_ in zip(pairs, types, strict=True)]
        parser.parse_keyword("cond")
        cond = parser.parse_region(names)
        parser.parse_keyword("do")
        loop = cls(values, cond, parser.parse_region(names))
        if attributes is not None:
            loop.attributes |= attributes.data
        return loop

    def print(self, printer: Printer) -> None:
        arguments = self.cond.block.args
        names: list[str] = []
        with printer.in_parens():
            for index, (argument, value) in enumerate(zip(arguments, self.arguments, strict=True)):
                printer.print_string(", " if index else "")
                names.append(printer.print_ssa_value(argument))
                printer.print_string(" = ")
                printer.print_ssa_value(value)
        if self.arguments:
            printer.print_string(" : ")
            printer.print_list(self.arguments.types, printer.print_attribute)
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" cond ")
        printer.print_region(self.cond, print_entry_block_args=False)
        given = cast("Any", printer)._ssa_values  # noqa: SLF001  both regions have one list of names in the text
        given |= zip(self.body.block.args, names, strict=True)
        printer.print_string(" do ")
        printer.print_region(self.body, print_entry_block_args=False)

    def verify_(self) -> None:
        types = self.arguments.types
        if list(self.res.types) != list(types):
            raise VerifyException(f"expected results {types_text(types)}, got {types_text(self.res.types)}")
        for what, region in (("the condition", self.cond), ("the body", self.body)):
            _expect_arguments(region, types, what)
        expect_yields(self.cond, [TensorType(i1, [])], "the condition")
        expect_yields(self.body, types, "the body")


@irdl_op_definition
class IfOp(IRDLOperation):
    """Run one of two regions.

    ```mlir
    %1 = "stablehlo.if"(%pred) ({ stablehlo.return %a : tensor<f32> }, { stablehlo.return %b : tensor<f32> })
         : (tensor<i1>) -> tensor<f32>
    ```
    """

    name = "stablehlo.if"

    pred = operand_def(TensorType.constr(i1))
    true_branch = region_def("single_block")
    false_branch = region_def("single_block")
    res = var_result_def()
    traits = traits_def(RecursiveMemoryEffect())

    def __init__(
        self, pred: SSAValue, result_types: Sequence[Attribute], true_branch: Region, false_branch: Region
    ) -> None:
        super().__init__(operands=[pred], result_types=[result_types], regions=[true_branch, false_branch])

    def verify_(self) -> None:
        _expect_scalar(self.pred, TensorType(i1, []), "a condition")
        for what, region in (("the true branch", self.true_branch), ("the false branch", self.false_branch)):
            _expect_arguments(region, [], what)
            expect_yields(region, self.res.types, what)


@irdl_op_definition
class CaseOp(IRDLOperation):
    """Run the region that `index` counts; the last one when there is none of that index.

    ```mlir
    %1 = "stablehlo.case"(%index) ({ stablehlo.return %a : tensor<f32> }, { stablehlo.return %b : tensor<f32> })
         : (tensor<i32>) -> tensor<f32>
    ```
    """

    name = "stablehlo.case"

    index = operand_def(TensorType.constr(i32))
    branches = var_region_def("single_block")
    res = var_result_def()
    traits = traits_def(RecursiveMemoryEffect())

    def __init__(self, index: SSAValue, result_types: Sequence[Attribute], branches: Sequence[Region]) -> None:
        super().__init__(operands=[index], result_types=[result_types], regions=[branches])

    def verify_(self) -> None:
        _expect_scalar(self.index, TensorType(i32, []), "an index")
        if not self.branches:
            raise VerifyException("expected at least 1 branch, got 0")
        for number, region in enumerate(self.branches):
            _expect_arguments(region, [], f"branch {number}")
            expect_yields(region, self.res.types, f"branch {number}")


def _expect_scalar(value: SSAValue, expected: Attribute, what: str) -> None:
    if value.type != expected:
        raise VerifyException(f"expected {what} of type {expected}, got {value.type}")


@irdl_op_definition
class OptimizationBarrierOp(IRDLOperation):
    """The operands, of which a compiler should assume nothing.

    ```mlir
    %2, %3 = stablehlo.optimization_barrier %0, %1 : tensor<f32>, tensor<i32>
    ```
    """

    name = "stablehlo.optimization_barrier"

    operand = var_operand_def()
    result = var_result_def()
    traits = traits_def(Pure())
    custom_directives = (PairwiseTypes,)
    assembly_format = "attr-dict ($operand^ `:` custom<PairwiseTypes>(type($operand), type($result))):(`(` `)`)?"

    def verify_(self) -> None:
        if list(self.operand.types) != list(self.result.types):
            raise VerifyException(
                f"expected results {types_text(self.operand.types)}, got {types_text(self.result.types)}"
            )


def members(tuple_type: Attribute) -> list[Attribute]:
    """The types of the values of a tuple."""
    assert isinstance(tuple_type, TupleType)
    return list(cast("Sequence[Attribute]", tuple_type.types))  # a Python tuple where xDSL's parser made it


@irdl_custom_directive
class TupleTypes(CustomDirective):
    """`tuple<type, type>`, which also tells the types of what is put into the tuple."""

    members: TypeDirective
    result: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        position = parser.pos
        type_ = parser.parse_type()
        if not isinstance(type_, TupleType):
            parser.raise_error(f"expected a tuple type, got {type_}", position)
        self.result.set(state, [type_])
        self.members.set(state, members(type_))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        self.result.print(printer, state, op)


@irdl_op_definition
class TupleOp(IRDLOperation):
    """Values as one value.

    ```mlir
    %2 = stablehlo.tuple %0, %1 : tuple<tensor<2xf64>, tensor<i64>>
    ```
    """

    name = "stablehlo.tuple"

    val = var_operand_def()
    result = result_def(TupleType)
    traits = traits_def(Pure())
    custom_directives = (TupleTypes,)
    assembly_format = "$val attr-dict `:` custom<TupleTypes>(type($val), type($result))"

    def verify_(self) -> None:
        if members(self.result.type) != list(self.val.types):
            raise VerifyException(f"expected a tuple of {types_text(self.val.types)}, got {self.result.type}")


@irdl_op_definition
class GetTupleElementOp(IRDLOperation):
    """One value of a tuple.

    ```mlir
    %1 = stablehlo.get_tuple_element %0[1] : (tuple<tensor<2xf64>, tensor<i64>>) -> tensor<i64>
    ```
    """

    name = "stablehlo.get_tuple_element"

    operand = operand_def(TupleType)
    index = prop_def(IntegerAttr[I32])
    result = result_def()
    traits = traits_def(Pure())
    assembly_format = "$operand `[` $index `]` attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        types, index = members(self.operand.type), self.index.value.data
        if not 0 <= index < len(types):
            raise VerifyException(f"expected an index below {len(types)}, got {index}")
        if self.result.type != types[index]:
            raise VerifyException(f"expected a result of type {types[index]}, got {self.result.type}")


@irdl_op_definition
class CompositeOp(IRDLOperation):
    """An op of another name that a function of this module defines.

    ```mlir
    %1 = stablehlo.composite "my.gelu" %0 {decomposition = @gelu.impl} : (tensor<4xf32>) -> tensor<4xf32>
    ```
    """

    name = "stablehlo.composite"

    composite_name = prop_def(StringAttr, prop_name="name")
    inputs = var_operand_def()
    composite_attributes = opt_prop_def(DictionaryAttr)
    decomposition = prop_def(FlatSymbolRefAttrConstr)
    version = opt_prop_def(IntegerAttr[I32])
    res = var_result_def()
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$name $inputs attr-dict `:` functional-type(operands, results)"


@dataclass(frozen=True)
class OperandAlias:
    """A result (or a part of it, where it is a tuple) that has the memory of an operand."""

    output_tuple_indices: tuple[int, ...]
    operand_index: int
    operand_tuple_indices: tuple[int, ...]


@irdl_attr_definition
class OperandAliasAttr(Data[OperandAlias]):
    """`#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 1, operand_tuple_indices = []>`."""

    name = "stablehlo.output_operand_alias"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> OperandAlias:
        def parse_indices(name: str) -> tuple[int, ...]:
            parser.parse_keyword(name)
            parser.parse_punctuation("=")
            return tuple(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer))

        with parser.in_angle_brackets():
            outputs = parse_indices("output_tuple_indices")
            parser.parse_characters(",")
            parser.parse_keyword("operand_index")
            parser.parse_punctuation("=")
            operand = parser.parse_integer()
            parser.parse_characters(",")
            return OperandAlias(outputs, operand, parse_indices("operand_tuple_indices"))

    def print_parameter(self, printer: Printer) -> None:
        alias = self.data
        with printer.in_angle_brackets():
            printer.print_string(f"output_tuple_indices = {list(alias.output_tuple_indices)}, ")
            printer.print_string(f"operand_index = {alias.operand_index}, ")
            printer.print_string(f"operand_tuple_indices = {list(alias.operand_tuple_indices)}")


@irdl_op_definition
class CustomCallOp(IRDLOperation):
    """A function that the module does not have, by name.

    ```mlir
    %1 = stablehlo.custom_call @Sharding(%0) {backend_config = ""} : (tensor<8xf32>) -> tensor<8xf32>
    ```
    """

    name = "stablehlo.custom_call"

    call_target_name = prop_def(SymbolNameConstraint())
    inputs = var_operand_def()
    has_side_effect = opt_prop_def()
    backend_config = opt_prop_def()
    api_version = opt_prop_def()
    called_computations = opt_prop_def()
    operand_layouts = opt_prop_def()
    result_layouts = opt_prop_def()
    output_operand_aliases = opt_prop_def()
    res = var_result_def()
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$call_target_name `(` $inputs `)` attr-dict `:` functional-type(operands, results)"


@irdl_op_definition
class AfterAllOp(IRDLOperation):
    """A token after these tokens.

    ```mlir
    %2 = stablehlo.after_all %0, %1 : !stablehlo.token
    ```
    """

    name = "stablehlo.after_all"

    inputs = var_operand_def(TokenType)
    result = result_def(TokenType)
    traits = traits_def(Pure())
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = "$inputs attr-dict `:` custom<SameOperandsAndResultType>(type($inputs), type($result))"


@irdl_op_definition
class CreateTokenOp(IRDLOperation):
    """A token after nothing.

    ```mlir
    %0 = stablehlo.create_token : !stablehlo.token
    ```
    """

    name = "stablehlo.create_token"

    output = result_def(TokenType)
    traits = traits_def(Pure())
    assembly_format = "attr-dict `:` type(results)"


CONTROL_FLOW_OPS = (
    ReturnOp,
    WhileOp,
    IfOp,
    CaseOp,
    OptimizationBarrierOp,
    TupleOp,
    GetTupleElementOp,
    CompositeOp,
    CustomCallOp,
    AfterAllOp,
    CreateTokenOp,
)
CONTROL_FLOW_ATTRIBUTES = (TokenType, OperandAliasAttr)
"""The ops, types and attributes of this file."""
