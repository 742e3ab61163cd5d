"""Programs as a user sees them: load, call, close."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import zellige
from zellige.runtime.c_api import Invoke

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade

X = np.arange(6, dtype="f4").reshape(2, 3)
Y = np.full((2, 3), 10, "f4")


def test_a_function_is_called_with_arrays_and_gives_a_new_one(handmade: Handmade) -> None:
    with zellige.load(handmade.adding().artifact(), cache=False) as program:
        first = program["main"](X, Y)
        second = program["main"](Y, Y)
    np.testing.assert_array_equal(first, X + Y + 1.5)
    np.testing.assert_array_equal(second, Y + Y + 1.5)


def test_a_program_is_loaded_from_a_path(handmade: Handmade, tmp_path: Path) -> None:
    handmade.adding().artifact().save(tmp_path / "m.wasm")
    with zellige.load(tmp_path / "m.wasm", cache=tmp_path / "cache") as program:
        np.testing.assert_array_equal(program["main"](X, Y), X + Y + 1.5)


def test_a_program_with_one_memory_keeps_its_region(single_memory: Handmade) -> None:
    with zellige.load(single_memory.adding().artifact(), cache=False) as program:
        np.testing.assert_array_equal(program["main"](X, Y), X + Y + 1.5)
        assert program.device.empty((4,), "f4").address >= 131072


def test_what_a_program_holds_is_listed_with_signatures(handmade: Handmade) -> None:
    artifact = handmade.adding().entry_point("fill", (2, 1, 1), ["device", "f32"], "").artifact()
    with zellige.load(artifact, cache=False) as program:
        assert str(program.functions["main"]) == "main(x: tensor<2x3xf32>, y: tensor<2x3xf32>) -> tensor<2x3xf32>"
        assert list(program.functions) == ["main"]
        assert str(program.entry_points["fill"]) == "fill(device, f32) workgroups [2, 1, 1]"
        assert program.entry_points["fill"].workgroups == (2, 1, 1)


def test_an_unknown_function_is_named_with_its_nearest(handmade: Handmade) -> None:
    with (
        zellige.load(handmade.adding().artifact(), cache=False) as program,
        pytest.raises(zellige.UsageError) as error,
    ):
        program["mian"]
    assert str(error.value) == "the program has no function 'mian', it has main; did you mean 'main'?"


def test_one_inference_is_one_call_into_wasm(handmade: Handmade) -> None:
    calls: list[str] = []

    def counted(name: str, invoke: Invoke) -> Invoke:
        def count(*parameters: int) -> None:
            calls.append(name)
            invoke(*parameters)

        return count

    with (
        zellige.Device(instrument=counted) as device,
        zellige.load(handmade.adding().artifact(), cache=False, device=device) as program,
    ):
        for _ in range(3):
            program["main"](X, Y)
    assert calls == ["main"] * 3


def test_programs_of_one_device_work_on_the_same_buffers(handmade: Handmade) -> None:
    with zellige.Device() as device:
        one = zellige.load(handmade.adding().artifact(), cache=False, device=device)
        two = zellige.load(handmade.adding("again").artifact(), cache=False, device=device)
        middle = device.empty((2, 3), "f4")
        one["main"](X, Y, out=middle)
        np.testing.assert_array_equal(two["again"](middle, Y), X + Y + 1.5 + Y + 1.5)
        one.close()
        np.testing.assert_array_equal(two["again"](X, Y), X + Y + 1.5)


def test_a_program_with_one_memory_needs_a_device_of_its_own(handmade: Handmade, single_memory: Handmade) -> None:
    with (
        zellige.Device() as device,
        zellige.load(handmade.adding().artifact(), cache=False, device=device),
        pytest.raises(zellige.UsageError) as error,
    ):
        zellige.load(single_memory.adding().artifact(), cache=False, device=device)
    assert str(error.value) == (
        "the device is in use, and a program of a profile with one memory shares its device with nothing\n"
        "note: load it without 'device='"
    )


def test_using_a_closed_program_is_an_error(handmade: Handmade) -> None:
    program = zellige.load(handmade.adding().entry_point("k", (1, 1, 1), [], "").artifact(), cache=False)
    main, dispatch = program["main"], program.entry_points["k"].prepare([])
    buffer = program.device.empty((2, 3), "f4")
    program.close()
    program.close()
    for use in (
        lambda: main(X, Y),
        lambda: main.call_unchecked(buffer, buffer, buffer),
        lambda: dispatch(0),
        lambda: program.entry_points["k"].prepare([]),
    ):
        with pytest.raises(zellige.UsageError, match=r"^the program is closed$"):
            use()
    with pytest.raises(zellige.UsageError, match=r"^the device is closed$"):
        program.device.empty(1, "f4")


def test_closing_a_shared_device_closes_its_programs(handmade: Handmade) -> None:
    device = zellige.Device()
    program = zellige.load(handmade.adding().artifact(), cache=False, device=device)
    device.close()
    with pytest.raises(zellige.UsageError, match=r"^the program is closed$"):
        program["main"](X, Y)


def test_a_closed_program_gives_its_memory_back_while_its_functions_are_kept(handmade: Handmade) -> None:
    program = zellige.load(handmade.adding().artifact(), cache=False)
    main = program["main"]
    main(X, Y)
    store = weakref.ref(program.device.memory.store)
    program.close()
    gc.collect()
    assert store() is None
    assert main.name == "main"


def test_an_array_over_a_buffer_outlives_the_program(handmade: Handmade) -> None:
    program = zellige.load(handmade.adding().artifact(), cache=False)
    view = program.device.array(X).numpy()
    program.close()
    del program
    gc.collect()
    view += 1
    np.testing.assert_array_equal(view, X + 1)


def test_a_program_on_many_threads_gives_each_its_own_result(handmade: Handmade) -> None:
    right: list[bool] = []
    with zellige.load(handmade.adding().artifact(), cache=False) as program:

        def work(number: int) -> None:
            mine = np.full((2, 3), number, "f4")
            right.extend(np.array_equal(program["main"](mine, mine), mine + mine + 1.5) for _ in range(50))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert right == [True] * 200


@pytest.mark.parametrize("threads", [0, 2, -1])
def test_more_than_one_worker_is_refused(handmade: Handmade, threads: int) -> None:
    with pytest.raises(zellige.UsageError) as error:
        zellige.load(handmade.adding().artifact(), threads=threads)
    assert str(error.value) == f"a program runs on one worker for now, got threads={threads}"


def test_running_a_saved_module_imports_no_compiler(handmade: Handmade, tmp_path: Path) -> None:
    handmade.adding().artifact().save(tmp_path / "m.wasm")
    script = """
import sys, zellige.runtime, zellige, numpy
x = numpy.ones((2, 3), "f4")
out = zellige.load(sys.argv[1], cache=False)["main"](x, x)
assert (out == 3.5).all(), out
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"xdsl", "llvmlite", "networkx"})
ours = sorted(name for name in sys.modules if name.startswith("zellige."))
assert not heavy, heavy
allowed = ["zellige.runtime", "zellige.artifact", "zellige.support", "zellige.support.errors"]
allowed += ["zellige.native", "zellige.native.loading", "zellige.native.plan", "zellige.native.specializer"]
allowed += ["zellige.template_database", "zellige.parameter_file", "zellige.element_types"]
assert all(name.startswith("zellige.runtime.") or name in allowed for name in ours), ours
"""
    root = Path(zellige.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "m.wasm"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
