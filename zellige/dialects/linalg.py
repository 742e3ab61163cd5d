"""linalg: `generic`, `index` and `yield` of xDSL, and all named ops in upstream's syntax.

Contract. Every op but `softmax`, `pack`, `unpack` and those of Winograd is a `LinalgStructuredOperation` with a body:
`get_indexing_maps`, `get_iterator_types` and the body say all that it does. To add a named op is to add a row to
`linalg_structured` or `linalg_bodies`.
"""

from __future__ import annotations

from typing import Self

from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, StringAttr
from xdsl.dialects.linalg import ops
from xdsl.dialects.linalg.attrs import IteratorType, IteratorTypeAttr
from xdsl.ir import Attribute, Dialect
from xdsl.parser import Parser
from xdsl.utils.hints import isa

from zellige.dialects.linalg_explicit import EXPLICIT_OPS
from zellige.dialects.linalg_index import IndexOp
from zellige.dialects.linalg_mapped import MAPPED_OPS, ElementwiseKindAttr
from zellige.dialects.linalg_named import NAMED_OPS, TypeFnAttr
from zellige.dialects.linalg_packing import PACKING_OPS
from zellige.dialects.linalg_random import FillRng2dOp
from zellige.dialects.linalg_syntax import parse_group, parse_result_types
from zellige.dialects.linalg_winograd import WINOGRAD_OPS


class GenericOp(ops.GenericOp):
    """The `linalg.generic` of xDSL that also reads several result types, `-> (tensor<4xf32>, tensor<4xi64>)`.

    An `ops.GenericOp` in all else: passes name that class.
    """

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        attributes = parser.parse_optional_attr_dict()
        maps, iterators = attributes.pop("indexing_maps", None), attributes.pop("iterator_types", None)
        if not isa(maps, ArrayAttr[AffineMapAttr]):
            parser.raise_error(f"expected 'indexing_maps', a list of affine maps, got '{maps}'", position)
        if not isa(iterators, ArrayAttr[Attribute]):
            parser.raise_error(f"expected 'iterator_types', a list of strings, got '{iterators}'", position)
        known = {str(word): IteratorTypeAttr(word) for word in IteratorType}
        words = [str(iterator.data) if isa(iterator, StringAttr | IteratorTypeAttr) else "" for iterator in iterators]
        if unknown := [word for word in words if word not in known]:
            parser.raise_error(f"expected an iterator type of {', '.join(known)}, got '{unknown[0]}'", position)
        inputs, outputs = parse_group(parser, "ins"), parse_group(parser, "outs")
        if parser.parse_optional_keyword("attrs"):
            parser.parse_punctuation("=")
            attributes |= parser.parse_optional_attr_dict()
        body = parser.parse_region()
        generic = cls(inputs, outputs, body, maps, [known[word] for word in words], parse_result_types(parser))
        for name in ("doc", "library_call"):
            if name in attributes:
                generic.properties[name] = attributes.pop(name)
        generic.attributes |= attributes
        return generic


Linalg = Dialect(
    "linalg",
    [
        GenericOp,
        ops.YieldOp,
        IndexOp,
        *NAMED_OPS.values(),
        FillRng2dOp,
        *MAPPED_OPS,
        *EXPLICIT_OPS,
        *PACKING_OPS,
        *WINOGRAD_OPS,
    ],
    [IteratorTypeAttr, TypeFnAttr, ElementwiseKindAttr],
)
