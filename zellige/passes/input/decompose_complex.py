"""decompose-complex: a tensor of complex numbers becomes two tensors, of the real and of the imaginary parts.

Before:  %1 = linalg.generic … ins(%x : tensor<8xcomplex<f32>>) outs(%0 : tensor<8xcomplex<f32>>) {
         ^bb0(%z: complex<f32>, %out: complex<f32>):
           %re = complex.re %z : complex<f32>
           %im = complex.im %z : complex<f32>
           %neg = arith.negf %im : f32
           %conj = complex.create %re, %neg : complex<f32>
           linalg.yield %conj : complex<f32> }
After:   %1:2 = linalg.generic … ins(%xr, %xi : tensor<8xf32>, tensor<8xf32>) outs(%0r, %0i : …) {
         ^bb0(%re: f32, %im: f32, %out: f32, %out_1: f32):
           %neg = arith.negf %im : f32
           linalg.yield %re, %neg : f32, f32 }

At the border of a function the parts of a number are neighbours: an argument `tensor<8xcomplex<f32>>` becomes
`tensor<8x2xf32>`, whose columns are the parts. What the signature says stays with the argument, as `hal.type`.

Requires: `generalize-named-ops`; bodies compute on the parts of numbers.
Ensures:  no value has complex elements.
Fails:    for an op that is not known to treat both parts alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from xdsl.context import Context
from xdsl.dialects import arith, complex, scf, tensor  # noqa: A004  (the dialect's name)
from xdsl.dialects.builtin import (
    BytesAttr,
    ComplexType,
    DenseIntOrFPElementsAttr,
    ModuleOp,
    TensorType,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.hints import isa

from zellige.dialects import linalg_ext
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type, is_tensor, with_element_type
from zellige.dialects.signatures import note_types
from zellige.dialects.slices import insert_slice
from zellige.support.errors import CompileError, Note

Parts = tuple[SSAValue, SSAValue]
"""The real and the imaginary part of a value."""

_ALIKE = (
    tensor.EmptyOp,
    tensor.ExtractOp,
    tensor.ExtractSliceOp,
    tensor.InsertSliceOp,
    tensor.ExpandShapeOp,
    tensor.CollapseShapeOp,
    arith.SelectOp,
)
"""Ops that move numbers: they do the same to both parts."""


@dataclass(frozen=True)
class DecomposeComplexPass(ModulePass):
    """Split complex values in the functions of a module."""

    name = "decompose-complex"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, FuncOp) and o.body.blocks]:
            if any(_is_complex(value) for inner in function.walk() for value in _values(inner)):
                _Decomposition().function(function)


def _values(op: Operation) -> list[SSAValue]:
    arguments = [argument for region in op.regions for block in region.blocks for argument in block.args]
    return [*op.results, *arguments]


def _is_complex(value: SSAValue) -> bool:
    return isinstance(element_type(value.type), ComplexType)


def _part_type(type_: Attribute) -> Attribute:
    element = element_type(type_)
    assert isa(element, ComplexType)
    return with_element_type(type_, element.element_type)


@dataclass
class _Decomposition:
    """The parts of the values that have been met, and what is to go when nothing uses it any more."""

    parts: dict[SSAValue, Parts] = field(default_factory=dict[SSAValue, Parts])
    old_ops: list[Operation] = field(default_factory=list[Operation])
    old_arguments: list[SSAValue] = field(default_factory=list[SSAValue])

    def function(self, function: FuncOp) -> None:
        block = function.body.block
        note_types(function, lambda type_: isinstance(element_type(type_), ComplexType))
        self._join_arguments(block)
        self._block(block)
        for op in reversed(self.old_ops):
            Rewriter.erase_op(op)
        for argument in self.old_arguments:
            assert isinstance(argument.owner, Block)
            argument.owner.erase_arg(cast("Any", argument))
        function.update_function_type()

    def _join_arguments(self, block: Block) -> None:
        """Read the parts of each argument from the columns of one tensor."""
        assert block.first_op is not None
        forms = FormBuilder(block.first_op)
        for old in [argument for argument in block.args if _is_complex(argument)]:
            part = _part_type(old.type)
            assert is_tensor(part)
            joined = block.insert_arg(TensorType(part.element_type, [*part.get_shape(), 2]), old.index, old.location)
            joined.name_hint = old.name_hint
            sizes = forms.sizes(joined)[:-1]
            columns = [forms.insert(_column(joined, part, sizes, number)).result for number in range(2)]
            self.parts[old] = (columns[0], columns[1])
            self.old_arguments.append(old)

    def _flat(self, values: Sequence[SSAValue]) -> list[SSAValue]:
        return [part for value in values for part in self.parts.get(value, (value,))]

    def _block(self, block: Block) -> None:
        for op in list(block.ops):
            self._op(op)

    def _op(self, op: Operation) -> None:
        touches = any(_is_complex(value) for value in (*op.operands, *_values(op)))
        match op:
            case ReturnOp() if touches:
                op.operands = [self._joined(value, op) if value in self.parts else value for value in op.operands]
            case tensor.DimOp() if touches:
                op.operands[0] = self.parts[op.source][0]
            case complex.ReOp() | complex.ImOp():
                part = self.parts[op.operands[0]][isinstance(op, complex.ImOp)]
                op.results[0].replace_all_uses_with(part)
                self.old_ops.append(op)
            case complex.CreateOp():
                self._split(op, (op.real, op.imaginary))
            case complex.ConstantOp():
                self._split(op, _inserted(op, [arith.ConstantOp(cast("Any", number)) for number in op.value]))
            case arith.ConstantOp() if touches:
                self._split(op, _inserted(op, _split_constant(op)))
            case GenericOp() if touches:
                self._generic(op)
            case scf.IfOp() | scf.ForOp() | scf.WhileOp() if touches:
                self._control_flow(op)
            case linalg_ext.SortOp() | linalg_ext.ScatterOp() if touches:
                self._replace(op, self._sequential(op))
            case YieldOp() | linalg_ext.YieldOp() | scf.YieldOp() | scf.ConditionOp() if touches:
                op.operands = self._flat(op.operands)
            case _ if touches and isinstance(op, _ALIKE):
                self._split(op, _inserted(op, [self._part(op, number) for number in range(2)]))
            case _ if touches:
                raise CompileError(
                    f"'{op.name}' on complex numbers is not supported",
                    op=op,
                    notes=(Note("compute on the real and the imaginary part"),),
                    pass_name=DecomposeComplexPass.name,
                )
            case _:
                for region in op.regions:
                    for block in region.blocks:
                        self._block(block)

    def _split(self, op: Operation, parts: Parts) -> None:
        self.parts[op.results[0]] = parts
        for part, suffix in zip(parts, ("real", "imaginary"), strict=True):
            if op.results[0].name_hint is not None and part.name_hint is None:
                part.name_hint = f"{op.results[0].name_hint}_{suffix}"
        self.old_ops.append(op)

    def _part(self, op: Operation, number: int) -> Operation:
        """The same op on one part."""
        return type(op).create(
            operands=[self.parts[value][number] if value in self.parts else value for value in op.operands],
            result_types=[_part_type(result.type) for result in op.results],
            properties=op.properties.copy(),
            attributes=op.attributes.copy(),
        )

    def _joined(self, value: SSAValue, before: Operation) -> SSAValue:
        """One tensor whose columns are the parts."""
        parts = self.parts[value]
        part_type = parts[0].type
        assert is_tensor(part_type)
        rows = TensorType(part_type.element_type, [*part_type.get_shape(), 2])
        forms = FormBuilder(before)
        sizes = forms.sizes(parts[0])
        result = forms.empty(rows, sizes)
        for number, part in enumerate(parts):
            result = forms.insert(insert_slice(part, result, *_column_place(sizes, number))).result
        return result

    def _generic(self, op: GenericOp) -> None:
        operands = [self._flat([value]) for value in op.operands]
        maps = [m for m, flat in zip(op.indexing_maps, operands, strict=True) for _ in flat]
        inputs = sum(len(flat) for flat in operands[: len(op.inputs)])
        values = [value for flat in operands for value in flat]
        region = self._flattened(op.body)
        result_types = [value.type for value in values[inputs:] if is_tensor(value.type)]
        new = GenericOp(values[:inputs], values[inputs:], region, maps, op.iterator_types, result_types)
        self._replace(op, new)

    def _sequential(self, op: linalg_ext.SortOp | linalg_ext.ScatterOp) -> Operation:
        """The op on twice as many tensors, whose body has arguments for both parts."""
        inputs, elements = self._flat(op.inputs), list(op.body.block.args)
        region = self._flattened(op.body)
        if isinstance(op, linalg_ext.ScatterOp):
            return linalg_ext.ScatterOp(inputs, op.indices, self._flat(op.windows), op.dims.get_values(), region)
        for one, other in zip(elements[::2], elements[1::2], strict=True):
            if _is_complex(one):  # the arguments of one input are neighbours
                (first, second), (third, fourth) = self.parts[one], self.parts[other]
                self.parts[one], self.parts[other] = (first, third), (second, fourth)
                second.name_hint, third.name_hint = third.name_hint, None
        return linalg_ext.SortOp(inputs, op.dimension.value.data, region)

    def _control_flow(self, op: scf.IfOp | scf.ForOp | scf.WhileOp) -> None:
        result_types = [
            type_
            for result in op.results
            for type_ in ([_part_type(result.type)] * 2 if _is_complex(result) else [result.type])
        ]
        regions = [self._flattened(region) for region in list(op.regions)]
        new = type(op).create(
            operands=self._flat(op.operands),
            result_types=result_types,
            regions=regions,
            properties=op.properties.copy(),
        )
        self._replace(op, new)

    def _replace(self, op: Operation, new: Operation) -> None:
        new.location = op.location
        new.attributes |= op.attributes
        Rewriter.insert_op(new, InsertPoint.before(op))
        results = iter(new.results)
        for old in op.results:
            first = next(results)
            first.name_hint = old.name_hint
            if _is_complex(old):
                self.parts[old] = (first, next(results))
            else:
                old.replace_all_uses_with(first)
        self.old_ops.append(op)
        for region in new.regions:
            for block in region.blocks:
                self._block(block)

    def _flattened(self, region: Region) -> Region:
        """The region, taken out of its op, with two arguments for a complex one."""
        for block in region.blocks:
            for old in [argument for argument in block.args if _is_complex(argument)]:
                first = block.insert_arg(_part_type(old.type), old.index, old.location)
                second = block.insert_arg(_part_type(old.type), old.index, old.location)
                first.name_hint = old.name_hint
                self.parts[old] = (first, second)
                self.old_arguments.append(old)
        parent = region.parent
        assert parent is not None
        return parent.detach_region(region)


def _inserted(before: Operation, ops: Sequence[Operation]) -> Any:
    """The first results of new ops, which go before another."""
    for op in ops:
        op.location = before.location
        Rewriter.insert_op(op, InsertPoint.before(before))
    return tuple(op.results[0] for op in ops)


def _column_place(sizes: Sequence[Index], number: int) -> tuple[list[Index], list[Index]]:
    """Offsets and sizes of a column."""
    return [*[0 for _ in sizes], number], [*sizes, 1]


def _column(
    joined: SSAValue, part: TensorType[Attribute], sizes: Sequence[Index], number: int
) -> tensor.ExtractSliceOp:
    offsets, all_sizes = _column_place(sizes, number)
    return tensor.ExtractSliceOp(joined, offsets, all_sizes, [1] * len(all_sizes), part)


def _split_constant(op: arith.ConstantOp) -> list[arith.ConstantOp]:
    """Constants of every second number of the bytes."""
    value = cast("DenseIntOrFPElementsAttr[Any]", op.value)
    part = _part_type(value.type)
    element = element_type(part)
    numbers = np.frombuffer(value.data.data, f"V{cast('Any', element).size}").reshape(-1, 2)
    return [
        arith.ConstantOp(DenseIntOrFPElementsAttr(cast("Any", part), BytesAttr(numbers[:, number].tobytes())))
        for number in range(2)
    ]
