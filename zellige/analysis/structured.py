"""A `linalg.generic` as loops and linear accesses: what tiling and vectorisation ask of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from xdsl.dialects.linalg.attrs import IteratorType
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation
from xdsl.ir.affine import AffineBinaryOpExpr, AffineBinaryOpKind, AffineExpr, AffineMap

from zellige.analysis.dimensions import assumed_size, sizes_of
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import is_tensor
from zellige.maths.linear_forms import LinearForm
from zellige.support.errors import CompileError, Note


@dataclass(frozen=True)
class Access:
    """One operand: a linear form for each of its dimensions."""

    forms: tuple[LinearForm, ...]

    @property
    def loops(self) -> tuple[int, ...]:
        """Loops that the operand depends on, in the order of its dimensions."""
        return tuple(dict.fromkeys(loop for form in self.forms for loop in form.loops))

    @property
    def permuted_loops(self) -> tuple[int, ...] | None:
        """The loop of each dimension, when each dimension is exactly one loop and no loop comes twice."""
        loops = [form.single_loop for form in self.forms]
        present = [loop for loop in loops if loop is not None]
        if len(present) < len(loops) or len(set(present)) < len(present):
            return None
        return tuple(present)

    def is_strided(self, loops: Collection[int]) -> bool:
        """Whether a vector over `loops` is a slice with steps: each runs forwards along one dimension of its own."""
        steps = [form.coefficients[loop] for form in self.forms for loop in form.loops if loop in loops]
        per_loop = all(sum(loop in form.loops for form in self.forms) <= 1 for loop in loops)
        per_dimension = all(len(set(form.loops) & set(loops)) <= 1 for form in self.forms)
        return per_loop and per_dimension and all(step > 0 for step in steps)


@dataclass(frozen=True)
class Structured:
    """Loop extents and kinds of a generic, and the accesses of its inputs, then of its outputs."""

    extents: tuple[Index, ...]
    parallel: tuple[bool, ...]
    accesses: tuple[Access, ...]
    inputs: int

    @property
    def assumed_extents(self) -> tuple[int, ...]:
        """The extents as numbers, for choices that are only about speed."""
        return tuple(map(assumed_size, self.extents))

    @property
    def static_extents(self) -> tuple[int, ...]:
        """The extents of an op without dynamic loops."""
        known = tuple(extent for extent in self.extents if isinstance(extent, int))
        assert len(known) == len(self.extents), "no loop is dynamic"
        return known

    @property
    def parallel_loops(self) -> tuple[int, ...]:
        return tuple(i for i, is_parallel in enumerate(self.parallel) if is_parallel)

    @property
    def reduction_loops(self) -> tuple[int, ...]:
        return tuple(i for i, is_parallel in enumerate(self.parallel) if not is_parallel)

    @property
    def outputs(self) -> tuple[Access, ...]:
        return self.accesses[self.inputs :]


def _linear_form(expr: AffineExpr, loops: int, op: Operation) -> LinearForm:
    origin = [0] * loops
    constant = expr.eval(origin, [])
    coefficients: list[int] = []
    for loop in range(loops):
        point = list(origin)
        point[loop] = 1
        coefficients.append(expr.eval(point, []) - constant)
    linear = (AffineBinaryOpKind.Add, AffineBinaryOpKind.Mul)
    if any(isinstance(e, AffineBinaryOpExpr) and e.kind not in linear for e in expr.dfs()):
        raise CompileError(
            f"indexing map with '{expr}' is not supported, expected a sum of multiples of loop counters",
            op=op,
            notes=(Note("express divisions and remainders with 'linalg.index' and 'tensor.extract'"),),
        )
    return LinearForm(tuple(coefficients), constant)


def access_of(affine_map: AffineMap, op: Operation) -> Access:
    """The linear forms of an indexing map. Raises `CompileError` at `op` for divisions and remainders."""
    return Access(tuple(_linear_form(expr, affine_map.num_dims, op) for expr in affine_map.results))


def structured(op: GenericOp) -> Structured:
    """Read a generic. A loop through a static dimension has a number for extent, whatever else it runs through."""
    accesses = tuple(access_of(attr.data, op) for attr in op.indexing_maps)
    loops = len(op.iterator_types)
    extents: list[Index | None] = [None] * loops
    for access, operand in zip(accesses, op.operands, strict=True):
        sizes = sizes_of(operand) if is_tensor(operand.type) else ()
        for form, size in zip(access.forms, sizes, strict=True):
            if (loop := form.single_loop) is not None and not isinstance(extents[loop], int):
                extents[loop] = size
    known = tuple(size for size in extents if size is not None)
    if len(known) < loops:
        raise CompileError(
            f"the extent of loop d{extents.index(None)} does not follow from any operand's shape",
            op=op,
            notes=(Note("add an operand with that loop as a dimension of its own"),),
        )
    return Structured(
        known, tuple(it.data == IteratorType.PARALLEL for it in op.iterator_types), accesses, len(op.inputs)
    )
