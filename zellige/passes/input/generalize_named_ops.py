"""generalize-named-ops: make every named linalg op the `linalg.generic` that it stands for.

Before:  %1 = linalg.matvec ins(%a, %x : tensor<4x8xf32>, tensor<8xf32>) outs(%0 : tensor<4xf32>) -> tensor<4xf32>

After:   %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>,
                                               affine_map<(d0, d1) -> (d0)>],
                              iterator_types = ["parallel", "reduction"]}
              ins(%a, %x : tensor<4x8xf32>, tensor<8xf32>) outs(%0 : tensor<4xf32>) {
         ^bb0(%in: f32, %in_1: f32, %out: f32):
           %2 = arith.mulf %in, %in_1 : f32
           %3 = arith.addf %out, %2 : f32
           linalg.yield %3 : f32
         } -> tensor<4xf32>

Ensures: `linalg.generic` is the only structured op. `linalg.softmax` is none and stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter


@dataclass(frozen=True)
class GeneralizeNamedOpsPass(ModulePass):
    """Replace each structured op with a generic of the same maps, iterator types and body."""

    name = "generalize-named-ops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        structured = [o for o in op.walk() if isinstance(o, LinalgStructuredOperation)]
        for named in [o for o in structured if not isinstance(o, GenericOp)]:
            generic = GenericOp(
                inputs=named.inputs,
                outputs=named.outputs,
                body=named.detach_region(named.body),
                indexing_maps=named.get_indexing_maps(),
                iterator_types=named.get_iterator_types(),
                result_types=named.res.types,
            )
            generic.attributes |= named.attributes
            generic.location = named.location
            for old, new in zip(named.res, generic.res, strict=True):
                new.name_hint = old.name_hint
            Rewriter.replace_op(named, generic)
