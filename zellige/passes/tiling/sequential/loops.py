"""Loops over memrefs, built from functions of counters and carried values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.dialects import arith, memref, scf, vector
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, BoolAttr, VectorType
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.dialects import index_arithmetic
from zellige.dialects.arith import of_vectors, zero
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.linalg_ext import YieldOp
from zellige.dialects.shaped_types import is_vector, memref_type

Values = Sequence[SSAValue]


@dataclass(frozen=True)
class Loops:
    """Emits where `builder` stands. Numbers that are known are plain integers, as in `index_arithmetic`."""

    builder: Builder

    def index(self, value: Index) -> SSAValue:
        """The value as an SSA value of type index."""
        return index_arithmetic.materialize(self.builder, value)

    def add(self, left: Index, right: Index) -> Index:
        return index_arithmetic.add(self.builder, left, right)

    def subtract(self, left: Index, right: Index) -> Index:
        return index_arithmetic.subtract(self.builder, left, right)

    def minimum(self, left: Index, right: Index) -> Index:
        return index_arithmetic.minimum(self.builder, left, right)

    def maximum(self, left: Index, right: Index) -> Index:
        return index_arithmetic.maximum(self.builder, left, right)

    def scale(self, value: Index, factor: int) -> Index:
        return index_arithmetic.scale(self.builder, value, factor)

    def multiply(self, left: Index, right: Index) -> Index:
        return index_arithmetic.multiply(self.builder, left, right)

    def is_less(self, left: Index, right: Index) -> SSAValue:
        """Whether left < right, as an i1."""
        return self.builder.insert(arith.CmpiOp(self.index(left), self.index(right), "slt")).result

    def both(self, left: SSAValue, right: SSAValue) -> SSAValue:
        return self.builder.insert(arith.AndIOp(left, right)).result

    def select(self, condition: SSAValue, left: SSAValue, right: SSAValue) -> SSAValue:
        return self.builder.insert(arith.SelectOp(condition, left, right)).result

    def zero(self, type_: Attribute) -> SSAValue:
        return self.builder.insert(zero(type_)).result

    def load(self, buffer: SSAValue, indices: Sequence[Index], width: int = 1) -> SSAValue:
        """An element, or `width` neighbours along the last dimension as a vector."""
        places = [self.index(index) for index in indices]
        if width == 1:
            return self.builder.insert(memref.LoadOp.get(buffer, places)).res
        element = memref_type(buffer).element_type
        padding = self.zero(element)
        kind = VectorType(element, [width])
        read = vector.TransferReadOp(buffer, places, padding, kind, _in_bounds(), _last_of(len(places)))
        return self.builder.insert(read).result

    def store(self, value: SSAValue, buffer: SSAValue, indices: Sequence[Index]) -> None:
        """Write what `load` reads."""
        places = [self.index(index) for index in indices]
        if is_vector(value.type):
            write = vector.TransferWriteOp(value, buffer, places, _in_bounds(), permutation_map=_last_of(len(places)))
            self.builder.insert(write)
        else:
            self.builder.insert(memref.StoreOp.get(value, buffer, places))

    def loop(
        self,
        low: Index,
        high: Index,
        body: Callable[[Loops, SSAValue, Values], Values],
        carried: Values = (),
        step: Index = 1,
    ) -> Values:
        """`scf.for`; the body gets the counter and the carried values, and gives the next ones."""
        block = Block(arg_types=[type_index, *(value.type for value in carried)])
        op = scf.ForOp(self.index(low), self.index(high), self.index(step), carried, Region(block))
        self.builder.insert(op)
        inner = Loops(Builder(InsertPoint.at_end(block)))
        inner.builder.insert(scf.YieldOp(*body(inner, block.args[0], block.args[1:])))
        return op.results

    def repeat_while(
        self,
        carried: Values,
        condition: Callable[[Loops, Values], tuple[SSAValue, Values]],
        body: Callable[[Loops, Values], Values],
    ) -> Values:
        """`scf.while`: `condition` says whether to go on, and with which values; gives those of the end."""
        before = Block(arg_types=[value.type for value in carried])
        test = Loops(Builder(InsertPoint.at_end(before)))
        goes_on, handed = condition(test, before.args)
        test.builder.insert(scf.ConditionOp(goes_on, *handed))
        types = [value.type for value in handed]
        after = Block(arg_types=types)
        inner = Loops(Builder(InsertPoint.at_end(after)))
        inner.builder.insert(scf.YieldOp(*body(inner, after.args)))
        return self.builder.insert(scf.WhileOp(carried, types, Region(before), Region(after))).results

    def branch(
        self, condition: SSAValue, then: Callable[[Loops], Values], otherwise: Callable[[Loops], Values] | None = None
    ) -> Values:
        """`scf.if`, of which both sides give values of the same types."""
        regions: list[Region] = []
        types: Sequence[Attribute] = ()
        for side in (then, otherwise):
            if side is None:
                regions.append(Region())
                continue
            block = Block()
            inner = Loops(Builder(InsertPoint.at_end(block)))
            values = side(inner)
            inner.builder.insert(scf.YieldOp(*values))
            types = [value.type for value in values]
            regions.append(Region(block))
        return self.builder.insert(scf.IfOp(condition, types, regions[0], regions[1])).results

    def if_any(self, count: Index, body: Callable[[Loops], None]) -> None:
        """What the body emits, where `count` is not 0."""

        def inside(loops: Loops) -> Values:
            body(loops)
            return ()

        if isinstance(count, int):
            body(self)
        else:
            self.branch(self.is_less(0, count), inside)

    def apply(self, body: Region, arguments: Values) -> Values:
        """What the body yields for these arguments: scalars, or vectors of one width."""
        scope: dict[SSAValue, SSAValue] = dict(zip(body.block.args, arguments, strict=True))
        width = next((value.type.get_shape()[0] for value in arguments if is_vector(value.type)), 1)
        for op in body.block.ops:
            if isinstance(op, YieldOp):
                return [self._spread(scope.get(value, value), width) for value in op.values]
            if width == 1 or not any(is_vector(scope.get(value, value).type) for value in op.operands):
                new = self.builder.insert(op.clone(scope))
            else:
                new = of_vectors(type(op)).create(
                    operands=[self._spread(scope.get(value, value), width) for value in op.operands],
                    result_types=[VectorType(result.type, [width]) for result in op.results],
                    properties=op.properties.copy(),
                    attributes=op.attributes.copy(),
                )
                new.location = op.location
                self.builder.insert(new)
            scope.update(zip(op.results, new.results, strict=True))
        raise AssertionError("a body ends in a yield")

    def _spread(self, value: SSAValue, width: int) -> SSAValue:
        if width == 1 or is_vector(value.type):
            return value
        return self.builder.insert(vector.BroadcastOp(value, VectorType(value.type, [width]))).vector


def _in_bounds() -> ArrayAttr[BoolAttr]:
    return ArrayAttr([BoolAttr.from_bool(True)])


def _last_of(rank: int) -> AffineMapAttr:
    return AffineMapAttr(AffineMap(rank, 0, (AffineExpr.dimension(rank - 1),)))
