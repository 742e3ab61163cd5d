"""The opcode table, against wasmtime's own assembler and validator."""

import pytest
import wasmtime

from zellige.backend.wasm.instructions import encode, instructions
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME, OPCODES, Opcode
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.validate import validate

IMMEDIATE = {
    "memarg": "",
    "lane": "1",
    "memory": "0",
    "data": "0",
    "element": "0",
    "table": "0",
    "i32": "-5",
    "i64": "-5000000000",
    "bytes4": "1.5",
    "bytes8": "-2.5",
    "bytes16": "i32x4 1 2 3 4",
    "shuffle": "16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31",
    "zero": "",
}

TYPED = [opcode for table in OPCODES.values() for opcode in table.values() if opcode.params is not None]


def assembled(opcode: Opcode) -> bytes:
    """A module with a function that does one instruction on its parameters."""
    params, results = opcode.params or (), opcode.results or ()
    operands = " ".join(f"local.get {index}" for index in range(len(params)))
    immediates = " ".join(IMMEDIATE[kind] for kind in opcode.immediates)
    if opcode.name.endswith(".init"):
        immediates = "0"
    return bytes(
        wasmtime.wat2wasm(
            f"""(module (memory 1) (table 1 funcref) (elem func) (data "x")
              (func (param {" ".join(params)}) (result {" ".join(results)}) {operands} {opcode.name} {immediates}))"""
        )
    )


@pytest.mark.parametrize("prefix", OPCODES)
def test_code_types_and_immediates_are_those_of_wasmtime(prefix: int):
    for opcode in TYPED:
        if opcode.prefix == prefix:
            module = read(assembled(opcode))
            validate(module)
            body = module.bodies[0].body
            *_, found, _ = instructions(body)
            assert found.opcode is opcode
            assert encode(found.opcode, *found.immediates) == body[found.offset : found.end]


def test_the_table_has_each_name_once():
    opcodes = [opcode for table in OPCODES.values() for opcode in table.values()]
    assert len(OPCODE_OF_NAME) == len(opcodes)
    assert len(opcodes) > 500


@pytest.mark.parametrize(
    "text",
    [
        "block br 0 end",
        "i32.const 0 if nop else nop end",
        "loop (result i32) i32.const 1 end drop",
        "i32.const 1 block (param i32) (result i32 i32) i32.const 2 end drop drop",
        "block block i32.const 1 br_table 0 1 0 end end",
        "i32.const 0 i32.const 0 call_indirect (param i32)",
        "i32.const 0 return_call $f",
        "i32.const 0 i32.const 0 return_call_indirect (param i32)",
        "ref.null func ref.null func i32.const 1 select (result funcref) ref.is_null drop",
        "ref.func $f i32.const 3 table.grow 0 drop table.size 0 drop",
        "i32.const 0 i32.const 0 table.get 0 table.set 0",
        "i32.const 0 i32.const 0 i32.const 0 table.copy 0 0",
        "i32.const 0 ref.null func i32.const 0 table.fill 0",
        "global.get 0 global.set 0",
        "i32.const 4 local.tee 0 drop unreachable return",
        "i32.const 1 br_if 0 i32.const 1 i32.const 2 i32.const 3 select drop",
    ],
)
def test_instructions_with_types_of_their_own(text: str):
    data = bytes(
        wasmtime.wat2wasm(
            f"""(module (table 1 funcref) (global (mut i32) (i32.const 1)) (elem declare func $f)
                 (func $f (param i32) {text}))"""
        )
    )
    wasmtime.Module.validate(wasmtime.Engine(), data)
    module = read(data)
    validate(module)
    body = module.bodies[0].body
    found = list(instructions(body))
    assert body[1:] == b"".join(encode(i.opcode, *i.immediates) for i in found)
    assert {word for word in text.split() if word in OPCODE_OF_NAME} - {"select"} <= {i.name for i in found}
