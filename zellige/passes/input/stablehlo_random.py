"""Random bits: a generic over blocks, each of which hashes the state's counter and its own number.

The first element of a state is the key, the others are the counter, the low half first. Block `i` hashes the counter
and `i`: Threefry gives two words, Philox four. Elements of 64 bits take two words, narrower ones the low part of one.
Threefry's results stand one after the other, those of all first words before those of all second ones; Philox's are
interleaved. The next state has counted the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.builder import Builder
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    AffineMapAttr,
    IntegerType,
    Signedness,
    TensorType,
    UnrealizedConversionCastOp,
    i32,
    i64,
)
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.dialects.linalg.ops import GenericOp, IndexOp, YieldOp
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.reshapes import reshape
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo.indexing_attributes import RngAlgorithm
from zellige.dialects.stablehlo.random import RngBitGeneratorOp
from zellige.dialects.stablehlo.shapes import shape_of
from zellige.maths.counter_hashes import philox, threefry
from zellige.passes.input.scalars import Scalars

_WORD_BITS = 32
_LONG_BITS = 64
_STATE_TYPE = IntegerType(_LONG_BITS, Signedness.UNSIGNED)


def random_bits(op: RngBitGeneratorOp, forms: FormBuilder) -> Sequence[SSAValue] | None:
    """The next state and the bits; None for a state of another form, and for bits of floats."""
    element = element_type(op.output.type)
    state = tensor_type(op.initial_state)
    sizes = state.get_shape()
    if not isa(element, IntegerType) or state.element_type != _STATE_TYPE or sizes not in ((2,), (3,)):
        return None
    is_threefry = op.algorithm is RngAlgorithm.THREE_FRY
    words = 2 if is_threefry else 4
    in_block = words // 2 if element.bitwidth == _LONG_BITS else words
    count = prod(shape_of(op.output))
    blocks = -(-count // in_block)
    parts = _blocks(op, blocks, in_block, forms)
    bits = forms.empty(TensorType(element, [blocks * in_block]))
    for number, part in enumerate(parts):
        offset, stride = (number * blocks, 1) if is_threefry else (number, in_block)
        bits = forms.insert(tensor.InsertSliceOp.get(part, bits, [blocks], [offset], [stride])).result
    if blocks * in_block > count:
        bits = forms.insert(tensor.ExtractSliceOp.from_static_parameters(bits, [0], [count], [1])).result
    return _next_state(op, blocks, forms), reshape(forms, bits, shape_of(op.output))


def _blocks(op: RngBitGeneratorOp, blocks: int, in_block: int, forms: FormBuilder) -> Sequence[SSAValue]:
    """The elements of all blocks: one tensor for each place in a block."""
    element = element_type(op.output.type)
    longs = shape_of(op.initial_state)[0]
    result = TensorType(element, [blocks])
    block = Block(arg_types=[*[_STATE_TYPE] * longs, *[element] * in_block])
    code = Scalars(Builder(InsertPoint.at_end(block)), op.location)
    key, *counter = (_cast(code, argument, i64) for argument in block.args[:longs])
    number = code.emit(arith.IndexCastOp(code.emit(IndexOp(0)), i64))
    hashed = _hash(code, op.algorithm, key, _plus(code, counter, number))
    code.builder.insert(YieldOp(*(_cast(code, value, element) for value in _elements(code, hashed, element))))
    places = [AffineMap(1, 0, (AffineExpr.constant(index),)) for index in range(longs)]
    generic = GenericOp(
        [op.initial_state] * longs,
        [forms.empty(result) for _ in range(in_block)],
        Region(block),
        [AffineMapAttr(place) for place in (*places, *[AffineMap.identity(1)] * in_block)],
        [IteratorTypeAttr.parallel()],
        [result] * in_block,
    )
    return forms.insert(generic).results


def _next_state(op: RngBitGeneratorOp, blocks: int, forms: FormBuilder) -> SSAValue:
    """The state with its counter `blocks` further."""
    longs = shape_of(op.initial_state)[0]
    places = [AffineMap(1, 0, (AffineExpr.constant(index),)) for index in range(longs)]

    def count(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        code = Scalars(builder, op.location)
        key, *counter = (_cast(code, value, i64) for value in elements[:longs])
        place = code.emit(arith.IndexCastOp(code.emit(IndexOp(0)), i64))
        total = key
        for index, long in enumerate(_plus(code, counter, code.integer(blocks, key)), start=1):
            total = code.select(code.compare("eq", place, code.integer(index, place)), long, total)
        return _cast(code, total, _STATE_TYPE)

    return forms.pointwise([op.initial_state] * longs, tensor_type(op.output_state), count, places)


def _plus(code: Scalars, counter: Sequence[SSAValue], number: SSAValue) -> list[SSAValue]:
    """A counter of one or two long words, `number` further."""
    low = code.emit(arith.AddiOp(counter[0], number))
    if len(counter) == 1:
        return [low]
    carry = code.emit(arith.ExtUIOp(code.compare("ult", low, number), i64))
    return [low, code.emit(arith.AddiOp(counter[1], carry))]


def _hash(code: Scalars, algorithm: RngAlgorithm, key: SSAValue, counter: Sequence[SSAValue]) -> Sequence[SSAValue]:
    halves = [_halves(code, long) for long in (key, *counter)]
    words = _Words(code)
    if algorithm is RngAlgorithm.THREE_FRY:
        return threefry(words, halves[0], halves[1])
    none = words.constant(0)
    high = halves[2] if len(halves) > 2 else (none, none)
    return philox(words, halves[0], (*halves[1], *high))


def _halves(code: Scalars, long: SSAValue) -> tuple[SSAValue, SSAValue]:
    """The low and the high word."""
    high = code.emit(arith.ShRUIOp(long, code.integer(_WORD_BITS, long)))
    return code.emit(arith.TruncIOp(long, i32)), code.emit(arith.TruncIOp(high, i32))


def _elements(code: Scalars, words: Sequence[SSAValue], element: Attribute) -> list[SSAValue]:
    """Words as elements without signs."""
    bits = signless(element)
    assert isa(bits, IntegerType)
    if bits.bitwidth == _WORD_BITS:
        return list(words)
    if bits.bitwidth < _WORD_BITS:
        return [code.emit(arith.TruncIOp(word, bits)) for word in words]
    wide = [code.emit(arith.ExtUIOp(word, i64)) for word in words]
    return [
        code.emit(arith.OrIOp(low, code.emit(arith.ShLIOp(high, code.integer(_WORD_BITS, high)))))
        for low, high in zip(wide[::2], wide[1::2], strict=True)
    ]


def _cast(code: Scalars, value: SSAValue, to: Attribute) -> SSAValue:
    return value if value.type == to else code.emit(UnrealizedConversionCastOp.get([value], [to]))


class _Words:
    """Words as values of type i32."""

    def __init__(self, code: Scalars) -> None:
        self._code = code

    def constant(self, number: int) -> SSAValue:
        return self._code.emit(arith.ConstantOp.from_int_and_width(number, i32, truncate_bits=True))

    def add(self, left: SSAValue, right: SSAValue) -> SSAValue:
        return self._code.emit(arith.AddiOp(left, right))

    def xor(self, left: SSAValue, right: SSAValue) -> SSAValue:
        return self._code.emit(arith.XOrIOp(left, right))

    def rotate_left(self, word: SSAValue, bits: int) -> SSAValue:
        up = self._code.emit(arith.ShLIOp(word, self.constant(bits)))
        down = self._code.emit(arith.ShRUIOp(word, self.constant(_WORD_BITS - bits)))
        return self._code.emit(arith.OrIOp(up, down))

    def multiply(self, word: SSAValue, factor: int) -> tuple[SSAValue, SSAValue]:
        wide = self._code.emit(arith.ExtUIOp(word, i64))
        product = self._code.emit(arith.MuliOp(wide, self._code.integer(factor, wide)))
        low, high = _halves(self._code, product)
        return high, low
