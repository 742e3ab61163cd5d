"""Sizes as values of type index: what a polynomial of sizes is in the IR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType, IntegerAttr, LocationAttr, TensorType
from xdsl.ir import Block, Operation, SSAValue

from zellige.maths.sizes import Atom, Extent, Extreme, Quotient, Size, Symbol, at_least

INDEX = IndexType()


@dataclass
class SizeValues:
    """Puts the arithmetic at the end of `block`, which dominates all uses; each size is computed once.

    `symbols` are the values that symbols stand for.
    """

    block: Block
    symbols: dict[Symbol, SSAValue] = field(default_factory=dict[Symbol, SSAValue])
    _made: dict[Extent | Atom, SSAValue] = field(default_factory=dict["Extent | Atom", SSAValue])

    def value(self, size: Extent, location: LocationAttr) -> SSAValue:
        """The size as a value of type index."""

        def emit(op: Operation) -> SSAValue:
            op.location = location
            self.block.add_op(op)
            return op.results[0]

        def number(value: int) -> SSAValue:
            return made(value, lambda: emit(arith.ConstantOp(IntegerAttr(value, INDEX))))

        def made(key: Extent | Atom, make: Callable[[], SSAValue]) -> SSAValue:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]

        def of_atom(atom: Atom) -> SSAValue:
            match atom:
                case Symbol():
                    return self.symbols[atom]
                case Quotient():
                    is_positive = at_least(atom.dividend, 0) and at_least(atom.divisor, 1)
                    divide = arith.DivUIOp if is_positive else arith.FloorDivSIOp
                    return emit(divide(of(atom.dividend), of(atom.divisor)))
                case Extreme():
                    choose = arith.MaxSIOp if atom.is_largest else arith.MinSIOp
                    one, other = (of(part) for part in sorted(atom.sizes, key=str))
                    return emit(choose(one, other))

        def of_product(atoms: Sequence[Atom], coefficient: int) -> SSAValue:
            factors = [made(atom, lambda atom=atom: of_atom(atom)) for atom in atoms]
            if coefficient != 1 or not factors:
                factors.append(number(coefficient))
            return reduce(lambda one, other: emit(arith.MuliOp(one, other)), factors)

        def of(size: Extent) -> SSAValue:
            if not isinstance(size, Size):
                return number(size)
            return made(size, lambda: reduce(add, [of_product(*term) for term in size.ordered_terms]))

        def add(one: SSAValue, other: SSAValue) -> SSAValue:
            return emit(arith.AddiOp(one, other))

        return of(size)

    def vector(self, sizes: Sequence[Extent], location: LocationAttr) -> tensor.FromElementsOp:
        """The sizes as a tensor of one dimension, for an op that takes a shape."""
        values = [self.value(size, location) for size in sizes]
        return tensor.FromElementsOp(*values, result_type=TensorType(INDEX, [len(values)]))
