"""resolve-dimensions: every size that types leave open is one value, and follows from the sizes of arguments.

Before:  func.func @main(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> tensor<?x8xf32> {
           %n = tensor.dim %a, %c0
           %e = tensor.empty(%n) : tensor<?x8xf32>
           %0 = linalg.generic ins(%a, %b) outs(%e) …
After:   func.func @main(%a: tensor<?x8xf32> {hal.sizes = array<i64: 2, -1>},
                        %b: tensor<?x8xf32> {hal.sizes = array<i64: 3, -1>}, %n: index, %m: index) -> tensor<?x8xf32> {
           %same = arith.cmpi eq, %m, %n
           cf.assert %same, "dimension 0 of argument 1 ('b') differs from dimension 0 of argument 0 ('a')"
           %e = tensor.empty(%n) : tensor<?x8xf32>
           %0 = linalg.generic ins(%a, %b) outs(%e) …

Where an op needs two sizes to be equal, the later one gives way. A size that turns out to be a number goes into types.

What is joined and then split stays joined only where sizes differ. A `tensor.collapse_shape` of which the result has a
product of dynamic sizes becomes a `flow.reshape` that has it as an operand.

Ensures:  no `tensor.dim` and no `tensor.cast` is left; the arithmetic of sizes stands at the start of a function, and
          equal sizes are one value; asserts there check what the ops of the program need of the arguments' sizes.
Fails:    where a size depends on data, and where sizes cannot be what an op needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, cf, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DenseArrayBase,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.liveness import tensor_values
from zellige.analysis.size_constraints import EQUAL, Check, SizeConstraints
from zellige.analysis.size_expressions import SizeExpressions
from zellige.dialects.flow import ReshapeOp
from zellige.dialects.hal import SIZES
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.reshapes import groups_of
from zellige.dialects.shaped_types import has_static_shapes, is_tensor, kept_dimensions, tensor_type
from zellige.dialects.slices import SliceOp, dynamic_only, insert_slice, known_or_dynamic, offsets_of, steps_of
from zellige.dialects.tensor import ExpandShapeOp
from zellige.maths.sizes import Extent, Size, Symbol
from zellige.passes.input.reshape_groups import regroup_reshapes
from zellige.passes.size_values import SizeValues
from zellige.support.errors import CompileError

_SizedOp = tensor.EmptyOp | tensor.ExpandShapeOp | tensor.ExtractSliceOp | tensor.InsertSliceOp


@dataclass(frozen=True)
class ResolveDimensionsPass(ModulePass):
    """Give the sizes of each function their values."""

    name = "resolve-dimensions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, FuncOp) and o.body.blocks]:
            if any(not tensor_type(value).has_static_shape() for value in tensor_values(function.body.block)):
                taken = _take_sizes(function)
                resolution = _Resolution(function)
                shapes = [resolution.shapes.get(argument, ()) for argument in function.args]
                resolution.apply()
                _erase_unused_arithmetic(function)
                _share_sizes(function, taken, shapes)
                function.update_function_type()


Place = tuple[int, int]
"""Argument and dimension."""


def _take_sizes(function: FuncOp) -> dict[Place, BlockArgument]:
    """Let the function take the dynamic sizes of its arguments, behind these."""
    block = function.body.block
    taken: dict[Place, BlockArgument] = {}
    for argument in block.args:
        for dimension, size in enumerate(_shape(argument)):
            if size == DYNAMIC_INDEX:
                value = block.insert_arg(type_index, len(block.args))
                value.name_hint = f"{argument.name_hint or 'arg'}_{dimension}"
                taken[argument.index, dimension] = value
    _name_sizes(function, taken)
    return taken


def _share_sizes(function: FuncOp, taken: Mapping[Place, BlockArgument], shapes: Sequence[Sequence[Extent]]) -> None:
    """Let dimensions of arguments that are equal have one size, and take back those that types have by now."""
    block = function.body.block
    numbered = {value.index: value for value in taken.values()}
    shared: dict[Place, BlockArgument] = {}
    for (argument, dimension), value in taken.items():
        size = shapes[argument][dimension]
        if isinstance(size, int):
            if value.first_use is not None:
                constant = arith.ConstantOp(IntegerAttr(size, type_index))
                Rewriter.insert_op(constant, InsertPoint.at_start(block))
                value.replace_all_uses_with(constant.result)
            block.erase_arg(value)
        else:
            shared[argument, dimension] = next(
                (v for n, v in numbered.items() if size == Size.of(Symbol(n, ""))), value
            )
    _name_sizes(function, shared)


def _name_sizes(function: FuncOp, sizes: Mapping[Place, BlockArgument]) -> None:
    """Write `hal.sizes` of the arguments."""
    args, given = function.body.block.args, function.arg_attrs
    entries: list[DictionaryAttr] = []
    for argument in args:
        entry = dict(given.data[argument.index].data) if given is not None and argument.index < len(given) else {}
        entry.pop(SIZES, None)
        values = [sizes.get((argument.index, dimension)) for dimension in range(len(_shape(argument)))]
        if any(values):
            entry[SIZES] = DenseArrayBase.from_list(i64, [-1 if value is None else value.index for value in values])
        entries.append(DictionaryAttr(entry))
    function.arg_attrs = ArrayAttr(entries)


class _Resolution:
    """One function whose sizes get their values."""

    def __init__(self, function: FuncOp) -> None:
        self.function = function
        self.ops = [op for op in function.walk() if op is not function]
        expressions = SizeExpressions(function)
        constraints = SizeConstraints(function, expressions)
        self.checks = tuple(constraints.checks)
        self.shapes: dict[SSAValue, tuple[Extent, ...]] = {}
        for value in tensor_values(function.body.block):
            self.shapes[value] = tuple(map(constraints.final, expressions.shape(value)))
        self.numbers: dict[SSAValue, Extent] = {}
        for query in [op for op in self.ops if isinstance(op, tensor.DimOp)]:
            number = expressions.number(query.result)
            assert number is not None, "fold-static-shapes has looked"
            self.numbers[query.result] = constraints.final(number)
        self.sizes = SizeValues(function)

    def apply(self) -> None:
        self._check_casts()
        regroup_reshapes([op for op in self.ops if isinstance(op, tensor.ExpandShapeOp)], self.shapes)
        self.ops = [op for op in self.function.walk() if op is not self.function]
        for check in self.checks:
            self._assert(check)
        for size in (*(size for shape in self.shapes.values() for size in shape), *self.numbers.values()):
            if not isinstance(size, int):
                self.sizes.value(size)
        for op in self.ops:
            match op:
                case tensor.DimOp():
                    self._replace_query(op, self.numbers[op.result])
                case tensor.CollapseShapeOp():
                    self._give_products(op)
                case tensor.EmptyOp() | tensor.ExpandShapeOp() | tensor.ExtractSliceOp() | tensor.InsertSliceOp():
                    self._give_sizes(op)
                case _:
                    pass
        for op in [op for op in self.ops if isinstance(op, cf.AssertOp)]:
            if isinstance(compared := op.arg.owner, arith.CmpiOp) and _holds_always(compared):
                Rewriter.erase_op(op)
        for value, shape in self.shapes.items():
            if tensor_type(value) != (known := _with_sizes(tensor_type(value), shape)):
                Rewriter.replace_value_with_new_type(value, known)
        for cast in [op for op in self.ops if isinstance(op, tensor.CastOp)]:
            Rewriter.replace_op(cast, [], [cast.source])

    def _check_casts(self) -> None:
        """Sizes that a cast makes known have to follow from those of its operand."""
        for cast in [op for op in self.ops if isinstance(op, tensor.CastOp)]:
            pairs = zip(self.shapes[cast.source], tensor_type(cast.dest).get_shape(), strict=True)
            if any(known not in (size, DYNAMIC_INDEX) for size, known in pairs):
                raise CompileError(
                    f"cannot cast {cast.source.type} to {cast.dest.type}: the sizes do not follow from each other",
                    op=cast,
                    pass_name=ResolveDimensionsPass.name,
                )

    def _replace_query(self, op: tensor.DimOp, size: Extent) -> None:
        if isinstance(size, int):
            Rewriter.replace_op(op, arith.ConstantOp(IntegerAttr(size, type_index)))
        else:
            Rewriter.replace_op(op, [], [self.sizes.value(size)])

    def _assert(self, check: Check) -> None:
        left, right = self.sizes.value(check.left), self.sizes.value(check.right)
        compared = self.sizes.insert(arith.CmpiOp(left, right, "eq" if check.is_equality else "sge"))
        self.sizes.insert(cf.AssertOp(compared.results[0], check.message))

    def _give_sizes(self, op: _SizedOp) -> None:
        """Let an op that is told sizes have their values."""
        if has_static_shapes(op):
            return
        sizes = self._values(self.shapes[op.source if isinstance(op, tensor.InsertSliceOp) else op.results[0]])
        result = op.results[0]
        result_type = _with_sizes(tensor_type(result), self.shapes[result])
        new: Operation
        match op:
            case tensor.EmptyOp():
                new = tensor.EmptyOp(dynamic_only(sizes), result_type)
            case tensor.ExpandShapeOp():
                known = known_or_dynamic(sizes)
                new = ExpandShapeOp(op.src, dynamic_only(sizes), op.reassociation, known, result_type)
            case tensor.ExtractSliceOp():
                all_sizes = _with_dropped(op, tensor_type(result).get_shape(), sizes)
                new = tensor.ExtractSliceOp(op.source, offsets_of(op), all_sizes, steps_of(op), result_type)
            case tensor.InsertSliceOp():
                all_sizes = _with_dropped(op, tensor_type(op.source).get_shape(), sizes)
                new = insert_slice(op.source, op.dest, offsets_of(op), all_sizes, steps_of(op))
        self._replace(op, new)

    def _give_products(self, op: tensor.CollapseShapeOp) -> None:
        """Let a collapse have the sizes of its result as operands, where a size is a product of several."""
        expanded, shape = self.shapes[op.src], self.shapes[op.result]
        factors = [[dim for dim in group if expanded[dim] != 1] for group in groups_of(op)]
        if all(isinstance(size, int) or len(dims) == 1 for size, dims in zip(shape, factors, strict=True)):
            return
        self._replace(op, ReshapeOp(op.src, dynamic_only(self._values(shape)), _with_sizes(op.result.type, shape)))

    def _replace(self, op: Operation, new: Operation) -> None:
        new.location = op.location
        new.results[0].name_hint = op.results[0].name_hint
        self.shapes[new.results[0]] = self.shapes.pop(op.results[0])
        Rewriter.replace_op(op, new)

    def _values(self, shape: Sequence[Extent]) -> list[Index]:
        return [size if isinstance(size, int) else self.sizes.value(size) for size in shape]


def _holds_always(compared: arith.CmpiOp) -> bool:
    return compared.predicate.value.data == EQUAL and compared.lhs is compared.rhs


def _with_sizes(type_: TensorType[Attribute], shape: Sequence[Extent]) -> TensorType[Attribute]:
    known = [size if isinstance(size, int) else DYNAMIC_INDEX for size in shape]
    return TensorType(type_.element_type, known, type_.encoding)


def _with_dropped(op: SliceOp, shape: Sequence[int], sizes: Sequence[Index]) -> list[Index]:
    """The sizes of a slice, of which `sizes` are those that its type, with this shape, has."""
    all_sizes: list[Index] = list(op.static_sizes.get_values())
    for dimension, size in zip(kept_dimensions(op.static_sizes.get_values(), shape), sizes, strict=True):
        all_sizes[dimension] = size
    return all_sizes


def _erase_unused_arithmetic(function: FuncOp) -> None:
    for op in reversed(list(function.walk())):
        if op.dialect_name() == arith.Arith.name and all(result.first_use is None for result in op.results):
            Rewriter.erase_op(op)


def _shape(value: SSAValue) -> tuple[int, ...]:
    return value.type.get_shape() if is_tensor(value.type) else ()
