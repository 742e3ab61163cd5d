"""The sizes of tensors and buffers: numbers where types have them, else values of type index.

Functions take such sizes as arguments that `hal.sizes` names; the sizes of all other values follow from the op that
makes them. After `resolve-dimensions` two sizes of one function are equal when they are one SSA value.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import memref, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr
from xdsl.dialects.func import FuncOp
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.ir import Attribute, Block, BlockArgument, Operation, OpResult, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects import flow
from zellige.dialects.bufferization import ToTensorOp
from zellige.dialects.hal import SIZES, named_size
from zellige.dialects.index_arithmetic import Index, constant_value
from zellige.dialects.linalg_ext import SequentialOp, TopkOp
from zellige.dialects.packed import WordsOp
from zellige.dialects.reshapes import groups_of
from zellige.dialects.shaped_types import is_memref, is_tensor, kept_dimensions
from zellige.support.errors import CompileError, Note

ASSUMED_SIZE = 128
"""What a size that only the run knows may be."""

Dimension = tuple[SSAValue, int]
"""A dimension of a tensor or buffer."""


def sizes_of(value: SSAValue) -> tuple[Index, ...]:
    """The size of each dimension of a tensor or buffer, () of a scalar. Raises `CompileError` as `size_of` does."""
    shape = _shape(value)
    if DYNAMIC_INDEX not in shape:
        return shape
    return tuple(size_of(value, dimension) for dimension in range(len(shape)))


def dynamic_sizes_of(value: SSAValue) -> tuple[SSAValue, ...]:
    """The sizes that its type leaves open."""
    return tuple(size for size in sizes_of(value) if isinstance(size, SSAValue))


def size_of(value: SSAValue, dimension: int) -> Index:
    """The size of a dimension. Raises `CompileError` where an op makes a tensor whose sizes it does not say."""
    place: Index | Dimension = (value, dimension)
    while isinstance(place, tuple):
        place = size_origin(*place)
    if isinstance(place, SSAValue) and (number := constant_value(place)) is not None:
        return number
    return place


def open_sizes(function: FuncOp) -> int:
    """How many dynamic sizes the arguments have: a program function takes them behind its tensors."""
    return sum(size == DYNAMIC_INDEX for argument in function.args for size in _shape(argument))


def assumed_size(size: Index) -> int:
    """The number, or one that is likely: for choices that are only about speed."""
    return size if isinstance(size, int) else ASSUMED_SIZE


def size_origin(value: SSAValue, dimension: int) -> Index | Dimension:
    """Where the size of a dimension comes from: a number, a value of type index, or a dimension of another value.

    Raises `CompileError` where the op that makes the value does not say.
    """
    size = _shape(value)[dimension]
    if size != DYNAMIC_INDEX:
        return size
    found = _result_size(value, dimension) if isinstance(value, OpResult) else _argument_size(value, dimension)
    if found is None:
        raise _unknown(value, dimension)
    return found


def _shape(value: SSAValue) -> tuple[int, ...]:
    return value.type.get_shape() if is_tensor(value.type) or is_memref(value.type) else ()


def _result_size(value: OpResult, dimension: int) -> Index | Dimension | None:
    op = value.op
    match op:
        case tensor.EmptyOp():
            return _dynamic(_shape(value), op.dynamic_sizes, dimension)
        case tensor.ExpandShapeOp():
            return _dynamic(_shape(value), op.dynamic_output_shape, dimension)
        case flow.ReshapeOp():
            return _dynamic(_shape(value), op.sizes, dimension)
        case tensor.CollapseShapeOp():
            sizes = _shape(op.src)
            large = [d for d in groups_of(op)[dimension] if sizes[d] != 1]
            return (op.src, large[0]) if len(large) == 1 else None
        case tensor.ExtractSliceOp() | memref.SubviewOp():
            sizes = tuple(op.static_sizes.get_values())
            return _dynamic(sizes, op.sizes, kept_dimensions(sizes, _shape(value))[dimension])
        case WordsOp():
            return op.source, dimension
        case memref.ReinterpretCastOp():
            return _dynamic(tuple(op.static_sizes.get_values()), op.sizes, dimension)
        case tensor.InsertSliceOp():
            return op.dest, dimension
        case tensor.InsertOp():
            return op.dest, dimension
        case ToTensorOp():
            return op.memref, dimension
        case LinalgStructuredOperation():
            return op.outputs[value.index], dimension
        case TopkOp() if op.inits:
            return op.inits[value.index], dimension
        case TopkOp() if dimension == op.dimension.value.data:
            return None
        case SequentialOp():
            return op.operands[min(value.index, len(op.operands) - 1)], dimension
        case flow.DispatchOp():
            return _dispatched(op, value.index, dimension)
        case scf.ForOp():
            return op.iter_args[value.index], dimension
        case scf.IfOp():
            return _terminator(op.true_region.block).operands[value.index], dimension
        case scf.WhileOp():
            return _terminator(op.before_region.block).operands[1 + value.index], dimension
        case _:
            return None


def _argument_size(value: SSAValue, dimension: int) -> Index | Dimension | None:
    assert isinstance(value, BlockArgument)
    block, op = value.block, value.block.parent_op()
    match op:
        case FuncOp():
            sizes = op.arg_attrs.data[value.index].data.get(SIZES) if op.arg_attrs is not None else None
            return _named(block.args, sizes, dimension)
        case scf.ForOp():
            return op.iter_args[value.index - 1], dimension
        case scf.WhileOp() if block.parent is op.before_region:
            return op.arguments[value.index], dimension
        case scf.WhileOp():
            return _terminator(op.before_region.block).operands[1 + value.index], dimension
        case _:
            return None


def _dynamic(shape: tuple[int, ...], operands: tuple[SSAValue, ...], dimension: int) -> SSAValue:
    """The operand that stands for a dynamic size among static ones."""
    return operands[sum(size == DYNAMIC_INDEX for size in shape[:dimension])]


def _dispatched(op: flow.DispatchOp, result: int, dimension: int) -> SSAValue | None:
    entries = op.attributes.get(SIZES)
    return _named(op.arguments, entries.data[result], dimension) if isa(entries, ArrayAttr[Attribute]) else None


def _named(values: Sequence[SSAValue], sizes: Attribute | None, dimension: int) -> SSAValue | None:
    number = named_size(sizes, dimension)
    return values[number] if number is not None and number < len(values) else None


def _terminator(block: Block) -> Operation:
    terminator = block.last_op
    assert terminator is not None
    return terminator


def _unknown(value: SSAValue, dimension: int) -> CompileError:
    op = value.owner if isinstance(value.owner, Operation) else value.owner.parent_op()
    name = op.name if op is not None else "a block"
    return CompileError(
        f"the size of dimension {dimension} of {value.type} does not follow from '{name}'",
        op=op,
        notes=(Note("sizes have to follow from the sizes of arguments"),),
    )
