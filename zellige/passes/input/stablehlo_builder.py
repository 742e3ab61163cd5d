"""Builds StableHLO for one block: shapes are numpy's, element types are those of the operands.

Each method appends ops with the location of the node that is being read and returns the tensor they make. Ops are
named as in the StableHLO specification, so that tables of operators are words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    AnyFloat,
    ComplexType,
    DenseArrayBase,
    IntegerAttr,
    TensorType,
    f32,
    i1,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects import linalg_ext
from zellige.dialects.stablehlo.attributes import ComparisonDirection, ComparisonDirectionAttr
from zellige.dialects.stablehlo.contraction_attributes import (
    ConvDimensions,
    ConvDimensionsAttr,
    DotDimensions,
    DotDimensionsAttr,
    OperandDimensions,
)
from zellige.dialects.stablehlo.element_kinds import bits_of
from zellige.dialects.stablehlo.indexing_attributes import (
    GatherDimensions,
    GatherDimensionsAttr,
    ScatterDimensions,
    ScatterDimensionsAttr,
)
from zellige.maths.sizes import Extent, Size, are_different, largest, solved
from zellige.passes.input.broadcasting import broadcast_shapes, common_size, shape_text
from zellige.passes.input.op_builder import Form, OpBuilder
from zellige.passes.input.stablehlo_windows import Window, pairs
from zellige.passes.input.tensors import Array, Tensor, is_float, is_unsigned, type_of
from zellige.support.errors import CompileError

Scalars = Callable[["GraphBuilder", Sequence[Tensor]], Sequence[Tensor]]
"""Makes the results of a region from its arguments."""

_SCANS: Mapping[tuple[str, bool], Callable[[SSAValue, SSAValue], Operation]] = MappingProxyType(
    {
        ("add", False): arith.AddiOp,
        ("add", True): arith.AddfOp,
        ("multiply", False): arith.MuliOp,
        ("multiply", True): arith.MulfOp,
    }
)
"""Op of StableHLO, and whether it is of floats -> the op on scalars."""


def ints(values: Sequence[int]) -> DenseArrayBase[Any]:
    return DenseArrayBase.from_list(i64, list(values))


@dataclass
class GraphBuilder(OpBuilder):
    """Appends to `block`. Constants go to the block of `sizes`, which dominates all others, once for each tensor."""

    def region(self, forms: Sequence[Form], make: Scalars) -> Region:
        """A region of one block that returns what `make` makes of its arguments."""
        inner, arguments = self.branch(forms)
        return inner.ended(make(inner, arguments))

    # Constants

    def constant(self, numbers: Array) -> Tensor:
        return Tensor.of(numbers)

    def scalar(self, number: float | Size, element: Attribute) -> Tensor:
        """A tensor without dimensions."""
        if isinstance(number, Size):
            whole = Tensor.of_sizes(np.asarray(number, object), i64)
            return whole if element == i64 else self.convert(whole, element)
        type_ = TensorType(element, ())
        return Tensor(type_, known=np.asarray(number, Tensor(type_).dtype))

    def full(self, number: float, element: Attribute, shape: Sequence[Extent]) -> Tensor:
        return self.broadcast(self.scalar(number, element), shape)

    def like(self, number: float, other: Tensor) -> Tensor:
        """The number in each element of a tensor like `other`."""
        return self.full(number, other.element, other.shape)

    # Elementwise

    def map(self, name: str, *operands: Tensor) -> Tensor:
        """An elementwise op on operands that are broadcast to one shape; the element type is that of the first."""
        spread = self.broadcast_together(*operands)
        return self.one(name, spread, *spread[0].form)

    def map_with(self, name: str, operand: Tensor, number: float | Size) -> Tensor:
        """A binary op with a number on the right."""
        return self.map(name, operand, self.scalar(number, operand.element))

    def compare(self, direction: str, left: Tensor, right: Tensor) -> Tensor:
        """`direction` is EQ, NE, LT, LE, GT or GE."""
        left, right = self.broadcast_together(left, right)
        attribute = ComparisonDirectionAttr(ComparisonDirection(direction))
        return self.one("compare", [left, right], i1, left.shape, comparison_direction=attribute)

    def select(self, condition: Tensor, yes: Tensor, no: Tensor) -> Tensor:
        condition, yes, no = self.broadcast_together(condition, yes, no)
        return self.one("select", [condition, yes, no], *yes.form)

    def convert(self, operand: Tensor, element: Attribute) -> Tensor:
        """Each element as `element`; what is not zero is true."""
        if operand.element == element:
            return operand
        if operand.known is not None and operand.size == 1 and is_float(element) and is_float(operand.element):
            return Tensor.of(operand.known.astype(Tensor(TensorType(element, ())).dtype))
        return self.one("convert", [operand], element, operand.shape)

    def parts(self, operand: Tensor) -> tuple[Tensor, Tensor]:
        """The real and the imaginary parts of complex numbers."""
        assert isa(operand.element, ComplexType)
        real, imaginary = (
            self.one(name, [operand], operand.element.element_type, operand.shape) for name in ("real", "imag")
        )
        return real, imaginary

    def complex(self, real: Tensor, imaginary: Tensor) -> Tensor:
        assert isinstance(real.element, AnyFloat)
        return self.one("complex", [real, imaginary], ComplexType(real.element), real.shape)

    def bit_cast(self, operand: Tensor, element: Attribute) -> Tensor:
        """The same bits as elements of another type of the same width."""
        if element == i1:
            return self.compare("NE", operand, self.scalar(0, operand.element))
        if operand.element == i1:
            return self.convert(operand, element)
        return self.one("bitcast_convert", [operand], element, operand.shape)

    def bit_pieces(self, operand: Tensor, element: Attribute) -> Tensor:
        """The bits of each element as elements of a narrower type, lowest bits first, along a new last dimension."""
        count = bits_of(operand.element) // bits_of(element)
        return self.one("bitcast_convert", [operand], element, [*operand.shape, count])

    # Shapes

    def broadcast_in_dim(self, operand: Tensor, shape: Sequence[Extent], dimensions: Sequence[int]) -> Tensor:
        """Dimension i of the operand becomes dimension `dimensions[i]` of the result."""
        if tuple(shape) == operand.shape and list(dimensions) == list(range(operand.rank)):
            return operand
        return self._shaped(
            "broadcast_in_dim", [operand], operand.element, shape, broadcast_dimensions=ints(dimensions)
        )

    def _shaped(
        self,
        name: str,
        operands: Sequence[Tensor],
        element: Attribute,
        shape: Sequence[Extent],
        **properties: Attribute,
    ) -> Tensor:
        """An op whose attributes do not say its shape: with an operand for it, where the type leaves sizes open."""
        if all(isinstance(size, int) for size in shape):
            return self.one(name, operands, element, shape, **properties)
        return self.one(f"dynamic_{name}", [*operands, self.vector(shape)], element, shape, **properties)

    def broadcast(self, operand: Tensor, shape: Sequence[Extent]) -> Tensor:
        """As numpy does: dimensions are aligned at the end."""
        lead = len(shape) - operand.rank
        return self.broadcast_in_dim(operand, shape, range(lead, len(shape)))

    def broadcast_together(self, *operands: Tensor) -> tuple[Tensor, ...]:
        """All with the shape that numpy's broadcasting gives them."""
        shape = broadcast_shapes(*(operand.shape for operand in operands))
        return tuple(self.broadcast(operand, shape) for operand in operands)

    def reshape(self, operand: Tensor, shape: Sequence[Extent]) -> Tensor:
        if tuple(shape) == operand.shape:
            return operand
        count = prod(shape)
        if are_different(count, operand.size):
            raise CompileError(f"{operand.type} has {operand.size} elements, shape {shape_text(shape)} has {count}")
        if count != operand.size:
            if operand.is_static and isinstance(count, Size) and not list(solved(count - operand.size)):
                raise CompileError(f"{operand.type} in shape {shape_text(shape)}: no size follows from the others")
            self.check_sizes(count, operand.size, f"{operand.size} elements do not fit shape {shape_text(shape)}")
        type_ = type_of(operand.element, shape)
        if operand.value is None and type_.has_static_shape():
            if operand.elements is not None:
                return Tensor.of_sizes(operand.elements.reshape(type_.get_shape()), operand.element)
            if operand.known is not None:
                return Tensor(type_, known=operand.known.reshape(type_.get_shape()))
        return self._shaped("reshape", [operand], operand.element, shape)

    def with_shape(self, operand: Tensor, shape: Sequence[Extent], message: str) -> Tensor:
        """The operand, whose open sizes are those of `shape`, or the program stops with `message`.

        Raises `CompileError` where it is known that they are others.
        """
        pairs = list(zip(operand.shape, shape, strict=True))
        if any(are_different(*pair) for pair in pairs):
            raise CompileError(message)
        known: list[Extent] = []
        for size, wanted in pairs:
            if size != wanted:
                self.check_sizes(size, wanted, message)
            known.append(size if isinstance(size, int) else wanted)
        if tuple(known) == operand.shape:
            return operand
        cast = tensor.CastOp(self.value(operand), type_of(operand.element, known))
        return Tensor.computed(self.insert(cast).results[0], known)

    def expand_dims(self, operand: Tensor, axes: Sequence[int]) -> Tensor:
        """New dimensions of size 1 at these positions of the result, as numpy does."""
        rank = operand.rank + len(axes)
        sizes = iter(operand.shape)
        added = {axis % rank for axis in axes}
        return self.reshape(operand, [1 if axis in added else next(sizes) for axis in range(rank)])

    def transpose(self, operand: Tensor, order: Sequence[int]) -> Tensor:
        if list(order) == list(range(operand.rank)):
            return operand
        shape = [operand.shape[axis] for axis in order]
        return self.one("transpose", [operand], operand.element, shape, permutation=ints(order))

    def move_axis(self, operand: Tensor, source: int, target: int) -> Tensor:
        order = [axis for axis in range(operand.rank) if axis != source]
        order.insert(target, source)
        return self.transpose(operand, order)

    def slice(
        self, operand: Tensor, starts: Sequence[Extent], limits: Sequence[Extent], strides: Sequence[int] | None = None
    ) -> Tensor:
        strides = strides or [1] * operand.rank
        sizes = [
            largest(0, -(-(limit - start) // by)) for start, limit, by in zip(starts, limits, strides, strict=True)
        ]
        if tuple(sizes) == operand.shape:
            return operand
        if all(isinstance(size, int) for size in (*starts, *limits, *operand.shape)):
            return self.one(
                "slice",
                [operand],
                operand.element,
                sizes,
                start_indices=ints([start for start in starts if isinstance(start, int)]),
                limit_indices=ints([limit for limit in limits if isinstance(limit, int)]),
                strides=ints(strides),
            )
        amounts = [self.vector(numbers) for numbers in (starts, limits, strides)]
        return self.one("real_dynamic_slice", [operand, *amounts], operand.element, sizes)

    def slice_axis(self, operand: Tensor, axis: int, start: Extent, limit: Extent) -> Tensor:
        """The elements from `start` to `limit` along one dimension."""
        starts: list[Extent] = [0] * operand.rank
        limits = list(operand.shape)
        starts[axis], limits[axis] = start, limit
        return self.slice(operand, starts, limits)

    def take(self, operand: Tensor, axis: int, index: int) -> Tensor:
        """One element of a dimension, which goes away."""
        part = self.slice_axis(operand, axis, index, index + 1)
        return self.reshape(part, operand.shape[:axis] + operand.shape[axis + 1 :])

    def pad(
        self,
        operand: Tensor,
        number: Tensor | float,
        low: Sequence[Extent],
        high: Sequence[Extent],
        interior: Sequence[int] | None = None,
    ) -> Tensor:
        """`interior` is how many elements come between two; negative sizes at an edge cut off."""
        interior = interior or [0] * operand.rank
        if not any((*low, *high, *interior)):
            return operand
        filling = number if isinstance(number, Tensor) else self.scalar(number, operand.element)
        sizes = [
            size + before + after + (largest(0, size - 1) * between if between else 0)
            for size, before, after, between in zip(operand.shape, low, high, interior, strict=True)
        ]
        operands = [operand, self.reshape(filling, ())]
        if not all(isinstance(size, int) for size in (*low, *high)):
            amounts = [self.vector(numbers) for numbers in (low, high, interior)]
            return self.one("dynamic_pad", [*operands, *amounts], operand.element, sizes)
        return self.one(
            "pad",
            operands,
            operand.element,
            sizes,
            edge_padding_low=ints([size for size in low if isinstance(size, int)]),
            edge_padding_high=ints([size for size in high if isinstance(size, int)]),
            interior_padding=ints(interior),
        )

    def concatenate(self, operands: Sequence[Tensor], axis: int) -> Tensor:
        parts = [operand for operand in operands if operand.shape[axis] != 0] or operands[:1]
        if len(parts) == 1:
            return parts[0]
        columns = list(zip(*(part.shape for part in parts), strict=True))
        shape = [sum(sizes) if i == axis else common_size(sizes) for i, sizes in enumerate(columns)]
        return self.one("concatenate", parts, parts[0].element, shape, dimension=IntegerAttr(axis, i64))

    def stack(self, operands: Sequence[Tensor], axis: int) -> Tensor:
        return self.concatenate([self.expand_dims(operand, [axis]) for operand in operands], axis)

    def reverse(self, operand: Tensor, axes: Sequence[int]) -> Tensor:
        return self.one("reverse", [operand], *operand.form, dimensions=ints(axes)) if axes else operand

    def iota(self, element: Attribute, shape: Sequence[Extent], axis: int) -> Tensor:
        """The position along `axis` in each element."""
        return self._shaped("iota", [], element, shape, iota_dimension=IntegerAttr(axis, i64))

    # Reductions and contractions

    def reduce(self, name: str, operand: Tensor, start: float, axes: Sequence[int], *, keep: bool = False) -> Tensor:
        """Combine all elements along `axes` with a binary op; `keep` leaves these dimensions with size 1."""
        shape = [size for axis, size in enumerate(operand.shape) if axis not in axes]
        if axes:
            initial = self.scalar(start, operand.element)
            region = self.region([initial.form] * 2, lambda inner, pair: [inner.map(name, *pair)])
            form = operand.element, shape
            (reduced,) = self.op("reduce", [operand, initial], [form], {"dimensions": ints(axes)}, [region])
        else:
            reduced = operand
        kept = [1 if axis in axes else size for axis, size in enumerate(operand.shape)]
        return self.reshape(reduced, kept) if keep else reduced

    def scan(self, name: str, operand: Tensor, start: float, axis: int, *, is_reverse: bool) -> Tensor:
        """Add or multiply each element along a dimension with those before it, or with those after it."""
        if is_unsigned(operand.element):
            raise CompileError(f"sums of {operand.element} along a dimension of unknown size are not supported")
        if is_float(operand.element) and operand.dtype.itemsize < 4:
            wide = self.scan(name, self.convert(operand, f32), start, axis, is_reverse=is_reverse)
            return self.convert(wide, operand.element)
        row = self.full(start, operand.element, operand.shape[:axis] + operand.shape[axis + 1 :])
        body = Block(arg_types=[operand.element] * 2)
        combined = _SCANS[name, is_float(operand.element)](*body.args)
        body.add_ops([combined, linalg_ext.YieldOp(combined.results[0])])
        for op in body.ops:
            op.location = self.location
        scan = linalg_ext.ScanOp([self.value(operand)], [self.value(row)], axis, Region(body), reverse=is_reverse)
        return Tensor.computed(self.insert(scan).results[0], operand.shape)

    def reduce_window(self, name: str, operand: Tensor, start: float, sizes: Sequence[int], window: Window) -> Tensor:
        """Combine the elements of each window with a binary op; there is one size for each dimension."""
        initial = self.scalar(start, operand.element)
        return self.reduce_windows([operand], [initial], sizes, window, lambda inner, pair: [inner.map(name, *pair)])[0]

    def reduce_windows(
        self, operands: Sequence[Tensor], starts: Sequence[Tensor], sizes: Sequence[int], window: Window, make: Scalars
    ) -> tuple[Tensor, ...]:
        """Combine the elements of each window; `make` is given what there is and what comes, for each operand."""
        properties = {
            "window_dimensions": ints(sizes),
            "window_strides": ints(window.strides),
            "base_dilations": ints(window.base_dilations),
            "window_dilations": ints(window.dilations),
            "padding": pairs(window.low, window.high),
        }
        shape = window.result_sizes(operands[0].shape, sizes)
        forms = [(operand.element, shape) for operand in operands]
        region = self.region([start.form for start in starts] * 2, make)
        return self.op("reduce_window", [*operands, *starts], forms, properties, [region])

    def dot_general(
        self,
        left: Tensor,
        right: Tensor,
        batching: tuple[Sequence[int], Sequence[int]],
        contracting: tuple[Sequence[int], Sequence[int]],
        element: Attribute,
    ) -> Tensor:
        """Sums of products of type `element`: batch dimensions, then what is free on the left, then on the right."""
        dimensions = DotDimensions(*(tuple(axes) for axes in (*batching, *contracting)))
        shape = dimensions.result_shape(left.shape, right.shape)
        return self.one(
            "dot_general", [left, right], element, shape, dot_dimension_numbers=DotDimensionsAttr(dimensions)
        )

    def convolution(
        self, operand: Tensor, kernel: Tensor, window: Window, groups: int, element: Attribute | None = None
    ) -> Tensor:
        """Batch and features come first in the operand, features of the result and of the operand in the kernel."""
        spatial = tuple(range(2, operand.rank))
        places = OperandDimensions(0, 1, spatial)
        numbers = ConvDimensions(places, OperandDimensions(1, 0, spatial), places)
        sizes = window.result_sizes(operand.shape[2:], kernel.static_space)
        return self.one(
            "convolution",
            [operand, kernel],
            element or operand.element,
            [operand.shape[0], kernel.shape[0], *sizes],
            window_strides=ints(window.strides),
            padding=pairs(window.low, window.high),
            lhs_dilation=ints(window.base_dilations),
            rhs_dilation=ints(window.dilations),
            dimension_numbers=ConvDimensionsAttr(numbers),
            feature_group_count=IntegerAttr(groups, i64),
            batch_group_count=IntegerAttr(1, i64),
        )

    # Indexing

    def gather(self, operand: Tensor, positions: Tensor, axes: Sequence[int], at: int = 0) -> Tensor:
        """The slices of the operand at positions along `axes`, which go away.

        The last dimension of `positions` is a position; the others come into the result before its dimension `at`,
        and what is left of the operand is around them.
        """
        outer = positions.shape[:-1]
        rest = [size for axis, size in enumerate(operand.shape) if axis not in axes]
        offsets = [*range(at), *range(at + len(outer), len(rest) + len(outer))]
        sizes = [1 if axis in axes else size for axis, size in enumerate(operand.shape)]
        dimensions = GatherDimensions(
            offset_dims=tuple(offsets),
            collapsed_slice_dims=tuple(axes),
            start_index_map=tuple(axes),
            index_vector_dim=positions.rank - 1,
        )
        form = operand.element, [*rest[:at], *outer, *rest[at:]]
        properties: dict[str, Attribute] = {"dimension_numbers": GatherDimensionsAttr(dimensions)}
        known = [size for size in sizes if isinstance(size, int)]
        if len(known) < len(sizes):
            return self.op("dynamic_gather", [operand, positions, self.vector(sizes)], [form], properties)[0]
        return self.op("gather", [operand, positions], [form], properties | {"slice_sizes": ints(known)})[0]

    def gather_along(self, operand: Tensor, positions: Tensor, axis: int) -> Tensor:
        """The slices of the operand at these positions of a dimension, in whose place come those of `positions`."""
        return self.gather(operand, self.expand_dims(positions, [-1]), [axis], axis)

    def scatter(
        self, operand: Tensor, positions: Tensor, updates: Tensor, axes: Sequence[int], name: str | None = None
    ) -> Tensor:
        """The operand with slices at positions along `axes` replaced, or combined by a binary op.

        The last dimension of `positions` is a position; the others are the first ones of `updates`. Raises
        `CompileError` where a size is known only when the program runs.
        """
        for one in (operand, positions, updates):
            if not one.is_static:
                raise CompileError(f"{one.type} has sizes that are not known when compiling, which a scatter needs")
        scalar = operand.element, ()
        region = self.region([scalar] * 2, lambda inner, pair: [inner.map(name, *pair) if name else pair[1]])
        dimensions = ScatterDimensions(
            update_window_dims=tuple(range(positions.rank - 1, updates.rank)),
            inserted_window_dims=tuple(axes),
            scatter_dims_to_operand_dims=tuple(axes),
            index_vector_dim=positions.rank - 1,
        )
        properties = {"scatter_dimension_numbers": ScatterDimensionsAttr(dimensions)}
        return self.op("scatter", [operand, positions, updates], [operand.form], properties, [region])[0]

    def slice_at(self, operand: Tensor, axis: int, index: Tensor) -> Tensor:
        """The slice at an index of a dimension, which goes away."""
        sizes = [1 if i == axis else size for i, size in enumerate(operand.shape)]
        rest = operand.shape[:axis] + operand.shape[axis + 1 :]
        known = [size for size in sizes if isinstance(size, int)]
        if len(known) < len(sizes):
            return self.gather(operand, self.reshape(index, [1]), [axis])
        zero = self.scalar(0, index.element)
        starts = [index if i == axis else zero for i in range(operand.rank)]
        part = self.one("dynamic_slice", [operand, *starts], operand.element, sizes, slice_sizes=ints(known))
        return self.reshape(part, rest)

    def update_slice(self, operand: Tensor, update: Tensor, starts: Sequence[Tensor]) -> Tensor:
        """The operand with a part replaced that begins at `starts`, and at 0 along the dimensions after them."""
        zero = self.scalar(0, starts[0].element)
        whole = [*starts, *[zero] * (operand.rank - len(starts))]
        return self.one("dynamic_update_slice", [operand, update, *whole], *operand.form)

    def sort(self, operands: Sequence[Tensor], axis: int, direction: str) -> tuple[Tensor, ...]:
        """All operands in the order of the first one along a dimension; equal elements keep their order."""
        scalars = [(operand.element, ()) for operand in operands for _ in range(2)]
        region = self.region(scalars, lambda inner, pair: [inner.compare(direction, pair[0], pair[1])])
        properties = {"dimension": IntegerAttr(axis, i64), "is_stable": IntegerAttr(1, i1)}
        return self.op("sort", operands, [operand.form for operand in operands], properties, [region])
