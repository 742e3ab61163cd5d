"""From a function or a module of another package to an artifact, in one call.

The packages are not needed otherwise: they are imported when a converter is called.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Literal

from zellige.artifact import Artifact
from zellige.compiler.driver import compile_from
from zellige.compiler.options import CompileOptions
from zellige.frontends import jax_functions, torch_modules
from zellige.support.errors import Note, UsageError


def from_jax(function: Callable[..., object], *arguments: object, **options: object) -> Artifact:
    """Compile a function of JAX for arguments like these: arrays, trees of them, or `jax.ShapeDtypeStruct`.

    Where the dimensions of such a shape are symbolic (`jax.export.symbolic_shape`), the program takes any sizes.
    The program has one function, `main`; its arguments and results are the leaves of the function's own in JAX's order.
    What the function refers to, such as parameters, is in the module. `options` are the fields of `CompileOptions`.
    Raises `UsageError` without the package jax, and what `compile` raises for what JAX makes of the function.
    """
    _expect("from_jax", "jax")
    return compile_from(jax_functions.stablehlo_text(function, arguments), CompileOptions.of(**options))


def from_torch(
    module: object,
    *arguments: object,
    via: Literal["stablehlo", "linalg", "onnx"] | None = None,
    dynamic_shapes: object = None,
    **options: object,
) -> Artifact:
    """Compile a module of PyTorch, in the mode in which it is (`module.eval()`), for tensors like these.

    `dynamic_shapes` says as in `torch.export.export` which dimensions are open: the program takes tensors of any such
    size. In the place of a module may stand what `torch.export.export` made of it, without arguments.

    It goes through torch-mlir's StableHLO, or its linalg where it has none and for open dimensions; or through ONNX
    (the packages onnx and onnxscript). `via` says which; unless it does, through torch-mlir where that is installed,
    but for open dimensions through ONNX where it can: of two of them in one tensor torch-mlir may take one to be 1.
    The program has one function, `main`; its arguments and results are the tensors in the module's own, in order, and
    the parameters are in it. `options` are the fields of `CompileOptions`. Raises `UsageError` without these packages,
    `CompileError` for a module that they do not translate, and what `compile` raises for what they make of it.
    """
    _expect("from_torch", "torch")
    if via not in (None, "onnx", *torch_modules.DIALECTS):
        raise UsageError(f"'via' is {via!r}, expected 'stablehlo', 'linalg' or 'onnx'")
    if via == "onnx" or (via is None and _prefers_onnx(module, dynamic_shapes)):
        _expect("from_torch via ONNX", "onnx", "onnxscript")
        translated = torch_modules.onnx_model(module, arguments, dynamic_shapes)
    else:
        _expect("from_torch via torch-mlir", "torch_mlir")
        translated = torch_modules.mlir_text(module, arguments, dynamic_shapes, via)
    return compile_from(translated, CompileOptions.of(**options))


def _prefers_onnx(module: object, dynamic_shapes: object) -> bool:
    if find_spec("torch_mlir") is None:
        return True
    is_open = dynamic_shapes is not None or bool(getattr(module, "range_constraints", None))
    return is_open and all(find_spec(package) is not None for package in ("onnx", "onnxscript"))


def _expect(who: str, *packages: str) -> None:
    """Raise `UsageError` unless these can be imported."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        hint = Note(f"install with: pip install {' '.join(missing).replace('_', '-')}")
        raise UsageError(f"{who} takes the package '{missing[0]}', which is not installed", notes=(hint,))
