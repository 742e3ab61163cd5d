"""Sizes as values: the arithmetic of a size, at the start of a function."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.rewriter import InsertPoint

from zellige.analysis.size_expressions import Computed
from zellige.dialects.index_arithmetic import Index, add, materialize, scale, type_index
from zellige.maths.sizes import Atom, Extent, Extreme, Quotient, Size, Symbol, at_least


@dataclass
class SizeValues:
    """Values of type index for the sizes of a function, each made once, before the ops that are there now."""

    function: FuncOp
    _values: dict[Extent, SSAValue] = field(default_factory=dict[Extent, SSAValue])
    _products: dict[tuple[Atom, ...], Index] = field(default_factory=dict[tuple[Atom, ...], Index])
    _computed: dict[Symbol, SSAValue] = field(default_factory=dict[Symbol, SSAValue])
    _builder: Builder = field(init=False)

    def __post_init__(self) -> None:
        self._builder = Builder(InsertPoint.at_start(self.function.body.block))

    def value(self, size: Extent) -> SSAValue:
        """The size as a value."""
        if size not in self._values:
            self._values[size] = materialize(self._builder, self._sum(size))
        return self._values[size]

    def insert(self, op: Operation) -> Operation:
        """Put an op behind the arithmetic so far."""
        return self._builder.insert(op)

    def _sum(self, size: Extent) -> Index:
        if not isinstance(size, Size):
            return size
        total: Index = 0
        for atoms, number in size.ordered_terms:
            product = self._product(atoms)
            if number >= 0:
                total = add(self._builder, total, scale(self._builder, product, number))
            else:
                less = materialize(self._builder, scale(self._builder, product, -number))
                total = self._builder.insert(arith.SubiOp(materialize(self._builder, total), less)).result
        return total

    def _product(self, atoms: tuple[Atom, ...]) -> Index:
        if len(atoms) < 2:
            return self._atom(atoms[0]) if atoms else 1
        if atoms not in self._products:
            product = materialize(self._builder, self._product(atoms[:-1]))
            self._products[atoms] = self._builder.insert(arith.MuliOp(product, self._atom(atoms[-1]))).result
        return self._products[atoms]

    def _atom(self, atom: Atom) -> SSAValue:
        match atom:
            case Symbol(key=int() as argument):
                return self.function.body.block.args[argument]
            case Symbol():
                return self._cast(self._compute(atom), type_index)
            case Quotient():
                is_positive = at_least(atom.dividend, 0) and at_least(atom.divisor, 1)
                kind = arith.DivUIOp if is_positive else arith.FloorDivSIOp
                return self._builder.insert(kind(self.value(atom.dividend), self.value(atom.divisor))).result
            case Extreme():
                one, other = sorted(atom.sizes, key=str)
                kind = arith.MaxSIOp if atom.is_largest else arith.MinSIOp
                return self._builder.insert(kind(self.value(one), self.value(other))).result

    def _compute(self, symbol: Symbol) -> SSAValue:
        """The result of an op that is like the one in the symbol."""
        if symbol not in self._computed:
            assert isinstance(symbol.key, Computed)
            clone = symbol.key.op.clone()
            clone.operands = [
                self._typed(size, operand.type)
                for size, operand in zip(symbol.key.operands, symbol.key.op.operands, strict=True)
            ]
            self._computed[symbol] = self._builder.insert(clone).results[0]
        return self._computed[symbol]

    def _typed(self, size: Extent, type_: Attribute) -> SSAValue:
        if isinstance(size, Size):
            (atoms, number), *more = size.ordered_terms
            if not more and number == 1 and len(atoms) == 1 and isinstance(symbol := atoms[0], Symbol):
                computed = self._compute(symbol) if isinstance(symbol.key, Computed) else self._atom(symbol)
                return self._cast(computed, type_)
        return self._cast(self.value(size), type_)

    def _cast(self, value: SSAValue, type_: Attribute) -> SSAValue:
        return value if value.type == type_ else self._builder.insert(arith.IndexCastOp(value, type_)).result
