"""What the reference implementation of ONNX, in the package `onnx`, computes for a model."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx
from onnx.reference import ReferenceEvaluator

Array = npt.NDArray[Any]


def reference_results(model: onnx.ModelProto, given: Mapping[str, Array]) -> list[Array]:
    """The results of the model, in order, for these inputs."""
    evaluator = cast("Any", ReferenceEvaluator(model))  # its types are those of numpy without elements
    run = cast("Callable[[None, dict[str, Array]], list[object]]", evaluator.run)
    return [np.asarray(result) for result in run(None, dict(given))]
