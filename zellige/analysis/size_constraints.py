"""What the ops of a program function need to be so of the sizes of its arguments.

Where an op needs two sizes to be equal, the size of one argument is given by those of others, and the program has to
check that it is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod

from xdsl.dialects import arith, cf, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType
from xdsl.dialects.func import FuncOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr

from zellige.analysis.indexing import linear_form, maps_of
from zellige.analysis.size_expressions import SizeExpressions
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_ext import ScanOp, ScatterOp, SortOp, TopkOp
from zellige.dialects.reshapes import groups_of
from zellige.dialects.shaped_types import has_static_shapes, is_tensor, kept_dimensions, tensor_type
from zellige.dialects.slices import offsets_of, slice_sizes_of, steps_of
from zellige.maths.sizes import Atom, Extent, Size, Symbol, are_different, at_least, solved, substituted
from zellige.support.errors import CompileError

EQUAL = 0
"""The predicate `eq` of `arith.cmpi`."""

Pair = tuple[Extent, Extent]


@dataclass(frozen=True)
class Check:
    """Something that has to be so when the program runs: two sizes are equal, or the first is not below the second."""

    left: Extent
    right: Extent
    is_equality: bool
    message: str


@dataclass
class SizeConstraints:
    """What the ops of a function need: sizes that are others, and checks of the rest."""

    function: FuncOp
    expressions: SizeExpressions
    _values: dict[Atom, Extent] = field(default_factory=dict[Atom, Extent])
    _checks: dict[Check, None] = field(default_factory=dict[Check, None])

    def __post_init__(self) -> None:
        """Raises `CompileError` at an op that needs what cannot be, and where sizes depend on data."""
        for op in [op for op in self.function.body.block.ops if isinstance(op, cf.AssertOp)]:
            self._assume(op)
        for op in self.function.walk():  # in order, so that no chain of arithmetic is looked at from its end
            if any(isinstance(result.type, IndexType) for result in op.results):
                self.expressions.number(op.results[0])
        ops = [op for op in self.function.walk() if not has_static_shapes(op)]
        for op in ops:
            for one, other in _equalities(op, self.expressions):
                self._equate(self.final(one), self.final(other), op)
        for op in ops:
            for size, bound in _bounds(op, self.expressions):
                self._bound(self.final(size), self.final(bound), op)

    def final(self, size: Extent) -> Extent:
        """The size, given that all checks hold."""
        return substituted(size, self._values) if self._values else size

    @property
    def checks(self) -> Iterator[Check]:
        """What the program has to check, in the order of the arguments and of the ops."""
        for atom, value in sorted(self._values.items(), key=_last_argument_last):
            if _argument(atom) is not None and isinstance(value, Size):
                yield Check(Size.of(atom), value, True, f"{atom} differs from {value}")
        yield from self._checks

    def _equate(self, one: Extent, other: Extent, op: Operation) -> None:
        if one == other:
            return
        if are_different(one, other):
            raise CompileError(f"'{op.name}' needs sizes to be equal that are not: {one} and {other}", op=op)
        atom = self._solve(one, other)
        if atom is None or _argument(atom) is None:
            self._checks[Check(one, other, True, f"'{op.name}' needs {one} to be {other}")] = None

    def _solve(self, one: Extent, other: Extent) -> Atom | None:
        """Take two sizes to be equal; the atom that follows from the others then, if there is one."""
        ranked = sorted(solved(one - other), key=_last_argument_last)
        if not ranked:
            return None
        atom, value = ranked[-1]
        self._values = {known: substituted(size, {atom: value}) for known, size in self._values.items()}
        self._values[atom] = value
        return atom

    def _assume(self, op: cf.AssertOp) -> None:
        """What the program checks of the sizes of its arguments holds behind the check."""
        compared = op.arg.owner
        if isinstance(compared, arith.CmpiOp) and compared.predicate.value.data == EQUAL:
            one, other = (self.expressions.number(operand) for operand in compared.operands)
            if one is not None and other is not None and one != other and not are_different(one, other):
                self._solve(self.final(one), self.final(other))

    def _bound(self, size: Extent, bound: Extent, op: Operation) -> None:
        if not at_least(size, bound):
            if at_least(bound, size + 1):
                raise CompileError(f"'{op.name}' needs {size} to be at least {bound}", op=op)
            self._checks[Check(size, bound, False, f"'{op.name}' needs {size} to be at least {bound}")] = None


def _argument(atom: Atom) -> int | None:
    """The argument that a symbol is, if it is one."""
    return atom.key if isinstance(atom, Symbol) and isinstance(atom.key, int) else None


def _last_argument_last(found: tuple[Atom, Extent]) -> tuple[int, str]:
    argument = _argument(found[0])
    return -1 if argument is None else argument, str(found[0])


def _equalities(op: Operation, expressions: SizeExpressions) -> Iterator[Pair]:
    """Sizes that the op needs to be equal."""
    shape = expressions.shape
    match op:
        case GenericOp():
            yield from _loops(op, expressions)
        case tensor.CastOp():
            for known, size in zip(shape(op.source), tensor_type(op.dest).get_shape(), strict=True):
                if size != DYNAMIC_INDEX:
                    yield known, size
        case tensor.InsertSliceOp():
            sizes = _numbers(slice_sizes_of(op), expressions)
            kept = kept_dimensions(op.static_sizes.get_values(), tensor_type(op.source).get_shape())
            for known, dimension in zip(shape(op.source), kept, strict=True):
                if (size := sizes[dimension]) is not None:
                    yield known, size
        case tensor.ExpandShapeOp():
            expanded = shape(op.result)
            for size, group in zip(shape(op.src), groups_of(op), strict=True):
                yield size, prod((expanded[dimension] for dimension in group), start=1)
        case ScatterOp():
            for value in op.windows:
                yield shape(value)[0], shape(op.indices)[0]
            yield from _alike(op.inputs, expressions)
        case SortOp() | ScanOp() | TopkOp():
            yield from _alike(op.inputs, expressions)
        case scf.ForOp() | scf.WhileOp() | scf.IfOp():
            for one, other in _carried(op):
                if is_tensor(one.type):
                    yield from zip(shape(one), shape(other), strict=True)
        case _:
            pass


def _loops(op: GenericOp, expressions: SizeExpressions) -> Iterator[Pair]:
    """The dimensions of operands that one loop runs through."""
    first: dict[int, Extent] = {}
    for operand, size, expr in _accesses(op, expressions):
        form = linear_form(expr, len(op.iterator_types))
        loop = None if form is None else form.single_loop
        if loop is not None and is_tensor(operand.type):
            yield first.setdefault(loop, size), size


def _accesses(op: GenericOp, expressions: SizeExpressions) -> Iterator[tuple[SSAValue, Extent, AffineExpr]]:
    """Each dimension of an operand: its size, and what of the loops says where in it the body reads or writes."""
    for operand, affine_map in zip(op.operands, maps_of(op), strict=True):
        if is_tensor(operand.type):
            for size, expr in zip(expressions.shape(operand), affine_map.results, strict=True):
                yield operand, size, expr


def _alike(values: Sequence[SSAValue], expressions: SizeExpressions) -> Iterator[Pair]:
    for value in values[1:]:
        yield from zip(expressions.shape(values[0]), expressions.shape(value), strict=True)


def _carried(op: scf.ForOp | scf.WhileOp | scf.IfOp) -> Iterator[tuple[SSAValue, SSAValue]]:
    """What a loop starts from and goes on with, what one branch gives and the other one."""
    match op:
        case scf.ForOp():
            return zip(op.iter_args, _last(op.body).operands, strict=True)
        case scf.WhileOp():
            return zip(op.arguments, _last(op.after_region).operands, strict=True)
        case scf.IfOp():
            regions = [region for region in op.regions if region.blocks]
            return zip(_last(regions[0]).operands, _last(regions[-1]).operands, strict=True)


def _last(region: Region) -> Operation:
    terminator = region.block.last_op
    assert terminator is not None
    return terminator


def _bounds(op: Operation, expressions: SizeExpressions) -> Iterator[Pair]:
    """Sizes that the op needs to be at least others."""
    match op:
        case tensor.EmptyOp() | tensor.ExpandShapeOp():
            yield from ((size, 0) for size in expressions.shape(op.results[0]))
        case tensor.ExtractSliceOp():
            yield from _slice_bounds(op, op.source, expressions)
        case tensor.InsertSliceOp():
            yield from _slice_bounds(op, op.dest, expressions)
        case GenericOp():
            yield from _reach(op, expressions)
        case ScatterOp():
            for window in op.windows:
                yield from zip(expressions.shape(op.inputs[0]), expressions.shape(window)[1:], strict=True)
        case TopkOp() if not op.inits:
            dimension = op.dimension.value.data
            yield expressions.size(op.inputs[0], dimension), expressions.size(op.outputs[0], dimension)
        case _:
            pass


def _slice_bounds(
    op: tensor.ExtractSliceOp | tensor.InsertSliceOp, whole: SSAValue, expressions: SizeExpressions
) -> Iterator[Pair]:
    """A slice is inside of the tensor, as far as that does not depend on data."""
    offsets, sizes, steps = (_numbers(of(op), expressions) for of in (offsets_of, slice_sizes_of, steps_of))
    for full, offset, size, step in zip(expressions.shape(whole), offsets, sizes, steps, strict=True):
        if size is not None:
            yield size, 0
            if offset is not None and step is not None:
                yield offset, 0
                yield full, offset + (size - 1) * step + 1


def _numbers(values: Sequence[Index], expressions: SizeExpressions) -> list[Extent | None]:
    """The numbers that values are, None for those that depend on data."""
    return [value if isinstance(value, int) else expressions.number(value) for value in values]


def _reach(op: GenericOp, expressions: SizeExpressions) -> Iterator[Pair]:
    """A sum of loops reaches no further than the operand does."""
    loops, extents = len(op.iterator_types), dict[int, Extent]()
    accesses = [(size, form) for _, size, expr in _accesses(op, expressions) if (form := linear_form(expr, loops))]
    for size, form in accesses:
        if form.single_loop is not None:
            extents.setdefault(form.single_loop, size)
    for size, form in accesses:
        if form.single_loop is None and set(form.loops) <= extents.keys():
            steps = (c * (extents[loop] - 1) for loop, c in enumerate(form.coefficients) if c > 0)
            yield size, sum(steps, start=form.constant + 1)
