"""fold-static-shapes: with static shapes, shape queries are constants and casts between equal types are nothing.

Before:  %n = tensor.dim %a, %c1 : tensor<4x8xf32>        After:  %n = arith.constant 8 : index
         %b = tensor.cast %a : tensor<4x8xf32> to tensor<4x8xf32>
         %r = tensor.reshape %b(%shape)                           %f = tensor.collapse_shape %a [[0, 1]]
                : (tensor<4x8xf32>, …) -> tensor<2x16xf32>        %r = tensor.expand_shape %f [[0, 1]]

A cast that forgets a size goes too when its readers (a concat, another cast) do not depend on that. Queries and casts
of sizes that are not in types are left. A reshape gets such sizes from the scalars that its shape is made of, and one
size that its result type leaves open from the number of elements.

Ensures: no `tensor.reshape` is left.
Fails:   for a dimension that the tensor does not have, and for a reshape to sizes that depend on data.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, IntegerAttr, ModuleOp, TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.hints import isa

from zellige.analysis.constants import constant_value
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.reshapes import reshape
from zellige.passes.input.dynamic_shapes import reshape_dynamic
from zellige.passes.input.index_forms import divided_down, elements_of, product
from zellige.support.errors import CompileError, Note

_QUERIES = tensor.DimOp | tensor.CastOp | tensor.ReshapeOp | tensor.ExtractOp


class FoldStaticShapesPass(ModulePass):
    """Replace `tensor.dim`, `tensor.cast` and `tensor.reshape` of static tensors, and elements that are scalars."""

    name = "fold-static-shapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for query in [o for o in op.walk() if isinstance(o, _QUERIES)]:
            match query:
                case tensor.ExtractOp():
                    value = _element(query)
                case tensor.DimOp():
                    value = self._size(query)
                case tensor.CastOp():
                    value = _cast(query)
                case tensor.ReshapeOp():
                    value = _reshape(query)
            if value is not None:
                Rewriter.replace_op(query, [], [value])

    def _size(self, query: tensor.DimOp) -> SSAValue | None:
        dim = constant_value(query.index)
        source = query.source.type
        if dim is None or not isa(source, TensorType[Attribute]):
            raise CompileError(
                "the dimension of 'tensor.dim' is not known at compile time",
                op=query,
                notes=(Note("give it as an 'arith.constant' and the tensor as a ranked one"),),
                pass_name=self.name,
            )
        if not 0 <= int(dim) < source.get_num_dims():
            raise CompileError(
                f"expected a dimension of 0 to {source.get_num_dims() - 1}, got {int(dim)}",
                op=query,
                pass_name=self.name,
            )
        size = source.get_shape()[int(dim)]
        if size == DYNAMIC_INDEX:
            return None
        return FormBuilder(query).insert(arith.ConstantOp(IntegerAttr(size, IndexType()))).result


def _element(query: tensor.ExtractOp) -> SSAValue | None:
    """The scalar that a small tensor was made of."""
    made = query.tensor.owner
    places = [constant_value(index) for index in query.indices]
    if not isinstance(made, tensor.FromElementsOp) or len(places) > 1 or None in places:
        return None
    place = int(places[0]) if places and places[0] is not None else 0
    return made.elements[place] if 0 <= place < len(made.elements) else None


def _cast(query: tensor.CastOp) -> SSAValue | None:
    is_static = _is_static(query.source.type)
    is_needless = query.source.type == query.dest.type or (is_static and _readers_take_any_shape(query))
    return query.source if is_needless else None


def _reshape(query: tensor.ReshapeOp) -> SSAValue:
    forms, shape = FormBuilder(query), query.result.type.get_shape()
    if _is_static(query.source.type) and _is_static(query.result.type):
        return reshape(forms, query.source, shape)
    return reshape_dynamic(forms, query.source, _result_sizes(query, forms))


def _result_sizes(query: tensor.ReshapeOp, forms: FormBuilder) -> Sequence[Index]:
    shape = query.result.type.get_shape()
    known = [size for size in shape if size != DYNAMIC_INDEX]
    if len(known) == len(shape):
        return shape
    given = elements_of(forms, query.shape)
    if given is not None:
        return [
            forms.index(size) if known == DYNAMIC_INDEX else known for size, known in zip(given, shape, strict=True)
        ]
    if len(known) < len(shape) - 1 or 0 in known:
        raise CompileError(
            f"'{query.name}' makes a tensor whose sizes depend on data: {query.result.type}",
            op=query,
            notes=(Note("sizes have to follow from the sizes of arguments"),),
            pass_name=FoldStaticShapesPass.name,
        )
    rest = forms.index(divided_down(forms, product(forms, forms.sizes(query.source)), prod(known)))
    return [rest if size == DYNAMIC_INDEX else size for size in shape]


def _is_static(kind: Attribute) -> bool:
    return isa(kind, TensorType[Attribute]) and DYNAMIC_INDEX not in kind.get_shape()


def _readers_take_any_shape(query: tensor.CastOp) -> bool:
    """Nothing that reads the result needs exactly its type."""
    return all(isinstance(use.operation, tensor.ConcatOp | tensor.CastOp | tensor.DimOp) for use in query.dest.uses)
