"""What of dynamic loops one workgroup runs."""

from __future__ import annotations

from xdsl.dialects.linalg.ops import GenericOp

from tests.dynamic_kernel_cases import layer_norm, matmul, softmax
from tests.dynamic_kernels import Kernel
from zellige.analysis.nests import form_nests
from zellige.analysis.schedules import choose_tiles
from zellige.analysis.target import WASM
from zellige.analysis.workgroups import PASSED_BYTES, choose_workgroups
from zellige.compiler.source import read_module
from zellige.compiler.universe import context


def workgroups(kernel: Kernel) -> tuple[int, ...]:
    module = read_module(kernel.text, "<kernel>", context())
    nests = form_nests([op for op in module.walk() if isinstance(op, GenericOp)])
    return choose_workgroups(nests, WASM, choose_tiles(nests[-1], WASM)[-1])


def test_rows_of_a_contraction_are_whole_tiles_that_use_a_panel_often() -> None:
    rows, columns, _ = workgroups(matmul("m", 768, 3072).kernel)
    assert rows >= 64
    assert rows & (rows - 1) == 0
    assert 3072 % columns == 0


def test_rows_of_dynamic_length_are_cut_and_their_columns_are_not() -> None:
    rows, columns = workgroups(softmax(("n",), "m").kernel)
    assert rows > 1
    assert columns == 0


def test_what_rows_keep_has_a_bound() -> None:
    outer, inner, row = workgroups(layer_norm().kernel)
    assert row == 0
    assert outer * inner > 1
    assert outer * inner * 2 * 4 <= PASSED_BYTES
