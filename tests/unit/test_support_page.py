"""The page on what is supported is what the code says, and its parts say what they should."""

from __future__ import annotations

from functools import partial

from xdsl.dialects import arith, scf

from scripts.support.markdown import summary, table
from scripts.support.onnx_refusals import refusals
from scripts.support.page import PATH, page
from scripts.support.translated_ops import DIALECTS, handled, passes
from zellige.compiler.universe import load_dialect
from zellige.dialects.stablehlo.elementwise import AddOp
from zellige.frontends.onnx.operators.control_flow import CONTROL_FLOW
from zellige.frontends.onnx.operators.elementwise import ELEMENTWISE


def test_the_page_is_what_the_code_says() -> None:
    assert page() == PATH.read_text(encoding="utf-8"), "write it anew: python -m scripts.support"


def test_passes_replace_ops_of_the_dialects_that_the_page_is_about() -> None:
    known = {op for dialect in DIALECTS for op in load_dialect(dialect).operations}
    listed = [op for module in passes() for op in handled(module)]
    assert listed
    assert set(listed) <= known


def test_what_an_operator_refuses_is_in_its_function_and_in_those_that_it_calls() -> None:
    assert refusals(ELEMENTWISE["", "Dropout"]) == ["training is not supported"]
    assert refusals(partial(ELEMENTWISE["", "Dropout"])) == ["training is not supported"]
    assert refusals(ELEMENTWISE["", "Relu"]) == []
    assert "the branches have results of different types: … and …" in refusals(CONTROL_FLOW["", "If"])


def test_a_summary_is_the_first_sentence_of_an_op_of_ours() -> None:
    assert summary(AddOp) == "The sum; of truth values, or."
    assert summary(scf.IfOp) == summary(arith.AddfOp) == ""


def test_a_table_has_no_empty_column_and_no_bar_in_a_cell() -> None:
    assert table(["op", "types", ""], [("abs", "", "|x|")]) == "| op |  |\n| --- | --- |\n| abs | \\|x\\| |\n"
