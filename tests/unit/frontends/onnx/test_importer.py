"""What becomes of a graph: its names, its functions, what is known of its numbers, and versions of its operators."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import helper, parser
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp, NameLoc
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

import zellige
from zellige.frontends.onnx.importer import import_model
from zellige.support.errors import CompileError, RuntimeTrap
from zellige.support.verification import verify_module

Array = npt.NDArray[Any]


def model(text: str, *, opset: int = 17, rest: str = "", extra: str = "") -> onnx.ModelProto:
    """The model of a graph, and of functions in `rest`, in the text form of the onnx package."""
    return parser.parse_model(f'<ir_version: 10, opset_import: ["" : {opset}{extra}]> {text} {rest}')


def ops(module: ModuleOp) -> list[Operation]:
    """The ops of the program, constants and the return left out."""
    verify_module(module)
    (function,) = module.ops
    assert isinstance(function, FuncOp)
    return [op for op in function.body.block.ops if op.name not in ("stablehlo.constant", "func.return")]


def op_names(proto: onnx.ModelProto) -> list[str]:
    return [op.name.removeprefix("stablehlo.") for op in ops(import_model(proto))]


def run(proto: onnx.ModelProto, *arguments: object) -> Any:
    return zellige.load(zellige.compile(proto.SerializeToString()))["main"](*arguments)


def floats(*numbers: float) -> Array:
    return np.array(numbers, np.float32)


def integers(*numbers: int) -> Array:
    return np.array(numbers, np.int64)


def ramp(*shape: int) -> Array:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def named_difference() -> onnx.ModelProto:
    """left - right, with names that are no names of MLIR."""
    values = [helper.make_tensor_value_info(name, 1, [2]) for name in ("in:0", "onnx::7", "out/1")]
    node = helper.make_node("Sub", ["in:0", "onnx::7"], ["out/1"], name="difference")
    return helper.make_model(
        helper.make_graph([node], "g", values[:2], values[2:]), opset_imports=[helper.make_opsetid("", 17)]
    )


def test_arguments_are_passed_by_the_names_of_the_inputs() -> None:
    function = zellige.load(zellige.compile(named_difference().SerializeToString()))["main"]
    assert [signature.name for signature in function.arguments] == ["in:0", "onnx::7"]
    assert [signature.name for signature in function.results] == ["out/1"]
    left, right = floats(5, 6), floats(1, 2)
    np.testing.assert_array_equal(function(**{"onnx::7": right, "in:0": left}), [4, 4])
    np.testing.assert_array_equal(function(left, **{"onnx::7": right}), [4, 4])
    with pytest.raises(RuntimeTrap, match="got 'x', which is no argument; it takes in:0"):
        function(left, x=right)
    with pytest.raises(RuntimeTrap, match="got argument 'in:0' twice"):
        function(left, **{"in:0": right})
    with pytest.raises(RuntimeTrap, match="got no argument 'onnx::7'"):
        function(**{"in:0": left})


def test_a_file_is_compiled(tmp_path: Path) -> None:
    path = tmp_path / "difference.onnx"
    path.write_bytes(named_difference().SerializeToString())
    program = zellige.load(zellige.compile(path))
    np.testing.assert_array_equal(program["main"](floats(5, 6), floats(1, 2)), [4, 4])


def test_nodes_are_locations() -> None:
    (op,) = ops(import_model(named_difference()))
    assert isinstance(op.location, NameLoc)
    assert op.location.desc.data == "difference"


def test_initialisers_are_bytes() -> None:
    proto = model("g (float[2,2] x) => (float[2,2] y) <float[2,2] w = {0, 1, 2, 3}> { y = Add(x, w) }")
    numbers = ramp(2, 2)
    proto.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(numbers, "w"))
    (constant,) = [op for op in import_model(proto).walk() if op.name == "stablehlo.constant"]
    value = constant.properties["value"]
    assert isinstance(value, DenseIntOrFPElementsAttr)
    assert value.data.data == numbers.tobytes()


def test_inputs_that_are_initialised_are_no_arguments() -> None:
    proto = model("g (float[2] x, float[2] w) => (float[2] y) <float[2] w = {1, 2}> { y = Add(x, w) }")
    np.testing.assert_array_equal(run(proto, floats(1, 1)), [2, 3])


def test_shapes_are_known_while_reading() -> None:
    text = """g (float[2,3,4] x) => (float[6,4] y) {
        shape = Shape(x) last = Constant <value_int = 2> () size = Gather(shape, last)
        axes = Constant <value_ints = [0]> () column = Unsqueeze(size, axes)
        rest = Constant <value_ints = [-1]> () wanted = Concat <axis = 0> (rest, column) y = Reshape(x, wanted) }"""
    assert op_names(model(text)) == ["reshape"]


def test_a_function_of_the_schema_stands_for_the_node() -> None:
    names = op_names(model("g (float[2] x) => (float[2] y) { y = HardSwish(x) }"))
    assert "multiply" in names
    assert "maximum" in names


def test_functions_of_the_model_with_attributes() -> None:
    text = "g (float[3] x) => (float[3] y) { y = local.scale <factor = 3.0> (x) }"
    function = """<domain: "local", opset_import: ["" : 17]> scale <factor: float = 2.0> (a) => (b) {
        k = Constant <value_float: float = @factor> () b = Mul(a, k) }"""
    proto = model(text, rest=function, extra=', "local" : 1')
    np.testing.assert_array_equal(run(proto, ramp(3)), ramp(3) * 3)
    del proto.graph.node[0].attribute[:]
    np.testing.assert_array_equal(run(proto, ramp(3)), ramp(3) * 2)


def test_optional_operands_are_left_out() -> None:
    text = 'g (float[4] x, float h) => (float[4] y) { y = Clip(x, "", h) }'
    np.testing.assert_array_equal(run(model(text.replace('""', "")), ramp(4), np.float32(2)), [0, 1, 2, 2])


@pytest.mark.parametrize(
    ("opset", "text"),
    [
        (7, "g (float[2,3] x) => (float[2,2] y) { y = Slice <axes = [1], starts = [0], ends = [2]> (x) }"),
        (13, "g (float[2,3] x) => (float[2,2] y) <int64[1] s = {0}, int64[1] e = {2}, int64[1] a = {1}> {"
             " y = Slice(x, s, e, a) }"),
    ],
)  # fmt: skip
def test_slices_of_old_and_new_versions(opset: int, text: str) -> None:
    np.testing.assert_array_equal(run(model(text, opset=opset), ramp(2, 3)), ramp(2, 3)[:, :2])


@pytest.mark.parametrize("opset", [12, 13])
def test_softmax_was_over_all_later_dimensions(opset: int) -> None:
    x = ramp(2, 3, 2) / 4
    powers = np.exp(x)
    expected = powers / powers.sum(axis=(1, 2) if opset < 13 else 1, keepdims=True)
    text = "g (float[2,3,2] x) => (float[2,3,2] y) { y = Softmax <axis = 1> (x) }"
    np.testing.assert_allclose(run(model(text, opset=opset), x), expected, rtol=1e-5)


def test_bounds_were_attributes() -> None:
    text = "g (float[4] x) => (float[4] y) { y = Clip <min = 1.0, max = 2.0> (x) }"
    np.testing.assert_array_equal(run(model(text, opset=10), ramp(4)), [1, 1, 2, 2])


def test_what_a_declared_shape_promises_is_checked() -> None:
    text = "g (float[5] x, int64[1] s, int64[1] e) => (float[2] y) { y = Slice(x, s, e) }"
    function = zellige.load(zellige.compile(model(text).SerializeToString()))["main"]
    np.testing.assert_array_equal(function(ramp(5), integers(1), integers(-2)), [1, 2])
    with pytest.raises(RuntimeTrap, match="expected 2 positions as the result has") as caught:
        function(ramp(5), integers(1), integers(4))
    assert caught.value.code == "assertion"


def test_dimensions_that_the_program_is_given() -> None:
    text = "g (float[2,2,3] x, int64[1] a) => (float[2,3] y) { y = ReduceSum <keepdims = 0> (x, a) }"
    function = zellige.load(zellige.compile(model(text).SerializeToString()))["main"]
    for axis in (0, 1, -3):
        np.testing.assert_array_equal(function(ramp(2, 2, 3), integers(axis)), ramp(2, 2, 3).sum(axis=axis))
    with pytest.raises(RuntimeTrap, match="expected dimensions that give the declared shape"):
        function(ramp(2, 2, 3), integers(2))


BRANCHES = """g (bool c, float[2] x) => (float[2] y) {
    y = If (c) <then_branch = yes () => (float[2] a) { a = Neg(x) },
                else_branch = no () => (float[2] b) { b = Exp(x) }> }"""


def test_a_branch_runs() -> None:
    function = zellige.load(zellige.compile(model(BRANCHES).SerializeToString()))["main"]
    x = ramp(2)
    np.testing.assert_array_equal(function(np.bool_(True), x), -x)
    np.testing.assert_allclose(function(np.bool_(False), x), np.exp(x), rtol=1e-6)


def test_a_known_branch_is_taken_while_reading() -> None:
    text = BRANCHES.replace("bool c, ", "").replace("y = If", "c = Constant <value = bool {1}> () y = If")
    assert op_names(model(text)) == ["negate"]


def test_a_branch_that_cannot_run_stops_the_program() -> None:
    text = """g (bool c, float[6] x) => (float[3] y)
        <int64[2] narrow = {3, 2}, int64[2] wide = {4, 2}, int64[1] one = {1}> { y = If (c) <
            then_branch = yes () => (float[3] a) { m = Reshape(x, narrow) a = ReduceMax <keepdims = 0> (m, one) },
            else_branch = no () => (float[3] b) { [odd] n = Reshape(x, wide) b = ReduceMax <keepdims = 0> (n, one) }> }
    """
    function = zellige.load(zellige.compile(model(text, opset=18).SerializeToString()))["main"]
    np.testing.assert_array_equal(function(np.bool_(True), ramp(6)), ramp(3, 2)[:, 1])
    with pytest.raises(RuntimeTrap, match=r"takes a branch that cannot run: node 'odd' \(Reshape\)"):
        function(np.bool_(False), ramp(6))
    with pytest.raises(CompileError, match=r"node of 'm' \(Reshape\): tensor<6xf32> has 6 elements"):
        zellige.compile(model(text.replace("narrow)", "wide)"), opset=18).SerializeToString())


LOOP = """g (int64 n, float[2] x) => (float[2] y, float[3,2] rows) <bool t = {1}> {
    y, rows = Loop (n, t, x) <body = b (int64 i, bool c, float[2] s) => (bool d, float[2] r, float[2] o) {
        d = Identity(c) f = Cast <to = 1> (i) r = Add(s, f) o = Mul(r, r) }> }"""


def test_a_loop_runs_as_often_as_its_rows_say() -> None:
    function = zellige.load(zellige.compile(model(LOOP).SerializeToString()))["main"]
    last, rows = function(np.int64(3), ramp(2))
    np.testing.assert_array_equal(last, ramp(2) + 3)
    np.testing.assert_array_equal(rows, [(ramp(2) + step) ** 2 for step in (0, 1, 3)])
    with pytest.raises(RuntimeTrap, match="expected 3 iterations"):
        function(np.int64(2), ramp(2))


def test_a_loop_that_grows_what_it_carries_is_unrolled() -> None:
    text = """g (float[1] x) => (float[4] y) <int64 n = {3}, bool t = {1}> {
        y = Loop (n, t, x) <body = b (int64 i, bool c, float[k] s) => (bool d, float[m] r) {
            d = Identity(c) r = Concat <axis = 0> (s, x) }> }"""
    np.testing.assert_array_equal(run(model(text), floats(7)), [7] * 4)


def test_a_scan_goes_through_slices() -> None:
    text = """g (float[2] start, float[3,2] x) => (float[2] y, float[3,2] rows) {
        y, rows = Scan <num_scan_inputs = 1, body = b (float[2] s, float[2] e) => (float[2] r, float[2] o) {
            r = Add(s, e) o = Identity(r) }> (start, x) }"""
    last, rows = run(model(text), np.zeros(2, np.float32), ramp(3, 2))
    np.testing.assert_array_equal(rows, ramp(3, 2).cumsum(axis=0))
    np.testing.assert_array_equal(last, ramp(3, 2).sum(axis=0))


def test_sequences_are_lists_while_reading() -> None:
    text = """g (float[6,2] x) => (float[2,2] y, float[4,2] z) {
        two = Constant <value = int64 {2}> () one = Constant <value = int64 {1}> ()
        parts = SplitToSequence(x, two) y = SequenceAt(parts, one)
        rest = SequenceErase(parts, one) z = ConcatFromSequence <axis = 0> (rest) }"""
    middle, rest = run(model(text), ramp(6, 2))
    np.testing.assert_array_equal(middle, ramp(6, 2)[2:4])
    np.testing.assert_array_equal(rest, np.delete(ramp(6, 2), [2, 3], axis=0))


def test_a_size_is_taken_from_the_declared_output() -> None:
    text = "g (float[4,6] x, int64[2] shape) => (float[2,8] y) { y = CenterCropPad(x, shape) }"
    function = zellige.load(zellige.compile(model(text, opset=18).SerializeToString()))["main"]
    np.testing.assert_array_equal(function(ramp(4, 6), integers(2, 8)), np.pad(ramp(4, 6)[1:3], ((0, 0), (1, 1))))
    with pytest.raises(RuntimeTrap, match=r"input 'shape': expected \[2, 8\], which the declared outputs follow from"):
        function(ramp(4, 6), integers(4, 6))
