"""Reading text: places, whole messages, constants that stay bytes."""

import time

import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FileLineColLoc, ModuleOp, UnregisteredOp
from xdsl.utils.hints import isa

from zellige.compiler.universe import context
from zellige.support.diagnostics import place_of, render
from zellige.support.errors import CompileError, SourcePlace
from zellige.support.parsing import parse_module


def read(text: str) -> ModuleOp:
    return parse_module(text, "model.mlir", context())


def message(text: str) -> str:
    with pytest.raises(CompileError) as caught:
        read(text)
    return render(caught.value, text)


def constants(module: ModuleOp) -> list[bytes]:
    values = [op.value for op in module.walk() if isinstance(op, arith.ConstantOp)]
    return [value.data.data for value in values if isa(value, DenseIntOrFPElementsAttr)]


def test_every_operation_knows_its_line_and_column() -> None:
    module = read(
        "func.func @f(%a: i32) -> i32 {\n  // a comment\n\n  %b = arith.addi %a, %a : i32\n  return %b : i32\n}\n"
    )
    places = [(op.name, place_of(op)) for op in module.walk()]
    assert places == [
        ("builtin.module", SourcePlace("model.mlir", 1, 1)),
        ("func.func", SourcePlace("model.mlir", 1, 1)),
        ("arith.addi", SourcePlace("model.mlir", 4, 3)),
        ("func.return", SourcePlace("model.mlir", 5, 3)),
    ]


def test_a_location_of_the_text_is_kept() -> None:
    module = read(
        '#a = loc("net.py":7:2)\n%0 = arith.constant 1 : i32 loc("net.py":3:4)\n%1 = arith.constant 2 : i32 loc(#a)\n'
    )
    places = [str(place_of(op)) for op in module.ops]
    assert places == ["net.py:3:4", "net.py:7:2"]


@pytest.mark.parametrize("end", ["to :47", "to 5:8"])
def test_a_location_that_is_a_range_is_where_it_starts(end: str) -> None:
    (op,) = read(f'%0 = arith.constant 1 : i32 loc("net.py":4:34 {end})\n').ops
    assert str(place_of(op)) == "net.py:4:34"


def test_a_location_that_is_defined_later_is_the_place_in_the_text() -> None:
    module = read('%0 = arith.constant 1 : i32 loc(#late)\n#late = loc("net.py":3:4)\n')
    (op,) = module.ops
    assert isinstance(op.location, FileLineColLoc)
    assert str(place_of(op)) == "model.mlir:1:1"


def test_syntax_error() -> None:
    assert message("func.func @f(%a: i32) -> i32 {\n  %b = arith.addi %a %a : i32\n}\n") == (
        "model.mlir:2:22: error: expected ',', got '%a'\n    %b = arith.addi %a %a : i32\n                       ^"
    )


def test_end_of_text() -> None:
    text = "func.func @f() {\n  return"
    assert message(text) == (
        "model.mlir:2:9: error: expected an operation or '}', got the end of the text\n    return\n          ^"
    )


def test_empty_file() -> None:
    assert message("") == "model.mlir:1:1: error: the file is empty"
    assert message(" \n\n").startswith("model.mlir:1:1: error: the file is empty")


def test_a_file_of_comments() -> None:
    text = "// nothing here\n"
    assert message(text).startswith("model.mlir:2:1: error: expected an operation, got the end of the text")


def test_unknown_op() -> None:
    assert message("func.func @f(%a: f32) {\n  %b = arith.adf %a, %a : f32\n  return\n}\n").splitlines()[:3] == [
        "model.mlir:2:8: error: unknown op 'arith.adf'; did you mean 'arith.addf'?",
        "    %b = arith.adf %a, %a : f32",
        "         ^",
    ]


def test_op_of_an_unknown_dialect() -> None:
    lines = message('func.func @f(%a: f32) {\n  %b = "other.scan"(%a) : (f32) -> f32\n}\n').splitlines()
    assert lines[0] == "model.mlir:2:9: error: op 'other.scan' is not supported"
    assert lines[-1].startswith("note: known dialects: affine, arith,")


def test_all_unknown_ops_are_named_where_reading_ends_at_the_first() -> None:
    lines = message(
        "func.func @f(%a: f32) {\n"
        "  %b = tosa.custom %a {n} : f32\n"
        '  %c, %d = "other.scan"(%b) : (f32) -> (f32, f32)\n'
        "  %e = arith.addf %c, %d : f32\n"
        "  tosa.custom %e {n} : f32\n"
        "  other.scan %e : f32\n"
        "  return\n}\n"
        '{-# dialect_resources: { builtin: {\n  torch_tensor_3.x: "0x0400"\n} } #-}\n'
    ).splitlines()
    assert lines[0] == "model.mlir:2:8: error: op 'tosa.custom' is not supported"
    assert "note: not supported either, from here on: 'other.scan' (2 times), 'tosa.custom'" in lines


def test_op_that_exists_upstream_is_not_called_misspelt() -> None:
    lines = message("func.func @f(%a: f32) {\n  %b = math.isnan %a : f32\n  return\n}\n").splitlines()
    assert lines[0] == "model.mlir:2:8: error: op 'math.isnan' is not supported"


def test_op_that_exists_upstream_is_read_in_generic_form() -> None:
    module = read('func.func @f(%a: f32) {\n  %b = "math.erfc"(%a) : (f32) -> f32\n  return\n}\n')
    names = [op.op_name.data for op in module.walk() if isinstance(op, UnregisteredOp)]
    assert names == ["math.erfc"]


def test_type_mismatch_between_definition_and_use() -> None:
    assert message("func.func @f(%a: f32) {\n  %b = arith.addi %a, %a : i32\n  return\n}\n") == (
        "model.mlir:2:19: error: operand is used with type i32, but has been previously used or defined with type f32\n"
        "    %b = arith.addi %a, %a : i32\n"
        "                    ^"
    )


def test_undefined_value() -> None:
    assert message("func.func @f() -> f32 {\n  return %nothing : f32\n}\n") == (
        "model.mlir:2:3: error: value '%nothing' is used but not defined\n    return %nothing : f32\n    ^"
    )


def test_constant_with_too_few_bytes() -> None:
    assert message('%0 = arith.constant dense<"0x0000803F00"> : tensor<4xf32>\n') == (
        "model.mlir:1:26: error: the constant has 5 bytes, its type tensor<4xf32> needs 16\n"
        '  %0 = arith.constant dense<"0x0000803F00"> : tensor<4xf32>\n'
        "                           ^"
    )


def test_a_fault_of_the_reader_is_one_error_with_a_place() -> None:
    lines = message("func.func @f(%a: i32) {\n  %b = arith.cmpi less, %a, %a : i32\n}\n").splitlines()
    assert lines[0] == "model.mlir:2:3: error: 'arith.cmpi': the text does not have the form that is expected here"
    assert lines[-1].startswith("note: the reader stopped with ValueError")


def test_a_string_that_does_not_end() -> None:
    text = f'cf.assert %a, "{"long text " * 50}\\q\n'
    assert message(text).startswith("model.mlir:1:15: error: the string does not end on its line")


def test_deep_nesting() -> None:
    text = "func.func @f(%c: i1) {\n" + "scf.if %c {\n" * 3000
    assert "the text is nested too deeply to be read" in message(text)


def test_a_long_line_is_cut() -> None:
    text = f'%0 = arith.constant dense<"0x{"00" * 100_000}"> : tensor<4xf32>\n'
    lines = message(text).splitlines()
    assert lines[0] == "model.mlir:1:26: error: the constant has 100000 bytes, its type tensor<4xf32> needs 16"
    assert lines[1].endswith("000…")
    assert max(map(len, lines)) < 200
    assert lines[2].index("^") == lines[1].index("<")


def test_str_of_an_error_is_short_too() -> None:
    with pytest.raises(CompileError) as caught:
        read(f'%0 = arith.constant dense<"0x{"00" * 100_000}"> : tensor<4xf32>\n')
    assert len(str(caught.value)) < 1000


def test_windows_line_ends() -> None:
    module = read("func.func @f() {\r\n  return\r\n}\r\n")
    assert [str(place_of(op)) for op in module.walk()][-1] == "model.mlir:2:3"


def test_resources_are_bytes_and_do_not_outlive_the_text() -> None:
    text = (
        "%0 = arith.constant dense_resource<w> : tensor<2xf32>\n"
        '{-# dialect_resources: { builtin: { w: "0x040000000000803F00000040" } } #-}\n'
    )
    expected = [b"\x00\x00\x80\x3f\x00\x00\x00\x40"]
    assert constants(read(text)) == expected
    assert constants(read(text)) == expected
    assert "resource 'w' is not defined" in message(text.splitlines()[0])


def test_packed_and_splat_bits() -> None:
    text = (
        '%0 = arith.constant dense<"0x0501"> : tensor<9xi1>\n'
        '%1 = arith.constant dense<"0xFF"> : tensor<20xi1>\n'
        "%2 = arith.constant dense<true> : tensor<3xi1>\n"
        '%3 = arith.constant dense<"0x010001"> : tensor<3xi1>\n'
    )
    assert constants(read(text)) == [b"\1\0\1\0\0\0\0\0\1", b"\1" * 20, b"\1" * 3, b"\1\0\1"]


def test_large_constants_are_read_like_bytes() -> None:
    digits = bytes(range(256)).hex() * 80_000
    text = f'%0 = arith.constant dense<"0x{digits}"> : tensor<{len(digits) // 8}xf32>\n'
    known = context()
    parse_module("%0 = arith.constant 0 : i32", "warm.mlir", known)
    start = time.perf_counter()
    data = bytes.fromhex(digits)
    alone = time.perf_counter() - start
    start = time.perf_counter()
    module = parse_module(text, "big.mlir", known)
    assert time.perf_counter() - start < 5 * alone + 0.5
    assert constants(module) == [data]
