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
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.analysis.constants import array_of
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.stablehlo.shapes import expect_result
from zellige.dialects.tosa.shapes import ConstOp, ConstShapeOp
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.op_replacement import replace_op
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
        constants: list[Operation] = []
        for old in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if isinstance(old, ConstOp):
                known[old.output] = _constant(old)
                constants.append(old)
            elif isinstance(old, ConstShapeOp):
                sizes[old.output] = tuple(int(cast("int", number)) for number in old.values.get_values())
                constants.append(old)
            else:
                replace_op(old, lambda build, old=old: [_computed(build, old, known, sizes)])
        for old in constants:
            if old.results[0].first_use is None:
                Rewriter.erase_op(old)
            elif old.results[0] in known and (numbers := known[old.results[0]]).known is not None:
                # Ops of other dialects use it.
                replace_op(old, lambda build, numbers=numbers: [_again(numbers)])


def _constant(op: ConstOp) -> Tensor:
    """The numbers of a constant, where numpy has its type."""
    numbers = array_of(op.values)
    return Tensor.computed(op.output) if numbers is None else Tensor(tensor_type(op.output), known=numbers)


def _again(numbers: Tensor) -> Tensor:
    """The same numbers without the constant that another op has made of them."""
    return Tensor(numbers.type, known=numbers.known)


def _computed(
    build: GraphBuilder, op: TosaOp, known: Mapping[SSAValue, Tensor], sizes: Mapping[SSAValue, tuple[int, ...]]
) -> Tensor:
    operands = {
        value: _again(known[value]) if value in known and known[value].known is not None else build.operand(value)
        for value in op.operands
        if is_tensor(value.type)
    }
    node = Node(op, build, operands, sizes)
    try:
        result = FUNCTIONS[type(op)](node)
        expect_result(op.results[0], result.type.get_shape(), result.element)
    except VerifyException as error:
        raise node.error(str(error)) from None
    except CompileError as error:
        raise error if error.op is not None else node.error(error.message) from None
    return result


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
