"""Reshapes of dynamic sizes that join and split only the dimensions that differ.

Before:  %f = tensor.collapse_shape %x [[0, 1, 2]] : tensor<?x?x768xf32> into tensor<?xf32>
         %y = tensor.expand_shape %f [[0, 1, 2, 3]] output_shape [%n, %m, 12, 64] … into tensor<?x?x12x64xf32>
After:   %y = tensor.expand_shape %x [[0], [1], [2, 3]] output_shape [%n, %m, 12, 64] … (where %x has sizes %n and %m)
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import SSAValue
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.reshapes import collapse, expand
from zellige.dialects.shaped_types import tensor_type
from zellige.maths.shape_groups import common_groups
from zellige.maths.sizes import Extent

Shapes = dict[SSAValue, tuple[Extent, ...]]


def regroup_reshapes(splits: Sequence[tensor.ExpandShapeOp], shapes: Shapes) -> None:
    """Look at each split of what was joined right before; `shapes` gets those of new values."""
    for split in splits:
        joined = split.src.owner
        if isinstance(joined, tensor.CollapseShapeOp) and not tensor_type(split.src).has_static_shape():
            _regroup(split, joined, shapes)


def _regroup(split: tensor.ExpandShapeOp, joined: tensor.CollapseShapeOp, shapes: Shapes) -> None:
    source, target = shapes[joined.src], shapes[split.result]
    groups = common_groups(source, target)
    if len(groups) < 2:
        return
    forms, value = FormBuilder(split), joined.src
    if len(groups) < len(source):
        middle = tuple(prod(source[dim] for dim in dims) for dims, _ in groups)
        known = [size if isinstance(size, int) else DYNAMIC_INDEX for size in middle]
        kind = TensorType(tensor_type(split.result).element_type, known)
        value = forms.insert(collapse(value, [dims for dims, _ in groups], kind)).result
        shapes[value] = middle
    if len(groups) < len(target):
        dims = [dims for _, dims in groups]
        value = forms.insert(expand(value, dims, tensor_type(split.result), split.dynamic_output_shape)).result
        shapes[value] = target
    value = forms.cast(value, tensor_type(split.result).get_shape())
    shapes[value] = target
    value.name_hint = value.name_hint or split.result.name_hint
    del shapes[split.result]
    Rewriter.replace_op(split, [], [value])
    if joined.result.first_use is None:
        del shapes[joined.result]
        Rewriter.erase_op(joined)
