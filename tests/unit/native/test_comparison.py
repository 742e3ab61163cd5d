"""Two forms of a kernel on generated inputs: equal ones pass, and each kind of wrong one is seen.

The wrong forms are the portable module with a hand in between: after each call something in device memory is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

import zellige
from zellige.maths.rounding_bounds import Difference
from zellige.native.comparison import Comparison, compare_kernels
from zellige.native.generated_inputs import SAMPLE, Effort, InputGenerator, Layout, Places
from zellige.runtime.c_api import Invoke
from zellige.runtime.device import Device
from zellige.support.errors import RuntimeTrap

EFFORT = Effort(calls=48, pointer_cases=64, limit_bytes=1 << 24)

KERNEL = """
func.func @main(%x: tensor<64x48x{type}>, %y: tensor<48x{type}>) -> tensor<64x48x{type}> {{
  %e = tensor.empty() : tensor<64x48x{type}>
  %0 = linalg.generic {{
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel"]
  }} ins(%x, %y : tensor<64x48x{type}>, tensor<48x{type}>) outs(%e : tensor<64x48x{type}>) {{
  ^body(%a: {type}, %b: {type}, %o: {type}):
    %1 = {op} %a, %b : {type}
    linalg.yield %1 : {type}
  }} -> tensor<64x48x{type}>
  return %0 : tensor<64x48x{type}>
}}
"""
ADDITION = KERNEL.format(type="f32", op="arith.addf")
INTEGERS = KERNEL.format(type="i32", op="arith.muli")

Change = Callable[[Device, tuple[int, ...]], None]
"""What a wrong form does to the device memory after a call with these parameters."""


@contextmanager
def _programs(text: str, change: Change | None = None) -> Generator[tuple[zellige.Program, zellige.Program]]:
    artifact = zellige.compile(text)
    devices: list[Device] = []

    def instrument(_name: str, invoke: Invoke) -> Invoke:
        def call(*parameters: int) -> None:
            invoke(*parameters)
            if change is not None:
                change(devices[0], parameters)

        return call

    with zellige.load(artifact, cache=False) as portable, Device(instrument=instrument) as device:
        devices.append(device)
        with zellige.load(artifact, cache=False, device=device) as other:
            yield portable, other


def _compared(text: str, change: Change | None = None, effort: Effort = EFFORT) -> Comparison:
    with _programs(text, change) as (portable, other):
        (name,) = portable.entry_points
        return compare_kernels(portable, other, name, effort, seed=0)


def _bytes(device: Device, address: int, count: int) -> memoryview:
    return device.memory.words(address, count // 4).cast("B")


def _result(device: Device, state: int) -> int:
    """Address of the last of three bindings."""
    return int.from_bytes(_bytes(device, state + 16, 4), "little")


def _flip(device: Device, address: int, bit: int = 0) -> None:
    _bytes(device, address, 4)[0] ^= 1 << bit


@pytest.mark.parametrize("text", [ADDITION, INTEGERS], ids=["f32", "i32"])
def test_a_kernel_is_equal_to_itself(text: str):
    seen = _compared(text)
    assert seen.fault is None
    assert seen.bit_equal
    assert seen.error == 0
    assert seen.objection(lambda: 0) is None
    assert seen.inputs >= EFFORT.calls


def _last_bit_of_a_result(device: Device, parameters: tuple[int, ...]) -> None:
    _flip(device, _result(device, parameters[0]))


def test_a_last_bit_is_within_the_bound_of_some_roundings_and_not_of_none():
    seen = _compared(ADDITION, _last_bit_of_a_result, SAMPLE)
    assert not seen.bit_equal
    assert 0 < seen.error < 2**-22
    assert seen.objection(lambda: 4) is None
    assert "results differ by" in (seen.objection(lambda: 0) or "")


def _exponent_of_a_result(device: Device, parameters: tuple[int, ...]) -> None:
    _flip(device, _result(device, parameters[0]) + 2, 7)


def test_a_wrong_number_is_beyond_every_bound():
    seen = _compared(ADDITION, _exponent_of_a_result)
    assert not seen.bit_equal
    assert seen.objection(lambda: 1000) is not None


def test_a_last_bit_of_an_integer_is_a_fault():
    seen = _compared(INTEGERS, _last_bit_of_a_result, SAMPLE)
    assert seen.fault is not None
    assert "byte 0 of binding 2" in seen.fault


def _byte_after_the_result(device: Device, parameters: tuple[int, ...]) -> None:
    _flip(device, _result(device, parameters[0]) + 64 * 48 * 4)


def _byte_of_an_input(device: Device, parameters: tuple[int, ...]) -> None:
    _flip(device, int.from_bytes(_bytes(device, parameters[0], 4), "little") + 60)


@pytest.mark.parametrize(
    ("change", "words"),
    [(_byte_after_the_result, "outside of all bindings"), (_byte_of_an_input, "byte 60 of binding 0")],
)
def test_writing_elsewhere_is_a_fault(change: Change, words: str):
    seen = _compared(ADDITION, change, SAMPLE)
    assert seen.fault is not None
    assert words in seen.fault


def test_another_trap_is_a_fault():
    def trap(device: Device, parameters: tuple[int, ...]) -> None:
        if parameters[1] == 0:
            raise RuntimeTrap("no", code="unreachable")

    seen = _compared(ADDITION, trap, SAMPLE)
    assert seen.fault == "normal numbers, workgroup (0, 0, 0): unreachable instead of no trap"


def test_pointers_are_odd_in_every_way():
    with _programs(ADDITION) as (portable, _):
        (entry,) = portable.entry_points.values()
        layout = Layout.of(entry.bindings)
        cases = InputGenerator(entry.info, layout, Places(1 << 17, 1 << 20, 0, 0, 0), 0).cases(EFFORT)
        whats = [case.what for case in cases]
    for words in (
        "not aligned",
        "one element past the memory",
        "past the memory",
        "before the end of addresses",
        "2 where 0 is",
    ):
        assert any(words in what for what in whats), words
    assert any(what.startswith("workgroup") for what in whats)


def test_cases_follow_from_the_seed():
    with _programs(ADDITION) as (portable, _):
        (entry,) = portable.entry_points.values()
        layout = Layout.of(entry.bindings)

        def contents(seed: int) -> bytes:
            cases = InputGenerator(entry.info, layout, Places(1 << 17, 1 << 20, 0, 0, 0), seed).cases(SAMPLE)
            return b"".join(case.content.tobytes() + repr((case.slots, case.workgroups)).encode() for case in cases)

        assert contents(1) == contents(1)
        assert contents(1) != contents(2)


def test_the_worst_difference_counts():
    seen = Comparison(differences={"f32": Difference(False, 1e-6), "f64": Difference(False, 1e-15)})
    assert seen.error == 1e-6
    assert seen.objection(lambda: 100) is None
    assert seen.objection(lambda: 4) is not None
