"""Cutting a structured op: the same op on slices of its operands, for a part of its iteration space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from xdsl.builder import Builder
from xdsl.dialects import arith, memref, tensor
from xdsl.dialects.builtin import AffineMapAttr, TensorType
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.dialects import index_arithmetic
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import is_tensor, memref_type, tensor_type
from zellige.dialects.slices import dynamic_only, known_or_dynamic
from zellige.maths.linear_forms import LinearForm
from zellige.passes.linear_indices import evaluate, span
from zellige.support.errors import CompileError

SliceOf = Callable[[SSAValue, Sequence[Index], Sequence[Index]], SSAValue]
"""Gives the part of a tensor from these offsets on, of these sizes."""


def slice_place(
    builder: Builder, forms: Sequence[LinearForm], offsets: Sequence[Index], sizes: Sequence[Index]
) -> tuple[list[Index], list[Index]]:
    """Offsets and sizes of the slice that the accesses `forms` touch in the iteration space from `offsets` on."""
    slice_offsets: list[Index] = []
    for form in forms:
        shifted = LinearForm(form.coefficients, form.constant - _backwards(form, sizes))
        slice_offsets.append(evaluate(builder, shifted, offsets))
    return slice_offsets, [span(builder, form, sizes) for form in forms]


def loop_box(
    extents: Sequence[Index], written: Sequence[int], offsets: Sequence[Index], sizes: Sequence[Index]
) -> tuple[list[Index], list[Index]]:
    """Offsets and sizes of the loops that compute a slice of a result, whose dimension i is loop `written[i]`."""
    loop_offsets: list[Index] = [0] * len(extents)
    loop_sizes = list(extents)
    for loop, offset, size in zip(written, offsets, sizes, strict=True):
        loop_offsets[loop], loop_sizes[loop] = offset, size
    return loop_offsets, loop_sizes


def _backwards(form: LinearForm, sizes: Sequence[Index]) -> int:
    """How far loops that run backwards reach below where they start. Raises `CompileError` where that is dynamic."""
    total = 0
    for coefficient, size in zip(form.coefficients, sizes, strict=True):
        if coefficient < 0:
            if not isinstance(size, int):
                raise CompileError(
                    "a loop of dynamic extent runs backwards through an operand, expected one that runs forwards",
                    op=size.owner if isinstance(size.owner, Operation) else size.owner.parent_op(),
                )
            total -= coefficient * (size - 1)
    return total


def _local_map(forms: Sequence[LinearForm], sizes: Sequence[Index]) -> AffineMap:
    """The indexing map of the slice: the same multiples, from 0 on."""
    results: list[AffineExpr] = []
    for form in forms:
        terms = [AffineExpr.dimension(loop) * form.coefficients[loop] for loop in form.loops]
        high = _backwards(form, sizes)
        if high or not terms:
            terms.append(AffineExpr.constant(high))
        results.append(reduce(AffineExpr.__add__, terms))
    return AffineMap(len(sizes), 0, tuple(results))


def empty_tensor(builder: Builder, element: Attribute, sizes: Sequence[Index]) -> SSAValue:
    """A tensor of these sizes whose elements are not yet known."""
    return builder.insert(tensor.EmptyOp(dynamic_only(sizes), TensorType(element, known_or_dynamic(sizes)))).tensor


def extract_slice(builder: Builder, source: SSAValue, offsets: Sequence[Index], sizes: Sequence[Index]) -> SSAValue:
    """The slice as a `tensor.extract_slice`, or the tensor itself when that is all of it."""
    if sizes_of(source) == tuple(sizes):
        return source
    result_type = TensorType(tensor_type(source).element_type, known_or_dynamic(sizes))
    slice_op = tensor.ExtractSliceOp(source, offsets, sizes, [1] * len(sizes), result_type)
    slice_op.result.name_hint = source.name_hint
    return builder.insert(slice_op).result


def subview(builder: Builder, source: SSAValue, offsets: Sequence[Index], sizes: Sequence[Index]) -> SSAValue:
    """The part of a memref as a `memref.subview`, or the memref itself when that is all of it."""
    if sizes_of(source) == tuple(sizes):
        return source
    strides = [1] * len(sizes)
    result_type = memref.SubviewOp.infer_result_type(memref_type(source), offsets, sizes, strides)
    view = memref.SubviewOp.get(source, offsets, sizes, strides, result_type)
    view.result.name_hint = source.name_hint
    return builder.insert(view).result


def tile(
    builder: Builder,
    op: GenericOp,
    accesses: Sequence[Sequence[LinearForm]],
    offsets: Sequence[Index],
    sizes: Sequence[Index],
    slice_of: SliceOf,
) -> GenericOp:
    """The part of `op` from loop counters `offsets` on, `sizes[i]` iterations of loop i.

    `accesses` are the linear forms of each operand; `slice_of` gives the slices of tensor operands.
    """
    operands: list[SSAValue] = []
    maps: list[AffineMapAttr] = []
    for operand, forms in zip(op.operands, accesses, strict=True):
        if is_tensor(operand.type):
            operands.append(slice_of(operand, *slice_place(builder, forms, offsets, sizes)))
        else:
            operands.append(operand)
        maps.append(AffineMapAttr(_local_map(forms, sizes)))
    inputs = len(op.inputs)
    result_types: list[Attribute] = [value.type for value in operands[inputs:]]
    tiled = GenericOp(operands[:inputs], operands[inputs:], op.body.clone(), maps, op.iterator_types, result_types)
    tiled.attributes |= op.attributes
    tiled.location = op.location
    for new, old in zip(tiled.results, op.results, strict=True):
        new.name_hint = old.name_hint
    for index_op in [o for o in tiled.walk() if isinstance(o, IndexOp)]:
        _shift_index(index_op, offsets[index_op.dim.value.data])
    return builder.insert(tiled)


def _shift_index(index_op: IndexOp, offset: Index) -> None:
    """Let `linalg.index` count from the start of the untiled loop."""
    if offset == 0:
        return
    builder = Builder(InsertPoint.after(index_op))
    shift = index_arithmetic.materialize(builder, offset)
    shifted = builder.insert(arith.AddiOp(index_op.result, shift))
    index_op.result.replace_uses_with_if(shifted.result, lambda use: use.operation is not shifted)
