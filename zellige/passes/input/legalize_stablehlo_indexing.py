"""legalize-stablehlo-indexing: reads and writes at computed places, sorts, and random bits.

Before:  %0 = "stablehlo.gather"(%x, %i) <{…}> : (tensor<20x6xf32>, tensor<4xi64>) -> tensor<4x6xf32>
         %1 = stablehlo.dynamic_update_slice %y, %u, %n, %zero : …
         %2 = "stablehlo.scatter"(%z, %i, %u) <{…}> ({ … }) : …
         %3 = "stablehlo.sort"(%w) <{dimension = 1}> ({ … }) : …
After:   %0 = linalg.generic ins(%i) … {                       %x is read at indices that are brought inside
           %place = arith.index_cast …
           %column = linalg.index 1
           %element = tensor.extract %x[%place, %column]
           linalg.yield %element }
         %first = tensor.extract %n[]
         %1 = tensor.insert_slice %u into %y[%row, 0] [1, 8] [1, 1]
         %2 = linalg_ext.scatter dims = [0] into(%z : …) ins(%i, %u : …) { … }
         %3 = linalg_ext.sort dimension(1) ins(%w : …) { … }

Random bits are hashes of the places where they stand. Insertions and scatters update their operand in place where it is
not needed any more.

Leaves:  a dynamic gather whose slice sizes depend on data; random bits of dynamic shape; an op with a
         region that is more than scalar computation on the types of the operands; random bits of floats, or from a
         state that is not two or three `ui64`.
Fails:   for a dynamic gather whose slice sizes are known and do not give its result type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.analysis.program_ops import is_program_op
from zellige.analysis.small_values import small_value
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import has_static_shapes
from zellige.dialects.stablehlo import indexing
from zellige.dialects.stablehlo.random import RngBitGeneratorOp
from zellige.passes.input.index_forms import elements_of
from zellige.passes.input.stablehlo_gathers import dynamic_slice, dynamic_update_slice, gather, torch_index_select
from zellige.passes.input.stablehlo_random import random_bits
from zellige.passes.input.stablehlo_scatters import scatter, sort
from zellige.support.errors import CompileError


class LegalizeStablehloIndexingPass(ModulePass):
    """Replace StableHLO's ops that read and write at computed places, or make random bits."""

    name = "legalize-stablehlo-indexing"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for found in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if is_program_op(found):
                self._replace(found)

    def _replace(self, op: Operation) -> None:
        values: Sequence[SSAValue] | None
        if isinstance(op, indexing.TorchIndexSelectOp) or (
            isinstance(op, indexing.DynamicGatherOp) and small_value(op.slice_sizes) is not None
        ):
            op = self._gather(op)
        if isinstance(op, indexing.DynamicGatherOp):
            sizes = elements_of(FormBuilder(op), op.slice_sizes)
            values = None if sizes is None else [gather(op, FormBuilder(op), sizes)]
        else:
            is_possible = not isinstance(op, _OF_KNOWN_SHAPE) or has_static_shapes(op)
            values = _REWRITES[type(op)](op, FormBuilder(op)) if is_possible else None
        if values is None:
            return
        for old, new in zip(op.results, values, strict=True):
            new.name_hint = old.name_hint or new.name_hint
        Rewriter.replace_op(op, [], values)

    def _gather(self, op: indexing.DynamicGatherOp | indexing.TorchIndexSelectOp) -> indexing.GatherOp:
        """The gather that takes the place of the op."""
        if isinstance(op, indexing.TorchIndexSelectOp):
            simpler = torch_index_select(op)
        else:
            sizes = small_value(op.slice_sizes)
            assert sizes is not None
            try:
                simpler = indexing.GatherOp(
                    op.operand, op.start_indices, op.dimension_numbers.data, [int(size) for size in sizes]
                )
                indexing.expect_result(op.result, indexing.shape_of(simpler.result), op.result.type.element_type)
            except VerifyException as error:
                raise CompileError(str(error), op=op, pass_name=self.name) from error
        FormBuilder(op).insert(simpler)
        simpler.result.name_hint = op.result.name_hint
        Rewriter.replace_op(op, [], simpler.results)
        return simpler


Rewrite = Callable[[Any, FormBuilder], Sequence[SSAValue] | None]


def _one(rewrite: Callable[[Any, FormBuilder], SSAValue]) -> Rewrite:
    return lambda op, forms: [rewrite(op, forms)]


_REWRITES: Mapping[type[Operation], Rewrite] = MappingProxyType(
    {
        indexing.GatherOp: _one(lambda op, forms: gather(op, forms, op.slice_sizes.get_values())),
        indexing.DynamicSliceOp: _one(dynamic_slice),
        indexing.DynamicUpdateSliceOp: _one(dynamic_update_slice),
        indexing.ScatterOp: scatter,
        indexing.SortOp: sort,
        RngBitGeneratorOp: random_bits,
    }
)

_OF_KNOWN_SHAPE = (RngBitGeneratorOp,)
"""Ops that are not replaced where shapes are dynamic."""

HANDLED_OPS = (*_REWRITES, indexing.DynamicGatherOp, indexing.TorchIndexSelectOp)
"""What is replaced."""
