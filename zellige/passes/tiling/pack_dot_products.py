"""pack-dot-products: sum up products of narrow integers two or four at a time.

Before:  %c = linalg.generic {(m, n, k)} ins(%a : tensor<64x512xi8>, %b : tensor<512x64xi8>) outs(%0) {
           %next = arith.addi %sum, (arith.muli (arith.extui %x), (arith.extsi %y)) }
After (bytes=true):
         %a8 = linalg.generic {…} ins(%a) outs(… : tensor<64x512xi8>) { … }          // the factors as bytes
         %aw = packed.words %a8 : tensor<64x512xi8> to tensor<64x128xi32>
         %bw = linalg.generic {(k, n) -> (4k, n), (4k + 1, n), (4k + 2, n), (4k + 3, n)} ins(%b, %b, %b, %b)
                 outs(… : tensor<128x64xi32>) { … }                                  // shifts and ors
         %c = linalg.generic {(m, n, k)} ins(%aw, %bw) outs(%0) {
           %next = packed.dot %x : ui8, %y : si8, %sum : i32 }

An input whose neighbours along the summed loop are neighbours in memory is copied and read as words; of another one
the words are put together. What groups leave of the summed loop stays as it was, after the rest. Integer sums do not
depend on their order, so every result is the same. A factor may be any function of one element and of values that do
not change along the summed loop, as far as its bounds fit: 16 bits, or with `bytes` one unsigned and one signed byte.
Where they do not, the factor may be such an element and an offset, which is multiplied by the sums of the other factor
(`dot_offsets`).

Requires: `tile-to-workgroups`; `hal.schedule` on each `linalg.generic`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.dot_products import DotProduct, Sides, dot_product, split_sides, whole_sides
from zellige.analysis.nests import form_nests
from zellige.analysis.schedules import choose_packing, choose_tiles
from zellige.analysis.target import WASM
from zellige.dialects.flow import executables
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.hal import ScheduleAttr
from zellige.dialects.index_arithmetic import Index, upper_bound
from zellige.dialects.packed import WORD_BITS, DotOp, si8, si16, ui8
from zellige.passes.generic_erasure import erase_generics
from zellige.passes.tiling.dot_offsets import start_with_offsets
from zellige.passes.tiling.packed_words import words_of
from zellige.passes.tiling.slices import extract_slice, tile

BYTES = ((ui8, si8), (si8, ui8))
HALVES = ((si16, si16),)

MOST_PACKED_BYTES = 256 << 10
"""Local memory for the words of one input."""


@dataclass(frozen=True)
class PackDotProductsPass(ModulePass):
    """Let contractions of narrow integers read words of several elements."""

    name = "pack-dot-products"
    bytes: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            block = executable.kernel.body.block
            found = [product for o in block.ops if isinstance(o, GenericOp) and (product := dot_product(o)) is not None]
            packed = [
                _pack(product, sides)
                for product in found
                if (sides := self._sides(product)) is not None and _is_worth(product, sides)
            ]
            if packed:
                _choose_schedules([o for o in block.ops if isinstance(o, GenericOp)])

    def _sides(self, product: DotProduct) -> Sides | None:
        """Element types that hold the factors, bytes preferred; with offsets where they do not hold them whole."""
        kinds = (BYTES, HALVES) if self.bytes else (HALVES,)
        for elements in kinds:
            whole = [sides for kind in elements if (sides := whole_sides(product, kind)) is not None]
            parts = [sides for kind in elements if (sides := split_sides(product, kind)) is not None]
            if whole or parts:
                return min(whole or parts, key=lambda sides: sum(not side.offset.is_zero for side in sides))
        return None


def _is_worth(product: DotProduct, sides: Sides) -> bool:
    """Whether there is a group to sum up, vectors along parallel loops, and room for the words."""
    bits = sides[0].element.bitwidth
    schedule = product.op.attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    tiled = [loop for loop, size in enumerate(schedule.tile_sizes) if size > 1]
    if len(tiled) < 2 or set(tiled) & set(product.view.reduction_loops):
        return False
    counts = [_most_elements(product.op.operands[factor.source]) for factor in product.factors]
    known = [count for count in counts if count is not None]
    has_room = len(known) == len(counts) and max(known) * bits // 8 <= MOST_PACKED_BYTES
    return product.extent >= WORD_BITS // bits and has_room


def _most_elements(source: SSAValue) -> int | None:
    """The elements that a tensor may have; None where that has no bound, or where its rows have no static stride."""
    bounds = [upper_bound(size) for size in sizes_of(source)[:1]]
    bounds += [size if isinstance(size, int) else None for size in sizes_of(source)[1:]]
    known = [bound for bound in bounds if bound is not None]
    return prod(known) if len(known) == len(bounds) else None


def _pack(product: DotProduct, sides: Sides) -> GenericOp:
    """Replace the contraction; gives the one that works on words."""
    op, extent = product.op, product.extent
    depth = extent - extent % (WORD_BITS // sides[0].element.bitwidth)
    words = [words_of(product, side.factor, side.element, depth) for side in sides]
    first, second = (1, 0) if sides[1].element == ui8 else (0, 1)  # instructions take unsigned bytes first
    elements = sides[first].element, sides[second].element

    def compute(builder: Builder, args: Sequence[SSAValue]) -> SSAValue:
        return builder.insert(DotOp(args[first], args[second], args[2], *elements)).result

    start = start_with_offsets(product, sides, depth)
    maps = [op.indexing_maps.data[number].data for number in (*(side.factor.source for side in sides), -1)]
    result = FormBuilder(op).generic(words, start, maps, list(op.iterator_types), compute)
    result.name_hint = op.results[0].name_hint
    packed = result.owner
    assert isinstance(packed, GenericOp)
    packed.attributes |= op.attributes
    op.results[0].replace_all_uses_with(_rest(product, depth, result))
    erase_generics([op])
    return packed


def _rest(product: DotProduct, depth: int, start: SSAValue) -> SSAValue:
    """What groups leave of the summed loop, added to `start` as the program has it."""
    op, view = product.op, product.view
    if depth == product.extent:
        return start
    builder = Builder(InsertPoint.before(op))
    offsets, sizes = [0] * len(view.extents), list(view.extents)
    offsets[product.loop], sizes[product.loop] = depth, product.extent - depth

    def slice_of(value: SSAValue, place: Sequence[Index], shape: Sequence[Index]) -> SSAValue:
        return start if value is op.outputs[0] else extract_slice(builder, value, place, shape)

    return tile(builder, op, [access.forms for access in view.accesses], offsets, sizes, slice_of).results[0]


def _choose_schedules(generics: Sequence[GenericOp]) -> None:
    """Schedules for ops that have none; the inputs to pack for those that work on words."""
    for nest in form_nests(generics):
        tiles = choose_tiles(nest, WASM)
        for member, chosen in zip(nest.members, tiles, strict=True):
            schedule = member.op.attributes.get("hal.schedule", ScheduleAttr([0] * len(chosen), chosen))
            assert isinstance(schedule, ScheduleAttr)
            packed = schedule.packed_inputs
            if member is nest.dominant and any(isinstance(o, DotOp) for o in member.op.body.block.ops):
                packed = choose_packing(nest, schedule.tile_sizes, WASM)
            member.op.attributes["hal.schedule"] = ScheduleAttr(schedule.workgroup_sizes, schedule.tile_sizes, packed)
