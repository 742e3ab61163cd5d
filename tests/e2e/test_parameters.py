"""Weights outside the module: one module serves several fine-tunings, and says what is wrong with a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest

import zellige
from zellige import RuntimeTrap, UsageError
from zellige.tools.main import main

Array = npt.NDArray[Any]

FILE_NAMES = {"float32": "F32", "bfloat16": "BF16", "int8": "I8", "uint8": "U8"}

LAYER = """
func.func @main(%x: tensor<2x16xf32>) -> tensor<2x3xf32> {
  %w = arith.constant dense_resource<"layer.weight"> : tensor<16x3xf32>
  %b = arith.constant dense_resource<"layer.bias"> : tensor<3xf32>
  %zero = arith.constant 0.0 : f32
  %never = arith.constant -1.0 : f32
  %is_bad = arith.cmpf ogt, %zero, %never : f32
  %e = tensor.empty() : tensor<2x3xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %p = linalg.matmul ins(%x, %w : tensor<2x16xf32>, tensor<16x3xf32>) outs(%i : tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>,
      affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%p, %b : tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %s = arith.addf %u, %v : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
"""

BRANCHES = """
func.func @main(%x: tensor<4xf32>, %limit: tensor<f32>) -> tensor<4xf32> {
  %w = arith.constant dense_resource<w> : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %c0 = arith.constant 0 : index
  %first = tensor.extract %x[%c0] : tensor<4xf32>
  %most = tensor.extract %limit[] : tensor<f32>
  %is_small = arith.cmpf olt, %first, %most : f32
  cf.assert %is_small, "too large"
  %y = linalg.mul ins(%x, %w : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
"""


def resources(**arrays: Array) -> str:
    """The end of a text that holds these arrays."""
    lines = [f'"{name.replace("__", ".")}": "0x40000000{array.tobytes().hex()}"' for name, array in arrays.items()]
    return "{-# dialect_resources: { builtin: {" + ",\n".join(lines) + "} } #-}\n"


def random(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def write(path: Path, arrays: Mapping[str, Array], **changes: object) -> Path:
    """A file as the format's specification says; `changes` go into the header."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, array in arrays.items():
        offsets = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": FILE_NAMES[array.dtype.name], "shape": array.shape, "data_offsets": offsets}
        data += array.tobytes()
    text = json.dumps(header | changes).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def read(path: Path) -> dict[str, tuple[str, list[int], bytes]]:
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    assert end % 64 == 0
    entries = json.loads(content[8:end])
    found: dict[str, tuple[str, list[int], bytes]] = {}
    for name, entry in entries.items():
        first, last = entry["data_offsets"]
        found[name] = entry["dtype"], entry["shape"], content[end + first : end + last]
    return found


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module whose file of parameters is beside it."""
    path = tmp_path_factory.mktemp("layer") / "layer.wasm"
    text = LAYER + resources(layer__weight=random(16, 3), layer__bias=np.zeros(3, np.float32))
    zellige.compile(text, parameters="external").save(path)
    return path


def test_the_file_has_the_weights_by_their_names(layer: Path):
    assert read(layer.with_suffix(".safetensors")) == {
        "layer.weight": ("F32", [16, 3], random(16, 3).tobytes()),
        "layer.bias": ("F32", [3], bytes(12)),
    }


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_one_module_serves_two_fine_tunings(tmp_path: Path, profile: str):
    text = LAYER + resources(layer__weight=random(16, 3), layer__bias=np.zeros(3, np.float32))
    module = tmp_path / "layer.wasm"
    zellige.compile(text, parameters="external", profile=profile).save(module)
    other = {"layer.bias": random(3), "layer.weight": random(16, 3) * 2, "unused": random(5)}
    file = write(tmp_path / "other.safetensors", other)
    x = random(2, 16)
    with zellige.load(module) as first:
        with zellige.load(module, parameters=file) as second:
            np.testing.assert_allclose(second["main"](x), x @ (random(16, 3) * 2) + random(3), rtol=1e-5)
        np.testing.assert_allclose(first["main"](x), x @ random(16, 3), rtol=1e-5)


@pytest.mark.filterwarnings("ignore::zellige.SpecializeWarning")
def test_native_code_reads_parameters(tmp_path: Path):
    text = """
    func.func @main(%x: tensor<64x256xf32>) -> tensor<64x256xf32> {
      %w = stablehlo.constant dense_resource<w> : tensor<256x256xf32>
      %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0]
          : (tensor<64x256xf32>, tensor<256x256xf32>) -> tensor<64x256xf32>
      return %0 : tensor<64x256xf32>
    }
    """
    artifact = zellige.compile(text + resources(w=np.zeros((256, 256), np.float32)), parameters="external")
    artifact.save(tmp_path / "dot.wasm")
    file = write(tmp_path / "other.safetensors", {"w": random(256, 256)})
    with zellige.load(tmp_path / "dot.wasm", parameters=file, specialize="native") as program:
        expected = random(64, 256).astype(np.float64) @ random(256, 256)
        np.testing.assert_allclose(program["main"](random(64, 256)), expected, atol=1e-3)


def test_an_artifact_that_was_not_saved_has_its_parameters():
    text = LAYER + resources(layer__weight=random(16, 3), layer__bias=random(3))
    artifact = zellige.compile(text, parameters="external")
    assert set(artifact.parameters) == {"layer.weight", "layer.bias"}
    with zellige.load(artifact) as program:
        np.testing.assert_allclose(program["main"](random(2, 16)), random(2, 16) @ random(16, 3) + random(3), rtol=1e-5)


@pytest.mark.parametrize("profile", ["full", "simd"])
def test_parameters_are_there_again_after_a_trap(profile: str):
    w, x = random(4), np.ones(4, np.float32)
    artifact = zellige.compile(BRANCHES + resources(w=w), parameters="external", profile=profile)
    with zellige.load(artifact) as program:
        with pytest.raises(RuntimeTrap, match="too large"):
            program["main"](x, np.float32(0))
        np.testing.assert_array_equal(program["main"](x, np.float32(2)), w)


def test_names_that_stand_for_different_constants_stay_apart():
    """Values of two functions may have one name; a resource that is used twice is one parameter."""
    text = """
    func.func private @scale(%x: tensor<300xf32>) -> tensor<300xf32> {
      %w = stablehlo.constant dense_resource<shared> : tensor<300xf32>
      %0 = stablehlo.multiply %x, %w : tensor<300xf32>
      return %0 : tensor<300xf32>
    }
    func.func @main(%x: tensor<300xf32>) -> tensor<300xf32> {
      %w = stablehlo.constant dense_resource<shared> : tensor<300xf32>
      %0 = stablehlo.add %x, %w : tensor<300xf32>
      %1 = func.call @scale(%0) : (tensor<300xf32>) -> tensor<300xf32>
      return %1 : tensor<300xf32>
    }
    """
    artifact = zellige.compile(text + resources(shared=random(300)), parameters="external")
    assert list(artifact.parameters) == ["shared"]
    hexadecimal = [f'dense<"0x{(random(300) * k).tobytes().hex()}">' for k in (1, 2)]
    for constant in hexadecimal:
        text = text.replace("dense_resource<shared>", constant, 1)
    artifact = zellige.compile(text, parameters="external")
    assert list(artifact.parameters) == ["w", "constant0"]
    x = random(300) + 1
    with zellige.load(artifact) as program:
        np.testing.assert_allclose(program["main"](x), (x + random(300) * 2) * random(300), rtol=1e-5)


def test_what_has_no_name_leaves_when_it_is_large_and_no_fill():
    text = """
    func.func @main(%x: tensor<256xf32>) -> (tensor<256xf32>, tensor<256xf32>, tensor<3xf32>) {
      %large = stablehlo.constant dense<"0xLARGE"> : tensor<256xf32>
      %fill = stablehlo.constant dense<2.0> : tensor<256xf32>
      %small = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
      %0 = stablehlo.multiply %x, %large : tensor<256xf32>
      %1 = stablehlo.multiply %x, %fill : tensor<256xf32>
      return %0, %1, %small : tensor<256xf32>, tensor<256xf32>, tensor<3xf32>
    }
    """
    artifact = zellige.compile(text.replace("LARGE", random(256).tobytes().hex()), parameters="external")
    assert list(artifact.parameters) == ["large"]


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, np.uint8, np.int8])
def test_types_of_elements_are_those_of_the_program(dtype: Any, tmp_path: Path):
    w = (np.arange(2048) % 127).astype(dtype)
    element = {"bfloat16": "bf16", "uint8": "ui8", "int8": "i8"}[w.dtype.name]
    text = f"""
    func.func @main(%x: tensor<2048x{element}>) -> tensor<2048x{element}> {{
      %w = stablehlo.constant dense_resource<w> : tensor<2048x{element}>
      %0 = stablehlo.maximum %x, %w : tensor<2048x{element}>
      return %0 : tensor<2048x{element}>
    }}
    """
    artifact = zellige.compile(text + resources(w=w), parameters="external")
    artifact.save(tmp_path / "w.wasm")
    assert read(tmp_path / "w.safetensors") == {"w": (FILE_NAMES[w.dtype.name], [2048], w.tobytes())}
    x = np.full(2048, 64, dtype)
    with zellige.load(tmp_path / "w.wasm") as program:
        np.testing.assert_array_equal(program["main"](x), np.maximum(x, w))


RIGHT = {"layer.weight": random(16, 3), "layer.bias": random(3)}


@pytest.mark.parametrize(
    ("arrays", "changes", "message"),
    [
        ({"layer.bias": random(3)}, {}, r"has no parameter 'layer.weight', the program needs F32\[16, 3\]"),
        (
            {**RIGHT, "layer.bias": random(4)},
            {},
            r"has F32\[4\] for the parameter 'layer.bias', the program needs F32\[3\]",
        ),
        (
            {**RIGHT, "layer.bias": random(3).astype(ml_dtypes.bfloat16)},
            {},
            r"has BF16\[3\] for the parameter 'layer.bias', the program needs F32\[3\]",
        ),
        (RIGHT, {"layer.bias": 7}, "does not describe the parameter 'layer.bias' by dtype, shape and data_offsets"),
        (
            RIGHT,
            {"layer.bias": {"dtype": "F32", "shape": [3], "data_offsets": [12, 0]}},
            "does not describe the parameter 'layer.bias'",
        ),
        (
            RIGHT,
            {"layer.bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}},
            "has 8 bytes for the parameter 'layer.bias', its type takes 12",
        ),
        (
            RIGHT,
            {"layer.bias": {"dtype": "F32", "shape": [3], "data_offsets": [200, 212]}},
            "is cut short: the parameter 'layer.bias' ends at byte 212 of 204 bytes of data",
        ),
    ],
)
def test_a_file_of_something_else_is_refused(
    layer: Path, tmp_path: Path, arrays: dict[str, Array], changes: dict[str, object], message: str
):
    file = write(tmp_path / "x.safetensors", arrays, **changes)
    with pytest.raises(RuntimeTrap, match=message) as caught:
        zellige.load(layer, parameters=file)
    assert caught.value.code == "parameters"
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is cut short: it has 0 bytes, the length of its header takes 8"),
        (b"\1\0\0", "is cut short: it has 3 bytes"),
        (b"\xff" * 8, "has 8 bytes, its header would end at byte"),
        ((20).to_bytes(8, "little") + b"{}", "has 10 bytes, its header would end at byte 28"),
        ((2).to_bytes(8, "little") + b"{]", "has a header that is no JSON: "),
        ((2).to_bytes(8, "little") + b"\xff\xff", "has a header that is no JSON: "),
        ((2).to_bytes(8, "little") + b"[]", "has a header that is no JSON object"),
        ((13).to_bytes(8, "little") + b'{"a":1,"a":2}', "'a' is described twice"),
    ],
)
def test_a_file_in_another_format_is_refused(layer: Path, tmp_path: Path, content: bytes, message: str):
    file = tmp_path / "x.safetensors"
    file.write_bytes(content)
    with pytest.raises(RuntimeTrap, match=message):
        zellige.load(layer, parameters=file)


def test_each_cut_of_a_file_is_refused(layer: Path, tmp_path: Path):
    whole = layer.with_suffix(".safetensors").read_bytes()
    file = tmp_path / "x.safetensors"
    for size in (7, 8, 60, len(whole) - 205, len(whole) - 12, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(RuntimeTrap) as caught:
            zellige.load(layer, parameters=file)
        assert caught.value.code == "parameters"


def test_a_missing_file_is_named(layer: Path, tmp_path: Path):
    alone = tmp_path / "alone.wasm"
    alone.write_bytes(layer.read_bytes())
    with pytest.raises(UsageError, match=r"the program needs 2 parameters from a file, 'layer\.\w+' is the first"):
        zellige.load(alone)
    with pytest.raises(UsageError, match=r"cannot read '.*none\.safetensors': no such file"):
        zellige.load(alone, parameters=tmp_path / "none.safetensors")


def test_a_program_with_its_own_weights_takes_no_file(tmp_path: Path):
    text = LAYER + resources(layer__weight=random(16, 3), layer__bias=random(3))
    with pytest.raises(UsageError, match="the program has all of its parameters, and none are taken from"):
        zellige.load(zellige.compile(text), parameters=write(tmp_path / "x.safetensors", RIGHT))


def test_embed_and_external_are_all_there_is():
    with pytest.raises(UsageError, match="parameters must be one of embed, external, got 'extern'"):
        zellige.compile(LAYER, parameters="extern")


def test_the_commands_write_and_read_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    source, module = tmp_path / "layer.mlir", tmp_path / "layer.wasm"
    source.write_text(LAYER + resources(layer__weight=random(16, 3), layer__bias=np.zeros(3, np.float32)))
    assert main(["compile", str(source), "-o", str(module), "--parameters", "external"]) == 0
    other = write(tmp_path / "other.safetensors", RIGHT)
    np.save(tmp_path / "x.npy", random(2, 16))
    words = ["run", str(module), "--input", str(tmp_path / "x.npy"), "--output", str(tmp_path / "y.npy")]
    assert main(words) == 0
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), random(2, 16) @ random(16, 3), rtol=1e-5)
    assert main([*words, "--parameter-file", str(other)]) == 0
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), random(2, 16) @ random(16, 3) + random(3), rtol=1e-5)
    assert main(["compile", str(source), "--parameters", "external", "--to", "memory"]) == 2
    assert "'--to memory' stops before there is one" in capsys.readouterr().err
    assert main(["compile", str(source), "-o", str(module), "--parameters", "external", "--from", "memory"]) == 2
    assert "parameters leave a program before phase 'input', this starts at 'memory'" in capsys.readouterr().err
