"""What nodes of ONNX compute, one at a time: asked of onnxruntime where it is installed, else of the package onnx."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx
from onnx import AttributeProto, helper

from tests.onnx_reference import reference_results

Array = npt.NDArray[Any]

HAS_ONNXRUNTIME = find_spec("onnxruntime") is not None
FORMAT_VERSION = 10
"""Of the file format; what onnxruntime reads lags behind."""

_DOUBTFUL_KINDS = (
    "AveragePool BatchNormalization ConvTranspose GRU GlobalMaxPool Hardmax LRN LSTM LogSoftmax Loop LpNormalization "
    "LpPool MaxPool RNN ReduceSumSquare Resize Softmax Unsqueeze"
)
_DOUBTFUL = frozenset(_DOUBTFUL_KINDS.split())
"""Where the evaluator of onnx is not what the operators are defined as, in some version or with some attributes."""


def evaluate(node: onnx.NodeProto, values: Mapping[str, Array], opsets: Mapping[str, int]) -> list[Array] | None:
    """The results of a node, None where no oracle takes it."""
    if not _follows_the_rules(node, values, opsets):
        return None
    if HAS_ONNXRUNTIME and (results := _by_onnxruntime(node, values, opsets)) is not None:
        return results
    return by_reference(node, values, opsets) if node.op_type not in _DOUBTFUL else None


def _follows_the_rules(node: onnx.NodeProto, values: Mapping[str, Array], opsets: Mapping[str, int]) -> bool:
    """Oracles take more operators and types than there are in these versions."""
    feeds = {name: values[name] for name in read_names(node)}
    model = model_of([node], feeds, (), {}, opsets)
    try:
        cast("Any", onnx.checker).check_model(model)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError):
        return False
    return True


def by_reference(node: onnx.NodeProto, values: Mapping[str, Array], opsets: Mapping[str, int]) -> list[Array] | None:
    """The same by the evaluator of onnx alone."""
    feeds = {name: values[name] for name in read_names(node)}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return _arrays(reference_results(model_of([node], feeds, node.output, {}, opsets), feeds))
    except Exception:  # whatever it does not take
        return None


def evaluate_model(path: Path, inputs: Mapping[str, Array]) -> list[Array] | None:
    """The outputs of a file by onnxruntime, None where it does not take it."""
    return _run(str(path), inputs) if HAS_ONNXRUNTIME else None


def _by_onnxruntime(node: onnx.NodeProto, values: Mapping[str, Array], opsets: Mapping[str, int]) -> list[Array] | None:
    feeds = {name: values[name] for name in read_names(node)}
    return _run(model_of([node], feeds, node.output, {}, opsets).SerializeToString(), feeds)


def _run(model: str | bytes, feeds: Mapping[str, Array]) -> list[Array] | None:
    runtime = cast("Any", import_module("onnxruntime"))
    options = runtime.SessionOptions()
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return _arrays(session.run(None, feeds))
    except Exception:  # its errors have no common class
        return None


def _arrays(results: Sequence[object]) -> list[Array] | None:
    if not all(isinstance(result, np.ndarray | np.generic) for result in results):
        return None
    return [np.asarray(result) for result in results]


def model_of(
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, Array | onnx.ValueInfoProto],
    outputs: Sequence[str],
    constants: Mapping[str, Array],
    opsets: Mapping[str, int],
) -> onnx.ModelProto:
    """A model; the types of its outputs are left to inference."""
    graph = helper.make_graph(
        nodes,
        "fuzzed",
        [value if isinstance(value, onnx.ValueInfoProto) else declared(name, value) for name, value in inputs.items()],
        [onnx.ValueInfoProto(name=name) for name in outputs if name],
        [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets.items()]
    return helper.make_model(graph, opset_imports=imports, ir_version=FORMAT_VERSION)


def declared(name: str, array: Array, shape: Sequence[int | str] | None = None) -> onnx.ValueInfoProto:
    """A value of the type of an array, in which sizes may be named."""
    code = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor_value_info(name, code, array.shape if shape is None else shape)


def read_names(node: onnx.NodeProto) -> list[str]:
    """The values that a node and the graphs in it read, each once."""
    return list(dict.fromkeys(_read_names(node)))


def _read_names(node: onnx.NodeProto) -> Iterator[str]:
    yield from (name for name in node.input if name)
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            made = {value.name for value in (*attribute.g.input, *attribute.g.initializer)}
            for inner in attribute.g.node:
                yield from (name for name in _read_names(inner) if name not in made)
                made.update(inner.output)
            yield from (value.name for value in attribute.g.output if value.name not in made)
