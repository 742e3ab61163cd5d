"""TOSA, version 1.0: the ops that MLIR prints and the forms of the flatbuffer converter.

Contract. All ops but those with regions and variables have one text form: operands, attributes, types of operands and
results. Attributes whose values are words of the specification are read as words (`nan_mode = IGNORE`), as text
(`"IGNORE"`) and as attributes (`#tosa.nan_mode<IGNORE>`).
"""

from __future__ import annotations

from xdsl.ir import Dialect

from zellige.dialects.tosa.contractions import CONTRACTION_OPS
from zellige.dialects.tosa.control_flow import CONTROL_FLOW_OPS
from zellige.dialects.tosa.elementwise import ELEMENTWISE_OPS
from zellige.dialects.tosa.indexing import INDEXING_OPS
from zellige.dialects.tosa.reductions import REDUCTION_OPS
from zellige.dialects.tosa.shape_arithmetic import SHAPE_ARITHMETIC_OPS
from zellige.dialects.tosa.shapes import SHAPE_OPS
from zellige.dialects.tosa.syntax import ATTRIBUTES
from zellige.dialects.tosa.transforms import TRANSFORM_OPS
from zellige.dialects.tosa.variables import VARIABLE_OPS

_FAMILIES = (
    *(ELEMENTWISE_OPS, REDUCTION_OPS, CONTRACTION_OPS, SHAPE_OPS, INDEXING_OPS, TRANSFORM_OPS),
    *(CONTROL_FLOW_OPS, VARIABLE_OPS, SHAPE_ARITHMETIC_OPS),
)

Tosa = Dialect("tosa", [op for family in _FAMILIES for op in family], [*ATTRIBUTES])
