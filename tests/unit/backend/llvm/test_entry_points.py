"""An entry point passes a kernel everything, also what the portable body does not look at."""

from __future__ import annotations

import zellige
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.reader import read

KERNEL = """
func.func @main(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %e = tensor.empty() : tensor<64x64xf32>
  %0 = linalg.exp ins(%x : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %0 : tensor<64x64xf32>
}
"""


def test_coordinates_of_the_workgroup_are_passed_on():
    """There is one workgroup along y and z, so the body reads neither; native code in its place does."""
    module = read(zellige.compile(KERNEL).module)
    (index,) = [export.index for export in module.exports if export.name.startswith("main_0")]
    body = module.bodies[index - module.imported_functions].body
    texts = [str(instruction) for instruction in instructions(body)]
    call = next(number for number, text in enumerate(texts) if text.startswith("call "))
    assert texts[call - 3 : call] == ["local.get 1", "local.get 2", "local.get 3"]
