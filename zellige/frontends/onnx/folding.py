"""Numbers that are known stay known: nodes on known operands are computed by the reference evaluator of onnx.

The evaluator does not follow the rules everywhere: it leaves out attributes of recurrent layers, and knows one of two
forms of softmax. It is asked where shapes, axes, masks and tables come from, and where there is no other way.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from math import prod
from typing import Any, cast

import numpy as np
import onnx
from onnx import AttributeProto
from onnx.reference import ReferenceEvaluator

from zellige.frontends.onnx.nodes import Node
from zellige.frontends.onnx.operators.table import OPERATORS
from zellige.frontends.onnx.schemas import has_body, is_random
from zellige.frontends.onnx.tensors import SMALL_ELEMENTS
from zellige.passes.input.tensors import Array, Tensor, is_supported

MAX_OPERAND_ELEMENTS = 1 << 18
"""More than this is left to the compiled program, or to the compiler's own folding, which is faster."""

_ELEMENTWISE = (
    "Abs Add And BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast CastLike Ceil Clip Cos DequantizeLinear Div "
    "Equal Exp Floor Greater GreaterOrEqual Identity IsInf IsNaN Less LessOrEqual Log Max Min Mod Mul Neg Not Or Pow "
    "Reciprocal Relu Round Sigmoid Sign Sin Sqrt Sub Sum Tanh Where Xor"
)
_MOVING = (
    "Compress Concat ConstantOfShape Expand EyeLike Flatten Gather GatherElements GatherND NonZero OneHot Pad Range "
    "Reshape ScatterElements ScatterND Shape Size Slice Split Squeeze Tile Transpose Trilu"
)
_COMBINING = "ArgMax ArgMin CumSum MatMul ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum TopK"
_TRUSTED = frozenset(f"{_ELEMENTWISE} {_MOVING} {_COMBINING}".split())
"""Operators that the evaluator computes as they are defined, and without a loop over elements."""

_GROWING = frozenset({"ConstantOfShape", "Expand", "Range", "Tile", "Pad", "Resize", "Upsample", "OneHot", "EyeLike"})
"""Operators whose result may be much larger than what it is made of."""


def fold(node: Node) -> tuple[Tensor, ...] | None:
    """The results, when they follow from known numbers and are small."""
    arrays = [value.known if isinstance(value, Tensor) else None for value in node.all_values]
    given = [array for array in arrays if array is not None]
    if len(given) != sum(value is not None for value in node.all_values) or not _is_foldable(node):
        return None
    if sum(array.size for array in given) > MAX_OPERAND_ELEMENTS or not _is_small(node, given):
        return None
    feeds = {name: array for name, array in zip(node.proto.input, arrays, strict=True) if array is not None}
    results = _evaluate(node, feeds)
    if results is None or any(result.size > SMALL_ELEMENTS or not is_supported(result.dtype) for result in results):
        return None
    return tuple(Tensor.of(result) for result in results)


def _is_foldable(node: Node) -> bool:
    """Whether the evaluator is right about it, or nobody else can compute it."""
    if node.schema is None or is_random(node.schema) or node.proto.op_type == "Constant":
        return False
    is_known = (node.domain, node.proto.op_type) in OPERATORS or has_body(node.schema)
    if is_known and not (node.domain == "" and node.proto.op_type in _TRUSTED):
        return False
    return all(a.type not in (AttributeProto.GRAPH, AttributeProto.GRAPHS) for a in node.attributes.values())


def _is_small(node: Node, given: list[Array]) -> bool:
    if node.proto.op_type not in _GROWING:
        return True
    types = [type_ for type_ in node.result_types if type_ is not None and type_.has_static_shape()]
    if types:
        return all(prod(type_.get_shape()) <= SMALL_ELEMENTS for type_ in types)
    return all(np.abs(array.astype(np.float64)).max(initial=0) <= SMALL_ELEMENTS for array in given)


def _evaluate(node: Node, feeds: Mapping[str, Array]) -> list[Array] | None:
    """What the reference evaluator makes of it; None for what it does not know."""
    proto = onnx.NodeProto()
    proto.CopyFrom(node.proto)
    del proto.attribute[:]
    proto.attribute.extend(node.attributes.values())
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            evaluator = cast("Any", ReferenceEvaluator(proto, opsets={proto.domain: node.opset, "": node.opset}))
            results = cast("list[object]", evaluator.run(None, dict(feeds)))
    except (RuntimeError, NotImplementedError, ValueError, TypeError, IndexError, AttributeError, KeyError):
        return None
    if not all(isinstance(result, np.ndarray | np.generic) for result in results):
        return None
    return [np.asarray(result) for result in results]
