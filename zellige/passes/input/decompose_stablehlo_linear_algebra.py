"""decompose-stablehlo-linear-algebra: `triangular_solve` and `cholesky` are loops over rows and columns.

Before:  %x = "stablehlo.triangular_solve"(%a, %b) {lower = true, …} : (tensor<8x8xf32>, tensor<8x2xf32>) -> …

After:   %s = elements of %a below the diagonal
         %x = scf.for %i = 0 to 8 step 1 iter_args(%x_i = zeros) -> tensor<8x2xf32> {
           %row  = tensor.extract_slice %s[%i, 0] [1, 8] [1, 1]
           %sum  = stablehlo.dot_general %row, %x_i …
           %rest = stablehlo.subtract %b_i, %sum
           %x_i1 = stablehlo.divide %rest, %a_ii
           …     = tensor.insert_slice %x_i1 into %x_i[%i, 0] [1, 2] [1, 1] }

A solve of more than 64 rows is cut into blocks of rows: what the rows before contribute is one product of matrices.
All other forms of both ops are this one of transposed matrices, or with the rows in the opposite order.

Leaves:  an op with a dynamic shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ComplexType, IndexType, IntegerAttr, ModuleOp, TensorType
from xdsl.ir import Block, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import has_static_shapes, tensor_type
from zellige.dialects.stablehlo.elementwise import SqrtOp
from zellige.dialects.stablehlo.linear_algebra import CholeskyOp, Transpose, TriangularSolveOp
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.passes.input.stablehlo_tensors import Tensors

BLOCK = 64
"""Rows that are solved one after the other before a product of matrices brings in those before."""


HANDLED_OPS = (TriangularSolveOp, CholeskyOp)
"""What is replaced."""


class DecomposeStablehloLinearAlgebraPass(ModulePass):
    """Replace `triangular_solve` and `cholesky` with loops."""

    name = "decompose-stablehlo-linear-algebra"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if not has_static_shapes(inner):
                continue
            code = Tensors.before(inner)
            result = _solve(code, inner) if isinstance(inner, TriangularSolveOp) else _factor(code, inner)
            result.name_hint = inner.result.name_hint
            Rewriter.replace_op(inner, [], [result])


def _solve(code: Tensors, op: TriangularSolveOp) -> SSAValue:
    is_left = bool(op.left_side)
    a, b = op.a, op.b if is_left else code.transpose(op.b, -1, -2)
    # x op(a) = b is op(a)' x' = b'.
    is_transposed = (op.transpose_a.data != Transpose.NO_TRANSPOSE) == is_left
    if op.transpose_a.data == Transpose.ADJOINT:
        a = code.conjugate(a)
    if is_transposed:
        a = code.transpose(a, -1, -2)
    system = _System(a, bool(op.lower) != is_transposed, bool(op.unit_diagonal))
    x = system.solve(code, b)
    return x if is_left else code.transpose(x, -1, -2)


@dataclass(frozen=True)
class _System:
    """Equations `a x = b` with a triangular matrix `a` of which one half counts, for each index of a batch."""

    a: SSAValue
    is_lower: bool
    has_unit_diagonal: bool

    def solve(self, code: Tensors, b: SSAValue) -> SSAValue:
        """All rows of x, a block of them after the other."""
        shape = shape_of(self.a)
        rows, row_dim = shape[-1], len(shape) - 2
        half = code.below_diagonal(shape, inclusive=not self.is_lower)
        nothing = code.zeros(tensor_type(self.a))
        coefficients = code.select(half, *((self.a, nothing) if self.is_lower else (nothing, self.a)))
        solved: SSAValue | None = None
        blocks = [(start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK)]
        for start, stop in blocks if self.is_lower else reversed(blocks):
            rest = code.slice(b, row_dim, start, stop)
            known = code.slice(coefficients, row_dim, start, stop)
            if solved is not None:
                before = (0, start) if self.is_lower else (stop, rows)
                rest = code.subtract(rest, code.product(code.slice(known, row_dim + 1, *before), solved))
            within = code.slice(known, row_dim + 1, start, stop)
            diagonal = code.slice(code.slice(self.a, row_dim, start, stop), row_dim + 1, start, stop)
            block = self._substitute(code, within, diagonal, rest)
            parts = [] if solved is None else [solved]
            solved = code.concatenate([*parts, block] if self.is_lower else [block, *parts], row_dim)
        return b if solved is None else solved

    def _substitute(self, code: Tensors, coefficients: SSAValue, diagonal: SSAValue, b: SSAValue) -> SSAValue:
        """Row after row: what the rows before leave of b, divided by the element on the diagonal."""
        rows, columns = shape_of(b)[-2:]

        def solve_row(inner: Tensors, step: SSAValue, x: SSAValue) -> SSAValue:
            row = step
            if not self.is_lower:
                last = inner.emit(arith.ConstantOp(IntegerAttr(rows - 1, IndexType())))
                row = inner.emit(arith.SubiOp(last, step))
            known = inner.product(_extract(inner, coefficients, (row, 0), (1, rows)), x)
            value = inner.subtract(_extract(inner, b, (row, 0), (1, columns)), known)
            if not self.has_unit_diagonal:
                pivot = _extract(inner, diagonal, (row, row), (1, 1))
                shape = shape_of(value)
                value = inner.divide(value, inner.broadcast(pivot, range(len(shape)), shape))
            return _insert(inner, value, x, (row, 0))

        return _loop(code, rows, code.zeros(tensor_type(b)), solve_row)


def _factor(code: Tensors, op: CholeskyOp) -> SSAValue:
    is_lower = op.lower is not None and bool(op.lower)
    a = op.a if is_lower else code.conjugate(code.transpose(op.a, -1, -2))
    shape = shape_of(a)
    size = shape[-1]

    def factor_column(inner: Tensors, column: SSAValue, factor: SSAValue) -> SSAValue:
        row = inner.conjugate(_extract(inner, factor, (column, 0), (1, size)))
        known = inner.product(factor, row, transpose_rhs=True)
        rest = inner.subtract(_extract(inner, a, (0, column), (size, 1)), known)
        pivot = _square_root(inner, _extract(inner, rest, (column, 0), (1, 1)))
        wide = inner.broadcast(pivot, range(len(shape)), shape_of(rest))
        with_column = _insert(inner, inner.divide(rest, wide), factor, (0, column))
        return _insert(inner, pivot, with_column, (column, column))

    zeros = code.zeros(tensor_type(a))
    # What comes to stand above the diagonal is never read.
    factor = _loop(code, size, zeros, factor_column)
    factor = code.select(code.below_diagonal(shape, inclusive=True), factor, zeros)
    return factor if is_lower else code.conjugate(code.transpose(factor, -1, -2))


def _square_root(code: Tensors, pivot: SSAValue) -> SSAValue:
    """The root of a number that is real, also where its type is complex."""
    if not isa(tensor_type(pivot).element_type, ComplexType):
        return code.emit(SqrtOp(pivot))
    root = code.emit(SqrtOp(code.parts(pivot)[0]))
    return code.complex(root, code.zeros(tensor_type(root)))


def _loop(
    code: Tensors, steps: int, start: SSAValue, build: Callable[[Tensors, SSAValue, SSAValue], SSAValue]
) -> SSAValue:
    """`start` after `steps` steps, of which each gets its number and what came out of the one before."""
    lower, upper, step = (code.emit(arith.ConstantOp(IntegerAttr(n, IndexType()))) for n in (0, steps, 1))
    block = Block(arg_types=[IndexType(), start.type])
    inner = Tensors(Builder(InsertPoint.at_end(block)), code.location)
    inner.builder.insert(scf.YieldOp(build(inner, *block.args)))
    return code.emit(scf.ForOp(lower, upper, step, [start], Region(block)))


Place = tuple[SSAValue | int, SSAValue | int]
"""A row and a column of each matrix."""


def _extract(code: Tensors, source: SSAValue, at: Place, sizes: tuple[int, int]) -> SSAValue:
    """A block of each matrix of a batch."""
    shape = [*shape_of(source)[:-2], *sizes]
    offsets = [0] * (len(shape) - 2)
    result_type = TensorType(tensor_type(source).element_type, shape)
    return code.emit(tensor.ExtractSliceOp(source, [*offsets, *at], shape, [1] * len(shape), result_type))


def _insert(code: Tensors, part: SSAValue, whole: SSAValue, at: Place) -> SSAValue:
    """The matrices with a block of each replaced."""
    batch = [0] * (len(shape_of(whole)) - 2)
    offsets = [DYNAMIC_INDEX if isinstance(offset, SSAValue) else offset for offset in at]
    values = [offset for offset in at if isinstance(offset, SSAValue)]
    return code.emit(tensor.InsertSliceOp.get(part, whole, shape_of(part), [*batch, *offsets], None, values))
