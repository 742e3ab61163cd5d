"""MobileNetV2 with the weights of the package nsfwjs, against onnxruntime.

    python -m tests.long.models.mobilenet FOLDER [--fetch] [--profile simd] [--batch 1]

FOLDER holds the package as npm packs it. Its network is a Keras model for TensorFlow.js: layers in JSON, weights of 8
bits with a scale for each tensor, both in JavaScript files that Node reads. It becomes an ONNX model here, of f32 and
with an open batch dimension. The exit status is 1 when a result differs by more than 1e-3 of the largest element.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import tarfile
import tempfile
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from tests.conformance.node import NODE
from tests.long.models.comparison import compared, show_logits
from tests.long.models.graph_writer import GraphWriter
from tests.long.models.packages import NSFWJS, package_file
from zellige.compiler.options import FEATURES

Array = npt.NDArray[Any]
Config = dict[str, Any]

MODEL_FILES = ("model.min.js", "group1-shard1of1.min.js")
SIDE = 224


def layers_and_weights(package: Path) -> tuple[list[Config], dict[str, Array]]:
    """The layers in the order of computation, and the weights by name, as f32."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(package) as archive:
        archive.extractall(folder, filter="data")
        files = [Path(folder) / "package" / "dist" / "models" / "mobilenet_v2" / name for name in MODEL_FILES]
        model, packed = [_module_value(file) for file in files]
    content = np.frombuffer(base64.b64decode(str(packed)), np.uint8)
    weights: dict[str, Array] = {}
    start = 0
    for entry in model["weightsManifest"][0]["weights"]:
        shape: list[int] = entry["shape"]
        size = prod(shape)
        scale, least = entry["quantization"]["scale"], entry["quantization"]["min"]
        numbers = content[start : start + size].astype(np.float32) * np.float32(scale) + np.float32(least)
        weights[entry["name"]] = numbers.reshape(shape)
        start += size
    assert start == content.size, "the weights are all bytes of the file"
    return model["modelTopology"]["model_config"]["config"]["layers"], weights


def _module_value(file: Path) -> Any:
    """What a JavaScript module exports."""
    if NODE is None:
        sys.exit("the files of the package are JavaScript, which takes Node")
    program = f"const m = require({json.dumps(str(file))}); process.stdout.write(JSON.stringify(m.default ?? m))"
    return json.loads(subprocess.run([NODE, "-e", program], capture_output=True, check=True).stdout)


class Network(GraphWriter):
    """The graph of Keras layers; images are in the order that ONNX has."""

    def __init__(self, weights: dict[str, Array]) -> None:
        super().__init__()
        self.weights = weights

    def add(self, layer: Config) -> None:
        """A layer, under its own name."""
        name, config = layer["name"], layer["config"]
        inbound: list[list[list[Any]]] = layer["inbound_nodes"]
        operands: list[str] = [source[0] for sources in inbound for source in sources]
        match layer["class_name"]:
            case "InputLayer":
                self.node("Transpose", ["image"], name, perm=[0, 3, 1, 2])
            case "ZeroPadding2D":
                (top, bottom), (left, right) = config["padding"]
                pads = self.constant(f"{name}/pads", np.array([0, 0, top, left, 0, 0, bottom, right]))
                self.node("Pad", [*operands, pads], name)
            case "Conv2D" | "DepthwiseConv2D":
                self._convolve(name, config, operands)
            case "BatchNormalization":
                parts = [f"{name}/{part}" for part in ("gamma", "beta", "moving_mean", "moving_variance")]
                parts = [self.constant(part, self.weights[part]) for part in parts]
                self.node("BatchNormalization", [*operands, *parts], name, epsilon=config["epsilon"])
            case "ReLU":
                bounds = {"min": 0.0, "max": float(config["max_value"])}
                limits = [self.constant(f"{name}/{key}", np.array(value, "f4")) for key, value in bounds.items()]
                self.node("Clip", [*operands, *limits], name)
            case "Add":
                self.node("Add", operands, name)
            case "AveragePooling2D":
                self.node("AveragePool", operands, name, kernel_shape=config["pool_size"], strides=config["strides"])
            case "Flatten":
                self.node("Transpose", operands, f"{name}/last", perm=[0, 2, 3, 1])
                self.node("Flatten", [f"{name}/last"], name)
            case "Dense":
                parts = [self.constant(f"{name}/{part}", self.weights[f"{name}/{part}"]) for part in ("kernel", "bias")]
                sums = f"{name}/sums"
                self.node("Gemm", [*operands, *parts], sums)
                self.node({"relu": "Relu", "softmax": "Softmax"}[config["activation"]], [sums], name)
            case "Dropout":
                self.node("Identity", operands, name)
            case other:
                raise AssertionError(f"no layer {other} is known")

    def _convolve(self, name: str, config: Config, operands: list[str]) -> None:
        is_depthwise = "depth_multiplier" in config
        kernel = self.weights[f"{name}/{'depthwise_kernel' if is_depthwise else 'kernel'}"]
        kernel = kernel.transpose(2, 3, 0, 1) if is_depthwise else kernel.transpose(3, 2, 0, 1)
        self.node(
            "Conv",
            [*operands, self.constant(f"{name}/weights", kernel)],
            name,
            auto_pad={"same": "SAME_UPPER", "valid": "VALID"}[config["padding"]],
            strides=config["strides"],
            group=kernel.shape[0] if is_depthwise else 1,
        )


def network(package: Path) -> onnx.ModelProto:
    """The model: images of f32 in `image`, the shares of five classes and their logits out."""
    layers, weights = layers_and_weights(package)
    graph = Network(weights)
    for layer in layers:
        graph.add(layer)
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", SIDE, SIDE, 3])
    shares = helper.make_tensor_value_info(layers[-1]["name"], TensorProto.FLOAT, ["N", 5])
    model = graph.model("mobilenet_v2", [image], [shares])
    show_logits(model.graph)
    return model


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--fetch", action="store_true", help="let npm pack the package first")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the module (default: full)")
    parser.add_argument("--batch", type=int, default=1, help="images at a time (default: 1)")
    options = parser.parse_args()
    model = network(package_file(options.folder, NSFWJS, fetch=options.fetch))
    image = np.random.default_rng(0).random((options.batch, SIDE, SIDE, 3), dtype=np.float32)
    outcome = compared(model, {"image": image}, profile=options.profile, dimensions={"N": options.batch})
    print(f"mobilenet_v2: {outcome}")
    return 0 if outcome.agrees else 1


if __name__ == "__main__":
    sys.exit(main())
