"""legalize-tosa: ops of TOSA become ops of StableHLO.

Before:  %p = tosa.const_shape {values = dense<[1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
         %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
         %0 = tosa.pad %x, %p, %z : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<6xf32>
         %1 = tosa.reciprocal %0 : (tensor<6xf32>) -> tensor<6xf32>

After:   %z = stablehlo.constant dense<0.0> : tensor<f32>
         %0 = stablehlo.pad %x, %z, low = [1], high = [1], interior = [0] : …
         %one = stablehlo.constant dense<1.0> : tensor<6xf32>
         %1 = stablehlo.divide %one, %0 : tensor<6xf32>

Shapes and zero points have to be constants. Images and windows are in `tosa_windows`, scales in `tosa_numbers`.

Fails:   for operands that should be constants and are not, and for images of which the size in space is dynamic where
         it has to be known: means of windows, and resizing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType
from typing import Any, cast

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import (
    BoolAttr,
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    StringAttr,
    TensorType,
    i1,
    i32,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.analysis.constants import array_of
from zellige.dialects import tosa
from zellige.dialects.shaped_types import is_tensor, tensor_type
from zellige.dialects.stablehlo.shapes import expect_result
from zellige.passes.input.size_values import SizeValues
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import Tensor, is_float
from zellige.passes.input.tosa_numbers import (
    product_of,
    saturated,
    scaled,
    widened,
    without_zero_point,
)
from zellige.passes.input.tosa_windows import (
    KERNEL_OF_CHANNELS,
    KERNEL_OF_OUTPUTS,
    Axis,
    average_pool,
    convolve,
    image_window,
    resize,
    sum_type,
    with_bias,
)
from zellige.support.errors import CompileError, Note

TABLE_BYTES = 256

INFERRED = -1
"""A size of a reshape that follows from the others."""


@dataclass(frozen=True)
class LegalizeTosaPass(ModulePass):
    """Replace ops of TOSA."""

    name = "legalize-tosa"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        known: dict[SSAValue, Tensor] = {}
        shapes: dict[SSAValue, tuple[int, ...]] = {}
        done: list[Operation] = []
        for old in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if isinstance(old, tosa.ConstOp):
                known[old.output] = _constant(old)
            elif isinstance(old, tosa.ConstShapeOp):
                shapes[old.output] = tuple(int(cast("int", number)) for number in old.values.get_values())
            else:
                _replace(old, known, shapes)
            done.append(old)
        for old in reversed(done):
            if all(result.first_use is None for result in old.results):
                Rewriter.erase_op(old)
            else:
                _materialize(old, known)


def _constant(op: tosa.ConstOp) -> Tensor:
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


def _replace(op: tosa.TosaOp, known: dict[SSAValue, Tensor], shapes: Mapping[SSAValue, tuple[int, ...]]) -> None:
    block = Block()
    build = GraphBuilder(SizeValues(block), block, op.location)
    operands = {
        value: Tensor(known[value].type, known=known[value].known)
        if value in known and known[value].known is not None
        else build.operand(value)
        for value in op.operands
        if is_tensor(value.type)
    }
    node = _Node(op, build, operands, shapes)
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


@dataclass
class _Node:
    """An op while it is replaced: its operands as tensors, its attributes as numbers."""

    op: Any
    build: GraphBuilder
    operands: dict[SSAValue, Tensor]
    shapes: Mapping[SSAValue, tuple[int, ...]] = field(default_factory=dict[SSAValue, tuple[int, ...]])

    def operand(self, name: str) -> Tensor:
        return self.operands[getattr(self.op, name)]

    def shape(self, name: str) -> tuple[int, ...]:
        """The numbers of an operand that is a shape, or of an attribute that is a list."""
        value = getattr(self.op, name)
        if isinstance(value, DenseArrayBase):
            return tuple(int(number) for number in cast("DenseArrayBase[Any]", value).get_values())
        if value not in self.shapes:
            raise self.error(f"expected '{name}' to be a constant")
        return self.shapes[value]

    def known(self, name: str) -> Tensor:
        """An operand that has to be a constant."""
        tensor = self.operand(name)
        if tensor.known is None:
            raise self.error(f"expected '{name}' to be a constant")
        return tensor

    def number(self, name: str) -> int:
        return cast("IntegerAttr", getattr(self.op, name)).value.data

    def flag(self, name: str) -> bool:
        attribute = getattr(self.op, name)
        return attribute is not None and bool(cast("BoolAttr", attribute).value.data)

    def word(self, name: str) -> str:
        attribute: tosa.WordAttr | StringAttr | None = getattr(self.op, name)
        return "" if attribute is None else attribute.data

    def ignores_nan(self, operand: Tensor) -> bool:
        mode: tosa.WordAttr | None = getattr(self.op, "nan_mode", None)
        return mode is not None and mode.data == "IGNORE" and is_float(operand.element)

    @property
    def result(self) -> TensorType[Attribute]:
        return tensor_type(self.op.results[0])

    @property
    def element(self) -> Attribute:
        return self.result.element_type

    def error(self, message: str) -> CompileError:
        return CompileError(f"'{self.op.name}': {message}", op=self.op, pass_name=LegalizeTosaPass.name)


Function = Callable[[_Node], Tensor]


def _map(name: str) -> Function:
    """The elementwise op of StableHLO of this name; operands are broadcast."""
    return lambda node: node.build.map(name, *(node.operands[value] for value in node.op.operands))


def _compare(direction: str) -> Function:
    return lambda node: node.build.compare(direction, node.operand("input1"), node.operand("input2"))


def _is_nan(build: GraphBuilder, operand: Tensor) -> Tensor:
    return build.compare("NE", operand, operand)


def _identity(node: _Node) -> Tensor:
    return node.operand("input1")


def _reciprocal(node: _Node) -> Tensor:
    operand = node.operand("input1")
    return node.build.map("divide", node.build.like(1, operand), operand)


def _shift_right(node: _Node) -> Tensor:
    build = node.build
    value, amount = build.broadcast_together(node.operand("input1"), node.operand("input2"))
    shifted = build.map("shift_right_arithmetic", value, amount)
    if not node.flag("round"):
        return shifted
    last = build.map("shift_right_arithmetic", value, build.map_with("subtract", amount, 1))
    bit = build.map_with("and", last, 1)
    moved = build.compare("GT", amount, build.scalar(0, amount.element))
    return build.map("add", shifted, build.select(moved, bit, build.scalar(0, bit.element)))


def _multiply(node: _Node) -> Tensor:
    shift = int(cast("Any", node.known("shift").known).reshape(-1)[0])
    return product_of(node.build, node.operand("input1"), node.operand("input2"), shift, node.element)


def _negate(node: _Node) -> Tensor:
    build, operand = node.build, node.operand("input1")
    if is_float(operand.element):
        return build.map("negate", operand)
    offsets = [build.convert(build.reshape(node.operand(name), ()), i64) for name in ("input1_zp", "output_zp")]
    total = build.map("add", *offsets)
    return saturated(build, build.map("subtract", total, build.convert(operand, i64)), operand.element)


def _clamp(node: _Node) -> Tensor:
    build, operand = node.build, node.operand("input")
    low, high = (build.scalar(bound.value.data, operand.element) for bound in (node.op.min_val, node.op.max_val))
    bounded = build.map("minimum", build.map("maximum", operand, low), high)
    return build.select(_is_nan(build, operand), low, bounded) if node.ignores_nan(operand) else bounded


def _choose(name: str) -> Function:
    """The greater or less of two numbers; where NaN is ignored, the other one."""

    def choose(node: _Node) -> Tensor:
        build = node.build
        left, right = build.broadcast_together(node.operand("input1"), node.operand("input2"))
        chosen = build.map(name, left, right)
        if node.ignores_nan(left):
            chosen = build.select(_is_nan(build, left), right, build.select(_is_nan(build, right), left, chosen))
        return chosen

    return choose


def _lowest(element: Attribute) -> float:
    return -float("inf") if is_float(element) else -(1 << (cast("IntegerType", element).bitwidth - 1))


def _highest(element: Attribute) -> float:
    return float("inf") if is_float(element) else (1 << (cast("IntegerType", element).bitwidth - 1)) - 1


def _reduce(name: str, start: Callable[[Attribute], float]) -> Function:
    """All elements along a dimension combined. Where NaN is ignored, only of NaN alone is the result NaN."""

    def reduce(node: _Node) -> Tensor:
        build, operand, axes = node.build, node.operand("input"), [node.number("axis")]
        first = start(operand.element)
        if not node.ignores_nan(operand):
            return build.reduce(name, operand, first, axes, keep=True)
        nan = _is_nan(build, operand)
        chosen = build.reduce(
            name, build.select(nan, build.scalar(first, operand.element), operand), first, axes, keep=True
        )
        return build.select(build.reduce("and", nan, 1, axes, keep=True), build.like(float("nan"), chosen), chosen)

    return reduce


def _argmax(node: _Node) -> Tensor:
    """Pairs of a number and its place are combined: the greater number, of equal ones the first; NaN is greatest."""
    build, operand, axis = node.build, node.operand("input"), node.number("axis")
    if node.ignores_nan(operand):
        lowest = build.scalar(_lowest(operand.element), operand.element)
        operand = build.select(_is_nan(build, operand), lowest, operand)
    places = build.iota(node.element, operand.shape, axis)
    starts = [build.scalar(_lowest(operand.element), operand.element), build.scalar(0, node.element)]

    def later(inner: GraphBuilder, pairs: Sequence[Tensor]) -> Sequence[Tensor]:
        value, place, other, other_place = pairs
        greater = inner.compare("GT", other, value)
        same = inner.compare("EQ", other, value)
        if is_float(value.element):
            nan, other_nan = _is_nan(inner, value), _is_nan(inner, other)
            greater = inner.map("or", greater, inner.map("and", other_nan, inner.map("not", nan)))
            same = inner.map("or", same, inner.map("and", other_nan, nan))
        first = inner.map("and", same, inner.compare("LT", other_place, place))
        takes = inner.map("or", greater, first)
        return [inner.select(takes, other, value), inner.select(takes, other_place, place)]

    region = build.region([start.form for start in starts] * 2, later)
    shape = operand.shape[:axis] + operand.shape[axis + 1 :]
    forms = [(element, shape) for element in (operand.element, node.element)]
    dimensions = DenseArrayBase.from_list(i64, [axis])
    return build.op("reduce", [operand, places, *starts], forms, {"dimensions": dimensions}, [region])[1]


def _cast(node: _Node) -> Tensor:
    build, operand = node.build, node.operand("input1")
    if is_float(operand.element) and not is_float(node.element) and node.element != i1:
        operand = build.map("round_nearest_even", operand)
    return build.convert(operand, node.element)


def _table(node: _Node) -> Tensor:
    """A byte is looked up; of 16 bits the upper 9 are, and the lower 7 say how far the result is from the next one."""
    build, operand, table = node.build, node.operand("input1"), node.operand("table")
    if table.size == TABLE_BYTES:
        return build.gather_along(table, build.map_with("add", build.convert(operand, i32), 128), 0)
    value = build.map_with("add", build.convert(operand, i32), 32768)
    index = build.map_with("shift_right_logical", value, 7)
    part = build.map_with("and", value, 127)
    low, high = (
        build.convert(build.gather_along(table, place, 0), i32) for place in (index, build.map_with("add", index, 1))
    )
    between = build.map("multiply", build.map("subtract", high, low), part)
    return build.map("add", build.map_with("shift_left", low, 7), between)


def _average(node: _Node) -> Tensor:
    window = image_window(node.shape("stride"), node.shape("pad"))
    zero_points = (node.operand("input_zp"), node.operand("output_zp"))
    return average_pool(node.build, node.operand("input"), zero_points, node.shape("kernel"), window, node.element)


def _greatest_in_windows(node: _Node) -> Tensor:
    build, operand = node.build, node.operand("input")
    lowest = _lowest(operand.element)
    if node.ignores_nan(operand):
        operand = build.select(_is_nan(build, operand), build.scalar(lowest, operand.element), operand)
    window = image_window(node.shape("stride"), node.shape("pad"))
    return build.reduce_window("maximum", operand, lowest, (1, *node.shape("kernel"), 1), window)


def _factors(node: _Node, names: tuple[str, str], zero_points: tuple[str, str]) -> tuple[Tensor, Tensor]:
    """Both operands of a sum of products, without their zero points, in the type of the sums."""
    element = sum_type(node.operand(names[0]).element, node.element)
    left, right = (
        without_zero_point(node.build, node.operand(name), node.operand(zero_point), element)
        for name, zero_point in zip(names, zero_points, strict=True)
    )
    return left, right


def _convolution(node: _Node) -> Tensor:
    build = node.build
    operand, kernel = _factors(node, ("input", "weight"), ("input_zp", "weight_zp"))
    pad = node.shape("pad")
    window = Window.of(node.shape("stride"), node.shape("dilation"), pad[::2], pad[1::2])
    layout, groups = KERNEL_OF_OUTPUTS, 1
    if isinstance(node.op, tosa.DepthwiseConv2dOp):
        height, width, channels, filters = kernel.static_shape
        kernel = build.reshape(kernel, [height, width, 1, channels * filters])
        layout, groups = KERNEL_OF_CHANNELS, channels
    sums = convolve(build, operand, kernel, layout, window, groups)
    return with_bias(build, sums, node.operand("bias"), node.element)


def _transposed_convolution(node: _Node) -> Tensor:
    """Elements of the operand are moved apart by the stride, and the kernel runs backwards."""
    build = node.build
    operand, kernel = _factors(node, ("input", "weight"), ("input_zp", "weight_zp"))
    pad, stride = node.shape("out_pad"), node.shape("stride")
    low, high = (
        [size - 1 + extra for size, extra in zip(kernel.static_shape[1:3], extras, strict=True)]
        for extras in (pad[::2], pad[1::2])
    )
    window = Window.of((1, 1), (1, 1), low, high, stride)
    sums = convolve(build, operand, build.reverse(kernel, [1, 2]), KERNEL_OF_OUTPUTS, window, 1)
    return with_bias(build, sums, node.operand("bias"), node.element)


def _matmul(node: _Node) -> Tensor:
    build = node.build
    left, right = _factors(node, ("a", "b"), ("a_zp", "b_zp"))
    column = 2 if isinstance(node.op, tosa.MatMulTOp) else 1
    right = build.broadcast_in_dim(right, (left.shape[0], *right.shape[1:]), range(3))
    product = build.dot_general(left, right, ([0], [0]), ([2], [column]), left.element)
    return build.convert(product, node.element)


def _rescale(node: _Node) -> Tensor:
    build, operand = node.build, node.operand("input")
    is_unsigned = node.flag("input_unsigned")
    value = without_zero_point(build, operand, node.operand("input_zp"), i64, is_unsigned=is_unsigned)
    multiplier, shift = (build.convert(node.operand(name), i64) for name in ("multiplier", "shift"))
    if not node.flag("per_channel"):
        multiplier, shift = build.reshape(multiplier, ()), build.reshape(shift, ())
    twice = node.flag("scale32") and node.word("rounding_mode") == "DOUBLE_ROUND"
    result = scaled(build, value, multiplier, shift, twice=twice)
    is_unsigned = node.flag("output_unsigned")
    offset = widened(build, build.reshape(node.operand("output_zp"), ()), i64, is_unsigned=is_unsigned)
    return saturated(build, build.map("add", result, offset), node.element, is_unsigned=is_unsigned)


def _select(node: _Node) -> Tensor:
    return node.build.select(*(node.operand(name) for name in ("condition", "on_true", "on_false")))


def _concat(node: _Node) -> Tensor:
    return node.build.concatenate([node.operands[value] for value in node.op.operands], node.number("axis"))


def _pad(node: _Node) -> Tensor:
    sizes = node.shape("padding")
    number = node.build.reshape(node.operand("pad_const"), ())
    return node.build.pad(node.operand("input1"), number, sizes[::2], sizes[1::2])


def _reshape(node: _Node) -> Tensor:
    """At most one size is -1: it follows from the others."""
    operand, shape = node.operand("input1"), node.shape("shape")
    if shape.count(INFERRED) > 1:
        raise node.error(f"expected at most one size {INFERRED}, got shape {list(shape)}")
    others = prod(size for size in shape if size != INFERRED)
    inferred = operand.size // others if others else 0
    return node.build.reshape(operand, [inferred if size == INFERRED else size for size in shape])


def _reshape_block_scaled(node: _Node) -> Tensor:
    if len(node.op.input) != 1:
        raise CompileError(
            "a tensor with scales of its own is not supported",
            op=node.op,
            notes=(Note("expected block size 1 and one operand"),),
            pass_name=LegalizeTosaPass.name,
        )
    return node.build.reshape(node.operands[node.op.input[0]], node.result.get_shape())


def _reverse(node: _Node) -> Tensor:
    return node.build.reverse(node.operand("input1"), [node.number("axis")])


def _slice(node: _Node) -> Tensor:
    start, size = node.shape("start"), node.shape("size")
    limits = [low + extent for low, extent in zip(start, size, strict=True)]
    return node.build.slice(node.operand("input1"), start, limits)


def _tile(node: _Node) -> Tensor:
    build, operand = node.build, node.operand("input1")
    times = node.shape("multiples")
    spread = [size for pair in zip(times, operand.shape, strict=True) for size in pair]
    places = range(1, 2 * operand.rank, 2)
    shape = [count * size for count, size in zip(times, operand.shape, strict=True)]
    return build.reshape(build.broadcast_in_dim(operand, spread, places), shape)


def _transpose(node: _Node) -> Tensor:
    return node.build.transpose(node.operand("input1"), node.shape("perms"))


def _row_places(node: _Node) -> Tensor:
    """For each index the place of a row: the element of the batch, and the index."""
    indices = node.operand("indices")
    return node.build.stack([node.build.iota(indices.element, indices.shape, 0), indices], 2)


def _gather(node: _Node) -> Tensor:
    return node.build.gather(node.operand("values"), _row_places(node), [0, 1])


def _scatter(node: _Node) -> Tensor:
    return node.build.scatter(node.operand("values_in"), _row_places(node), node.operand("input"), [0, 1])


def _resize(node: _Node) -> Tensor:
    """`scale` is a numerator and a denominator for y, then for x."""
    scale = node.shape("scale")
    axes = [
        Axis(*numbers)
        for numbers in zip(scale[::2], scale[1::2], node.shape("offset"), node.shape("border"), strict=True)
    ]
    bilinear = node.word("mode") == "BILINEAR"
    return resize(node.build, node.operand("input"), axes, node.element, bilinear=bilinear)


FUNCTIONS: Mapping[type[tosa.TosaOp], Function] = MappingProxyType(
    {
        tosa.AbsOp: _map("abs"),
        tosa.AddOp: _map("add"),
        tosa.ArgMaxOp: _argmax,
        tosa.ArithmeticRightShiftOp: _shift_right,
        tosa.AvgPool2dAdaptiveOp: _average,
        tosa.AvgPool2dOp: _average,
        tosa.BitwiseAndOp: _map("and"),
        tosa.BitwiseNotOp: _map("not"),
        tosa.BitwiseOrOp: _map("or"),
        tosa.BitwiseXorOp: _map("xor"),
        tosa.CastOp: _cast,
        tosa.CeilOp: _map("ceil"),
        tosa.ClampOp: _clamp,
        tosa.ClzOp: _map("count_leading_zeros"),
        tosa.ConcatOp: _concat,
        tosa.Conv2dOp: _convolution,
        tosa.Conv3dOp: _convolution,
        tosa.CosOp: _map("cosine"),
        tosa.DepthwiseConv2dOp: _convolution,
        tosa.EqualOp: _compare("EQ"),
        tosa.ErfOp: _map("erf"),
        tosa.ExpOp: _map("exponential"),
        tosa.FloorOp: _map("floor"),
        tosa.GatherOp: _gather,
        tosa.GreaterEqualOp: _compare("GE"),
        tosa.GreaterOp: _compare("GT"),
        tosa.IdentityOp: _identity,
        tosa.IntDivOp: _map("divide"),
        tosa.LogOp: _map("log"),
        tosa.LogicalAndOp: _map("and"),
        tosa.LogicalLeftShiftOp: _map("shift_left"),
        tosa.LogicalNotOp: _map("not"),
        tosa.LogicalOrOp: _map("or"),
        tosa.LogicalRightShiftOp: _map("shift_right_logical"),
        tosa.LogicalXorOp: _map("xor"),
        tosa.MatMulOp: _matmul,
        tosa.MatMulTOp: _matmul,
        tosa.MaxPool2dAdaptiveOp: _greatest_in_windows,
        tosa.MaxPool2dOp: _greatest_in_windows,
        tosa.MaximumOp: _choose("maximum"),
        tosa.MinimumOp: _choose("minimum"),
        tosa.MulOp: _multiply,
        tosa.NegateOp: _negate,
        tosa.PadOp: _pad,
        tosa.PowOp: _map("power"),
        tosa.ReciprocalOp: _reciprocal,
        tosa.ReduceAllOp: _reduce("and", lambda _: 1),
        tosa.ReduceAnyOp: _reduce("or", lambda _: 0),
        tosa.ReduceMaxOp: _reduce("maximum", _lowest),
        tosa.ReduceMinOp: _reduce("minimum", _highest),
        tosa.ReduceProductOp: _reduce("multiply", lambda _: 1),
        tosa.ReduceSumOp: _reduce("add", lambda _: 0),
        tosa.RescaleOp: _rescale,
        tosa.ReshapeBlockScaledOp: _reshape_block_scaled,
        tosa.ReshapeOp: _reshape,
        tosa.ResizeOp: _resize,
        tosa.ReverseOp: _reverse,
        tosa.RsqrtOp: _map("rsqrt"),
        tosa.ScatterOp: _scatter,
        tosa.SelectOp: _select,
        tosa.SigmoidOp: _map("logistic"),
        tosa.SinOp: _map("sine"),
        tosa.SliceOp: _slice,
        tosa.SubOp: _map("subtract"),
        tosa.TableOp: _table,
        tosa.TanhOp: _map("tanh"),
        tosa.TileOp: _tile,
        tosa.TransposeConv2dOp: _transposed_convolution,
        tosa.TransposeOp: _transpose,
    }
)
"""How each op is translated that is not a constant."""

HANDLED_OPS = (tosa.ConstOp, tosa.ConstShapeOp, *FUNCTIONS)
"""What is replaced."""
