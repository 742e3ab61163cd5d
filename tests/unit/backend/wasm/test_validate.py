"""Modules that do not make sense; wasmtime refuses each of them too."""

import pytest
import wasmtime

from zellige.backend.wasm.errors import InvalidModuleError
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.validate import validate

BODIES = [
    ("i32.const 1", "1 operands are left at the end of a block"),
    ("i32.add drop", "expected i32, got nothing"),
    ("i32.const 1 f32.const 2 i32.add drop", "expected i32, got f32"),
    ("drop", "expected an operand, got nothing"),
    ("block (result i32) end drop", "expected i32, got nothing"),
    ("i32.const 1 if (result i32) i32.const 1 end drop", "an 'if' with results needs an 'else'"),
    ("br 7", "label 7 does not exist, 1 are open"),
    ("block (result i32) i32.const 1 i32.const 0 br_table 0 1 end drop", "labels of 'br_table' take 1 and 0 operands"),
    ("local.get 9 drop", "'local.get' names local 9, there are 1"),
    ("global.get 5 drop", "'global.get' names global 5, there are 1"),
    ("i32.const 1 global.set 0", "global 0 is constant"),
    ("call 9", "'call' names function 9, there are 1"),
    ("ref.func 0 drop", "function 0 is not declared for references"),
    ("i32.const 0 i32.load 3 drop", "'i32.load' names memory 3, there are 1"),
    ("i32.const 0 i32.load align=8 drop", "'i32.load' has alignment 2^3, its natural one is 2^2"),
    ("i32.const 0 i64.atomic.load align=4 drop", "'i64.atomic.load' has alignment 2^2, its natural one is 2^3"),
    ("v128.const i32x4 0 0 0 0 i32x4.extract_lane 7 drop", "'i32x4.extract_lane' names lane 7 of 4"),
    ("data.drop 0", "'data.drop' names data segment 0, there are 0"),
    ("ref.null func ref.null func i32.const 0 select drop", "'select' of references must say its type"),
    ("i32.const 0 ref.is_null drop", "expected a reference, got i32"),
    ("return_call 0", "expected i32, got nothing"),
    ("i32.const 0 i32.const 0 call_indirect 1 (param i32)", "an indirect call needs a table of funcref, got externref"),
    ("i32.const 0 i32.const 0 i32.const 0 table.copy 0 1", "a table of funcref cannot hold externref"),
]


@pytest.mark.parametrize(("text", "message"), BODIES)
def test_bodies(text: str, message: str):
    data = bytes(
        wasmtime.wat2wasm(
            f"""(module (memory 1) (table 1 funcref) (table 1 externref) (global i32 (i32.const 1))
                 (func (param i32) {text}))"""
        )
    )
    check(data, message)
    with pytest.raises(InvalidModuleError) as error:
        validate(read(data))
    assert error.value.function == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(memory 70000)", "the limits of a memory must be at most 65536"),
        ("(memory 2 1)", "a memory has least size 2 and greatest 1"),
        ("(func (param i32)) (start 0)", "the start function must be () -> (), got (i32) -> ()"),
        ('(func) (export "f" (func 0)) (export "f" (func 0))', "'f' is exported twice"),
        ('(export "f" (func 3))', "function 3 does not exist, there are 0"),
        ("(global i32 (f32.const 1))", "a constant expression gives ['f32'], expected i32"),
        ("(global i32 (i32.const 1) (i32.add))", "expects two i32, got ['i32']"),
        ("(global i32 (i32.eqz (i32.const 1)))", "'i32.eqz' is no constant"),
        (
            "(global (mut i32) (i32.const 1)) (global i32 (global.get 0))",
            "imported global 0 does not exist",
        ),
        ('(import "h" "g" (global (mut i32))) (global i32 (global.get 0))', "in a constant expression is mutable"),
        ('(data (i32.const 0) "x")', "memory 0 does not exist, there are 0"),
        ("(table 1 externref) (func $f) (elem (table 0) (i32.const 0) func $f)", "externref cannot hold funcref"),
        ("(type (func)) (func (type 4))", "type 4 does not exist, there are 1"),
        (f"(type (func (param {'i32 ' * 1001})))", "expected at most 1000 parameters and results"),
        (f"(func (local {'i32 ' * 50001}))", "expected at most 50000 locals, got 50001"),
        (f'(func (export "{"x" * 100001}"))', "a name has more than 100000 bytes"),
    ],
)
def test_modules(text: str, message: str):
    check(bytes(wasmtime.wat2wasm(f"(module {text})")), message)


def check(data: bytes, message: str) -> None:
    with pytest.raises(wasmtime.WasmtimeError):
        wasmtime.Module.validate(wasmtime.Engine(), data)
    with pytest.raises(InvalidModuleError) as error:
        validate(read(data))
    assert message in str(error.value)


def test_code_behind_a_branch_has_any_type():
    data = bytes(
        wasmtime.wat2wasm("(module (func (result i32) unreachable select i32.add f32.convert_i32_s drop br 0))")
    )
    wasmtime.Module.validate(wasmtime.Engine(), data)
    validate(read(data))


def test_a_table_that_only_javascript_engines_refuse():
    with pytest.raises(InvalidModuleError, match="the limits of a table must be at most 10000000"):
        validate(read(bytes(wasmtime.wat2wasm("(module (table 20000000 funcref))"))))
