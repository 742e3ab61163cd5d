"""outline-sizes: a function of its own checks the sizes of arguments and reports what a call needs.

Before:  func.func @main() attributes {hal.slab_bytes = 64 : i64, …} {
           %n = hal.argument_size 0 : index
           %m = hal.argument_size 1 : index
           %same = arith.cmpi eq, %m, %n : index
           cf.assert %same, "…"
           %unit = … %n …
           hal.reserve results(%n) slots(%unit) [48]
           %start = …                                                where the slot starts in the slab
After:   func.func @main() attributes {hal.slab_bytes = 64 : i64, …} {
           %n = hal.argument_size 0 : index
           %unit = … %n …
           %start = …
         }
         func.func @main.sizes() attributes {hal.sizes_of = @main, …} {
           %n = hal.argument_size 0 : i64
           %m = hal.argument_size 1 : i64
           %same = arith.cmpi eq, %m, %n : i64
           cf.assert %same, "…"
           %unit = … %n …
           cf.assert %fits, "the sizes of the arguments of 'main' are too large"
           %slab = … 64 + 48 * %unit …
           hal.report results(%n) slab(%slab)
         }

It computes in 64 bits, and stops where a number does not fit into 31: so the same arithmetic on indices is exact.

Requires: `bufferize-host-functions`.
Ensures:  no `hal.reserve` is left; asserts of a program function that only depend on sizes are in the other one.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, cf, func
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, ModuleOp, StringAttr, i64
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.artifact import SIZES_SUFFIX
from zellige.dialects.hal import SubspanOp
from zellige.dialects.hal_sizes import SIZES_OF, ArgumentSizeOp, ReportOp, ReserveOp
from zellige.support.errors import CompileError

LARGEST = (1 << 31) - 1
"""The largest number that a size, or a number on the way to one, may be."""

LEAST_BITS = 32
"""Integers from here on are computed with in 64 bits."""

_EXACT = (
    arith.ConstantOp,
    arith.CmpiOp,
    arith.SelectOp,
    arith.MaxSIOp,
    arith.MinSIOp,
    arith.MaxUIOp,
    arith.MinUIOp,
)
"""Ops whose results are no larger than their operands, or no sizes."""


@dataclass(frozen=True)
class OutlineSizesPass(ModulePass):
    """Split the program functions that take sizes."""

    name = "outline-sizes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [o for o in op.ops if isinstance(o, func.FuncOp)]
        taken = {function.sym_name.data for function in functions}
        for function in functions:
            reserve = next((o for o in function.body.block.ops if isinstance(o, ReserveOp)), None)
            if reserve is not None:
                name = f"{function.sym_name.data}{SIZES_SUFFIX}"
                if name in taken:
                    raise CompileError(f"the name '@{name}' is taken", op=function, pass_name=self.name)
                sizes = _outlined(function, name, reserve)
                Rewriter.insert_op(sizes, InsertPoint.after(function))


def _outlined(function: func.FuncOp, name: str, reserve: ReserveOp) -> func.FuncOp:
    known = _of_sizes(function)
    copy = _Copy(function.sym_name.data, {})
    for assertion in [o for o in function.body.block.ops if isinstance(o, cf.AssertOp) and o.arg in known]:
        copy.add_assertion(assertion)
        Rewriter.erase_op(assertion)
    for size in _needed_sizes(function, known):
        copy.value(size)
    slab = function.attributes["hal.slab_bytes"]
    assert isinstance(slab, IntegerAttr)
    copy.add_report(reserve, slab.value.data)
    Rewriter.erase_op(reserve)
    _erase_unused(function)
    sizes = func.FuncOp(name, ([], []), Region(copy.block))
    for key in ("hal.arguments", "hal.results"):
        sizes.attributes[key] = function.attributes[key]
    sizes.attributes[SIZES_OF] = StringAttr(function.sym_name.data)
    sizes.location = function.location
    return sizes


def _of_sizes(function: func.FuncOp) -> set[SSAValue]:
    """The values that depend on nothing but the sizes of arguments."""
    known: set[SSAValue] = set()
    for op in function.body.block.ops:
        if isinstance(op, ArgumentSizeOp) or (_is_arithmetic(op) and all(value in known for value in op.operands)):
            known.update(op.results)
    return known


def _needed_sizes(function: func.FuncOp, known: Container[SSAValue]) -> Iterator[SSAValue]:
    """Sizes of the arguments, and sizes that the function works with."""
    for op in function.walk():
        values = op.sizes if isinstance(op, SubspanOp) else () if _is_arithmetic(op) else op.operands
        yield from (value for value in values if isinstance(value.type, IndexType) and value in known)
        if isinstance(op, ArgumentSizeOp):
            yield op.size


def _is_arithmetic(op: Operation) -> bool:
    return op.dialect_name() == arith.Arith.name


def _erase_unused(function: func.FuncOp) -> None:
    for op in reversed(list(function.body.block.ops)):
        is_size = _is_arithmetic(op) or isinstance(op, ArgumentSizeOp)
        if is_size and all(result.first_use is None for result in op.results):
            Rewriter.erase_op(op)


@dataclass
class _Copy:
    """The body of the function of sizes, as far as it is made."""

    function: str
    made: dict[SSAValue, SSAValue]
    block: Block = field(default_factory=Block)
    fits: SSAValue | None = None

    def __post_init__(self) -> None:
        self.builder = Builder(InsertPoint.at_end(self.block))

    def add_assertion(self, assertion: cf.AssertOp) -> None:
        condition = self.value(assertion.arg)
        self.builder.insert(cf.AssertOp(condition, assertion.msg)).location = assertion.location

    def add_report(self, reserve: ReserveOp, slab_bytes: int) -> None:
        """What the host has to know, once it is known that all numbers fit."""
        results = [self.value(size) for size in reserve.result_sizes]
        total = self._number(slab_bytes)
        for unit, extent in zip(reserve.units, reserve.slot_extents, strict=True):
            slot = self.builder.insert(arith.MuliOp(self.value(unit), self._number(extent))).result
            self._expect_below(slot, 1 << 32)
            total = self.builder.insert(arith.AddiOp(total, slot)).result
        message = f"the sizes of the arguments of '{self.function}' are too large"
        if self.fits is not None:
            self.builder.insert(cf.AssertOp(self.fits, message)).location = reserve.location
        self.builder.insert(ReportOp(results, total)).location = reserve.location
        self.builder.insert(func.ReturnOp())

    def value(self, value: SSAValue) -> SSAValue:
        """What stands for a value here: it is made where it is not there yet."""
        pending = [value]
        while pending:
            owner = pending[-1].owner
            assert isinstance(owner, Operation)
            missing = [operand for operand in owner.operands if operand not in self.made]
            if missing and pending[-1] not in self.made:
                pending += missing
                continue
            last = pending.pop()
            if last not in self.made:
                self.made[last] = self._copy(owner)
                self.made[last].name_hint = last.name_hint
        return self.made[value]

    def _copy(self, op: Operation) -> SSAValue:
        operands = [self.made[operand] for operand in op.operands]
        result_type = _wide(op.results[0].type)
        match op:
            case ArgumentSizeOp():
                size = self.builder.insert(ArgumentSizeOp(op.number.value.data, i64)).size
                self._expect_below(size, LARGEST + 1)
                return size
            case arith.ConstantOp(value=IntegerAttr() as value) if result_type == i64:
                return self._number(value.value.data)
            case arith.IndexCastOp() | arith.ExtSIOp() | arith.ExtUIOp() | arith.TruncIOp() if (
                operands[0].type == result_type
            ):
                return operands[0]
            case arith.IndexCastOp():
                return self.builder.insert(arith.ExtSIOp(operands[0], i64)).result
            case _:
                pass
        copy = type(op).create(operands=operands, result_types=[result_type], properties=op.properties)
        copy.location = op.location
        result = self.builder.insert(copy).results[0]
        if result_type == i64 and not isinstance(op, _EXACT):
            moved = self.builder.insert(arith.AddiOp(result, self._number(LARGEST + 1))).result
            self._expect_below(moved, 2 * (LARGEST + 1))
        return result

    def _expect_below(self, value: SSAValue, bound: int) -> None:
        """Let the number have to be in 0 … `bound` - 1."""
        is_below = self.builder.insert(arith.CmpiOp(value, self._number(bound), "ult")).result
        self.fits = is_below if self.fits is None else self.builder.insert(arith.AndIOp(self.fits, is_below)).result

    def _number(self, number: int) -> SSAValue:
        return self.builder.insert(arith.ConstantOp(IntegerAttr(number, i64))).result


def _wide(type_: Attribute) -> Attribute:
    return i64 if isinstance(type_, IndexType) or _bits(type_) >= LEAST_BITS else type_


def _bits(type_: Attribute) -> int:
    return type_.bitwidth if isinstance(type_, IntegerType) else 0
