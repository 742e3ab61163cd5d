"""Operators that find objects, and determinants, against the reference evaluator of onnx or numpy."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest
from onnx import ModelProto, parser

import zellige
from tests.onnx_reference import reference_results

Array = npt.NDArray[Any]


def model(inputs: str, nodes: str, outputs: str) -> ModelProto:
    return parser.parse_model(f'<ir_version: 10, opset_import: ["" : 20]> g ({inputs}) => ({outputs}) {{ {nodes} }}')


def results(made: ModelProto, given: dict[str, Array]) -> tuple[list[Array], list[Array]]:
    """Ours, and those of the reference."""
    ours = zellige.load(zellige.compile(made.SerializeToString()))["main"](**given)
    ours = cast("tuple[Array, ...]", ours if isinstance(ours, tuple) else (ours,))
    return list(ours), reference_results(made, given)


def overlap(one: Array, other: Array) -> float:
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    common = float(np.prod(np.maximum(high - low, 0)))
    return common / (float(np.prod(one[2:] - one[:2])) + float(np.prod(other[2:] - other[:2])) - common)


def test_boxes_that_overlap_a_better_one_are_left_out() -> None:
    rng = np.random.default_rng(11)
    corners = rng.random((2, 12, 2), np.float32)
    boxes = np.concatenate([corners, corners + 0.2 + rng.random((2, 12, 2), np.float32) / 2], -1)
    scores = rng.random((2, 3, 12), np.float32)
    expected: list[list[int]] = []
    for batch in range(2):
        for kind in range(3):
            kept: list[int] = []
            for box in np.argsort(-scores[batch, kind]).tolist():
                if len(kept) == 4 or scores[batch, kind, box] <= 0.3:
                    break
                if all(overlap(boxes[batch, box], boxes[batch, other]) <= 0.25 for other in kept):
                    kept.append(box)
            expected += [[batch, kind, box] for box in kept]
    nodes = """most = Constant <value_ints = [4]> () iou = Constant <value_floats = [0.25]> ()
        least = Constant <value_floats = [0.3]> () y = NonMaxSuppression(b, s, most, iou, least)"""
    for count in (len(expected), len(expected) + 1):
        made = model("float[2,12,4] b, float[2,3,12] s", nodes, f"int64[{count},3] y")
        main = zellige.load(zellige.compile(made.SerializeToString()))["main"]
        if count == len(expected):
            np.testing.assert_array_equal(main(boxes, scores), expected)
        else:
            with pytest.raises(zellige.RuntimeTrap):
                main(boxes, scores)


def test_regions_are_averages_of_points_between_elements() -> None:
    rng = np.random.default_rng(12)
    given: dict[str, Array] = {
        "x": rng.normal(size=(2, 3, 7, 9)).astype(np.float32),
        "r": np.array([[0, 0, 5, 4], [-3, 1, 12.5, 9], [2.25, 2.5, 2.5, 3]], np.float32),
        "b": np.array([1, 0, 1]),
    }
    node = "RoiAlign <output_height = 2, output_width = 3, sampling_ratio = 2, spatial_scale = 0.9> (x, r, b)"
    made = model("float[2,3,7,9] x, float[3,4] r, int64[3] b", f"y = {node}", "float[3,3,2,3] y")
    ours, wanted = results(made, given)
    np.testing.assert_allclose(ours[0], wanted[0], rtol=1e-4, atol=1e-5)


def test_elements_of_a_kernel_are_moved() -> None:
    rng = np.random.default_rng(13)
    shapes = {"x": (1, 4, 6, 5), "w": (2, 2, 3, 2), "o": (1, 24, 3, 5), "b": (2,), "m": (1, 12, 3, 5)}
    given: dict[str, Array] = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    inputs = ", ".join(f"float[{','.join(map(str, shape))}] {name}" for name, shape in shapes.items())
    node = "DeformConv <group = 2, offset_group = 2, pads = [1, 0, 0, 1], strides = [2, 1]> (x, w, o, b, m)"
    ours, wanted = results(model(inputs, f"y = {node}", "float[1,2,3,5] y"), given)
    np.testing.assert_allclose(ours[0], wanted[0], rtol=1e-3, atol=1e-4)


def test_determinants_with_exchanges_and_of_singular_matrices() -> None:
    x = np.random.default_rng(14).normal(size=(4, 4, 4)).astype(np.float32)
    x[1, 0, 0], x[2, 3], x[3] = 0, x[2, 1], np.eye(4)[[1, 2, 3, 0]]
    main = zellige.load(zellige.compile(model("float[4,4,4] x", "y = Det(x)", "float[4] y").SerializeToString()))[
        "main"
    ]
    np.testing.assert_allclose(main(x), np.linalg.det(x), rtol=1e-4, atol=1e-5)
