"""Functions of JAX and modules of PyTorch, compared with what the packages themselves compute."""

from __future__ import annotations

import importlib.util
from typing import Any, Literal

import numpy as np
import pytest

import zellige


def call(artifact: zellige.Artifact, *arguments: object) -> Any:
    with zellige.load(artifact, cache=False) as program:
        return program["main"](*arguments)


def test_a_function_of_jax() -> None:
    jax = pytest.importorskip("jax")
    weights = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)

    def classify(x: Any) -> Any:
        return jax.nn.softmax(jax.nn.gelu(x @ weights, approximate=False), axis=-1)

    x = np.sin(np.arange(8, dtype=np.float32)).reshape(2, 4)
    got = call(zellige.from_jax(classify, x), x)
    np.testing.assert_allclose(got, np.asarray(classify(x)), rtol=1e-5, atol=1e-6)


def test_a_function_of_jax_takes_trees_and_returns_their_leaves() -> None:
    jax = pytest.importorskip("jax")

    def step(state: dict[str, Any], unused: Any) -> Any:
        return {"count": state["count"] + 1, "mean": state["mean"] / 2}

    state = {"count": np.int32(3), "mean": np.array([2.0, 4.0], np.float32)}
    artifact = zellige.from_jax(step, state, jax.ShapeDtypeStruct((5,), np.float32))
    count, mean = call(artifact, state["count"], state["mean"], np.zeros(5, np.float32))
    assert count == 4
    np.testing.assert_array_equal(mean, [1.0, 2.0])


def test_a_function_of_jax_for_arrays_of_any_length() -> None:
    jax = pytest.importorskip("jax")
    export = pytest.importorskip("jax.export")
    shape = jax.ShapeDtypeStruct(export.symbolic_shape("n, 2"), np.float32)

    def mean(x: Any) -> Any:
        return x.sum(axis=0) / x.shape[0]

    artifact = zellige.from_jax(mean, shape)
    for length in (1, 5):
        x = np.arange(2 * length, dtype=np.float32).reshape(length, 2)
        np.testing.assert_allclose(call(artifact, x), x.mean(axis=0), rtol=1e-6)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")  # of torch's own code
@pytest.mark.parametrize(("via", "package"), [("stablehlo", "torch_mlir"), ("onnx", "onnxscript")])
def test_a_module_of_torch(via: Literal["stablehlo", "onnx"], package: str) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip(package)
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.GELU(), torch.nn.Linear(8, 3)).eval()
    x = torch.linspace(-1, 1, 8).reshape(2, 4)
    with torch.no_grad():
        expected = module(x).numpy()
    np.testing.assert_allclose(call(zellige.from_torch(module, x, via=via), x.numpy()), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(("via", "package"), [("linalg", "torch_mlir"), ("onnx", "onnxscript"), (None, "torch_mlir")])
def test_dimensions_of_a_module_of_torch_are_open(via: Literal["linalg", "onnx"] | None, package: str) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip(package)
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Softmax(dim=-1)).eval()
    shapes = ({0: torch.export.Dim("batch")},)
    artifact = zellige.from_torch(module, torch.ones(2, 4), via=via, dynamic_shapes=shapes)
    for batch in (1, 2, 5):
        x = torch.rand(batch, 4)
        with torch.no_grad():
            expected = module(x).numpy()
        np.testing.assert_allclose(call(artifact, x.numpy()), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("is_exported", [False, True])
def test_torch_mlir_gets_buffers_that_are_never_saved_and_indices_that_are_buffers(is_exported: bool) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("torch_mlir")

    class Table(torch.nn.Module):
        def __init__(self) -> None:
            torch.nn.Module.__init__(self)
            self.rows = torch.nn.Parameter(torch.linspace(0, 1, 12).reshape(4, 3))
            self.register_buffer("order", torch.tensor([2, 0, 3]))
            self.register_buffer("scale", torch.tensor([1.0, 2.0, 4.0]), persistent=False)

        def forward(self, x: Any) -> Any:
            return x + self.rows[self.order] * self.scale

    x = torch.ones(3, 3)
    module = Table().eval()
    expected = module(x).detach().numpy()
    state = dict(module.state_dict())
    artifact = zellige.from_torch(torch.export.export(module, (x,))) if is_exported else zellige.from_torch(module, x)
    np.testing.assert_allclose(call(artifact, x.numpy()), expected, rtol=1e-6)
    assert module.state_dict().keys() == state.keys()


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_module_that_torch_does_not_trace() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnxscript")

    class Choice(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return x if x.sum() > 0 else -x

    with pytest.raises(zellige.CompileError, match=r"torch.export does not trace this module: .*"):
        zellige.from_torch(Choice(), torch.ones(4), via="onnx")


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_module_that_torch_mlir_does_not_translate() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("torch_mlir")

    class Half(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return x.to(torch.int8) >> 1

    with pytest.raises(zellige.CompileError, match=r"torch-mlir does not translate .*\n.*via='onnx'"):
        zellige.from_torch(Half(), torch.ones(4), via="stablehlo")


@pytest.mark.parametrize(("name", "package"), [("from_jax", "jax"), ("from_torch", "torch")])
def test_a_missing_package_is_named(name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_others(found: str) -> object:
        return None if found == package else importlib.util.find_spec(found)

    monkeypatch.setattr("zellige.compiler.converters.find_spec", find_others)
    with pytest.raises(zellige.UsageError, match=f"^{name} takes the package '{package}', which is not installed\n"):
        getattr(zellige, name)(print, 1.0)
