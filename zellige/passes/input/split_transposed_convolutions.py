"""split-transposed-convolutions: a convolution of an input with holes is one convolution for each place between them.

Before:  %0 = stablehlo.convolution(%x, %k) …, window = {pad = [[1, 1]], lhs_dilate = [2]} …
              : (tensor<1x4x8xf32>, tensor<3x8x5xf32>) -> tensor<1x7x5xf32>

After:   %e  = stablehlo.slice %k (elements 1 of 3)             : tensor<1x8x5xf32>
         %p  = stablehlo.convolution(%x, %e) …                  : tensor<1x4x5xf32>
         %z  = zeros                                            : tensor<1x7x5xf32>
         %1  = tensor.insert_slice %p into %z[0, 0, 0] [1, 4, 5] [1, 2, 1]
         %o  = stablehlo.slice %k (elements 0 and 2 of 3)       : tensor<2x8x5xf32>
         %q  = stablehlo.convolution(%x, %o) …                  : tensor<1x3x5xf32>
         %0  = tensor.insert_slice %q into %1[0, 1, 0] [1, 3, 5] [1, 2, 1]

Nothing is multiplied with holes any more. Small convolutions stay: `least-work` is how many products make it worth
several kernels.

Leaves:  holes under a window that has steps or holes itself, more than 16 places, and dynamic sizes but for the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp
from xdsl.passes import ModulePass

from zellige.analysis.program_ops import is_program_op
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import insert_slice
from zellige.dialects.stablehlo.contractions import ConvolutionOp
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.dialects.stablehlo.windows import WindowDimension
from zellige.maths.sizes import Extent
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

MOST_PLACES = 16
"""Places between the elements of the input, each of which becomes a kernel."""


@dataclass(frozen=True)
class SplitTransposedConvolutionsPass(ModulePass):
    """Replace a large convolution of an input with holes by several without."""

    name = "split-transposed-convolutions"
    least_work: int = 1 << 22

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for convolution in [o for o in op.walk() if isinstance(o, ConvolutionOp) and is_program_op(o)]:
            if _can_split(convolution) and _work(convolution) >= self.least_work:
                replace_op(convolution, lambda build, convolution=convolution: [_split(build, convolution)])


def _can_split(op: ConvolutionOp) -> bool:
    window = op.window(op.padding)
    holes = [along for along in window if along.base_dilation > 1]
    is_plain = all(along.stride == along.window_dilation == 1 for along in holes)
    return (
        bool(holes)
        and is_plain
        and _is_static_but_for_batch(op)
        and prod(along.base_dilation for along in holes) <= MOST_PLACES
    )


def _is_static_but_for_batch(op: ConvolutionOp) -> bool:
    places = op.dimensions
    sizes = [
        *(size for d, size in enumerate(shape_of(op.lhs)) if d != places.input.first),
        *shape_of(op.rhs),
        *(size for d, size in enumerate(shape_of(op.result)) if d != places.output.first),
    ]
    return DYNAMIC_INDEX not in sizes


def _work(op: ConvolutionOp) -> int:
    """Products that the convolution takes, those with holes too, of one image where their number is dynamic."""
    of_each = prod(size for d, size in enumerate(shape_of(op.rhs)) if d != op.dimensions.kernel.second)
    return of_each * prod(size for size in shape_of(op.result) if size != DYNAMIC_INDEX)


@dataclass(frozen=True)
class _Phase:
    """Along one dimension every `step`-th place of the result, from `first` on, and the elements that it sees."""

    first: int
    step: int
    places: int
    kernel_first: int
    window: WindowDimension


def _phases(along: WindowDimension, base: int) -> list[_Phase]:
    """The places of a result along one dimension, apart by what stands under the window there.

    Element k of the window at place o is over element (o + k - low) / step of the input, where that is whole.
    """
    step, positions = along.base_dilation, along.positions(base)
    if step == 1:
        return [_Phase(0, 1, positions, 0, along)]
    phases: list[_Phase] = []
    for first in range(min(step, positions)):
        kernel_first = (along.low - first) % step
        size = len(range(kernel_first, along.size, step))
        places = len(range(first, positions, step))
        low = (along.low - first - kernel_first) // step
        if size:
            window = WindowDimension(size, low=low, high=places + size - 1 - low - base)
            phases.append(_Phase(first, step, places, kernel_first, window))
    return phases


def _split(build: GraphBuilder, op: ConvolutionOp) -> Tensor:
    dims, window = op.dimensions, op.window(op.padding)
    lhs, kernel, element = build.operand(op.lhs), build.operand(op.rhs), tensor_type(op.result).element_type
    reversed_dims = [d for d, along in zip(dims.kernel.spatial, window, strict=True) if along.is_reversed]
    kernel = build.reverse(kernel, reversed_dims)
    window = tuple(replace(along, is_reversed=False) for along in window)
    bases = [lhs.static_size(d) for d in dims.input.spatial]
    shape: list[Extent] = list(shape_of(op.result))
    shape[dims.output.first] = lhs.shape[dims.input.first] // op.batch_groups
    result = build.full(0, element, shape)
    for phases in product(*map(_phases, window, bases)):
        part = ConvolutionOp(
            build.value(lhs),
            build.value(_elements(build, kernel, dims.kernel.spatial, phases)),
            dims,
            [phase.window for phase in phases],
            element,
            feature_groups=op.feature_groups,
            batch_groups=op.batch_groups,
        )
        build.insert(part)
        offsets, sizes, steps = [0] * len(shape), list(shape), [1] * len(shape)
        for d, phase in zip(dims.output.spatial, phases, strict=True):
            offsets[d], sizes[d], steps[d] = phase.first, phase.places, phase.step
        extents = [size if isinstance(size, int) else build.index(size) for size in sizes]
        inserted = build.insert(insert_slice(part.result, build.value(result), offsets, extents, steps))
        result = Tensor.computed(inserted.results[0], shape)
    return result


def _elements(build: GraphBuilder, kernel: Tensor, spatial: Sequence[int], phases: Sequence[_Phase]) -> Tensor:
    """Those elements of the kernel that meet elements of the input."""
    starts, strides = [0] * kernel.rank, [1] * kernel.rank
    for d, phase in zip(spatial, phases, strict=True):
        starts[d], strides[d] = phase.kernel_first, phase.step
    return build.slice(kernel, starts, kernel.shape, strides)
