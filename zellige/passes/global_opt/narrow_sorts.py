"""narrow-sorts: where only the first elements of sorted rows are used, only these are sought.

Before:  %0, %1, … = linalg_ext.sort dimension(1) ins(%x, %i : tensor<1x50000xf32>, tensor<1x50000xi32>) { … }
         %2 = tensor.extract_slice %0[0, 0] [1, 40] [1, 1]
         %3 = tensor.extract_slice %1[0, 0] [1, 40] [1, 1]
After:   %2, %3 = linalg_ext.topk dimension(1) ins(%x, %i : …) { … } -> (tensor<1x40xf32>, tensor<1x40xi32>)

A list of the first elements is searched for each element that gets in, so it has to be short: at most `longest`
elements, and an eighth of the row.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import IntegerType, ModuleOp, TensorType, i32
from xdsl.ir import Region
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.comparators import is_strict, looks_at_first_only
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.linalg_ext import SortOp, TopkOp
from zellige.dialects.shaped_types import element_type, has_static_shapes, tensor_type


@dataclass(frozen=True)
class NarrowSortsPass(ModulePass):
    """Replace sorts by the search for the first elements."""

    name = "narrow-sorts"
    longest: int = 64

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for sort in [o for o in op.walk() if isinstance(o, SortOp)]:
            slices = _first_elements(sort)
            if slices and all(map(has_static_shapes, (sort, *slices))) and _can_be_topk(sort):
                self._narrow(sort, slices)

    def _narrow(self, sort: SortOp, slices: list[tensor.ExtractSliceOp]) -> None:
        dimension = sort.dimension.value.data
        whole = tensor_type(sort.inputs[0]).get_shape()
        kept = max(tensor_type(part.result).get_shape()[dimension] for part in slices)
        if kept > min(self.longest, whole[dimension] // 8):
            return
        forms = FormBuilder(sort)
        shape = [kept if d == dimension else size for d, size in enumerate(whole)]
        kinds = [element_type(value.type) for value in sort.inputs]
        types = [TensorType(kind, shape) for kind in (*kinds, i32)[:2]]
        topk = forms.insert(TopkOp(sort.inputs, (), dimension, _values_only(sort), types))
        for part in slices:
            first = topk.results[sort.results.index(part.source)]
            if part.result.type == first.type:
                first.name_hint = part.result.name_hint
                Rewriter.replace_op(part, [], [first])
            else:
                part.operands[0] = first
        Rewriter.erase_op(sort)


def _first_elements(sort: SortOp) -> list[tensor.ExtractSliceOp]:
    """The slices from the start of rows that are all uses of the sort; none where it has others."""
    dimension = sort.dimension.value.data
    shape = tensor_type(sort.inputs[0]).get_shape()
    slices: list[tensor.ExtractSliceOp] = []
    for use in (use for result in sort.results for use in result.uses):
        part = use.operation
        if not isinstance(part, tensor.ExtractSliceOp) or not _starts_rows(part, dimension, shape):
            return []
        slices.append(part)
    return slices


def _starts_rows(part: tensor.ExtractSliceOp, dimension: int, shape: tuple[int, ...]) -> bool:
    """Whether the slice has the first elements of all rows, and all dimensions."""
    sizes = tuple(part.static_sizes.get_values())
    others = [size for d, size in enumerate(sizes) if d != dimension]
    return (
        not any(part.static_offsets.get_values())
        and set(part.static_strides.get_values()) <= {1}
        and others == [size for d, size in enumerate(shape) if d != dimension]
        and tensor_type(part.result).get_shape() == sizes
    )


def _can_be_topk(sort: SortOp) -> bool:
    if len(sort.inputs) > 2 or not is_strict(sort.body) or not looks_at_first_only(sort.body):
        return False
    return all(isinstance(element_type(value.type), IntegerType) for value in sort.inputs[1:])


def _values_only(sort: SortOp) -> Region:
    """The body for elements of the first input."""
    body = sort.detach_region(sort.body)
    for argument in reversed(body.block.args[2:]):
        body.block.erase_arg(argument)
    return body
