"""The bits of elements as elements of another width: a last dimension of pieces, lowest bits first."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import AnyFloat, IndexType, IntegerAttr, IntegerType, TensorType, UnrealizedConversionCastOp
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.utils.hints import isa

from zellige.dialects.arith import zero
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.linalg_maps import projection
from zellige.dialects.shaped_types import element_type
from zellige.dialects.signedness import signless
from zellige.dialects.stablehlo.element_kinds import bits_of
from zellige.passes.input.scalars import Scalars


def bitcast_pieces(at: Operation, value: SSAValue, target: TensorType[Attribute]) -> SSAValue:
    """The elements of a tensor in pieces, or pieces joined, before `at`; the elements have different widths."""
    narrows = bits_of(element_type(value.type)) > bits_of(target.element_type)
    return _split(at, value, target) if narrows else _join(at, value, target)


def _word(element: Attribute) -> IntegerType:
    """The integer type with the bits of an element."""
    return IntegerType(bits_of(element))


def _split(at: Operation, source: SSAValue, target: TensorType[Attribute]) -> SSAValue:
    """A piece is its word, shifted right by its place."""
    rank = target.get_num_dims()
    word, piece = _word(element_type(source.type)), _word(target.element_type)

    def take(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        code = Scalars(builder, at.location)
        bits = _cast(code, elements[0], word)
        shifted = code.emit(arith.ShRUIOp(bits, _bit_offset(code, rank - 1, piece.bitwidth, word)))
        return _cast(code, code.emit(arith.TruncIOp(shifted, piece)), target.element_type)

    maps = [projection(rank, range(rank - 1))]
    return FormBuilder(at).pointwise([source], target, take, maps)


def _join(at: Operation, source: SSAValue, target: TensorType[Attribute]) -> SSAValue:
    """The pieces, shifted left by their places, are or-ed into a word that is 0 at first."""
    forms = FormBuilder(at)
    rank = target.get_num_dims() + 1
    word, piece = _word(target.element_type), _word(element_type(source.type))
    words = TensorType(word, target.get_shape())

    def put(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        code = Scalars(builder, at.location)
        bits = code.emit(arith.ExtUIOp(_cast(code, elements[0], piece), word))
        shifted = code.emit(arith.ShLIOp(bits, _bit_offset(code, rank - 1, piece.bitwidth, word)))
        return code.emit(arith.OrIOp(elements[1], shifted))

    init = forms.fill(forms.insert(zero(word)).result, words)
    joined = forms.generic(
        [source],
        init,
        [AffineMap.identity(rank), projection(rank, range(rank - 1))],
        [*[IteratorTypeAttr.parallel()] * (rank - 1), IteratorTypeAttr.reduction()],
        put,
    )
    if target.element_type == word:
        return joined
    return forms.pointwise(
        [joined], target, lambda builder, e: _cast(Scalars(builder, at.location), e[0], target.element_type)
    )


def _bit_offset(code: Scalars, loop: int, piece_bits: int, word: IntegerType) -> SSAValue:
    """How far the piece of this round of the loop is from the lowest bit."""
    number = code.emit(IndexOp(loop))
    step = code.emit(arith.ConstantOp(IntegerAttr(piece_bits, IndexType())))
    return code.emit(arith.IndexCastOp(code.emit(arith.MuliOp(number, step)), word))


def _cast(code: Scalars, value: SSAValue, to: Attribute) -> SSAValue:
    """The same bits as another type: by way of the type without a sign where there is one."""
    for type_ in (signless(value.type), signless(to), to):
        if value.type == type_:
            continue
        if signless(value.type) == signless(type_):
            value = code.emit(UnrealizedConversionCastOp.get([value], [type_]))
        else:
            assert isa(type_, IntegerType) or isinstance(type_, AnyFloat)
            value = code.emit(arith.BitcastOp(value, type_))
    return value
