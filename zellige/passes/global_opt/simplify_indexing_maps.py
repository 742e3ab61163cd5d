"""simplify-indexing-maps: a loop that runs once adds nothing to a sum.

Before:  {maps = [(n, y, x, f, c, ky, kx) -> (n, y + ky, x + kx, c), …]}      with ky and kx from 0 to 0
After:   {maps = [(n, y, x, f, c, ky, kx) -> (n, y, x, c), …]}

A convolution with a 1x1 kernel is then a matmul. Loops keep the operand that gives them their extent.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir.affine import AffineBinaryOpExpr, AffineExpr, AffineMap
from xdsl.passes import ModulePass

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.indexing import extents_of, loop_extents, maps_of
from zellige.dialects.index_arithmetic import Index


class SimplifyIndexingMapsPass(ModulePass):
    """Take loops of extent 1 out of sums."""

    name = "simplify-indexing-maps"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for generic in [o for o in op.walk() if isinstance(o, GenericOp)]:
            maps = maps_of(generic)
            if not any(isinstance(expr, AffineBinaryOpExpr) for m in maps for expr in m.results):
                continue
            extents = extents_of(generic)
            simpler = [_without_unit_loops(m, extents) for m in maps]
            shapes = [sizes_of(operand) for operand in generic.operands]
            if loop_extents(simpler, shapes) == extents:
                generic.properties["indexing_maps"] = ArrayAttr([AffineMapAttr(m) for m in simpler])


def _without_unit_loops(affine_map: AffineMap, extents: Sequence[Index]) -> AffineMap:
    loops = [AffineExpr.constant(0) if n == 1 else AffineExpr.dimension(i) for i, n in enumerate(extents)]
    return AffineMap(
        affine_map.num_dims,
        0,
        tuple(
            expr.replace_dims_and_symbols(loops, ()) if isinstance(expr, AffineBinaryOpExpr) else expr
            for expr in affine_map.results
        ),
    )
