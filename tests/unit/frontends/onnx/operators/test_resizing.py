"""Resize in its modes: every output is what the reference evaluator of onnx computes."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import ModelProto, helper, parser

import zellige
from tests.onnx_reference import reference_results

Array = npt.NDArray[Any]


def model(inputs: str, nodes: str, outputs: str) -> ModelProto:
    return parser.parse_model(f'<ir_version: 10, opset_import: ["" : 20]> g ({inputs}) => ({outputs}) {{ {nodes} }}')


def test_known_scales_and_sizes() -> None:
    nodes = """up = Constant <value_floats = [2.0, 1.5]> () down = Constant <value_floats = [0.4, 0.7]> ()
        size = Constant <value_ints = [7, 3]> () roi = Constant <value_floats = [0.2, -0.3, 0.9, 1.1]> ()
        a = Resize <axes = [2, 3]> (x, , up)
        b = Resize <axes = [2, 3], coordinate_transformation_mode = "asymmetric", nearest_mode = "ceil"> (x, , down)
        c = Resize <axes = [2, 3], mode = "linear"> (x, , , size)
        d = Resize <axes = [2, 3], mode = "linear", antialias = 1> (x, , down)
        e = Resize <axes = [3, 2], mode = "cubic", cubic_coeff_a = -0.5, exclude_outside = 1> (x, , up)
        f = Resize <axes = [2, 3], mode = "cubic", coordinate_transformation_mode = "align_corners"> (x, , , size)
        g = Resize <axes = [2, 3], mode = "linear", coordinate_transformation_mode = "tf_crop_and_resize",
                    extrapolation_value = 9.0> (x, roi, , size)
        h = Resize <axes = [2, 3], keep_aspect_ratio_policy = "not_larger", mode = "linear"> (x, , , size)
        i = Resize <axes = [2, 3], mode = "linear", coordinate_transformation_mode = "half_pixel_symmetric"> (x, , down)
        """
    x = np.random.default_rng(3).normal(size=(1, 2, 4, 6)).astype(np.float32)
    made = model("float[1,2,4,6] x", nodes, "")
    for name in "abcdefghi":
        made.graph.output.add(name=name)
    expected = reference_results(made, {"x": x})
    del made.graph.output[:]
    for name, wanted in zip("abcdefghi", expected, strict=True):
        code = helper.np_dtype_to_tensor_dtype(wanted.dtype)
        made.graph.output.append(helper.make_tensor_value_info(name, code, wanted.shape))
    results = zellige.load(zellige.compile(made.SerializeToString()))["main"](x)
    for name, result, wanted in zip("abcdefghi", results, expected, strict=True):
        np.testing.assert_allclose(result, wanted, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("mode", ["nearest", "cubic"])
def test_scales_that_only_the_running_program_knows(mode: str) -> None:
    made = model("float[5] x, float[1] s", f'y = Resize <mode = "{mode}"> (x, , s)', "float[8] y")
    x = np.array([1, 4, 9, 16, 25], np.float32)
    main = zellige.load(zellige.compile(made.SerializeToString()))["main"]
    for scale in (1.6, 1.7):
        given = {"x": x, "s": np.array([scale], np.float32)}
        np.testing.assert_allclose(main(**given), reference_results(made, given)[0], rtol=1e-4, atol=1e-4)
    with pytest.raises(zellige.RuntimeTrap):
        main(x=x, s=np.array([2], np.float32))
