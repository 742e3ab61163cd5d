"""Models that are wrong or not supported: each error is a `CompileError` that names the node or the value."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, parser

import zellige
from zellige.support.errors import CompileError, UsageError


def model(text: str, *, opset: int = 17, extra: str = "") -> onnx.ModelProto:
    """The model of a graph in the text form of the onnx package."""
    return parser.parse_model(f'<ir_version: 8, opset_import: ["" : {opset}{extra}]> {text}')


def error_of(source: Any) -> CompileError:
    with pytest.raises(CompileError) as caught:
        zellige.compile(source)
    return caught.value


RELU = model("agraph (float[2,3] x) => (float[2,3] y) { a = Relu(x) y = Neg(a) }")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_file_cut_short(tmp_path: Path, kept: float) -> None:
    content = RELU.SerializeToString()
    path = tmp_path / "short.onnx"
    path.write_bytes(content[: int(len(content) * kept)])
    assert "cut short or not an ONNX model" in error_of(path).message
    assert str(path) in error_of(path).message


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.onnx"
    path.write_bytes(b"")
    assert "expected a graph" in error_of(str(path)).message


def test_text_instead_of_a_model(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("func.func @main() { return }")
    assert "not an ONNX model" in error_of(path).message


def test_no_such_file() -> None:
    with pytest.raises(UsageError, match=r"cannot read 'missing\.onnx': no such file"):
        zellige.compile("missing.onnx")


def test_cycle() -> None:
    text = "agraph (float[2] x) => (float[2] y) { [first] a = Add(x, b) [second] b = Relu(a) y = Neg(b) }"
    message = error_of(model(text)).message
    assert "has a cycle" in message
    assert "node 'first' (Add)" in message
    assert "node 'second' (Relu)" in message


def test_order() -> None:
    text = "agraph (float[2] x) => (float[2] y) { [early] y = Neg(a) [late] a = Relu(x) }"
    assert error_of(model(text)).message == "node 'early' (Neg) reads 'a' before node 'late' (Relu) makes it"


def test_missing_initialiser() -> None:
    text = "agraph (float[2] x) => (float[2] y) { [biased] y = Add(x, bias) }"
    message = error_of(model(text)).message
    assert message.startswith("node 'biased' (Add) reads 'bias', which no node, input or initialiser")


def test_missing_output() -> None:
    assert "output 'z' is made by no node" in error_of(model("g (float[2] x) => (float[2] z) { y = Relu(x) }")).message


def test_unknown_operators_are_counted() -> None:
    text = """agraph (float[2] x) => (float[2] y) {
        [a] a = Frobnicate(x) [b] b = Frobnicate(a) [c] c = com.acme.Blur(b) y = Relu(c) }"""
    error = error_of(model(text, extra=', "com.acme" : 1'))
    assert error.message == "operators that are not supported: Frobnicate (2 nodes), com.acme.Blur (1 node)"
    assert [note.message for note in error.notes] == [
        "node 'a' (Frobnicate): the operator is not supported",
        "node 'b' (Frobnicate): the operator is not supported",
        "node 'c' (com.acme.Blur): the operator is not supported",
    ]


def test_unsupported_forms_are_collected() -> None:
    text = """agraph (float[4] x, int64[2] n, int64[1] m) => (float[?,?] y, float[?] z) {
        [first] a = Reshape(x, n) y = Relu(a) [second] z = Tile(x, m) }"""
    error = error_of(model(text))
    assert error.message == "operators that are not supported: Reshape (1 node), Tile (1 node)"
    assert "node 'first' (Reshape): the shape of result 0 depends on unknown numbers" in error.notes[0].message


def test_opset_from_the_future() -> None:
    newest = onnx.defs.onnx_opset_version()
    message = error_of(model("g (float[2] x) => (float[2] y) { y = Relu(x) }", opset=newest + 1)).message
    assert f"uses version {newest + 1} of the ONNX operators, expected at most {newest}" in message


def test_opset_of_the_past() -> None:
    text = "g (float[2] x) => (float[2] y) { [n] y = Add <axis = 0, broadcast = 1> (x, x) }"
    message = error_of(model(text, opset=6)).message
    assert message == "node 'n' (Add): version 6 of the ONNX operators is not supported, expected at least 7"


def test_contradicting_shapes() -> None:
    message = error_of(model("g (float[2] x, float[3] z) => (float[2] y) { [sum] y = Add(x, z) }")).message
    assert message.startswith("the shapes or types of '<model>' contradict each other")
    assert "node name: sum" in message


def test_a_node_without_a_name_is_named_by_its_result() -> None:
    message = error_of(model("g (float[2] x, float[3] z) => (float[2] y) { total = Add(x, z) y = Neg(total) }")).message
    assert "node name: total" in message


def test_contradicting_output() -> None:
    message = error_of(model("g (float[2,3] x) => (float[3,3] y) { [n] y = Relu(x) }")).message
    assert message == "output 'y' is declared as tensor<3x3xf32>, the graph computes tensor<2x3xf32>"


def test_string_tensor() -> None:
    assert error_of(model("g (string[2] x) => (string[2] y) { y = Identity(x) }")).message == (
        "input 'x': tensors of string are not supported"
    )
    constant = TensorProto(name="words", data_type=TensorProto.STRING, dims=[1], string_data=[b"a"])
    graph = helper.make_graph(
        [helper.make_node("Identity", ["words"], ["y"])],
        "g",
        [],
        [helper.make_tensor_value_info("y", TensorProto.STRING, [1])],
        [constant],
    )
    assert error_of(helper.make_model(graph)).message == "initialiser 'words': tensors of string are not supported"


def external(path: Path, location: str, length: int | None = None) -> Path:
    """A model whose only initialiser is in another file."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    if length is not None:
        tensor.external_data.add(key="length", value=str(length))
    proto = model("g (float[4] x) => (float[4] y) { y = Add(x, w) }".replace("w)", "x)"))
    proto.graph.node[0].input[1] = "w"
    proto.graph.initializer.append(tensor)
    file = path / "model.onnx"
    file.write_bytes(proto.SerializeToString())
    return file


def test_missing_external_data(tmp_path: Path) -> None:
    message = error_of(external(tmp_path, "weights.bin")).message
    assert message == "tensor 'w': cannot read the file 'weights.bin': no such file or directory"


def test_short_external_data(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(bytes(12))
    assert error_of(external(tmp_path, "weights.bin")).message == (
        "tensor 'w' needs 16 bytes of the file 'weights.bin', got 12"
    )


def test_external_data_outside_of_the_folder(tmp_path: Path) -> None:
    assert "expected one beside the model" in error_of(external(tmp_path, "../weights.bin")).message


@pytest.mark.parametrize("location", ["sub", "", ".", "weights\0.bin", "w" * 5000, "sub/weights.bin"])
def test_external_data_that_is_no_file(tmp_path: Path, location: str) -> None:
    (tmp_path / "sub").mkdir()
    assert error_of(external(tmp_path, location)).message.startswith("tensor 'w'")


def test_external_data_is_read(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(np.arange(4, dtype=np.float32).tobytes())
    program = zellige.load(zellige.compile(external(tmp_path, "weights.bin")))
    np.testing.assert_array_equal(program["main"](np.ones(4, np.float32)), np.arange(4) + 1)


def test_too_few_bytes_in_an_initialiser() -> None:
    proto = model("g (float[4] x) => (float[4] y) { y = Add(x, x) }")
    proto.graph.node[0].input[1] = "w"
    proto.graph.initializer.append(TensorProto(name="w", data_type=1, dims=[4], raw_data=bytes(8)))
    assert "tensor name: w" in error_of(proto).message


def test_wrong_attribute_is_named() -> None:
    message = error_of(model("g (float[2] x) => (float[2] y) { [n] y = Relu <slope = 2.0> (x) }")).message
    assert "does not follow the rules of ONNX" in message
    assert "slope" in message


def test_text_that_is_not_utf_8() -> None:
    content = model("g (float[2] x) => (float[2] y) { [abcd] y = Relu(x) }").SerializeToString()
    assert "expected UTF-8" in error_of(content.replace(b"abcd", b"ab\xff\xfe")).message


def test_versions_that_are_none() -> None:
    proto = model("g (float[2] x) => (float[2] y) { y = Relu(x) }")
    proto.opset_import.add(domain="other", version=-1)
    assert "uses version -1 of the operators of domain 'other'" in error_of(proto).message


def test_equations_that_are_none() -> None:
    text = """g (float[2,2] x) => (float[2] y) { [sum] y = Einsum <equation = "i?->i"> (x) }"""
    assert error_of(model(text)).message.startswith("node 'sum' (Einsum): 'equation' is 'i?->i', expected letters")


def test_a_reshape_that_does_not_fit() -> None:
    text = "g (float[4] z, int64[2] s) => (float[2,3] y) { [fit] y = Reshape(z, s) }"
    message = error_of(model(text)).message
    assert message == "node 'fit' (Reshape): tensor<4xf32> has 4 elements, the declared result 6"


def test_a_sequence_of_too_many_tensors() -> None:
    text = "g (float[1000000000] x) => (int64 n) { [cut] s = SplitToSequence(x) n = SequenceLength(s) }"
    message = error_of(model(text)).message
    assert message.startswith("node 'cut' (SplitToSequence): a sequence of 1000000000 tensors is not supported")


def test_an_output_without_an_element_type() -> None:
    proto = model("g (float[2] x) => (float[2] y) { y = Relu(x) }")
    proto.graph.output[0].type.tensor_type.elem_type = 0
    program = zellige.load(zellige.compile(proto.SerializeToString()), threads=1)
    np.testing.assert_array_equal(program["main"](np.array([-1, 1], np.float32)), [0, 1])
