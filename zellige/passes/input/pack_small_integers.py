"""pack-small-integers: tensors of i2 and i4 are bytes with several numbers at the border and in constants.

Before:  func.func @main(%x: tensor<8xi4>) -> tensor<8xi4> {
           %c = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7]> : tensor<8xi4>
           …
           func.return %y
After:   func.func @main(%x: tensor<4xi8> {hal.type = tensor<8xi4>}) -> (tensor<4xi8> {hal.type = tensor<8xi4>}) {
           %0 = linalg.generic … ins(%x : tensor<4xi8>) outs(… : tensor<4x2xi4>)     // shifts
           %1 = tensor.collapse_shape %0 : tensor<4x2xi4> into tensor<8xi4>
           %b = arith.constant dense<[16, 50, 84, 118]> : tensor<4xi8>
           …
           func.return %z                                                          // shifts and ors

The lowest bits of a byte are the first number. Numbers go on from row to row; the bits that are left over in the last
byte are 0 in results, and are not read in arguments. The numbers of a byte are neighbours there; in constants they are
16 apart where rows are long enough, so that vectors are unpacked without shuffling. A constant that is the same
everywhere stays one number.

Requires: `legalize-signedness`; every function is public.
Ensures:  no argument, no result and no constant but splats has elements of fewer than 8 bits, truth values excepted.
Fails:    for an argument or a result with a dynamic dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, cast

import numpy as np
from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    BytesAttr,
    DenseIntElementsAttr,
    DenseIntOrFPElementsAttr,
    IntegerType,
    ModuleOp,
    TensorType,
    i8,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.linalg_maps import projection
from zellige.dialects.reshapes import reshape
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.signatures import note_types
from zellige.dialects.small_integers import has_small_integers, numbers_per_byte, packed_type
from zellige.maths.packed_integers import packed, run_of
from zellige.passes.input.bit_pieces import bitcast_pieces
from zellige.passes.input.scalars import Scalars
from zellige.support.errors import CompileError


class PackSmallIntegersPass(ModulePass):
    """Unpack arguments and constants where they come in, pack results where they go out."""

    name = "pack-small-integers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for constant in [o for o in op.walk() if isinstance(o, arith.ConstantOp)]:
            if _is_packed(constant):
                _pack_constant(constant)
        for function in [o for o in op.ops if isinstance(o, FuncOp)]:
            types = (*function.function_type.inputs, *function.function_type.outputs)
            if any(map(has_small_integers, types)):
                self._check(function, types)
                note_types(function, has_small_integers)
                _pack_border(function)

    def _check(self, function: FuncOp, types: tuple[Attribute, ...]) -> None:
        for type_ in types:
            if has_small_integers(type_) and not (is_tensor(type_) and type_.has_static_shape()):
                raise CompileError(
                    f"{type_} at the border of '@{function.sym_name.data}' is not supported, expected a static tensor",
                    op=function,
                    pass_name=self.name,
                )


def _is_packed(op: arith.ConstantOp) -> bool:
    return has_small_integers(op.result.type) and isinstance(op.value, DenseIntOrFPElementsAttr) and not _is_splat(op)


def _is_splat(op: arith.ConstantOp) -> bool:
    content = cast("DenseIntOrFPElementsAttr[Any]", op.value).data.data
    return len(content) > 0 and content.count(content[0]) == len(content)


def _pack_constant(op: arith.ConstantOp) -> None:
    dense = cast("DenseIntOrFPElementsAttr[Any]", op.value)
    type_ = tensor_type(op.result)
    forms = FormBuilder(op)
    bits = cast("IntegerType", type_.element_type).bitwidth
    run = run_of(type_.get_shape()[-1], bits) if type_.get_num_dims() else 1
    content = packed(np.frombuffer(dense.data.data, np.uint8), bits, run)
    attribute = DenseIntOrFPElementsAttr(cast("Any", packed_type(type_)), BytesAttr(content.tobytes()))
    constant = forms.insert(arith.ConstantOp(attribute)).result
    constant.name_hint = op.result.name_hint
    Rewriter.replace_op(op, [], [_numbers(op, constant, type_, run)])


def _pack_border(function: FuncOp) -> None:
    block = function.body.block
    first = block.first_op
    assert first is not None, "a function returns"
    for argument in [a for a in block.args if has_small_integers(a.type)]:
        type_ = tensor_type(argument)
        content = block.insert_arg(packed_type(type_), argument.index, argument.location)
        content.name_hint = argument.name_hint
        argument.replace_all_uses_with(_numbers(first, content, type_))
        block.erase_arg(argument)
    for op in [o for o in block.ops if isinstance(o, ReturnOp)]:
        for index, value in enumerate(op.operands):
            if has_small_integers(value.type):
                op.operands[index] = _bytes(op, value)
    function.update_function_type()


def _numbers(at: Operation, content: SSAValue, type_: TensorType[Attribute], run: int = 1) -> SSAValue:
    """The tensor of this type that a tensor of bytes holds; the numbers of a byte are `run` numbers apart."""
    forms, per_byte = FormBuilder(at), numbers_per_byte(type_.element_type)
    *outer, row = tensor_type(content).get_shape()
    runs = [row // run, run] if 1 < run < row else [row]
    content = reshape(forms, content, [*outer, *runs])
    dimension = len(outer) + len(runs) - (run > 1)
    shape = [*outer, *runs]
    shape.insert(dimension, per_byte)
    rows = TensorType(type_.element_type, shape)
    numbers = _pieces(at, content, rows, dimension)
    count = prod(type_.get_shape())
    if prod(rows.get_shape()) > count:
        flat = reshape(forms, numbers, [prod(rows.get_shape())])
        part = TensorType(type_.element_type, [count])
        numbers = forms.insert(tensor.ExtractSliceOp(flat, [0], [count], [1], part)).result
    numbers = reshape(forms, numbers, type_.get_shape())
    numbers.name_hint = content.name_hint
    return numbers


def _pieces(at: Operation, content: SSAValue, rows: TensorType[Attribute], dimension: int) -> SSAValue:
    """Each byte in pieces, which are a dimension more.

    All pieces of a byte are made and one is chosen: amounts of shifts are constants then, which vectors need.
    """
    forms, rank, element = FormBuilder(at), rows.get_num_dims(), cast("IntegerType", rows.element_type)
    places = DenseIntElementsAttr.from_list(
        TensorType(i8, [rows.get_shape()[dimension]]), [*range(8 // element.bitwidth)]
    )

    def take(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        code = Scalars(builder, at.location)
        byte, place = elements[0], elements[1]
        chosen = code.emit(arith.TruncIOp(byte, element))
        for number in range(1, 8 // element.bitwidth):
            moved = code.emit(arith.ShRUIOp(byte, code.integer(number * element.bitwidth, byte)))
            is_here = code.compare("eq", place, code.integer(number, place))
            chosen = code.select(is_here, code.emit(arith.TruncIOp(moved, element)), chosen)
        return chosen

    maps = [projection(rank, [loop for loop in range(rank) if loop != dimension]), projection(rank, [dimension])]
    return forms.pointwise([content, forms.insert(arith.ConstantOp(places)).result], rows, take, maps)


def _bytes(at: Operation, numbers: SSAValue) -> SSAValue:
    """The tensor of bytes that holds a tensor of numbers."""
    forms, type_ = FormBuilder(at), tensor_type(numbers)
    content = packed_type(type_)
    rows = [*content.get_shape(), numbers_per_byte(type_.element_type)]
    count = prod(type_.get_shape())
    if prod(rows) > count:
        zero = forms.insert(arith.ConstantOp.from_int_and_width(0, cast("IntegerType", type_.element_type))).result
        padded = forms.fill(zero, TensorType(type_.element_type, [prod(rows)]))
        flat = reshape(forms, numbers, [count])
        numbers = forms.insert(tensor.InsertSliceOp.get(flat, padded, [count], [0], [1])).result
    return bitcast_pieces(at, reshape(forms, numbers, rows), content)
