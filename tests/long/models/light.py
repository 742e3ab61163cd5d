"""The network architectures that the onnx package ships, with random weights, against onnxruntime.

    python -m tests.long.models.light [--filter RE] [--profile simd]

The package's files have no weights: most are nodes that fill a shape with one number. They become random ones here,
of a size that keeps the numbers of deep layers about as large as those of the first. One line a model; the exit status
is 1 when one differs by more than 1e-3 of the largest element.
"""

from __future__ import annotations

import argparse
import re
import sys
from math import prod, sqrt
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from tests.long.models.comparison import compared, show_logits
from zellige.compiler.options import FEATURES

FOLDER = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


def with_random_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with initialisers in the place of its filled shapes."""
    random = np.random.default_rng(0)
    graph = model.graph
    shapes = {
        tensor.name: tuple(numpy_helper.to_array(tensor))
        for tensor in graph.initializer
        if tensor.data_type == TensorProto.INT64
    }
    filled = [node for node in graph.node if node.op_type == "ConstantOfShape"]
    for node in filled:
        shape = shapes[node.input[0]]
        inputs = prod(shape[1:])
        numbers = random.normal(0, sqrt(2 / inputs), shape) if len(shape) > 1 else random.uniform(0.5, 1.5, shape)
        graph.initializer.append(numpy_helper.from_array(numbers.astype(np.float32), node.output[0]))
        graph.node.remove(node)
    read = {name for node in graph.node for name in node.input}
    known = {tensor.name for tensor in graph.initializer}
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in read]:
        graph.initializer.remove(tensor)
    for value in [value for value in graph.input if value.name in known]:
        graph.input.remove(value)
    model.ir_version = max(model.ir_version, 4)
    show_logits(graph)
    return model


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", metavar="RE", help="only models whose name has this")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the modules (default: full)")
    options = parser.parse_args()
    wrong = 0
    for path in sorted(FOLDER.glob("*.onnx")):
        if not re.search(options.filter, path.stem):
            continue
        model = with_random_weights(onnx.load_model_from_string(path.read_bytes()))
        random = np.random.default_rng(1)
        inputs = {
            value.name: random.random([size.dim_value for size in value.type.tensor_type.shape.dim], dtype=np.float32)
            for value in model.graph.input
        }
        outcome = compared(model, inputs, profile=options.profile)
        print(f"{path.stem}: {outcome}", flush=True)
        wrong += not outcome.agrees
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
