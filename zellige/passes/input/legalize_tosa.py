"""legalize-tosa: ops of TOSA become ops of StableHLO.

Before:  %p = tosa.const_shape {values = dense<[1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
         %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
         %0 = tosa.pad %x, %p, %z : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<6xf32>
         %1 = tosa.reciprocal %0 : (tensor<6xf32>) -> tensor<6xf32>

After:   %z = stablehlo.constant dense<0.0> : tensor<f32>
         %0 = stablehlo.pad %x, %z, low = [1], high = [1], interior = [0] : …
         %one = stablehlo.constant dense<1.0> : tensor<6xf32>
         %1 = stablehlo.divide %one, %0 : tensor<6xf32>

Shapes and zero points have to be constants. Each family of ops is in a file, `tosa_elementwise` and so on.

Fails:   for operands that should be constants and are not, and for images of which the size in space is dynamic where
         it has to be known: means of windows, and resizing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.analysis.constants import array_of
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.stablehlo.shapes import expect_result
from zellige.dialects.tosa.shapes import ConstOp, ConstShapeOp
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.size_values import SizeValues
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor
from zellige.passes.input.tosa_contractions import CONTRACTION_FUNCTIONS
from zellige.passes.input.tosa_elementwise import ELEMENTWISE_FUNCTIONS
from zellige.passes.input.tosa_indexing import INDEXING_FUNCTIONS
from zellige.passes.input.tosa_nodes import Function, Node
from zellige.passes.input.tosa_reductions import REDUCTION_FUNCTIONS
from zellige.passes.input.tosa_shapes import SHAPE_FUNCTIONS
from zellige.support.errors import CompileError


@dataclass(frozen=True)
class LegalizeTosaPass(ModulePass):
    """Replace ops of TOSA."""

    name = "legalize-tosa"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        known: dict[SSAValue, Tensor] = {}
        sizes: dict[SSAValue, tuple[int, ...]] = {}
        done: list[Operation] = []
        for old in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if isinstance(old, ConstOp):
                known[old.output] = _constant(old)
            elif isinstance(old, ConstShapeOp):
                sizes[old.output] = tuple(int(cast("int", number)) for number in old.values.get_values())
            else:
                _replace(old, known, sizes)
            done.append(old)
        for old in reversed(done):
            if all(result.first_use is None for result in old.results):
                Rewriter.erase_op(old)
            else:
                _materialize(old, known)


def _constant(op: ConstOp) -> Tensor:
    """The numbers of a constant, where numpy has its type."""
    numbers = array_of(op.values)
    return Tensor.computed(op.output) if numbers is None else Tensor(tensor_type(op.output), known=numbers)


def _materialize(op: Operation, known: Mapping[SSAValue, Tensor]) -> None:
    """Make the constant that ops of other dialects use."""
    if op.results[0] not in known or known[op.results[0]].known is None:
        return
    block = Block()
    build = GraphBuilder(SizeValues(block), block, op.location)
    numbers = known[op.results[0]]
    value = build.value(Tensor(numbers.type, known=numbers.known))
    _insert(block, op)
    Rewriter.replace_op(op, [], [value])


def _insert(block: Block, before: Operation) -> None:
    ops = list(block.ops)
    for op in ops:
        op.detach()
    Rewriter.insert_op(ops, InsertPoint.before(before))


def _replace(op: TosaOp, known: dict[SSAValue, Tensor], shapes: Mapping[SSAValue, tuple[int, ...]]) -> None:
    block = Block()
    build = GraphBuilder(SizeValues(block), block, op.location)
    operands = {
        value: Tensor(known[value].type, known=known[value].known)
        if value in known and known[value].known is not None
        else build.operand(value)
        for value in op.operands
        if is_tensor(value.type)
    }
    node = Node(op, build, operands, shapes)
    try:
        value = build.value(FUNCTIONS[type(op)](node))
    except CompileError as error:
        raise error if error.op is not None else node.error(error.message) from None
    made = tensor_type(value)
    try:
        expect_result(op.results[0], made.get_shape(), made.element_type)
    except VerifyException as error:
        raise node.error(str(error)) from None
    if made != node.result:
        value = build.insert(tensor.CastOp(value, node.result)).results[0]
    _insert(block, op)
    value.name_hint = value.name_hint or op.results[0].name_hint
    op.results[0].replace_all_uses_with(value)


FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        **ELEMENTWISE_FUNCTIONS,
        **REDUCTION_FUNCTIONS,
        **CONTRACTION_FUNCTIONS,
        **SHAPE_FUNCTIONS,
        **INDEXING_FUNCTIONS,
    }
)
"""How each op is translated that is not a constant."""

HANDLED_OPS = (ConstOp, ConstShapeOp, *FUNCTIONS)
"""What is replaced."""
