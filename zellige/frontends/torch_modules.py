"""Modules of PyTorch become StableHLO text by torch-mlir, or an ONNX model by PyTorch itself."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module


def stablehlo_text(module: object, arguments: Sequence[object]) -> str:
    """The StableHLO of a module for arguments of these shapes and types, as torch-mlir has it."""
    fx = import_module("torch_mlir.fx")
    return str(fx.export_and_import(module, *arguments, output_type="stablehlo", func_name="main"))


def onnx_model(module: object, arguments: Sequence[object]) -> bytes:
    """The ONNX model of a module for arguments of these shapes and types."""
    torch = import_module("torch")
    program = torch.onnx.export(module, tuple(arguments), dynamo=True, verbose=False)
    return bytes(program.model_proto.SerializeToString())
