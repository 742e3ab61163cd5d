"""Sizes of a program function as polynomials of the sizes of its arguments.

A number that is computed from sizes is a polynomial where it is made of sums, products, quotients, and the smaller or
larger of two, or chosen by a comparison that has one outcome for all sizes; the result of another op on such numbers is
a symbol of its own. What depends on data has no expression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, IntegerType, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue

from zellige.analysis.dimensions import Dimension, size_origin
from zellige.dialects.hal import NAME_ATTRIBUTE, SIZES, named_size
from zellige.dialects.index_arithmetic import Index, constant_value
from zellige.dialects.reshapes import groups_of
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.maths.sizes import Extent, Size, Symbol, are_different, at_least, largest, quotient, smallest
from zellige.support.errors import CompileError, Note

LEAST_BITS = 32
"""Integers of fewer bits may not hold a size."""


@dataclass(frozen=True)
class Computed:
    """Key of the symbol for what an op makes of numbers: `op` is one that does, of those that are alike."""

    name: str
    properties: tuple[tuple[str, str], ...]
    operands: tuple[Extent, ...]
    types: tuple[Attribute, ...]
    op: Operation = field(compare=False)


@dataclass
class SizeExpressions:
    """The expressions of one function, which takes the sizes of its arguments as arguments."""

    function: FuncOp
    _numbers: dict[SSAValue, Extent | None] = field(default_factory=dict[SSAValue, Extent | None])
    _sizes: dict[Dimension, Extent] = field(default_factory=dict[Dimension, Extent])
    _symbols: dict[SSAValue, Symbol] = field(init=False)

    def __post_init__(self) -> None:
        self._symbols = _symbols(self.function)

    def shape(self, value: SSAValue) -> tuple[Extent, ...]:
        """The sizes of a tensor. Raises `CompileError` where they depend on more than sizes of arguments."""
        assert is_tensor(value.type)
        return tuple(self.size(value, dimension) for dimension in range(value.type.get_num_dims()))

    def open_sizes(self, value: SSAValue) -> tuple[Extent, ...]:
        """The sizes that the type of a tensor leaves open. Raises `CompileError` as `shape` does."""
        known = tensor_type(value).get_shape()
        return tuple(self.size(value, d) for d, size in enumerate(known) if size == DYNAMIC_INDEX)

    def size(self, value: SSAValue, dimension: int) -> Extent:
        """The size of a dimension. Raises `CompileError` as `shape` does."""
        passed: list[Dimension] = []
        place: Index | Dimension = (value, dimension)
        while isinstance(place, tuple) and place not in self._sizes and not isinstance(_maker(place), _OWN_RULES):
            passed.append(place)
            place = size_origin(*place)
        found = self._size_at(place, passed)
        self._sizes |= dict.fromkeys(passed, found)
        return found

    def number(self, value: SSAValue) -> Extent | None:
        """The number that a scalar is, None where it depends on data."""
        if value not in self._numbers:
            self._numbers[value] = self._number(value)
        return self._numbers[value]

    def _size_at(self, place: Index | Dimension, passed: Sequence[Dimension]) -> Extent:
        if isinstance(place, int):
            return place
        if not isinstance(place, tuple):
            found = self.number(place)
            if found is None:
                raise self._depends_on_data(place, *passed[-1])
            return found
        if place in self._sizes:
            return self._sizes[place]
        op, dimension = _maker(place), place[1]
        match op:
            case tensor.CastOp():
                found = self.size(op.source, dimension)
            case tensor.CollapseShapeOp():
                found = prod((self.size(op.src, d) for d in groups_of(op)[dimension]), start=1)
            case _:
                raise AssertionError(op)
        self._sizes[place] = found
        return found

    def _number(self, value: SSAValue) -> Extent | None:
        if value in self._symbols:
            return Size.of(self._symbols[value])
        op = value.owner
        if isinstance(op, Block) or not _is_integer(value.type):
            return None
        if isinstance(op, tensor.DimOp):
            dimension = constant_value(op.index)
            return None if dimension is None else self.size(op.source, dimension)
        if op.dialect_name() != arith.Arith.name or op.regions:
            return None
        if _holds_sizes(value.type) and (constant := constant_value(value)) is not None:
            return constant
        if isinstance(op, arith.SelectOp) and (chosen := self._chosen(op)) is not None:
            return self.number(chosen)
        operands = [self.number(operand) for operand in op.operands]
        known = [operand for operand in operands if operand is not None]
        if len(known) < len(operands):
            return None
        found = _arithmetic(op, known) if all(_holds_sizes(v.type) for v in (value, *op.operands)) else None
        if found is None:
            found = Size.of(_computed(op, known))
        return found

    def _depends_on_data(self, size: SSAValue, value: SSAValue, dimension: int) -> CompileError:
        op = value.owner if isinstance(value.owner, Operation) else value.owner.parent_op()
        what = f"'{op.name}' makes" if op is not None else "there is"
        return CompileError(
            f"{what} a tensor whose dimension {dimension} depends on {self._origin_text(size)}: {value.type}",
            op=op,
            notes=(Note("a size has to follow from dimensions of arguments ('tensor.dim'), not from numbers in them"),),
        )

    def _origin_text(self, number: SSAValue) -> str:
        """What a number that depends on data is computed from."""
        op = number.owner
        while isinstance(op, Operation) and op.dialect_name() == arith.Arith.name:
            number = next(operand for operand in op.operands if self.number(operand) is None)
            op = number.owner
        if isinstance(op, tensor.ExtractOp) and op.tensor in self.function.args:
            assert isinstance(op.tensor, BlockArgument)
            return f"what is in {argument_text(self.function, op.tensor)}"
        return f"what '{op.name}' gives" if isinstance(op, Operation) else "a number that a loop carries"

    def _chosen(self, op: arith.SelectOp) -> SSAValue | None:
        """What a choice by a comparison of sizes takes, if that is the same for all sizes: none is negative, say."""
        compared = op.cond.owner
        if not isinstance(compared, arith.CmpiOp) or not _holds_sizes(compared.lhs.type):
            return None
        left, right = self.number(compared.lhs), self.number(compared.rhs)
        if left is None or right is None:
            return None
        holds = _comparison(compared.predicate.value.data, left, right)
        return None if holds is None else op.lhs if holds else op.rhs


_OWN_RULES = tensor.CastOp | tensor.CollapseShapeOp
"""Ops that `size_origin` does not look through, or not always."""


def _maker(place: Dimension) -> Operation | None:
    owner = place[0].owner
    return owner if isinstance(owner, Operation) else None


def _computed(op: Operation, operands: Sequence[Extent]) -> Symbol:
    properties = sorted((name, str(value)) for name, value in op.properties.items())
    key = Computed(op.name, tuple(properties), tuple(operands), tuple(op.result_types), op)
    details = [*map(str, operands), *(value for _, value in properties), *map(str, op.result_types)]
    return Symbol(key, f"{op.name}({', '.join(details)})", lowest=None)


def _is_integer(type_: Attribute) -> bool:
    return isinstance(type_, IndexType | IntegerType)


def _holds_sizes(type_: Attribute) -> bool:
    return isinstance(type_, IndexType) or (isinstance(type_, IntegerType) and type_.bitwidth >= LEAST_BITS)


def _arithmetic(op: Operation, operands: Sequence[Extent]) -> Extent | None:
    """The result as an expression, if it is one, given that no number is too large for its type."""
    match op:
        case arith.IndexCastOp() | arith.ExtSIOp() | arith.ExtUIOp() | arith.TruncIOp():
            return operands[0]
        case arith.AddiOp():
            return operands[0] + operands[1]
        case arith.SubiOp():
            return operands[0] - operands[1]
        case arith.MuliOp():
            return operands[0] * operands[1]
        case arith.MaxSIOp() | arith.MinSIOp():
            return (largest if isinstance(op, arith.MaxSIOp) else smallest)(*operands)
        case arith.MaxUIOp() | arith.MinUIOp() if all(at_least(operand, 0) for operand in operands):
            return (largest if isinstance(op, arith.MaxUIOp) else smallest)(*operands)
        case _:
            return _division(op, *operands) if len(operands) == 2 else None


def _comparison(predicate: int, left: Extent, right: Extent) -> bool | None:
    """Whether a signed comparison holds for all sizes (True) or for none (False)."""
    match arith.CMPI_COMPARISON_OPERATIONS[predicate]:
        case "eq":
            return True if left == right else False if are_different(left, right) else None
        case "ne":
            return False if left == right else True if are_different(left, right) else None
        case "slt":
            return _is_less(left, right)
        case "sgt":
            return _is_less(right, left)
        case "sge":
            return _negated(_is_less(left, right))
        case "sle":
            return _negated(_is_less(right, left))
        case _:
            return None


def _is_less(left: Extent, right: Extent) -> bool | None:
    return True if at_least(right, left + 1) else False if at_least(left, right) else None


def _negated(holds: bool | None) -> bool | None:
    return None if holds is None else not holds


def _division(op: Operation, dividend: Extent, divisor: Extent) -> Extent | None:
    """Divisions that round as those of sizes do: down, by a positive number."""
    if not at_least(divisor, 1):
        return None
    is_positive = at_least(dividend, 0)
    match op:
        case arith.FloorDivSIOp():
            return quotient(dividend, divisor)
        case arith.DivSIOp() | arith.DivUIOp() if is_positive:
            return quotient(dividend, divisor)
        case arith.CeilDivSIOp():
            return quotient(dividend + divisor - 1, divisor)
        case arith.CeilDivUIOp() if is_positive:
            return quotient(dividend + divisor - 1, divisor)
        case arith.RemSIOp() | arith.RemUIOp() if is_positive:
            return dividend - quotient(dividend, divisor) * divisor
        case _:
            return None


def _symbols(function: FuncOp) -> dict[SSAValue, Symbol]:
    """A symbol for each argument that is a size, which says of what it is."""
    block, attributes = function.body.block, function.arg_attrs
    symbols: dict[SSAValue, Symbol] = {}
    for argument in block.args:
        sizes = attributes.data[argument.index].data.get(SIZES) if attributes is not None else None
        for dimension in range(argument.type.get_num_dims()) if is_tensor(argument.type) else ():
            number = named_size(sizes, dimension)
            if number is not None and block.args[number] not in symbols:
                text = f"dimension {dimension} of {argument_text(function, argument)}"
                symbols[block.args[number]] = Symbol(number, text)
    return symbols


def argument_text(function: FuncOp, argument: BlockArgument) -> str:
    """An argument of a function by its number, and its name if it has one."""
    given = function.arg_attrs.data[argument.index].data.get(NAME_ATTRIBUTE) if function.arg_attrs is not None else None
    name = given.data if isinstance(given, StringAttr) else argument.name_hint
    return f"argument {argument.index}" if name is None else f"argument {argument.index} ('{name}')"
