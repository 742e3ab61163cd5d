"""Native functions behind the imports of a module: what they are given, and how long it holds."""

from __future__ import annotations

import gc
import platform
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

import zellige
from zellige.artifact import TensorSignature
from zellige.runtime.machine_code import MachineCode
from zellige.runtime.native_functions import NativeFunction
from zellige.runtime.program import load
from zellige.runtime.specialization import LoadedForm

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="machine code of x86_64")

END = "c70201000000 31c0 c3"
"""mov dword [rdx], 1; xor eax, eax; ret"""

READ_CONSTANT = "488b07 488b4f08 8b4940 8b32 890c30" + END
"""rax = env.device_base; ecx = the word at 64 of env.constant_base; to the first value in device memory"""

SCRATCH = "488b07 488b4f10 c7013412cdab 8b32 890c30 8b09 894c3004" + END
"""The low half of env.scratch, and a word that was written there, to the first value in device memory"""

IMPORT = '(import "zellige.native" "k" (func $k (param i32) (result i32)))'
DEVICE_IMPORT = '(import "zellige" "device" (memory $device 1))'
FULL_MEMORIES = (
    '(memory $local 1) (memory $constant (export "zellige.constant") 1)'
    ' (data (memory $constant) (i32.const 64) "\\00\\00\\c0\\3f")'
)
CALL = "(if (i32.eqz (call $k (i32.load (i32.add (local.get $state) (i32.const 32))))) (then unreachable))"


class Native:
    """A specialiser that puts these functions behind imports, in the module as it is."""

    def __init__(self, *codes: str, names: tuple[str, ...] = ("k",), scratch_bytes: int = 0) -> None:
        code = MachineCode([bytes.fromhex(text) for text in codes])
        pairs = zip(names, code.addresses, strict=True)
        self.natives = tuple(NativeFunction(name, address, scratch_bytes, code) for name, address in pairs)

    def __call__(self, artifact: zellige.Artifact, digest: bytes, *_: object) -> LoadedForm:
        return LoadedForm(digest, lambda: artifact.module, self.natives)


def calling(handmade: Handmade, elements: int = 1) -> Handmade:
    """With `main() -> f32`, which asks the import, and `stop()`, which traps."""
    result = TensorSignature("y", "f32", (elements,))
    module = replace(handmade, imports=f"{handmade.imports} {IMPORT}")
    if module.profile == "full":
        module = replace(module, memories=FULL_MEMORIES)
    return module.function("main", [], [result], CALL).function("stop", [], [], "unreachable")


def loaded(handmade: Handmade, specializer: Native) -> zellige.Program:
    return load(handmade.artifact(), cache=False, specializer=specializer)


def test_native_code_reads_the_constant_memory_and_writes_the_device_memory(handmade: Handmade) -> None:
    with loaded(calling(handmade), Native(READ_CONSTANT)) as program:
        np.testing.assert_array_equal(program["main"](), [1.5])


def test_in_a_profile_with_one_memory_constants_are_in_it(handmade: Handmade) -> None:
    simd = replace(handmade, profile="simd", heap_base=2 * 65536)
    with loaded(calling(simd), Native(READ_CONSTANT)) as program:
        view = program.device.memory.words(64, 1)
        view[0] = 0x40200000
        np.testing.assert_array_equal(program["main"](), [2.5])


def test_scratch_memory_is_there_and_aligned(handmade: Handmade) -> None:
    native = Native(SCRATCH, scratch_bytes=1 << 20)
    with loaded(calling(handmade, elements=2), native) as program:
        address, word = program["main"]().view(np.uint32)
        assert address % 64 == 0
        assert word == 0xABCD1234


def test_after_a_trap_native_code_works_on_the_new_instance(handmade: Handmade) -> None:
    with loaded(calling(handmade), Native(READ_CONSTANT)) as program:
        for _ in range(3):
            with pytest.raises(zellige.RuntimeTrap, match="'stop' trapped"):
                program["stop"]()
            gc.collect()
            np.testing.assert_array_equal(program["main"](), [1.5])


def test_code_lives_as_long_as_it_can_be_called(handmade: Handmade) -> None:
    program = loaded(calling(handmade), Native(READ_CONSTANT))  # nobody else holds the code
    gc.collect()
    np.testing.assert_array_equal(program["main"](), [1.5])


def test_two_programs_share_a_device(handmade: Handmade) -> None:
    with zellige.Device() as device:
        artifact = calling(handmade).artifact()
        programs = [load(artifact, cache=False, device=device, specializer=Native(READ_CONSTANT)) for _ in range(2)]
        for program in programs:
            np.testing.assert_array_equal(program["main"](), [1.5])


def replaced(field: str, old: str, new: str) -> Callable[[Handmade], Handmade]:
    return lambda module: replace(module, **{field: getattr(module, field).replace(old, new)})


@pytest.mark.parametrize(
    ("change", "names", "message"),
    [
        (replaced("code", "", ""), ("other",), "the module imports the function 'zellige.native.k', only"),
        (replaced("code", "", ""), ("k", "more"), "expected 'device', then ['k', 'more']"),
        (
            replaced("imports", f"{DEVICE_IMPORT} {IMPORT}", f"{IMPORT} {DEVICE_IMPORT}"),
            ("k",),
            "['k', 'device'], expected 'device', then ['k']",
        ),
        (
            replaced("memories", '(export "zellige.constant")', ""),
            ("k",),
            "'zellige.constant' is declared, the module has no such export",
        ),
        (
            replaced("imports", "(func $k (param i32) (result i32))", "(global i32)"),
            ("k",),
            "the module imports the global 'zellige.native.k'",
        ),
    ],
)
def test_imports_and_exports_are_those_of_the_natives(
    handmade: Handmade, change: Callable[[Handmade], Handmade], names: tuple[str, ...], message: str
) -> None:
    module = change(calling(handmade))
    if "global" in message:
        module = replace(module, code=module.code.replace("call $k", "i32.load"))
    with pytest.raises(zellige.RuntimeTrap) as caught:
        loaded(module, Native(*[END] * len(names), names=names))
    assert message in caught.value.message
    assert caught.value.code == "module"


def test_without_natives_nothing_of_them_is_allowed(handmade: Handmade) -> None:
    with pytest.raises(zellige.RuntimeTrap, match=r"imports the function 'zellige\.native\.k'"):
        load(calling(handmade).artifact(), cache=False)
    exporting = replace(handmade.adding(), memories=FULL_MEMORIES)
    with pytest.raises(zellige.RuntimeTrap, match=r"exports 'zellige\.constant', which is not declared"):
        load(exporting.artifact(), cache=False)
