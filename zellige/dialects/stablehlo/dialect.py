"""The StableHLO dialect: its families of ops together."""

from __future__ import annotations

from xdsl.ir import Dialect

from zellige.dialects.stablehlo.attributes import ELEMENTWISE_ATTRIBUTES
from zellige.dialects.stablehlo.complex_numbers import COMPLEX_OPS
from zellige.dialects.stablehlo.contraction_attributes import CONTRACTION_ATTRIBUTES
from zellige.dialects.stablehlo.contractions import CONTRACTION_OPS
from zellige.dialects.stablehlo.control_flow import CONTROL_FLOW_ATTRIBUTES, CONTROL_FLOW_OPS
from zellige.dialects.stablehlo.dynamic import DYNAMIC_OPS
from zellige.dialects.stablehlo.elementwise import ELEMENTWISE_OPS
from zellige.dialects.stablehlo.elementwise_forms import ELEMENTWISE_FORM_OPS
from zellige.dialects.stablehlo.indexing import INDEXING_OPS
from zellige.dialects.stablehlo.indexing_attributes import INDEXING_ATTRIBUTES
from zellige.dialects.stablehlo.linear_algebra import LINEAR_ALGEBRA_ATTRIBUTES, LINEAR_ALGEBRA_OPS
from zellige.dialects.stablehlo.normalization import NORMALIZATION_OPS
from zellige.dialects.stablehlo.quantization import QUANTIZATION_OPS
from zellige.dialects.stablehlo.random import RANDOM_OPS
from zellige.dialects.stablehlo.reductions import REDUCTION_OPS
from zellige.dialects.stablehlo.shapes import SHAPE_OPS

Stablehlo = Dialect(
    "stablehlo",
    [
        *ELEMENTWISE_OPS,
        *ELEMENTWISE_FORM_OPS,
        *SHAPE_OPS,
        *REDUCTION_OPS,
        *CONTRACTION_OPS,
        *LINEAR_ALGEBRA_OPS,
        *NORMALIZATION_OPS,
        *INDEXING_OPS,
        *RANDOM_OPS,
        *CONTROL_FLOW_OPS,
        *DYNAMIC_OPS,
        *COMPLEX_OPS,
        *QUANTIZATION_OPS,
    ],
    [
        *ELEMENTWISE_ATTRIBUTES,
        *CONTRACTION_ATTRIBUTES,
        *LINEAR_ALGEBRA_ATTRIBUTES,
        *INDEXING_ATTRIBUTES,
        *CONTROL_FLOW_ATTRIBUTES,
    ],
)
