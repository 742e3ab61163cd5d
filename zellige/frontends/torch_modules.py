"""Modules of PyTorch become StableHLO or linalg by torch-mlir, or an ONNX model by PyTorch itself."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from zellige.support.errors import CompileError, Note

DIALECTS = {"stablehlo": "stablehlo", "linalg": "linalg-on-tensors"}
"""What torch-mlir translates to, by our names, and by its own."""


def mlir_text(module: object, arguments: Sequence[object], dynamic_shapes: object, dialect: str | None = None) -> str:
    """The text of a module for arguments like these, in StableHLO or in linalg, as `dialect` says.

    Unless it says so, that is what torch-mlir has the module in: StableHLO before linalg, and linalg alone where
    dimensions are open, for which its StableHLO has ops of the dialect shape. Raises `CompileError` where it has none.
    """
    exported = _exported(module, arguments, dynamic_shapes)
    fx = import_module("torch_mlir.fx")
    causes: list[Exception] = []
    dialects = (dialect,) if dialect else ("linalg",) if exported.range_constraints else tuple(DIALECTS)
    for name in dialects:
        try:
            program = _for_torch_mlir(exported)
            kind = DIALECTS[name]
            return str(fx.export_and_import(program, output_type=kind, func_name="main", decomposition_table={}))
        except Exception as cause:  # its own class, and whatever its importer and the decompositions raise
            causes.append(cause)
    hint = Note("via='onnx' takes the other road, for which the packages onnx and onnxscript are needed")
    message = f"torch-mlir does not translate this module to {' or '.join(dialects)}: {_reason(causes[-1])}"
    raise CompileError(message, notes=(hint,)) from causes[-1]


def onnx_model(module: object, arguments: Sequence[object], dynamic_shapes: object) -> bytes:
    """The ONNX model of a module for arguments like these. Raises `CompileError` where PyTorch has none."""
    program = _exported(module, arguments, dynamic_shapes)
    onnx = import_module("torch.onnx")
    try:
        return bytes(onnx.export(program, dynamo=True, verbose=False).model_proto.SerializeToString())
    except Exception as cause:  # its own class, and whatever onnxscript raises
        raise CompileError(f"PyTorch does not translate this module to ONNX: {_reason(cause)}") from cause


def _exported(module: object, arguments: Sequence[object], dynamic_shapes: object) -> Any:
    """The graph of a module as `torch.export` has it."""
    export = import_module("torch.export")
    if isinstance(module, export.ExportedProgram):
        return module
    try:
        return export.export(module, tuple(arguments), dynamic_shapes=dynamic_shapes, strict=False)
    except Exception as cause:  # what the module itself raises, too
        details = tuple(Note(line) for line in _lines(cause)[1:2])  # which dimension cannot be open, say
        raise CompileError(f"torch.export does not trace this module: {_reason(cause)}", notes=details) from cause


def _for_torch_mlir(program: Any) -> Any:
    """The program in the ops that torch-mlir knows, and with all of its tensors where torch-mlir looks for them.

    Its importer takes buffers from the state only, where those are not that are never saved; and it takes no tensors of
    the module in a list of operands, such as the indices in `table[positions]`, so that they are copied before.
    """
    aten = import_module("torch").ops.aten
    program = program.run_decompositions(import_module("torch_mlir.extras.fx_decomp_util").get_decomposition_table())
    kept = set(program.graph_signature.inputs_to_buffers.values()) - program.state_dict.keys()
    program.state_dict.update({name: program.constants[name] for name in kept})
    nodes = list(program.graph.nodes)
    inputs = [node for node in nodes if node.op == "placeholder"]
    for node in inputs:
        in_lists = [user for user in node.users if any(isinstance(x, list | tuple) and node in x for x in user.args)]
        if node.name in program.graph_signature.user_inputs or not in_lists:
            continue
        with program.graph.inserting_after(inputs[-1]):
            copy = program.graph.call_function(aten.clone.default, (node,))
        copy.meta["val"] = node.meta["val"]
        for user in in_lists:
            user.replace_input_with(node, copy)
    return program


def _reason(cause: BaseException) -> str:
    """Why an exporter stopped: the diagnostic of an op, or else the first line of what it was raised from, at last."""
    while cause.__cause__ is not None:
        cause = cause.__cause__
    lines = _lines(cause)
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return (errors or lines or [type(cause).__name__])[0]


def _lines(cause: BaseException) -> list[str]:
    return [line.strip().removeprefix("- ") for line in str(cause).splitlines() if line.strip()]
