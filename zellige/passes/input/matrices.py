"""Matrices in the last two dimensions of tensors: products, blocks of them, and loops over these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.dialects import arith, scf, tensor
from xdsl.dialects.builtin import ComplexType, IntegerAttr, i32
from xdsl.ir import Block, Region, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.slices import insert_slice
from zellige.maths.sizes import Extent
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, type_of

Place = tuple[SSAValue | int, SSAValue | int]
"""A row and a column of each matrix."""


@dataclass(frozen=True)
class Matrices:
    """What is done with the matrices of a batch, which the dimensions before the last two are."""

    build: GraphBuilder

    def transpose(self, operand: Tensor) -> Tensor:
        return self.build.move_axis(operand, operand.rank - 1, operand.rank - 2)

    def product(self, left: Tensor, right: Tensor, *, transpose_right: bool = False) -> Tensor:
        """The product of the matrices for each index of the batch."""
        batch, last = range(left.rank - 2), left.rank - 1
        contracting = ([last], [last if transpose_right else last - 1])
        return self.build.dot_general(left, right, (batch, batch), contracting, left.element)

    def below_diagonal(self, size: Extent, *, inclusive: bool) -> Tensor:
        """Which elements of a square matrix stand below the diagonal, or on it."""
        rows, columns = (self.build.iota(i32, (size, size), axis) for axis in (0, 1))
        return self.build.compare("GE" if inclusive else "GT", rows, columns)

    def conjugate(self, operand: Tensor) -> Tensor:
        """The complex conjugates; real numbers stay."""
        if not isa(operand.element, ComplexType):
            return operand
        real, imaginary = self.build.parts(operand)
        return self.build.complex(real, self.build.map("negate", imaginary))

    def square_root(self, operand: Tensor) -> Tensor:
        """The roots of numbers that are real, also where their type is complex."""
        if not isa(operand.element, ComplexType):
            return self.build.map("sqrt", operand)
        root = self.build.map("sqrt", self.build.parts(operand)[0])
        return self.build.complex(root, self.build.like(0, root))

    def block(self, source: Tensor, at: Place, sizes: tuple[Extent, Extent]) -> Tensor:
        """A block of each matrix."""
        shape = [*source.shape[:-2], *sizes]
        offsets, extents = self._bounds(shape, at)
        op = tensor.ExtractSliceOp(
            self.build.value(source), offsets, extents, [1] * len(shape), type_of(source.element, shape)
        )
        return Tensor.computed(self.build.insert(op).results[0], shape)

    def with_block(self, part: Tensor, whole: Tensor, at: Place) -> Tensor:
        """The matrices with a block of each replaced."""
        offsets, extents = self._bounds(part.shape, at)
        op = insert_slice(self.build.value(part), self.build.value(whole), offsets, extents)
        return Tensor.computed(self.build.insert(op).results[0], whole.shape)

    def _bounds(self, shape: list[Extent] | tuple[Extent, ...], at: Place) -> tuple[list[Index], list[Index]]:
        extents = [size if isinstance(size, int) else self.build.index(size) for size in shape]
        return [*[0] * (len(shape) - 2), *at], extents

    def loop(self, steps: int, start: Tensor, make: Callable[[Matrices, SSAValue, Tensor], Tensor]) -> Tensor:
        """`start` after `steps` steps, of which each gets its number and what came out of the one before."""
        lower, upper, step = (
            self.build.insert(arith.ConstantOp(IntegerAttr(number, type_index))).results[0] for number in (0, steps, 1)
        )
        initial = self.build.value(start)
        block = Block(arg_types=[type_index, initial.type])
        inner = self.build.nested(block)
        result = make(Matrices(inner), block.args[0], Tensor.computed(block.args[1], start.shape))
        inner.insert(scf.YieldOp(inner.value(result)))
        loop = scf.ForOp(lower, upper, step, [initial], Region(block))
        return Tensor.computed(self.build.insert(loop).results[0], start.shape)
