"""outline-dispatches: move each group of ops that is one kernel into an executable.

Before:  func.func @main(%x: tensor<4x8xf32>) -> tensor<4xf32> {
           %zero = arith.constant 0.0 : f32
           %e = tensor.empty() : tensor<4xf32>
           %0 = linalg.generic ins(%zero) outs(%e) …
           %1 = linalg.generic ins(%x) outs(%0) …
           func.return %1
         }
After:   flow.executable @main_0_reduce_4x8_f32 {
           func.func @main_0_reduce_4x8_f32(%x: tensor<4x8xf32>) -> tensor<4xf32> { … }
         }
         func.func @main(%x: tensor<4x8xf32>) -> tensor<4xf32> {
           %1 = flow.dispatch @main_0_reduce_4x8_f32(%x) : (tensor<4x8xf32>) -> tensor<4xf32>
           func.return %1
         }

Requires: `materialize-slices`.
Ensures:  no linalg op is left in the functions of the program; scalar constants, empty tensors, fills and slices that
          a kernel needs are made in the kernel. A `tensor.insert_slice` is tied to its destination, argument 0. What
          an op of `linalg_ext` works on are arguments; those that it updates come first, with its results tied to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr, DenseArrayBase, DictionaryAttr, ModuleOp, i64
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.dispatch_groups import DispatchGroup, dispatch_groups, is_fill, is_init_use
from zellige.analysis.kernel_names import kernel_name
from zellige.dialects import flow
from zellige.dialects.hal import SIZES
from zellige.dialects.linalg_ext import SequentialOp
from zellige.dialects.shaped_types import is_tensor


class OutlineDispatchesPass(ModulePass):
    """Cut the program into kernels along its dependence graph."""

    name = "outline-dispatches"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [o for o in op.ops if isinstance(o, func.FuncOp)]
        taken = {function.sym_name.data for function in functions}
        for function in functions:
            count = 0
            for block in [b for o in function.walk() for r in o.regions for b in r.blocks if not _is_body(b)]:
                for group in dispatch_groups(block):
                    name = kernel_name(f"{function.sym_name.data}_{count}", group, taken)
                    taken.add(name)
                    count += 1
                    executable = _outline(name, group)
                    Rewriter.insert_op(executable, InsertPoint.before(function))
            _erase_unused(function)


def _is_body(block: Block) -> bool:
    parent = block.parent_op()
    while parent is not None:
        if isinstance(parent, GenericOp | SequentialOp):
            return True
        parent = parent.parent_op()
    return False


def _erase_unused(function: func.FuncOp) -> None:
    for op in reversed([o for o in function.walk() if _is_made_in_kernel(o)]):
        if all(result.first_use is None for result in op.results):
            Rewriter.erase_op(op)


def _is_made_in_kernel(op: Operation) -> bool:
    if isinstance(op, arith.ConstantOp):
        return not is_tensor(op.result.type)
    return isinstance(op, tensor.EmptyOp | tensor.ExtractSliceOp) or is_fill(op)


@dataclass
class _Kernel:
    """A kernel under construction: its block and what stands for the values of the program in it."""

    block: Block = field(default_factory=Block)
    inside: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    operands: list[SSAValue] = field(default_factory=list[SSAValue])

    def argument(self, value: SSAValue) -> SSAValue:
        """The argument for a value of the program."""
        if value not in self.inside:
            self.inside[value] = self._new_argument(value)
        return self.inside[value]

    def _new_argument(self, value: SSAValue) -> SSAValue:
        argument = self.block.insert_arg(value.type, len(self.block.args))
        argument.name_hint = value.name_hint
        self.operands.append(value)
        return argument

    def value(self, value: SSAValue) -> SSAValue:
        """What the kernel uses for a value of the program: made here where that is cheap, else an argument."""
        owner = value.owner
        if value in self.inside or isinstance(owner, Block) or not _is_made_in_kernel(owner):
            return self.argument(value)
        clone = owner.clone(self._mapped(owner))
        self.block.add_op(clone)
        for old, new in zip(owner.results, clone.results, strict=True):
            self.inside[old] = new
        return self.inside[value]

    def sizes(self, value: SSAValue) -> list[int]:
        """The arguments that are the sizes of a tensor of the program, -1 for those in its type; none if all are."""
        if not is_tensor(value.type) or value.type.has_static_shape():
            return []
        numbers: list[int] = []
        for known, size in zip(value.type.get_shape(), sizes_of(value), strict=True):
            is_open = known == DYNAMIC_INDEX
            numbers.append(_number(self.argument(size)) if is_open and isinstance(size, SSAValue) else -1)
        return numbers

    def add_sequential(self, op: SequentialOp) -> None:
        """Put a copy of an op there whose operands are arguments: one each for what it updates, then the others."""
        updated = list(op.operands[: op.updated])
        arguments = [self._new_argument(value) for value in updated]
        arguments += [self.argument(value) for value in op.operands[op.updated :]]
        captured = {value: self.value(value) for inner in op.body.walk() for value in _values_from_outside(inner, op)}
        clone = op.clone(captured)
        clone.operands = arguments
        self.block.add_op(clone)
        self.inside |= dict(zip(op.results, clone.results, strict=True))

    def add(self, op: Operation) -> None:
        """Put a copy of a member of the group at the end."""
        clone = op.clone(self._mapped(op))
        self.block.add_op(clone)
        self.inside |= dict(zip(op.results, clone.results, strict=True))

    def _mapped(self, op: Operation) -> dict[SSAValue, SSAValue]:
        if isinstance(op, tensor.ExtractSliceOp):
            self.argument(op.source)
        return {value: self.value(value) for inner in op.walk() for value in _values_from_outside(inner, op)}


def _values_from_outside(inner: Operation, op: Operation) -> Iterator[SSAValue]:
    """Operands of `op`, or of an op in it, that are not made in `op`."""
    for value in inner.operands:
        if inner is op or not op.is_ancestor(value.owner):
            yield value


def _number(argument: SSAValue) -> int:
    assert isinstance(argument, BlockArgument)
    return argument.index


def _argument_attributes(sizes: Sequence[Sequence[int]], count: int) -> ArrayAttr[DictionaryAttr]:
    """`hal.sizes` of the arguments that have dynamic sizes; those that follow are sizes themselves."""
    entries = [DictionaryAttr({SIZES: DenseArrayBase.from_list(i64, n)} if n else {}) for n in sizes]
    return ArrayAttr([*entries, *[DictionaryAttr({})] * (count - len(sizes))])


def _outline(name: str, group: DispatchGroup) -> flow.ExecutableOp:
    """Replace the group by a dispatch, and return the executable."""
    kernel = _Kernel()
    last = group.last
    tied = None
    if isinstance(last, tensor.InsertSliceOp):
        kernel.argument(last.dest)
        tied = [0]
    elif isinstance(last, SequentialOp) and last.updated:
        tied = list(range(last.updated))
    for op in group.ops:
        if isinstance(op, SequentialOp):
            kernel.add_sequential(op)
        else:
            kernel.add(op)
    results = [kernel.inside[result] for result in last.results]
    kernel.block.add_op(func.ReturnOp(*results))
    sizes = [kernel.sizes(value) for value in list(kernel.operands)]
    result_sizes = [kernel.sizes(result) for result in last.results]
    dispatch = flow.DispatchOp(name, kernel.operands, [result.type for result in last.results], tied)
    dispatch.location = last.location
    if any(result_sizes):
        dispatch.attributes[SIZES] = ArrayAttr(DenseArrayBase.from_list(i64, numbers) for numbers in result_sizes)
    Rewriter.insert_op(dispatch, InsertPoint.before(last))
    for old, new in zip(last.results, dispatch.outputs, strict=True):
        new.name_hint = old.name_hint
        old.replace_uses_with_if(new, lambda use: not (is_fill(last) and is_init_use(use.operation, use.index)))
    members = group.ops[:-1] if is_fill(last) else group.ops
    for op in reversed(members):
        Rewriter.erase_op(op)
    function = func.FuncOp(
        name,
        ([argument.type for argument in kernel.block.args], [result.type for result in results]),
        Region(kernel.block),
        arg_attrs=_argument_attributes(sizes, len(kernel.operands)) if any(sizes) else None,
    )
    function.location = dispatch.location
    executable = flow.ExecutableOp(name, [function])
    executable.location = dispatch.location
    return executable
