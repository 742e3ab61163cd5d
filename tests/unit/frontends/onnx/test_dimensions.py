"""Dimensions that a model leaves open get the sizes that the caller says, everywhere at once."""

import numpy as np
import pytest
from onnx import parser
from onnx.reference import ReferenceEvaluator

import zellige
from zellige.frontends.onnx.dimensions import with_dimensions
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
    (expected,) = ReferenceEvaluator(FLATTENED).run(None, {"x": x, "y": y})  # pyright: ignore[reportUnknownMemberType]
    with zellige.load(zellige.compile(FLATTENED.SerializeToString(), dimensions=sizes), cache=False) as program:
        np.testing.assert_array_equal(program["main"](x=x, y=y), expected)


def test_all_dimensions_of_a_name_are_fixed_and_the_model_stays() -> None:
    branches = "then_branch = t () => (float[N] a) { a = Neg(x) }, else_branch = e () => (float[N] b) { b = Abs(x) }"
    model = parser.parse_model(HEADER + f" g (bool c, float[N] x) => (float[N] y) {{ y = If (c) <{branches}> }}")
    before = model.SerializeToString()
    assert "dim_param" not in str(with_dimensions(model, {"N": 7}))
    assert model.SerializeToString() == before


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"batsh": 2}, "the model has no dimension 'batsh', it has batch, length, n, y:1; did you mean 'batch'?"),
        ({"x:2": 2}, "the model has no dimension 'x:2', it has batch, length, n, y:1"),
    ],
)
def test_unknown_dimension(sizes: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        with_dimensions(FLATTENED, sizes)
    assert str(caught.value) == message


def test_a_model_without_open_dimensions() -> None:
    model = parser.parse_model(HEADER + " g (float[3] x) => (float[3] y) { y = Neg(x) }")
    with pytest.raises(UsageError, match="no dimension 'batch', all of its dimensions have sizes"):
        with_dimensions(model, {"batch": 1})
