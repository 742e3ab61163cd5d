"""legalize-tosa: ops of TOSA become ops of StableHLO.

Before:  %p = tosa.const_shape {values = dense<[1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
         %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
         %0 = tosa.pad %x, %p, %z : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<6xf32>
         %1 = tosa.reciprocal %0 : (tensor<6xf32>) -> tensor<6xf32>

After:   %z = stablehlo.constant dense<0.0> : tensor<f32>
         %0 = stablehlo.pad %x, %z, low = [1], high = [1], interior = [0] : …
         %one = stablehlo.constant dense<1.0> : tensor<6xf32>
         %1 = stablehlo.divide %one, %0 : tensor<6xf32>

Shapes and zero points have to be constants. Sums of 48 bits are i64, for callers too. Each family of ops is in a file,
`tosa_elementwise` and so on.

Fails:   for operands that should be constants and are not; for images of which the size in space is dynamic where it
         has to be known: means of windows, and resizing; for attributes and types that do not go together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, i64
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.analysis.constants import array_of
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.stablehlo.elementwise_forms import ConstantOp
from zellige.dialects.stablehlo.shapes import expect_result
from zellige.dialects.tosa.shapes import ConstOp
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor
from zellige.passes.input.tosa_contractions import CONTRACTION_FUNCTIONS
from zellige.passes.input.tosa_elementwise import ELEMENTWISE_FUNCTIONS
from zellige.passes.input.tosa_indexing import INDEXING_FUNCTIONS
from zellige.passes.input.tosa_nodes import Function, Node
from zellige.passes.input.tosa_reductions import REDUCTION_FUNCTIONS
from zellige.passes.input.tosa_shape_arithmetic import SHAPE_VALUES, KnownSizes
from zellige.passes.input.tosa_shapes import SHAPE_FUNCTIONS
from zellige.passes.input.tosa_transforms import TRANSFORM_FUNCTIONS
from zellige.passes.type_rewriting import IntegerTypeRewriting
from zellige.support.errors import CompileError

SUM_BITS = 48


@dataclass(frozen=True)
class LegalizeTosaPass(ModulePass):
    """Replace ops of TOSA."""

    name = "legalize-tosa"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        known: dict[SSAValue, Array] = {}
        shapes = KnownSizes({}, known)
        constants: list[Operation] = []
        handled = [o for o in op.walk() if isinstance(o, HANDLED_OPS)]
        if handled:
            _widen_sums(op)
        for old in handled:
            if isinstance(old, ConstOp):
                numbers = array_of(old.values)
                if numbers is not None:
                    known[old.output] = numbers
                constants.append(old)
            elif isinstance(old, SHAPE_VALUES):
                shapes.read(old)
                constants.append(old)
            else:
                replace_op(old, lambda build, old=old: _computed(build, old, known, shapes.sizes))
        for old in reversed(constants):
            # Shapes were read; numbers are still used where numpy has none, and by ops of other dialects.
            if old.results[0].first_use is None:
                Rewriter.erase_op(old)
            elif isinstance(old, ConstOp):
                constant = ConstantOp(old.values)
                constant.location = old.location
                Rewriter.replace_op(old, constant)


def _widen_sums(module: ModuleOp) -> None:
    """Give sums of 48 bits, of products of i16, the type i64; no program may let them overflow."""
    types = IntegerTypeRewriting(lambda type_: i64 if type_.bitwidth == SUM_BITS else type_)
    for op in module.walk():
        types.rewrite(op)


def _computed(
    build: GraphBuilder, op: TosaOp, known: Mapping[SSAValue, Array], sizes: Mapping[SSAValue, tuple[int, ...]]
) -> Sequence[Tensor]:
    operands = {
        value: Tensor(tensor_type(value), known=known[value]) if value in known else build.operand(value)
        for value in op.operands
        if is_tensor(value.type)
    }
    node = Node(op, build, operands, sizes)
    try:
        made = FUNCTIONS[type(op)](node)
        results = (made,) if isinstance(made, Tensor) else made
        for declared, result in zip(op.results, results, strict=True):
            expect_result(declared, result.type.get_shape(), result.element)
        for built in build.block.ops:  # what TOSA demands of types is what StableHLO does
            built.verify(verify_nested_ops=False)
    except VerifyException as error:
        raise node.error(str(error)) from None
    except CompileError as error:
        raise error if error.op is not None else node.error(error.message) from None
    return results


FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        **ELEMENTWISE_FUNCTIONS,
        **REDUCTION_FUNCTIONS,
        **CONTRACTION_FUNCTIONS,
        **SHAPE_FUNCTIONS,
        **INDEXING_FUNCTIONS,
        **TRANSFORM_FUNCTIONS,
    }
)
"""How each op is translated that makes no constant and no shape."""

HANDLED_OPS = (ConstOp, *SHAPE_VALUES, *FUNCTIONS)
"""What is replaced."""
