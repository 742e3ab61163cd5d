"""Modules that are broken, foreign, or not what they say: the whole message."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zellige
from zellige.artifact import (
    Artifact,
    BindingInfo,
    EntryPointInfo,
    FunctionInfo,
    MemoryInfo,
    ProgramInfo,
    TensorSignature,
)

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade

DISAGREE = "the module and its 'zellige.program' section disagree: "
OTHER = FunctionInfo("other", (), (), 0, 0, 0)


def message_of_load(source: Artifact | Path) -> str:
    with pytest.raises(zellige.RuntimeTrap) as error:
        zellige.load(source, cache=False)
    assert error.value.code == "module"
    return str(error.value)


def with_function(info: ProgramInfo, function: FunctionInfo) -> ProgramInfo:
    return replace(info, functions=(*info.functions, function))


TYPES = (
    "f32, f64, i1, i2, i4, i8, i16, i32, i64, ui2, ui4, ui8, ui16, ui32, ui64, index, complex<f32>, complex<f64>,"
    " f16, bf16, f8E3M4, f8E4M3, f8E4M3FN, f8E4M3FNUZ, f8E4M3B11FNUZ, f8E5M2, f8E5M2FNUZ"
)

DISAGREEMENTS: dict[str, tuple[Callable[[ProgramInfo], ProgramInfo], str]] = {
    "profile": (
        lambda info: replace(info, profile="wide"),
        "profile 'wide' is declared, this runtime knows full, simd, mvp",
    ),
    "memories": (
        lambda info: replace(info, memories=(MemoryInfo("device", 0, 1, True),)),
        "memories (index, name, imported) [(0, 'device', True)] are declared, profile 'full' has"
        " [(0, 'device', True), (1, 'local', False), (2, 'constant', False)]",
    ),
    "pages": (
        lambda info: replace(info, memories=(replace(info.memories[0], min_pages=2), *info.memories[1:])),
        "the memory 'zellige.device' is declared with 2 pages, the module imports 1",
    ),
    "heap base": (
        lambda info: replace(info, heap_base=64),
        "heap_base 64 is declared, expected 65536 to 4294901760",
    ),
    "missing export": (
        lambda info: with_function(info, OTHER),
        "'other' is declared, the module has no such export",
    ),
    "declared twice": (
        lambda info: with_function(info, info.functions[0]),
        "'main' is declared 2 times",
    ),
    "function type": (
        lambda info: replace(info, functions=(), entry_points=(EntryPointInfo("main", (1, 1, 1), ()),)),
        "'main' is declared as a function (i32, i32, i32, i32) -> (), the module exports (i32) -> ()",
    ),
    "not declared": (
        lambda info: replace(info, functions=()),
        "the module exports 'main', which is not declared",
    ),
    "element type": (
        lambda info: with_function(info, replace(OTHER, arguments=(TensorSignature("z", "f80", (2,)),))),
        "'other' is declared with z: tensor<2xf80>, known element types are " + TYPES,
    ),
    "binding": (
        lambda info: replace(info, entry_points=(EntryPointInfo("k", (1, 1, 1), (BindingInfo("device", "f80", 4),)),)),
        "'k' is declared with a binding 'read device f80 4 bytes', known are device, constant and the element types "
        + TYPES,
    ),
}
"""What is changed in a right description, and what is then said."""


@pytest.mark.parametrize(("change", "message"), DISAGREEMENTS.values(), ids=list(DISAGREEMENTS))
def test_a_description_that_disagrees_with_the_code_is_refused(
    handmade: Handmade, change: Callable[[ProgramInfo], ProgramInfo], message: str
) -> None:
    module = handmade.adding()
    assert message_of_load(module.artifact(change(module.info()))) == DISAGREE + message


@pytest.mark.parametrize(
    ("imports", "message"),
    [
        (
            '(import "zellige" "device" (memory $device 1)) (import "env" "exit" (func))',
            "the module imports the function 'env.exit', only the memory 'zellige.device' is allowed",
        ),
        (
            '(import "env" "memory" (memory $device 1))',
            "the module imports the memory 'env.memory', only the memory 'zellige.device' is allowed",
        ),
        (
            '(import "zellige" "device" (global $device i32)) (memory $device 1)',
            "the module imports the global 'zellige.device', only the memory 'zellige.device' is allowed",
        ),
        ("(memory $device 1)", "2 memories of its own are declared, the module defines 3"),
        (
            '(import "zellige" "device" (memory $device 1)) (import "zellige" "device" (memory 1))',
            "the module imports the memory 'zellige.device' 2 times, expected once",
        ),
        (
            '(import "zellige" "device" (memory $device 1 100))',
            "the memory 'zellige.device' is imported with at most 100 pages, it has to be able to grow to 65535",
        ),
        (
            '(import "zellige" "device" (memory $device i64 1))',
            "the memory 'zellige.device' is imported as a 64-bit or shared memory, expected a plain 32-bit one",
        ),
    ],
    ids=["function", "name", "global", "none", "twice", "maximum", "64-bit"],
)
def test_a_module_may_import_device_memory_only(handmade: Handmade, imports: str, message: str) -> None:
    module = replace(handmade, imports=imports, memories="(memory 1) (memory 1)")
    if "global" in imports:
        module = replace(module, memories="(memory 1)")
    assert message_of_load(module.artifact()) == DISAGREE + message


def test_a_module_without_an_import_is_refused(handmade: Handmade) -> None:
    module = replace(handmade, imports="", memories="(memory 1) (memory 1)")
    assert message_of_load(module.artifact()) == (
        f"{DISAGREE}the module imports the memory 'zellige.device' 0 times, expected once"
    )


def test_a_start_function_is_refused(handmade: Handmade) -> None:
    module = replace(handmade, code="(func $run) (start $run)")
    assert message_of_load(module.artifact()) == (
        f"{DISAGREE}the module has a start function, which runs when it is loaded; none is allowed"
    )


def test_an_export_that_is_no_function_is_refused(handmade: Handmade) -> None:
    module = replace(handmade, functions=(OTHER,), code='(global (export "other") i32 (i32.const 1))')
    assert message_of_load(module.artifact()) == (
        f"{DISAGREE}'other' is declared as a function (i32) -> (), the module exports global"
    )


def test_constants_in_the_heap_are_refused(single_memory: Handmade) -> None:
    info = replace(single_memory.info(), constant_base=65536, constant_bytes=65537)
    assert message_of_load(single_memory.artifact(info)) == (
        f"{DISAGREE}constants at 65536 to 131073 are declared, the heap begins below their end, at 131072"
    )


def test_data_that_does_not_fit_is_refused(handmade: Handmade) -> None:
    module = replace(handmade, code='(data (memory $constant) (i32.const 65530) "too many bytes")')
    assert message_of_load(module.artifact()) == "the initial content of the module does not fit its memories"


def test_a_module_that_is_cut_short_is_refused(handmade: Handmade, tmp_path: Path) -> None:
    content = handmade.adding().artifact().module
    (tmp_path / "m.wasm").write_bytes(content[:-10])
    assert message_of_load(tmp_path / "m.wasm").startswith("the module is cut short: the section at offset 0x")


def test_a_foreign_module_is_refused(handmade: Handmade, tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_bytes(handmade.adding().module())
    assert message_of_load(tmp_path / "m.wasm") == (
        "the module has no 'zellige.program' section: it was not made by zellige"
    )


def test_a_file_that_is_no_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_text("func.func @main")
    assert message_of_load(tmp_path / "m.wasm") == ("not a WebAssembly module: the first 8 bytes are not its header")


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(zellige.UsageError) as error:
        zellige.load(tmp_path / "none.wasm")
    assert str(error.value) == f"cannot read '{tmp_path / 'none.wasm'}': no such file or directory"


def test_code_that_the_engine_refuses_is_refused(handmade: Handmade) -> None:
    content = bytearray(handmade.function("main", [], [], "(drop (i32.const 7))").artifact().module)
    content[content.index(b"\x41\x07\x1a")] = 0xFF
    assert message_of_load(Artifact(bytes(content))) == (
        "the engine refuses the module: its code is malformed, or needs a feature that the engine does not have"
    )


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_mutation_loads_or_is_refused_with_our_errors(handmade: Handmade, data: st.DataObject) -> None:
    content = bytearray(handmade.adding().entry_point("k", (2, 1, 1), ["device"], "").artifact().module)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(zellige.ZelligeError):
        zellige.load(Artifact(bytes(content)), cache=False).close()
