"""What xDSL's verifiers leave open and later passes rely on: one rule an op, called after the op's own verifier.

A rule raises `VerifyException` with what it got and what it expected.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from xdsl.dialects import arith, cf, scf, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FixedBitwidthType,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    ShapedType,
    TensorType,
    VectorType,
)
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.dialects.linalg.ops import IndexOp, YieldOp
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.support.printing import types_text

Rule = Callable[[Operation], None]

_Op = TypeVar("_Op", bound=Operation)


def check_op(op: Operation) -> None:
    """Apply the rule of `op`, if it has one."""
    if (rule := RULES.get(op.name)) is not None:
        rule(op)
    elif isinstance(op, LinalgStructuredOperation):
        _structured(op)


def _element(type_: Attribute) -> Attribute:
    return type_.element_type if isa(type_, TensorType | MemRefType | VectorType) else type_


def _shape(value: SSAValue) -> tuple[int, ...]:
    assert isinstance(value.type, ShapedType)
    return value.type.get_shape()


def _same_element(source: SSAValue, result: SSAValue) -> None:
    if _element(source.type) != _element(result.type):
        raise VerifyException(f"the operand has elements of {_element(source.type)}, the result of {result.type}")


def _expect_types(what: str, got: Sequence[Attribute], expected: Sequence[Attribute]) -> None:
    if list(got) != list(expected):
        raise VerifyException(f"expected {what} {types_text(expected)}, got {types_text(got)}")


def _last(region: Region, of: type[_Op]) -> _Op:
    last = region.block.last_op
    if not isinstance(last, of):
        raise VerifyException(f"expected '{of.name}' at the end of the body, got {_name(last)}")
    return last


def _name(op: Operation | None) -> str:
    return "nothing" if op is None else f"'{op.name}'"


# linalg


def _structured(op: LinalgStructuredOperation) -> None:
    outputs = [value.type for value in op.outputs]
    _expect_types("results of the types of the outputs,", op.res.types, [t for t in outputs if isa(t, TensorType)])
    _expect_types(
        "the body to yield", [v.type for v in _last(op.body, YieldOp).arguments], [_element(t) for t in outputs]
    )


def _fill(op: Operation) -> None:
    assert isinstance(op, LinalgStructuredOperation)
    _structured(op)
    value, output = op.operands[0].type, op.operands[1].type
    if value != _element(output):
        raise VerifyException(f"expected a value of the output's element type {_element(output)}, got {value}")


def _index(op: IndexOp) -> None:
    parent = op.parent_op()
    assert isinstance(parent, LinalgStructuredOperation)
    loops = len(parent.get_iterator_types())
    if op.dim.value.data >= loops:
        raise VerifyException(f"loop {op.dim.value.data} of an operation with {loops} loops")


# tensor


def _slice(
    whole: SSAValue,
    part: SSAValue,
    offsets: DenseArrayBase[Any],
    sizes: DenseArrayBase[Any],
    strides: DenseArrayBase[Any],
) -> None:
    _same_element(whole, part)
    shape = _shape(whole)
    for what, values in (("offsets", offsets), ("sizes", sizes), ("strides", strides)):
        if len(values) != len(shape):
            raise VerifyException(f"expected {len(shape)} {what}, got {len(values)}")
    for i, (dim, offset, size, stride) in enumerate(
        zip(shape, offsets.get_values(), sizes.get_values(), strides.get_values(), strict=True)
    ):
        if (offset < 0 and offset != DYNAMIC_INDEX) or (size < 0 and size != DYNAMIC_INDEX):
            raise VerifyException(f"dimension {i}: expected no negative offset or size, got {offset} and {size}")
        last = offset + (size - 1) * stride
        if DYNAMIC_INDEX not in (dim, offset, size, stride) and size > 0 and not 0 <= last < dim:
            raise VerifyException(f"dimension {i}: the slice reaches {last}, the tensor has {dim} elements")
    if not _is_rank_reduced(_shape(part), sizes.get_values()):
        expected = "x".join("?" if size == DYNAMIC_INDEX else str(size) for size in sizes.get_values())
        raise VerifyException(f"expected a slice of shape {expected}, or without some dimensions of 1, got {part.type}")


def _is_rank_reduced(shape: Sequence[int], sizes: Sequence[int]) -> bool:
    """Whether `shape` is `sizes` without some of its ones."""
    i = 0
    for size in sizes:
        if i < len(shape) and shape[i] == size:
            i += 1
        elif size != 1:
            return False
    return i == len(shape)


def _extract_slice(op: tensor.ExtractSliceOp) -> None:
    _slice(op.source, op.result, op.static_offsets, op.static_sizes, op.static_strides)


def _insert_slice(op: tensor.InsertSliceOp) -> None:
    _slice(op.dest, op.source, op.static_offsets, op.static_sizes, op.static_strides)


def _pad(op: tensor.PadOp) -> None:
    _same_element(op.source, op.result)
    _expect_types(
        "the body to yield",
        [value.type for value in _last(op.region, tensor.YieldOp).arguments],
        [_element(op.result.type)],
    )
    low, high = op.static_low.get_values(), op.static_high.get_values()
    for i, (size, before, after, padded) in enumerate(
        zip(_shape(op.source), low, high, _shape(op.result), strict=True)
    ):
        if DYNAMIC_INDEX not in (size, before, after) and size + before + after != padded:
            raise VerifyException(f"dimension {i}: {before} + {size} + {after} is not {padded}")


def _reshape(op: tensor.CollapseShapeOp | tensor.ExpandShapeOp) -> None:
    _same_element(op.src, op.result)
    source, result = _shape(op.src), _shape(op.result)
    if isinstance(op, tensor.ExpandShapeOp):
        collapsed, expanded = source, result
        if tuple(op.static_output_shape.get_values()) != result:
            given = list(op.static_output_shape.get_values())
            raise VerifyException(f"output_shape is {given}, the result {op.result.type}")
    else:
        collapsed, expanded = result, source
    check_reassociation(collapsed, expanded, op.reassociation)


def check_reassociation(
    collapsed: Sequence[int], expanded: Sequence[int], reassociation: ArrayAttr[ArrayAttr[IntegerAttr]]
) -> None:
    """Check that group i of the dimensions of `expanded` makes dimension i of `collapsed`.

    A tensor without dimensions expands, with no groups at all, to dimensions that are all 1.
    """
    groups = [[dim.value.data for dim in group] for group in reassociation]
    if not collapsed and not groups:
        if any(dim != 1 for dim in expanded):
            raise VerifyException(f"one element cannot have shape {list(expanded)}")
        return
    if len(groups) != len(collapsed) or [dim for group in groups for dim in group] != list(range(len(expanded))):
        shapes = f"{len(expanded)} dimensions into {len(collapsed)} groups"
        raise VerifyException(f"expected all {shapes} in order, got {groups}")
    for i, (size, group) in enumerate(zip(collapsed, groups, strict=True)):
        sizes = [expanded[dim] for dim in group]
        product = DYNAMIC_INDEX if DYNAMIC_INDEX in sizes else math.prod(sizes)
        if size != product:
            raise VerifyException(f"dimension {i}: expected {sizes} to multiply to {size}")


def _extract(op: tensor.ExtractOp | tensor.InsertOp) -> None:
    of = op.tensor if isinstance(op, tensor.ExtractOp) else op.dest
    if len(op.indices) != len(_shape(of)):
        raise VerifyException(f"expected {len(_shape(of))} indices, got {len(op.indices)}")


def _from_elements(op: tensor.FromElementsOp) -> None:
    if len(op.elements) != math.prod(_shape(op.result)):
        raise VerifyException(f"expected {math.prod(_shape(op.result))} elements, got {len(op.elements)}")


def _tensor_cast(op: tensor.CastOp) -> None:
    _same_element(op.source, op.dest)


def _empty(op: tensor.EmptyOp) -> None:
    expected = sum(dim == DYNAMIC_INDEX for dim in _shape(op.tensor))
    if len(op.dynamic_sizes) != expected:
        raise VerifyException(f"expected {expected} dynamic sizes, got {len(op.dynamic_sizes)}")


# arith


def _constant(op: arith.ConstantOp) -> None:
    if op.value.get_type() != op.result.type:
        raise VerifyException(f"the constant is {op.value.get_type()}, the result {op.result.type}")
    if isa(op.value, DenseIntOrFPElementsAttr):
        expected = math.prod(op.value.get_shape()) * op.value.get_element_type().compile_time_size
        if len(op.value.data.data) != expected:
            raise VerifyException(f"the constant has {len(op.value.data.data)} bytes, its type needs {expected}")


def _float_cast(op: arith.ExtFOp | arith.TruncFOp) -> None:
    source, target = _bits(op.input.type), _bits(op.result.type)
    if (target <= source) if isinstance(op, arith.ExtFOp) else (target >= source):
        direction = "wider" if isinstance(op, arith.ExtFOp) else "narrower"
        raise VerifyException(f"expected a {direction} type than {op.input.type}, got {op.result.type}")


def _bits(type_: Attribute) -> int:
    element = _element(type_)
    assert isinstance(element, FixedBitwidthType)
    return element.bitwidth


def _index_cast(op: Operation) -> None:
    elements = [_element(value.type) for value in (*op.operands, *op.results)]
    if sum(isinstance(element, IndexType) for element in elements) != 1 or not any(
        isinstance(element, IntegerType) for element in elements
    ):
        raise VerifyException(f"expected one index and one integer, got {types_text(elements)}")


# scf and cf


def _if(op: scf.IfOp) -> None:
    regions = [op.true_region, op.false_region] if op.false_region.blocks else [op.true_region]
    if op.output and len(regions) == 1:
        raise VerifyException("expected an else region, as there are results")
    for region in regions:
        _expect_types("to yield", [v.type for v in _last(region, scf.YieldOp).arguments], op.output.types)


def _while(op: scf.WhileOp) -> None:
    condition, yields = _last(op.before_region, scf.ConditionOp), _last(op.after_region, scf.YieldOp)
    before, after = op.before_region.block, op.after_region.block
    _expect_types("the first region to take", before.arg_types, [v.type for v in op.arguments])
    _expect_types("'scf.condition' to pass", [v.type for v in condition.args], op.res.types)
    _expect_types("the second region to take", after.arg_types, op.res.types)
    _expect_types("to yield", [v.type for v in yields.arguments], [v.type for v in op.arguments])


def _index_switch(op: scf.IndexSwitchOp) -> None:
    if len(op.cases) != len(op.case_regions):
        raise VerifyException(f"expected a region for each of {len(op.cases)} cases, got {len(op.case_regions)}")
    for region in (*op.case_regions, op.default_region):
        _expect_types("to yield", [v.type for v in _last(region, scf.YieldOp).arguments], op.output.types)


def _branch(op: cf.BranchOp) -> None:
    _expect_types("the block to take", op.successor.arg_types, [value.type for value in op.arguments])


RULES: MappingProxyType[str, Callable[[Any], None]] = MappingProxyType(
    {
        "linalg.fill": _fill,
        "linalg.index": _index,
        "tensor.cast": _tensor_cast,
        "tensor.collapse_shape": _reshape,
        "tensor.empty": _empty,
        "tensor.expand_shape": _reshape,
        "tensor.extract": _extract,
        "tensor.extract_slice": _extract_slice,
        "tensor.from_elements": _from_elements,
        "tensor.insert": _extract,
        "tensor.insert_slice": _insert_slice,
        "tensor.pad": _pad,
        "tensor.parallel_insert_slice": _insert_slice,
        "arith.constant": _constant,
        "arith.extf": _float_cast,
        "arith.truncf": _float_cast,
        "arith.index_cast": _index_cast,
        "arith.index_castui": _index_cast,
        "scf.if": _if,
        "scf.while": _while,
        "scf.index_switch": _index_switch,
        "cf.br": _branch,
    }
)
"""Op name -> rule."""
