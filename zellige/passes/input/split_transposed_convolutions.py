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

Leaves:  holes under a window that has steps or holes itself, and more than 16 places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.program_ops import is_program_op
from zellige.dialects.shaped_types import has_static_shapes, tensor_type
from zellige.dialects.stablehlo.contractions import ConvolutionOp
from zellige.dialects.stablehlo.shapes import ReverseOp, SliceOp, shape_of
from zellige.dialects.stablehlo.windows import WindowDimension
from zellige.passes.input.stablehlo_tensors import Tensors

MOST_PLACES = 16
"""Places between the elements of the input, each of which becomes a kernel."""


@dataclass(frozen=True)
class SplitTransposedConvolutionsPass(ModulePass):
    """Replace a large convolution of an input with holes by several without."""

    name = "split-transposed-convolutions"
    least_work: int = 1 << 22

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for convolution in [o for o in op.walk() if isinstance(o, ConvolutionOp) and is_program_op(o)]:
            if has_static_shapes(convolution) and _can_split(convolution) and _work(convolution) >= self.least_work:
                result = _split(Tensors.before(convolution), convolution)
                result.name_hint = convolution.result.name_hint
                Rewriter.replace_op(convolution, [], [result])


def _can_split(op: ConvolutionOp) -> bool:
    window = op.window(op.padding)
    holes = [along for along in window if along.base_dilation > 1]
    is_plain = all(along.stride == along.window_dilation == 1 for along in holes)
    return bool(holes) and is_plain and prod(along.base_dilation for along in holes) <= MOST_PLACES


def _work(op: ConvolutionOp) -> int:
    """Products that the convolution takes, those with holes too."""
    kernel = shape_of(op.rhs)
    return prod(shape_of(op.result)) * prod(size for d, size in enumerate(kernel) if d != op.dimensions.kernel.second)


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


def _split(code: Tensors, op: ConvolutionOp) -> SSAValue:
    dims, window = op.dimensions, op.window(op.padding)
    reversed_dims = [d for d, along in zip(dims.kernel.spatial, window, strict=True) if along.is_reversed]
    kernel = code.emit(ReverseOp(op.rhs, reversed_dims)) if reversed_dims else op.rhs
    window = tuple(replace(along, is_reversed=False) for along in window)
    bases = [shape_of(op.lhs)[d] for d in dims.input.spatial]
    result = code.zeros(tensor_type(op.result))
    for phases in product(*map(_phases, window, bases)):
        part = code.emit(
            ConvolutionOp(
                op.lhs,
                _elements(code, kernel, dims.kernel.spatial, phases),
                dims,
                [phase.window for phase in phases],
                tensor_type(op.result).element_type,
                feature_groups=op.feature_groups,
                batch_groups=op.batch_groups,
            )
        )
        rank = dims.output.rank
        offsets, strides = [0] * rank, [1] * rank
        for d, phase in zip(dims.output.spatial, phases, strict=True):
            offsets[d], strides[d] = phase.first, phase.step
        result = code.emit(tensor.InsertSliceOp.get(part, result, shape_of(part), offsets, strides))
    return result


def _elements(code: Tensors, kernel: SSAValue, spatial: Sequence[int], phases: Sequence[_Phase]) -> SSAValue:
    """Those elements of the kernel that meet elements of the input."""
    shape = shape_of(kernel)
    starts, strides = [0] * len(shape), [1] * len(shape)
    for d, phase in zip(spatial, phases, strict=True):
        starts[d], strides[d] = phase.kernel_first, phase.step
    return code.emit(SliceOp(kernel, starts, shape, strides))
