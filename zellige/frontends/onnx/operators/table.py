"""All operators that a function of ours builds; others are computed while reading, or are functions themselves."""

from __future__ import annotations

from types import MappingProxyType

from zellige.frontends.onnx.nodes import Operator
from zellige.frontends.onnx.operators.attention import ATTENTION
from zellige.frontends.onnx.operators.contractions import CONTRACTIONS
from zellige.frontends.onnx.operators.control_flow import CONTROL_FLOW
from zellige.frontends.onnx.operators.convolutions import CONVOLUTIONS
from zellige.frontends.onnx.operators.detection import DETECTION
from zellige.frontends.onnx.operators.elementwise import ELEMENTWISE
from zellige.frontends.onnx.operators.fused import FUSED
from zellige.frontends.onnx.operators.grouped_query_attention import GROUPED_QUERY_ATTENTION
from zellige.frontends.onnx.operators.indexing import INDEXING
from zellige.frontends.onnx.operators.linear_algebra import LINEAR_ALGEBRA
from zellige.frontends.onnx.operators.ngrams import NGRAMS
from zellige.frontends.onnx.operators.normalizations import NORMALIZATIONS
from zellige.frontends.onnx.operators.poolings import POOLINGS
from zellige.frontends.onnx.operators.quantized import QUANTIZED
from zellige.frontends.onnx.operators.quantized_functions import QUANTIZED_FUNCTIONS
from zellige.frontends.onnx.operators.recurrent import RECURRENT
from zellige.frontends.onnx.operators.reductions import REDUCTIONS
from zellige.frontends.onnx.operators.resizing import RESIZING
from zellige.frontends.onnx.operators.sampling import SAMPLING
from zellige.frontends.onnx.operators.sequences import SEQUENCES
from zellige.frontends.onnx.operators.shapes import SHAPES
from zellige.frontends.onnx.operators.transforms import TRANSFORMS

OPERATORS: MappingProxyType[tuple[str, str], Operator] = MappingProxyType(
    {
        **ELEMENTWISE,
        **SHAPES,
        **REDUCTIONS,
        **CONTRACTIONS,
        **CONVOLUTIONS,
        **POOLINGS,
        **NGRAMS,
        **NORMALIZATIONS,
        **INDEXING,
        **CONTROL_FLOW,
        **SAMPLING,
        **SEQUENCES,
        **TRANSFORMS,
        **QUANTIZED,
        **QUANTIZED_FUNCTIONS,
        **RECURRENT,
        **RESIZING,
        **ATTENTION,
        **DETECTION,
        **FUSED,
        **GROUPED_QUERY_ATTENTION,
        **LINEAR_ALGEBRA,
    }
)
