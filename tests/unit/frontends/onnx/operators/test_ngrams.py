"""Counts of n-grams, against the reference evaluator of onnx."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

import zellige
from tests.onnx_reference import reference_results


def model(shape: list[int], **attributes: Any) -> Any:
    node = helper.make_node("TfIdfVectorizer", ["x"], ["y"], **attributes)
    result = [5] if len(shape) == 1 else [shape[0], 5]
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.INT32, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, result)],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


POOL: dict[str, Any] = {
    "ngram_counts": [0, 2],
    "pool_int64s": [2, 3, 5, 4, 5, 6, 7, 8],
    "ngram_indexes": [1, 0, 2, 4, 3],
    "weights": [0.5, 2.0, 3.0, 0.25, 1.5],
}


@pytest.mark.parametrize("mode", ["TF", "IDF", "TFIDF"])
@pytest.mark.parametrize(("least", "most", "skips"), [(1, 1, 0), (2, 2, 1), (1, 2, 5)])
def test_counts_and_weights_of_rows(mode: str, least: int, most: int, skips: int) -> None:
    lengths = {"min_gram_length": least, "max_gram_length": most, "max_skip_count": skips}
    made = model([2, 9], mode=mode, **POOL, **lengths)
    x = np.array([[5, 4, 5, 6, 2, 7, 8, 3, 3], [6, 5, 9, 6, 7, 7, 8, 8, 2]], np.int32)
    (expected,) = reference_results(made, {"x": x})
    got = zellige.load(zellige.compile(made.SerializeToString()))["main"](x)
    np.testing.assert_array_equal(got, expected)


def test_a_row_that_is_too_short_for_an_ngram() -> None:
    made = model([1], mode="TF", min_gram_length=1, max_gram_length=2, max_skip_count=1, **POOL)
    got = zellige.load(zellige.compile(made.SerializeToString()))["main"](np.array([3], np.int32))
    np.testing.assert_array_equal(got, [1, 0, 0, 0, 0])


def test_counts_that_do_not_cut_the_list() -> None:
    attributes = POOL | {"ngram_counts": [0, 3], "mode": "TF"}
    made = model([4], min_gram_length=1, max_gram_length=2, max_skip_count=0, **attributes)
    with pytest.raises(zellige.CompileError, match=r"do not cut the list of 8 numbers into n-grams"):
        zellige.compile(made.SerializeToString())
