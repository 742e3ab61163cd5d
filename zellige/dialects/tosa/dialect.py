"""TOSA, version 1.0: the ops that MLIR prints and the forms of the flatbuffer converter.

Contract. All ops have one text form, operands, attributes, types of operands and results. Attributes whose values are
words of the specification are read as words (`nan_mode = IGNORE`), as text (`"IGNORE"`) and as attributes
(`#tosa.nan_mode<IGNORE>`).
"""

from __future__ import annotations

from xdsl.ir import Dialect

from zellige.dialects.tosa.contractions import CONTRACTION_OPS
from zellige.dialects.tosa.elementwise import ELEMENTWISE_OPS
from zellige.dialects.tosa.indexing import INDEXING_OPS
from zellige.dialects.tosa.reductions import REDUCTION_OPS
from zellige.dialects.tosa.shapes import SHAPE_OPS
from zellige.dialects.tosa.syntax import ATTRIBUTES

Tosa = Dialect("tosa", [*ELEMENTWISE_OPS, *REDUCTION_OPS, *CONTRACTION_OPS, *SHAPE_OPS, *INDEXING_OPS], [*ATTRIBUTES])
