"""intrinsic: functions that a runtime which knows the machine may replace by equivalent machine code.

Contract. A *group* is a set of built-in functions that a runtime knows together; its versions are ordered, and a
runtime that knows one knows those before it. A built-in function has a body, its *portable* form, and calling it means
running that body: what replaces it computes the same. `is_available` and `choice` are the only ops whose result depends
on the machine. A type of this dialect is as wide as some machine has registers; its portable form is a tuple of 128-bit
vectors. The attribute `intrinsic.builtin` marks what is, or becomes, one built-in function: an executable (its kernel),
an `llvm.func`, an object.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    DenseArrayBase,
    FunctionType,
    IntegerAttr,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    VectorType,
    i1,
    i64,
)
from xdsl.dialects.utils import parse_func_op_like, print_func_op_like
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
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
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, IsTerminator, Pure, SymbolOpInterface
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.wide_types import TileType, WideType, WideVectorType, portable_types
from zellige.support.printing import types_text

BUILTIN = "intrinsic.builtin"
"""Name of the attribute that marks a built-in function."""

DETERMINISTIC = "intrinsic.deterministic"
"""Name of the unit attribute of a module of templates whose kernels never fuse a product with a sum."""


def availability_function(group: str) -> str:
    """Name of the function () -> i32 that gives the newest version of a group that is replaced, 0 for none."""
    return f"{group}.is_available"


@irdl_attr_definition
class BuiltinAttr(ParametrizedAttribute):
    """The mark of a built-in function, `#intrinsic.builtin<group @zellige.kernels version 1>`."""

    name = "intrinsic.builtin"

    group: SymbolRefAttr
    version: IntegerAttr

    def __init__(self, group: str, version: int) -> None:
        super().__init__(SymbolRefAttr(group), IntegerAttr(version, i64))

    @property
    def place(self) -> tuple[str, int]:
        """Group and version as plain values."""
        return self.group.string_value(), self.version.value.data

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string("group ")
            printer.print_attribute(self.group)
            printer.print_string(f" version {self.version.value.data}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            parser.parse_characters("group")
            group = parser.parse_symbol_name()
            parser.parse_characters("version")
            return SymbolRefAttr(group), IntegerAttr(parser.parse_integer(), i64)

    def verify(self) -> None:
        if self.version.value.data < 1:
            raise VerifyException(f"versions count from 1, got {self.version.value.data}")


@irdl_op_definition
class GroupOp(IRDLOperation):
    """A group of built-in functions, its versions, and the processor features that its newest version needs.

    ```mlir
    intrinsic.group @vnni versions [1, 2] requires ["avx512_vnni"]
    ```
    """

    name = "intrinsic.group"

    sym_name = prop_def(SymbolNameConstraint())
    versions = prop_def(DenseArrayBase.constr(i64))
    requires = opt_prop_def(ArrayAttr[StringAttr])
    traits = traits_def(SymbolOpInterface())
    assembly_format = "$sym_name `versions` $versions (`requires` $requires^)? attr-dict"

    def __init__(self, sym_name: str, versions: Sequence[int], requires: Sequence[str] = ()) -> None:
        super().__init__(
            properties={
                "sym_name": StringAttr(sym_name),
                "versions": DenseArrayBase.from_list(i64, versions),
                "requires": ArrayAttr(StringAttr(feature) for feature in requires) if requires else None,
            }
        )

    @property
    def version_numbers(self) -> tuple[int, ...]:
        """The versions, oldest first."""
        return tuple(int(version) for version in self.versions.get_values())

    def verify_(self) -> None:
        _check_versions(self.version_numbers)
        if not self.version_numbers:
            raise VerifyException("expected at least one version, got none")


def _check_versions(versions: Sequence[int]) -> None:
    if any(version < 1 for version in versions) or list(versions) != sorted(set(versions)):
        raise VerifyException(f"versions count from 1 and grow, got {list(versions)}")


@irdl_op_definition
class FuncOp(IRDLOperation):
    """A built-in function: the portable form is its body.

    ```mlir
    intrinsic.func @dot(%a: vector<4xf32>, %b: vector<4xf32>) -> f32
        attributes {intrinsic.builtin = #intrinsic.builtin<group @vnni version 1>} { … }
    ```
    """

    name = "intrinsic.func"

    sym_name = prop_def(SymbolNameConstraint())
    function_type = prop_def(FunctionType)
    body = region_def()
    traits = traits_def(SymbolOpInterface(), IsolatedFromAbove())

    def __init__(
        self, sym_name: str, function_type: FunctionType, body: Region, attributes: dict[str, Attribute] | None = None
    ) -> None:
        super().__init__(
            properties={"sym_name": StringAttr(sym_name), "function_type": function_type},
            attributes=attributes or {},
            regions=[body],
        )

    @property
    def builtin(self) -> BuiltinAttr:
        """Group and version, of a verified op."""
        mark = self.attributes[BUILTIN]
        assert isinstance(mark, BuiltinAttr)
        return mark

    @classmethod
    def parse(cls, parser: Parser) -> FuncOp:
        name, inputs, results, body, attributes, _, _ = parse_func_op_like(
            parser, reserved_attr_names=("sym_name", "function_type")
        )
        extra = {} if attributes is None else dict(attributes.data)
        return cls(name, FunctionType.from_lists(inputs, results), body, extra)

    def print(self, printer: Printer) -> None:
        print_func_op_like(
            printer, self.sym_name, self.function_type, self.body, self.attributes, reserved_attr_names=()
        )

    def verify_(self) -> None:
        if not isinstance(self.attributes.get(BUILTIN), BuiltinAttr):
            raise VerifyException(f"expected the attribute '{BUILTIN}' with group and version")
        if not self.body.blocks:
            raise VerifyException("expected a body, the portable form")
        expected = self.function_type.inputs.data
        if self.body.blocks[0].arg_types != expected:
            raise VerifyException(f"expected a body that takes {types_text(expected)}")


@irdl_op_definition
class ReturnOp(IRDLOperation):
    """The end of a built-in function.

    ```mlir
    intrinsic.return %sum : f32
    ```
    """

    name = "intrinsic.return"

    arguments = var_operand_def()
    traits = traits_def(IsTerminator())
    assembly_format = "attr-dict ($arguments^ `:` type($arguments))?"

    def __init__(self, *arguments: SSAValue) -> None:
        super().__init__(operands=[arguments])

    def verify_(self) -> None:
        function = self.parent_op()
        if not isinstance(function, FuncOp):
            raise VerifyException("expected to stand in 'intrinsic.func'")
        _expect_types("the function returns", function.function_type.outputs.data, self.arguments.types)


@irdl_op_definition
class CallOp(IRDLOperation):
    """Call a built-in function.

    ```mlir
    %sum = intrinsic.call @dot(%a, %b) : (vector<4xf32>, vector<4xf32>) -> f32
    ```
    """

    name = "intrinsic.call"

    callee = prop_def(SymbolRefAttr)
    arguments = var_operand_def()
    outputs = var_result_def()
    assembly_format = "$callee `(` $arguments `)` attr-dict `:` functional-type($arguments, $outputs)"

    def __init__(self, callee: str, arguments: Sequence[SSAValue], result_types: Sequence[Attribute]) -> None:
        super().__init__(
            operands=[arguments], result_types=[result_types], properties={"callee": SymbolRefAttr(callee)}
        )


@irdl_op_definition
class IsAvailableOp(IRDLOperation):
    """Whether the runtime replaces functions of a group: of this version, or of any.

    ```mlir
    %fast = intrinsic.is_available @vnni version 2
    ```
    """

    name = "intrinsic.is_available"

    group = prop_def(SymbolRefAttr)
    version = opt_prop_def(IntegerAttr[I64])
    result = result_def(i1)
    traits = traits_def(Pure())
    assembly_format = "$group (`version` $version^)? attr-dict"

    def __init__(self, group: str, version: int | None = None) -> None:
        super().__init__(
            properties={
                "group": SymbolRefAttr(group),
                "version": None if version is None else IntegerAttr(version, i64),
            },
            result_types=[i1],
        )


@irdl_op_definition
class YieldOp(IRDLOperation):
    """The values of a region of `intrinsic.choice`.

    ```mlir
    intrinsic.yield %sum : f32
    ```
    """

    name = "intrinsic.yield"

    arguments = var_operand_def()
    traits = traits_def(IsTerminator())
    assembly_format = "attr-dict ($arguments^ `:` type($arguments))?"

    def __init__(self, *arguments: SSAValue) -> None:
        super().__init__(operands=[arguments])


@irdl_op_definition
class ChoiceOp(IRDLOperation):
    """Run the region of the newest version of a group that is available; the first region where none is.

    The regions compute the same, by their authors' promise.

    ```mlir
    %y = intrinsic.choice @vnni -> (f32) {
      intrinsic.yield %a : f32
    } version 2 {
      intrinsic.yield %b : f32
    }
    ```
    """

    name = "intrinsic.choice"

    group = prop_def(SymbolRefAttr)
    versions = prop_def(DenseArrayBase.constr(i64))
    default_region = region_def("single_block")
    version_regions = var_region_def("single_block")
    outputs = var_result_def()

    def __init__(
        self,
        group: str,
        versions: Sequence[int],
        regions: Sequence[Region],
        result_types: Sequence[Attribute],
        attributes: dict[str, Attribute] | None = None,
    ) -> None:
        """The first of `regions` is the default, the others are those of `versions`."""
        super().__init__(
            properties={"group": SymbolRefAttr(group), "versions": DenseArrayBase.from_list(i64, versions)},
            attributes=attributes or {},
            regions=[regions[0], list(regions[1:])],
            result_types=[result_types],
        )

    @property
    def version_numbers(self) -> tuple[int, ...]:
        """The versions that have a region, oldest first."""
        return tuple(int(version) for version in self.versions.get_values())

    @classmethod
    def parse(cls, parser: Parser) -> ChoiceOp:
        group = parser.parse_symbol_name().data
        extra = parser.parse_optional_attr_dict_with_keyword()
        types: list[Attribute] = []
        if parser.parse_optional_punctuation("->"):
            types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        regions, versions = [parser.parse_region()], list[int]()
        while parser.parse_optional_keyword("version"):
            versions.append(parser.parse_integer())
            regions.append(parser.parse_region())
        return cls(group, versions, regions, types, {} if extra is None else dict(extra.data))

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_attribute(self.group)
        printer.print_op_attributes(self.attributes, print_keyword=True)
        if self.outputs:
            printer.print_string(" -> (")
            printer.print_list(self.outputs.types, printer.print_attribute)
            printer.print_string(")")
        printer.print_string(" ")
        printer.print_region(self.default_region)
        for version, region in zip(self.version_numbers, self.version_regions, strict=True):
            printer.print_string(f" version {version} ")
            printer.print_region(region)

    def verify_(self) -> None:
        _check_versions(self.version_numbers)
        if not self.version_numbers:
            raise VerifyException("expected a region for at least one version besides the default")
        if len(self.version_numbers) != len(self.version_regions):
            versions = list(self.version_numbers)
            raise VerifyException(f"expected a region for each of {versions}, got {len(self.version_regions)}")
        for region in (self.default_region, *self.version_regions):
            if region.block.args:
                raise VerifyException(f"expected regions without arguments, got {types_text(region.block.arg_types)}")
            last = region.block.last_op
            if not isinstance(last, YieldOp):
                raise VerifyException("expected 'intrinsic.yield' at the end of each region")
            _expect_types("the op gives", self.outputs.types, last.arguments.types)


def _expect_types(what: str, expected: Sequence[Attribute], got: Sequence[Attribute]) -> None:
    if list(expected) != list(got):
        raise VerifyException(f"{what} {types_text(expected)}, got {types_text(got)}")


@irdl_op_definition
class JoinOp(IRDLOperation):
    """A wide value of its 128-bit pieces.

    ```mlir
    %v = intrinsic.join %a, %b : vector<4xf32>, vector<4xf32> to !intrinsic.vector<8xf32>
    ```
    """

    name = "intrinsic.join"

    pieces = var_operand_def(VectorType)
    result = result_def(WideType)
    traits = traits_def(Pure())
    assembly_format = "$pieces attr-dict `:` type($pieces) `to` type($result)"

    def __init__(self, pieces: Sequence[SSAValue], result_type: WideVectorType | TileType) -> None:
        super().__init__(operands=[pieces], result_types=[result_type])

    def verify_(self) -> None:
        _expect_types(f"the pieces of {self.result.type} are", portable_types(self.result.type), self.pieces.types)


@irdl_op_definition
class SplitOp(IRDLOperation):
    """The 128-bit pieces of a wide value.

    ```mlir
    %a, %b = intrinsic.split %v : !intrinsic.vector<8xf32> to vector<4xf32>, vector<4xf32>
    ```
    """

    name = "intrinsic.split"

    value = operand_def(WideType)
    pieces = var_result_def(VectorType)
    traits = traits_def(Pure())
    assembly_format = "$value attr-dict `:` type($value) `to` type($pieces)"

    def __init__(self, value: SSAValue) -> None:
        super().__init__(operands=[value], result_types=[portable_types(value.type)])

    def verify_(self) -> None:
        _expect_types(f"the pieces of {self.value.type} are", portable_types(self.value.type), self.pieces.types)


@irdl_op_definition
class TemplateOp(IRDLOperation):
    """What native code for a kernel is made from: the text of its executable when its workgroups had been cut.

    ```mlir
    intrinsic.template @relu "flow.executable @relu workgroups [4, 1, 1] { … }"
    ```
    """

    name = "intrinsic.template"

    executable = prop_def(SymbolRefAttr)
    text = prop_def(StringAttr)
    assembly_format = "$executable $text attr-dict"

    def __init__(self, executable: str, text: str) -> None:
        super().__init__(properties={"executable": SymbolRefAttr(executable), "text": StringAttr(text)})


Intrinsic = Dialect(
    "intrinsic",
    [GroupOp, FuncOp, ReturnOp, CallOp, IsAvailableOp, ChoiceOp, YieldOp, JoinOp, SplitOp, TemplateOp],
    [BuiltinAttr, WideVectorType, TileType],
)
