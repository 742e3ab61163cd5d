"""What the link phase refuses of what it is given."""

import pytest

from zellige.compiler.driver import compile_from, lower
from zellige.compiler.options import CompileOptions
from zellige.support.errors import CompileError
from zellige.support.printing import module_text

PROGRAM = """
func.func @main(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %e = tensor.empty() : tensor<64x64xf32>
  %y = linalg.negf ins(%x : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %y : tensor<64x64xf32>
}
"""


@pytest.fixture(scope="module")
def objects() -> str:
    return module_text(lower(PROGRAM, CompileOptions()))


def test_a_mark_that_is_none(objects: str) -> None:
    marked = objects.replace("#intrinsic.builtin<group @zellige.kernels version 1>", "unit")
    with pytest.raises(CompileError, match=r"expected 'intrinsic.builtin' to hold group and version, got unit"):
        compile_from(marked, CompileOptions(), "link")


def test_an_op_that_is_no_object(objects: str) -> None:
    extended = objects.rstrip().removesuffix("}") + "  intrinsic.group @g versions [1]\n}\n"
    with pytest.raises(CompileError, match=r"'intrinsic.group' may not stand in the module after phase 'object'"):
        compile_from(extended, CompileOptions(), "link")
