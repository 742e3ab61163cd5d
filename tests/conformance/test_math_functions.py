"""The math functions of a compiled module, in the engine: the errors that numpy's run of the same arithmetic has."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige
from tests.math_accuracy import LIMITS_F32, LIMITS_F64, true_values, ulp_errors

COUNT = 4096


def program_text(names: list[str], kind: str) -> str:
    """A module with a function for each name, which maps it over a tensor."""
    tensor = f"tensor<{COUNT}x{kind}>"
    functions = "\n".join(
        f"""
func.func @{name}(%x: {tensor}) -> {tensor} {{
  %e = tensor.empty() : {tensor}
  %0 = linalg.generic {{indexing_maps = [#map, #map], iterator_types = ["parallel"]}}
      ins(%x : {tensor}) outs(%e : {tensor}) {{
  ^bb0(%a: {kind}, %b: {kind}):
    %y = math.{name} %a : {kind}
    linalg.yield %y : {kind}
  }} -> {tensor}
  func.return %0 : {tensor}
}}"""
        for name in names
    )
    return f"#map = affine_map<(d0) -> (d0)>\n{functions}\n"


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize(
    ("kind", "dtype", "limits"), [("f32", np.float32, LIMITS_F32), ("f64", np.float64, LIMITS_F64)]
)
def test_errors_in_the_engine(kind: str, dtype: npt.DTypeLike, limits: dict[str, float], deterministic: bool) -> None:
    names = [name for name in limits if name not in ("powf", "atan2")]
    artifact = zellige.compile(program_text(names, kind), deterministic=deterministic)
    program = zellige.load(artifact, cache=False)
    random = np.random.default_rng(2863)
    info = np.finfo(dtype)
    edges = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, info.max, info.min, info.tiny, info.smallest_subnormal]
    bits = random.integers(0, 2 ** (8 * info.dtype.itemsize), COUNT // 2, dtype=np.uint64)
    x: npt.NDArray[Any] = np.concatenate(
        [
            np.array(edges, dtype),
            bits.astype(f"u{info.dtype.itemsize}").view(dtype),
            random.uniform(-20, 20, COUNT // 2 - len(edges)).astype(dtype),
        ]
    )
    for name in names:
        got = program[name](x)
        errors = ulp_errors(np.asarray(got), true_values(name, x))
        worst = int(np.argmax(errors))
        assert errors[worst] <= limits[name], f"{name} at {x[worst]!r}"
