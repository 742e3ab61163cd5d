"""Dimensions that a model leaves open get the sizes that the caller says, everywhere at once."""

import numpy as np
import onnx
import pytest
from onnx import parser

import zellige
from tests.onnx_reference import reference_results
from zellige.frontends.onnx.dimensions import with_dimensions
from zellige.frontends.onnx.importer import import_model
from zellige.support.errors import UsageError

HEADER = '<ir_version: 8, opset_import: ["" : 17]>'

FLATTENED = parser.parse_model(
    HEADER
    + """
    g (float[batch, length, 4] x, float[batch, ?] y) => (float[batch, n] z) <int64[2] shape = {0, -1}>
    { flat = Reshape(x, shape) both = Concat <axis = 1> (flat, y) z = Relu(both) }"""
)


def test_a_program_of_these_sizes_computes_what_the_model_does() -> None:
    sizes = {"batch": 2, "length": 3, "y:1": 5}
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, 3, 4)).astype("f4"), random.normal(size=(2, 5)).astype("f4")
    (expected,) = reference_results(FLATTENED, {"x": x, "y": y})
    with zellige.load(zellige.compile(FLATTENED.SerializeToString(), dimensions=sizes), cache=False) as program:
        np.testing.assert_array_equal(program["main"](x=x, y=y), expected)


def test_a_size_below_0_and_a_question_mark_are_no_size_and_no_name() -> None:
    model = parser.parse_model(HEADER + " g (float[N, 4] x) => (float[M, 4] y) { y = Neg(x) }")
    first, second = model.graph.input[0].type.tensor_type.shape.dim
    first.dim_value, second.dim_param = -1, "?"
    before = model.SerializeToString()
    assert "(%x: tensor<?x?xf32>" in str(import_model(model))
    fixed = with_dimensions(model, {"x:0": 2, "x:1": 3})
    assert [size.dim_value for size in fixed.graph.input[0].type.tensor_type.shape.dim] == [2, 3]
    assert model.SerializeToString() == before


def test_an_output_may_have_the_name_of_a_size_that_it_is_not_of() -> None:
    model = parser.parse_model(HEADER + " g (float[N, 3] x) => (float[N] y) { y = ReduceSum <keepdims = 0> (x, axes) }")
    axes = onnx.helper.make_tensor("axes", onnx.TensorProto.INT64, [1], [0])
    model.graph.initializer.append(axes)
    with zellige.load(zellige.compile(model.SerializeToString(), dimensions={"N": 2}), cache=False) as program:
        np.testing.assert_array_equal(program["main"](np.ones((2, 3), "f4")), [2, 2, 2])


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (
            {"batsh": 2},
            "the model's inputs have no dimension 'batsh', they have batch, length, y:1; did you mean 'batch'?",
        ),
        ({"x:2": 2}, "the model's inputs have no dimension 'x:2', they have batch, length, y:1"),
    ],
)
def test_unknown_dimension(sizes: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        with_dimensions(FLATTENED, sizes)
    assert str(caught.value) == message


def test_a_model_without_open_dimensions() -> None:
    model = parser.parse_model(HEADER + " g (float[3] x) => (float[3] y) { y = Neg(x) }")
    with pytest.raises(UsageError, match="no dimension 'batch', all of theirs have sizes"):
        with_dimensions(model, {"batch": 1})
