"""convert-packed-to-llvm: sums of products of packed integers in the instructions of a machine.

Before:  %0 = packed.dot %a : ui8, %b : si8, %start : vector<16xi32>
After (machine=avx512vnni):
         %1 = llvm.bitcast %a : vector<16xi32> to vector<64xi8>
         %2 = llvm.bitcast %b : vector<16xi32> to vector<64xi8>
         %0 = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%start, %1, %2)

Vectors shorter than an instruction's fill part of one. What the machine has no instruction for is taken apart into
shifts, multiplications and additions. No instruction saturates, so all forms give the same sums modulo 2**32.

Requires: vectors of one dimension (`unroll-vectors`).
Ensures:  no `packed` op is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, llvm
from xdsl.dialects.builtin import (
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    Signedness,
    VectorType,
    i32,
)
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.packed import WORD_BITS, DotOp, si8, si16, ui8
from zellige.dialects.shaped_types import is_vector
from zellige.support.errors import UsageError


@dataclass(frozen=True)
class _Instruction:
    """An intrinsic on vectors of `lanes` words; `accumulates` says that it adds to a sum, its first operand."""

    intrinsic: str
    lanes: int
    accumulates: bool = False


_BYTES, _HALVES = (ui8, si8), (si16, si16)
_Instructions = Mapping[tuple[IntegerType, IntegerType], tuple[_Instruction, ...]]

_SSE2 = _Instruction("llvm.x86.sse2.pmadd.wd", 4)
_AVX2 = _Instruction("llvm.x86.avx2.pmadd.wd", 8)
_AVX512 = _Instruction("llvm.x86.avx512.pmaddw.d.512", 16)

MACHINES: Mapping[str, _Instructions] = MappingProxyType(
    {
        "none": {},
        "wasm": {_HALVES: (_Instruction("llvm.wasm.dot", 4),)},
        "neon": {},
        "avx2": {_HALVES: (_SSE2, _AVX2)},
        "avx512": {_HALVES: (_SSE2, _AVX2, _AVX512)},
        "avx512vnni": {
            _HALVES: (_SSE2, _AVX2, _AVX512),
            _BYTES: tuple(
                _Instruction(f"llvm.x86.avx512.vpdpbusd.{lanes * WORD_BITS}", lanes, accumulates=True)
                for lanes in (4, 8, 16)
            ),
        },
    }
)
"""Machine -> types of the elements -> instructions, those on short vectors first."""


@dataclass(frozen=True)
class ConvertPackedToLlvmPass(ModulePass):
    """Replace `packed` ops."""

    name = "convert-packed-to-llvm"
    machine: str = "none"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.machine not in MACHINES:
            raise UsageError(f"unknown machine '{self.machine}', known are {', '.join(MACHINES)}")
        for dot in [o for o in op.walk() if isinstance(o, DotOp)]:
            builder = Builder(InsertPoint.before(dot))
            result = _convert(builder, dot, MACHINES[self.machine].get(dot.elements, ()))
            result.name_hint = dot.result.name_hint
            Rewriter.replace_op(dot, [], [result])


def _convert(builder: Builder, dot: DotOp, instructions: tuple[_Instruction, ...]) -> SSAValue:
    result_type = dot.start.type
    if not is_vector(result_type):
        return _taken_apart(builder, dot)
    (lanes,) = result_type.get_shape()
    instruction = next((known for known in instructions if known.lanes >= lanes), None)
    if instruction is None:
        return _taken_apart(builder, dot)
    factors = [
        _elements(builder, _resized(builder, word, instruction.lanes), element)
        for word, element in zip((dot.lhs, dot.rhs), dot.elements, strict=True)
    ]
    whole = VectorType(i32, [instruction.lanes])
    if instruction.accumulates:
        start = _resized(builder, dot.start, instruction.lanes)
        call = builder.insert(llvm.CallIntrinsicOp(instruction.intrinsic, [start, *factors], [whole]))
        return _resized(builder, call.results[0], lanes)
    call = builder.insert(llvm.CallIntrinsicOp(instruction.intrinsic, factors, [whole]))
    return builder.insert(arith.AddiOp(dot.start, _resized(builder, call.results[0], lanes))).result


def _resized(builder: Builder, value: SSAValue, lanes: int) -> SSAValue:
    """The first lanes of a vector; lanes that it does not have repeat the first."""
    assert is_vector(value.type)
    (known,) = value.type.get_shape()
    if known == lanes:
        return value
    mask = DenseArrayBase.from_list(i32, [lane if lane < known else 0 for lane in range(lanes)])
    result = VectorType(value.type.element_type, [lanes])
    return builder.insert(llvm.ShuffleVectorOp(value, value, mask, result)).res


def _elements(builder: Builder, words: SSAValue, element: IntegerType) -> SSAValue:
    """The elements of a vector of words."""
    assert is_vector(words.type)
    (lanes,) = words.type.get_shape()
    bits = element.bitwidth
    return builder.insert(llvm.BitcastOp(words, VectorType(IntegerType(bits), [lanes * WORD_BITS // bits]))).result


def _taken_apart(builder: Builder, dot: DotOp) -> SSAValue:
    """The sum element by element."""
    total = dot.start
    for number in range(WORD_BITS // dot.lhs_element.bitwidth):
        factors = [
            _element(builder, word, element, number)
            for word, element in zip((dot.lhs, dot.rhs), dot.elements, strict=True)
        ]
        product = builder.insert(arith.MuliOp(factors[0], factors[1])).result
        total = builder.insert(arith.AddiOp(total, product)).result
    return total


def _element(builder: Builder, word: SSAValue, element: IntegerType, number: int) -> SSAValue:
    """Element `number` of a word as an i32: moved to the top, then down again with its sign."""

    def shift(kind: type[arith.ShLIOp | arith.ShRSIOp | arith.ShRUIOp], value: SSAValue, bits: int) -> SSAValue:
        return builder.insert(kind(value, _splat(builder, bits, word))).result if bits else value

    bits = element.bitwidth
    top = shift(arith.ShLIOp, word, WORD_BITS - bits * (number + 1))
    down = arith.ShRSIOp if element.signedness.data is Signedness.SIGNED else arith.ShRUIOp
    return shift(down, top, WORD_BITS - bits)


def _splat(builder: Builder, number: int, like: SSAValue) -> SSAValue:
    if not is_vector(like.type):
        return builder.insert(arith.ConstantOp(IntegerAttr(number, i32))).result
    splat = DenseIntOrFPElementsAttr.from_list(VectorType(i32, like.type.get_shape()), [number])
    return builder.insert(arith.ConstantOp(splat)).result
