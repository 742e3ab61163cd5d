"""Faults that only a look at the whole module shows."""

import pytest

from zellige.compiler.universe import context
from zellige.support.diagnostics import render
from zellige.support.errors import CompileError
from zellige.support.parsing import parse_module
from zellige.support.verification import verify_module


def message(text: str) -> str:
    module = parse_module(text, "m.mlir", context())
    with pytest.raises(CompileError) as caught:
        verify_module(module)
    return render(caught.value, text)


def test_wrong_result_type() -> None:
    assert message("func.func @f(%a: tensor<4xf32>) -> tensor<5xf32> {\n  return %a : tensor<4xf32>\n}\n") == (
        "m.mlir:2:3: error: 'func.return': expected arguments to have the same types as the function output types: "
        "expected [tensor<5xf32>], got [tensor<4xf32>]\n"
        "    return %a : tensor<4xf32>\n"
        "    ^"
    )


def test_wrong_shape() -> None:
    text = (
        "func.func @f(%a: tensor<4x8xf32>, %b: tensor<9x4xf32>, %c: tensor<4x4xf32>) {\n"
        "  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<9x4xf32>)\n"
        "    outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>\n"
        "  return\n"
        "}\n"
    )
    assert message(text).splitlines()[0] == (
        "m.mlir:2:3: error: 'linalg.matmul': "
        "inferred input/output operand #1 has shape's dimension #0 to be 8, but found 9"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "func.func @f() -> f32 {\n  %1 = arith.addf %0, %0 : f32\n"
            "  %0 = arith.constant 1.0 : f32\n  return %1 : f32\n}",
            "m.mlir:2:3: error: 'arith.addf': operand 0 is defined after this use or out of its reach",
        ),
        (
            "func.func @f() -> f32 {\n  return %x : f32\n}\n"
            "func.func @g() {\n  %x = arith.constant 1.0 : f32\n  return\n}",
            "m.mlir:2:3: error: 'func.return': '%x' is defined after this use or out of its reach",
        ),
        (
            "func.func @f() {\n  return\n}\nfunc.func @f() {\n  return\n}",
            "m.mlir:4:1: error: '@f' is defined twice",
        ),
        (
            "func.func @f(%a: f32) {\n  func.call @g(%a) : (f32) -> ()\n  return\n}",
            "m.mlir:2:3: error: 'func.call': '@g' could not be found in symbol table",
        ),
        (
            "func.func @f(%a: f32) {\n  %0 = arith.addf %a, %a : f32\n}",
            "m.mlir:2:3: error: expected a terminator at the end of the block, got 'arith.addf'",
        ),
        (
            "func.func @f(%c: i1, %a: f32) {\n  %0 = scf.if %c -> (f32) {\n    scf.yield %a : f32\n  }\n  return\n}",
            "m.mlir:2:3: error: 'scf.if': expected an else region, as there are results",
        ),
        (
            "func.func @f(%a: f64) {\n  %0 = arith.extf %a : f64 to f32\n  return\n}",
            "m.mlir:2:3: error: 'arith.extf': expected a wider type than f64, got f32",
        ),
    ],
)
def test_first_line(text: str, expected: str) -> None:
    assert message(text).splitlines()[0] == expected


def test_of_two_ops_of_one_form_the_one_in_the_wrong_place_is_found() -> None:
    generic = (
        "  %{0} = linalg.generic {{indexing_maps = [affine_map<{1} -> {1}>], iterator_types = [{2}]}}"
        " outs(%{3} : tensor<{4}xindex>) {{\n  ^bb0(%o: index):\n    %i = linalg.index 1 : index\n"
        "    linalg.yield %i : index\n  }} -> tensor<{4}xindex>\n"
    )
    text = (
        "func.func @f(%a: tensor<2x3xindex>, %b: tensor<2xindex>) {\n"
        + generic.format(0, "(d0, d1)", '"parallel", "parallel"', "a", "2x3")
        + generic.format(1, "(d0)", '"parallel"', "b", "2")
        + "  return\n}\n"
    )
    assert message(text).splitlines()[0] == "m.mlir:9:5: error: 'linalg.index': loop 1 of an operation with 1 loops"


def test_values_of_an_outer_block_are_seen() -> None:
    text = "func.func @f(%c: i1, %a: f32) -> f32 {\n  %0 = scf.if %c -> (f32) {\n    scf.yield %a : f32\n  } else {\n"
    text += "    %1 = arith.addf %a, %a : f32\n    scf.yield %1 : f32\n  }\n  return %0 : f32\n}\n"
    verify_module(parse_module(text, "m.mlir", context()))
