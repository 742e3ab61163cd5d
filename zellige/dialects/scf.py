"""scf: xDSL's dialect, and `scf.forall` with its terminator, which it lacks.

Contract. A forall is on tensors: iteration `i` computes slices, and its terminator says where in the results they go.
In the body the tensors of `shared_outs` are what they were before the first iteration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from xdsl.dialects import scf
from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr, DenseArrayBase, IndexType, TensorType, i64
from xdsl.dialects.utils.dynamic_index_list import (
    parse_dynamic_index_list_without_types,
    print_dynamic_index_list,
)
from xdsl.ir import Attribute, Block, Dialect, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, NoTerminator
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.index_arithmetic import Index
from zellige.dialects.slices import mixed
from zellige.dialects.tensor import ParallelInsertSliceOp
from zellige.support.printing import types_text

_INDEX = IndexType()


@irdl_op_definition
class InParallelOp(IRDLOperation):
    """Where the slices go that an iteration of a forall has computed.

    ```mlir
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %part into %out[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<8x4xf32>
    }
    ```
    """

    name = "scf.forall.in_parallel"

    region = region_def("single_block")
    traits = traits_def(IsTerminator(), NoTerminator())
    assembly_format = "$region attr-dict"

    @property
    def insertions(self) -> list[ParallelInsertSliceOp]:
        return [op for op in self.region.block.ops if isinstance(op, ParallelInsertSliceOp)]

    def verify_(self) -> None:
        for op in self.region.block.ops:
            if not isinstance(op, ParallelInsertSliceOp):
                raise VerifyException(f"expected only '{ParallelInsertSliceOp.name}', got '{op.name}'")


@irdl_op_definition
class ForallOp(IRDLOperation):
    """Iterations in any order, each of which makes a slice of the results.

    ```mlir
    %1 = scf.forall (%i, %j) = (0, 0) to (%n, 8) step (1, 4) shared_outs(%out = %0) -> (tensor<?x8xf32>) {
      …
      scf.forall.in_parallel { … }
    }
    ```
    """

    name = "scf.forall"

    dynamic_lower = var_operand_def(_INDEX)
    dynamic_upper = var_operand_def(_INDEX)
    dynamic_step = var_operand_def(_INDEX)
    outputs = var_operand_def(TensorType)
    static_lower = prop_def(DenseArrayBase.constr(i64), prop_name="staticLowerBound")
    static_upper = prop_def(DenseArrayBase.constr(i64), prop_name="staticUpperBound")
    static_step = prop_def(DenseArrayBase.constr(i64), prop_name="staticStep")
    mapping = opt_prop_def(ArrayAttr[Attribute])
    region = region_def("single_block")
    res = var_result_def(TensorType)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    @property
    def lower_bounds(self) -> list[Index]:
        return mixed(self.static_lower.get_values(), self.dynamic_lower)

    @property
    def upper_bounds(self) -> list[Index]:
        return mixed(self.static_upper.get_values(), self.dynamic_upper)

    @property
    def steps(self) -> list[Index]:
        return mixed(self.static_step.get_values(), self.dynamic_step)

    @property
    def terminator(self) -> InParallelOp:
        last = self.region.block.last_op
        assert isinstance(last, InParallelOp)
        return last

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        names = parser.parse_comma_separated_list(
            parser.Delimiter.PAREN, lambda: parser.parse_argument(expect_type=False)
        )
        counters = [name.resolve(_INDEX) for name in names]
        if parser.parse_optional_punctuation("=") is not None:
            lower = _parse_bounds(parser)
            parser.parse_keyword("to")
            upper = _parse_bounds(parser)
            parser.parse_keyword("step")
            step = _parse_bounds(parser)
        else:
            parser.parse_keyword("in")
            upper = _parse_bounds(parser)
            lower, step = _Bounds([], [0] * len(counters)), _Bounds([], [1] * len(counters))
        outputs, arguments, types = _parse_shared(parser)
        body = parser.parse_region([*counters, *arguments])
        if not isinstance(body.block.last_op, InParallelOp):
            body.block.add_op(InParallelOp(regions=[Region(Block())]))
        attributes = parser.parse_optional_attr_dict()
        properties = {"mapping": attributes.pop("mapping")} if "mapping" in attributes else {}
        for name, bounds in (("staticLowerBound", lower), ("staticUpperBound", upper), ("staticStep", step)):
            properties[name] = DenseArrayBase.from_list(i64, bounds.static)
        return cls(
            operands=[lower.dynamic, upper.dynamic, step.dynamic, outputs],
            result_types=[types],
            properties=properties,
            attributes=attributes,
            regions=[body],
        )

    def print(self, printer: Printer) -> None:
        rank = len(self.static_upper)
        counters, shared = self.region.block.args[:rank], self.region.block.args[rank:]
        bounds = [(self.static_upper, self.dynamic_upper)]
        words = ["in"]
        if set(self.lower_bounds) != {0} or set(self.steps) != {1}:
            bounds = [(self.static_lower, self.dynamic_lower), *bounds, (self.static_step, self.dynamic_step)]
            words = ["=", "to", "step"]
        printer.print_string(" ")
        with printer.in_parens():
            printer.print_list(counters, printer.print_ssa_value)
        for word, (static, dynamic) in zip(words, bounds, strict=True):
            printer.print_string(f" {word} ")
            print_dynamic_index_list(
                printer, DYNAMIC_INDEX, dynamic, static.get_values(), delimiter=Parser.Delimiter.PAREN
            )
        if shared:
            printer.print_string(" shared_outs")
            with printer.in_parens():
                printer.print_list(zip(shared, self.outputs, strict=True), lambda pair: _print_pair(printer, *pair))
            printer.print_string(" -> ")
            with printer.in_parens():
                printer.print_list(self.res.types, printer.print_attribute)
        printer.print_string(" ")
        printer.print_region(self.region, print_entry_block_args=False)
        given = {} if self.mapping is None else {"mapping": self.mapping}
        printer.print_op_attributes({**self.attributes, **given})

    def verify_(self) -> None:
        rank = len(self.static_upper)
        bounds = ((self.static_lower, self.dynamic_lower), (self.static_upper, self.dynamic_upper))
        for static, dynamic in (*bounds, (self.static_step, self.dynamic_step)):
            if len(static) != rank or sum(size == DYNAMIC_INDEX for size in static.get_values()) != len(dynamic):
                raise VerifyException(f"expected lower bounds, upper bounds and steps of {rank} loops")
        if any(step == 0 for step in self.static_step.get_values()):
            raise VerifyException("a step must not be 0")
        types = list(self.outputs.types)
        if list(self.res.types) != types:
            raise VerifyException(f"expected results of the types of 'shared_outs', {types_text(types)}")
        if list(self.region.block.arg_types) != [*[_INDEX] * rank, *types]:
            raise VerifyException(f"expected a body of {rank} indices and {types_text(types)}")
        if not isinstance(self.region.block.last_op, InParallelOp):
            raise VerifyException(f"expected a body that ends in '{InParallelOp.name}'")
        shared = self.region.block.args[rank:]
        for insertion in self.terminator.insertions:
            if insertion.dest not in shared:
                raise VerifyException(f"'{insertion.name}' must insert into one of 'shared_outs'")


@dataclass(frozen=True)
class _Bounds:
    """A number for each loop; those that are values have a marker among the numbers."""

    dynamic: list[SSAValue]
    static: list[int]


def _parse_bounds(parser: Parser) -> _Bounds:
    position = parser.pos
    names, static = parse_dynamic_index_list_without_types(parser, DYNAMIC_INDEX, delimiter=parser.Delimiter.PAREN)
    return _Bounds(list(parser.resolve_operands(names, [_INDEX] * len(names), position)), list(static))


def _parse_shared(parser: Parser) -> tuple[list[SSAValue], list[Parser.Argument], list[Attribute]]:
    """`shared_outs(%argument = %operand) -> (type)`, or nothing."""
    if parser.parse_optional_keyword("shared_outs") is None:
        return [], [], []
    position = parser.pos

    def pair() -> tuple[Parser.UnresolvedArgument, UnresolvedOperand]:
        argument = parser.parse_argument(expect_type=False)
        parser.parse_punctuation("=")
        return argument, parser.parse_unresolved_operand()

    pairs = parser.parse_comma_separated_list(parser.Delimiter.PAREN, pair)
    parser.parse_punctuation("->")
    types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
    if len(types) != len(pairs):
        parser.raise_error(f"expected {len(pairs)} types, got {len(types)}", position)
    outputs = parser.resolve_operands([operand for _, operand in pairs], types, position)
    arguments = [argument.resolve(type_) for (argument, _), type_ in zip(pairs, types, strict=True)]
    return list(outputs), arguments, list(types)


def _print_pair(printer: Printer, argument: SSAValue, operand: SSAValue) -> None:
    printer.print_ssa_value(argument)
    printer.print_string(" = ")
    printer.print_ssa_value(operand)


Scf = Dialect("scf", [*scf.Scf.operations, ForallOp, InParallelOp], [*scf.Scf.attributes])
