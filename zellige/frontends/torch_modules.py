"""Modules of PyTorch become StableHLO text by torch-mlir, or an ONNX model by PyTorch itself."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from zellige.support.errors import CompileError, Note


def stablehlo_text(module: object, arguments: Sequence[object]) -> str:
    """The StableHLO of a module for arguments of these shapes and types, as torch-mlir has it.

    Raises `CompileError` where torch-mlir has none.
    """
    fx = import_module("torch_mlir.fx")
    try:
        return str(fx.export_and_import(module, *arguments, output_type="stablehlo", func_name="main"))
    except import_module("torch_mlir.compiler_utils").TorchMlirCompilerError as cause:
        raise CompileError(
            "torch-mlir does not translate this module to StableHLO",
            notes=(Note("via='onnx' takes the other road, for which the packages onnx and onnxscript are needed"),),
        ) from cause


def onnx_model(module: object, arguments: Sequence[object]) -> bytes:
    """The ONNX model of a module for arguments of these shapes and types."""
    torch = import_module("torch")
    program = torch.onnx.export(module, tuple(arguments), dynamo=True, verbose=False)
    return bytes(program.model_proto.SerializeToString())
