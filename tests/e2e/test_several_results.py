"""A generic with two results, of which only one starts from what was there before, against numpy."""

from __future__ import annotations

import numpy as np
import pytest

import zellige


@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 5)])
def test_only_one_result_reads_its_start(shape: tuple[int, ...]) -> None:
    loops = ", ".join(f"d{i}" for i in range(len(shape)))
    sizes = "".join(f"{size}x" for size in shape)
    kinds = ", ".join(['"parallel"'] * len(shape))
    maps = ", ".join([f"affine_map<({loops}) -> ({loops})>"] * 3)
    f, i = f"tensor<{sizes}f32>", f"tensor<{sizes}i32>"
    text = f"""
      func.func @main(%x: {f}, %y: {f}) -> ({f}, {i}) {{
        %e = tensor.empty() : {i}
        %0, %1 = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}
            ins(%x : {f}) outs(%y, %e : {f}, {i}) {{
        ^bb0(%a: f32, %before: f32, %nothing: i32):
          %s = arith.addf %before, %a : f32
          %n = arith.fptosi %a : f32 to i32
          linalg.yield %s, %n : f32, i32
        }} -> ({f}, {i})
        return %0, %1 : {f}, {i}
      }}"""
    x = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    with zellige.load(zellige.compile(text), cache=False) as program:
        total, whole = program["main"](x, 10 * x)
    np.testing.assert_array_equal(total, 11 * x)
    np.testing.assert_array_equal(whole, x.astype(np.int32))
