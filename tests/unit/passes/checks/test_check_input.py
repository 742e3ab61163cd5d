"""The whole messages of programs that cannot be compiled."""

import pytest

from zellige.compiler.universe import context
from zellige.passes.checks.check_input import CheckInputPass
from zellige.support.diagnostics import render
from zellige.support.errors import CompileError
from zellige.support.parsing import parse_module


def message(text: str) -> str:
    known = context()
    module = parse_module(text, "model.mlir", known)
    with pytest.raises(CompileError) as caught:
        CheckInputPass().apply(known, module)
    return render(caught.value, text)


def test_all_that_is_unsupported_is_named_at_once() -> None:
    text = (
        "func.func @f(%a: f32, %h: tensor<4xui16>) -> f32 {\n"
        "  %0 = math.fma %a, %a, %a : f32\n"
        "  %1 = math.fma %a, %a, %0 : f32\n"
        "  %2 = tensor.empty() : tensor<2xi3>\n"
        "  return %1 : f32\n"
        "}\n"
    )
    assert message(text) == (
        "model.mlir:1:1: error: type ui16 is not supported yet [check-input]\n"
        "  func.func @f(%a: f32, %h: tensor<4xui16>) -> f32 {\n"
        "  ^\n"
        "model.mlir:2:3: note: op 'math.fma' is not supported (2 times)\n"
        "model.mlir:4:3: note: type i3 is not supported yet\n"
        "note: supported element types are f32, f64, f16, bf16, f8, complex<f32>, complex<f64>, i1, i2, i4, i8, "
        "i16, i32, i64 and index"
    )


def test_no_public_function() -> None:
    assert message("module {\n  func.func private @f() {\n    return\n  }\n}\n") == (
        "model.mlir:1:1: error: the module has no public function [check-input]\n"
        "  module {\n"
        "  ^\n"
        "note: a function is public unless it says 'private'"
    )


def test_no_body() -> None:
    assert message("func.func private @f()\nfunc.func @main() {\n  return\n}\n") == (
        "model.mlir:1:1: error: function '@f' has no body [check-input]\n"
        "  func.func private @f()\n"
        "  ^\n"
        "note: a program is one text: all its functions need bodies"
    )
