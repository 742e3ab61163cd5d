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

Fails:   where the size of the matrices is dynamic.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass

from zellige.dialects.index_arithmetic import type_index
from zellige.dialects.stablehlo.linear_algebra import CholeskyOp, Transpose, TriangularSolveOp
from zellige.passes.input.matrices import Matrices
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.tensors import Tensor
from zellige.support.errors import CompileError

BLOCK = 64
"""Rows that are solved one after the other before a product of matrices brings in those before."""


HANDLED_OPS = (TriangularSolveOp, CholeskyOp)
"""What is replaced."""


class DecomposeStablehloLinearAlgebraPass(ModulePass):
    """Replace `triangular_solve` and `cholesky` with loops."""

    name = "decompose-stablehlo-linear-algebra"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            replace_op(inner, lambda build, inner=inner: [_computed(Matrices(build), inner)])


def _computed(matrices: Matrices, op: TriangularSolveOp | CholeskyOp) -> Tensor:
    try:
        return _solve(matrices, op) if isinstance(op, TriangularSolveOp) else _factor(matrices, op)
    except CompileError as error:
        raise CompileError(error.message, op=op, pass_name=DecomposeStablehloLinearAlgebraPass.name) from None


def _solve(matrices: Matrices, op: TriangularSolveOp) -> Tensor:
    is_left = bool(op.left_side)
    a, b = matrices.build.operand(op.a), matrices.build.operand(op.b)
    # x op(a) = b is op(a)' x' = b'.
    is_transposed = (op.transpose_a.data != Transpose.NO_TRANSPOSE) == is_left
    if op.transpose_a.data == Transpose.ADJOINT:
        a = matrices.conjugate(a)
    if is_transposed:
        a = matrices.transpose(a)
    system = _System(matrices, a, bool(op.lower) != is_transposed, bool(op.unit_diagonal))
    x = system.solve(b if is_left else matrices.transpose(b))
    return x if is_left else matrices.transpose(x)


@dataclass(frozen=True)
class _System:
    """Equations `a x = b` with a triangular matrix `a` of which one half counts, for each index of a batch."""

    matrices: Matrices
    a: Tensor
    is_lower: bool
    has_unit_diagonal: bool

    def solve(self, b: Tensor) -> Tensor:
        """All rows of x, a block of them after the other."""
        build, rows, row_axis = self.matrices.build, self.a.static_size(-1), self.a.rank - 2
        half = self.matrices.below_diagonal(rows, inclusive=not self.is_lower)
        nothing = build.scalar(0, self.a.element)
        coefficients = build.select(half, *((self.a, nothing) if self.is_lower else (nothing, self.a)))
        solved: Tensor | None = None
        blocks = [(start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK)]
        for start, stop in blocks if self.is_lower else reversed(blocks):
            rest = build.slice_axis(b, row_axis, start, stop)
            known = build.slice_axis(coefficients, row_axis, start, stop)
            if solved is not None:
                before = (0, start) if self.is_lower else (stop, rows)
                product = self.matrices.product(build.slice_axis(known, row_axis + 1, *before), solved)
                rest = build.map("subtract", rest, product)
            within = build.slice_axis(known, row_axis + 1, start, stop)
            diagonal = build.slice_axis(build.slice_axis(self.a, row_axis, start, stop), row_axis + 1, start, stop)
            block = self._substitute(within, diagonal, rest)
            parts = [] if solved is None else [solved]
            solved = build.concatenate([*parts, block] if self.is_lower else [block, *parts], row_axis)
        return b if solved is None else solved

    def _substitute(self, coefficients: Tensor, diagonal: Tensor, b: Tensor) -> Tensor:
        """Row after row: what the rows before leave of b, divided by the element on the diagonal."""
        rows, columns = b.static_size(-2), b.shape[-1]

        def solve_row(inner: Matrices, step: SSAValue, x: Tensor) -> Tensor:
            row = step
            if not self.is_lower:
                last = inner.build.insert(arith.ConstantOp(IntegerAttr(rows - 1, type_index))).results[0]
                row = inner.build.insert(arith.SubiOp(last, step)).results[0]
            known = inner.product(inner.block(coefficients, (row, 0), (1, rows)), x)
            value = inner.build.map("subtract", inner.block(b, (row, 0), (1, columns)), known)
            if not self.has_unit_diagonal:
                value = inner.build.map("divide", value, inner.block(diagonal, (row, row), (1, 1)))
            return inner.with_block(value, x, (row, 0))

        return self.matrices.loop(rows, self.matrices.build.like(0, b), solve_row)


def _factor(matrices: Matrices, op: CholeskyOp) -> Tensor:
    is_lower = op.lower is not None and bool(op.lower)
    operand = matrices.build.operand(op.a)
    a = operand if is_lower else matrices.conjugate(matrices.transpose(operand))
    size = a.static_size(-1)

    def factor_column(inner: Matrices, column: SSAValue, factor: Tensor) -> Tensor:
        row = inner.conjugate(inner.block(factor, (column, 0), (1, size)))
        known = inner.product(factor, row, transpose_right=True)
        rest = inner.build.map("subtract", inner.block(a, (0, column), (size, 1)), known)
        pivot = inner.square_root(inner.block(rest, (column, 0), (1, 1)))
        with_column = inner.with_block(inner.build.map("divide", rest, pivot), factor, (0, column))
        return inner.with_block(pivot, with_column, (column, column))

    zeros = matrices.build.like(0, a)
    # What comes to stand above the diagonal is never read.
    factor = matrices.loop(size, zeros, factor_column)
    below = matrices.below_diagonal(size, inclusive=True)
    factor = matrices.build.select(below, factor, matrices.build.scalar(0, a.element))
    return factor if is_lower else matrices.conjugate(matrices.transpose(factor))
