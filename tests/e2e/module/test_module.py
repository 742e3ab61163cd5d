"""What the compiler makes of a program: one module, its memories, its exports, and how it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zellige
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.types import MemArg

FOLDER = Path(__file__).parent
REPOSITORY = FOLDER.parents[2]
DEVICE, LOCAL, CONSTANT = 0, 1, 2


def accesses(module: bytes) -> dict[str, set[int]]:
    """Instruction -> indices of the memories that it has anywhere in the module."""
    found: dict[str, set[int]] = {}
    for body in read(module).bodies:
        for instruction in instructions(body.body):
            for kind, value in zip(instruction.opcode.immediates, instruction.immediates, strict=True):
                if isinstance(value, MemArg):
                    found.setdefault(instruction.name, set()).add(value.memory)
                elif kind == "memory" and isinstance(value, int):
                    found.setdefault(instruction.name, set()).add(value)
    return found


def in_another_process(code: str, *arguments: str | Path, seed: int = 0) -> bytes:
    """What Python prints, in an interpreter of its own."""
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env={"PYTHONHASHSEED": str(seed)}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    """What `zellige inspect --json` says of the layers."""
    code = "import sys; from zellige.tools.main import main; sys.exit(main())"
    return json.loads(in_another_process(code, "inspect", FOLDER / "layers.mlir", "--json"))


def test_the_memories_are_device_local_constant(facts: dict[str, Any]) -> None:
    memories = [(memory["index"], memory["name"], memory["imported"]) for memory in facts["memories"]]
    assert memories == [(DEVICE, "device", True), (LOCAL, "local", False), (CONSTANT, "constant", False)]


def test_equal_kernels_are_one_executable(facts: dict[str, Any]) -> None:
    """The layers whose weights are arguments are one kernel; the one with constant weights reads another memory."""
    assert [(function["name"], function["dispatches"]) for function in facts["functions"]] == [("main", 3), ("once", 1)]
    assert sorted([binding["kind"] for binding in entry["bindings"]] for entry in facts["entry_points"]) == [
        ["device", "constant", "device"],
        ["device", "device", "device"],
    ]


def test_functions_entry_points_and_what_asks_for_native_kernels_are_all_that_is_exported(
    facts: dict[str, Any],
) -> None:
    exports = {(entry.kind, entry.name) for entry in read(zellige.compile(FOLDER / "layers.mlir").module).exports}
    names = [described["name"] for described in (*facts["functions"], *facts["entry_points"])]
    assert exports == {("function", name) for name in (*names, "zellige.kernels.is_available")}


def test_the_slab_is_as_large_as_what_lives_at_one_time(facts: dict[str, Any]) -> None:
    main = facts["functions"][0]
    assert main["slab_lower_bound_bytes"] == 2 * 4 * 8 * 4  # the results of the first two layers
    assert main["slab_bytes"] <= 1.15 * main["slab_lower_bound_bytes"]


def test_inputs_and_results_are_in_device_memory_and_weights_in_constant_memory() -> None:
    found = accesses(zellige.compile(FOLDER / "gather.mlir").module)
    state = {"i32.load": {DEVICE}}
    assert found == state | {"i64.load": {DEVICE}, "f32.load": {CONSTANT}, "f32.store": {DEVICE}}


def test_scratch_is_in_local_memory() -> None:
    found = accesses(zellige.compile(FOLDER / "scratch.mlir").module)
    assert found["v128.load"] == {LOCAL}  # the input is read as half a vector, and extended
    assert {memory for name, memories in found.items() if "store" in name for memory in memories} == {DEVICE, LOCAL}
    assert found["i32.load"] == {DEVICE}
    assert CONSTANT not in set().union(*found.values())


@pytest.mark.parametrize("profile", ["simd", "mvp"])
def test_other_profiles_have_one_memory(profile: str) -> None:
    artifact = zellige.compile(FOLDER / "scratch.mlir", profile=profile)
    assert [(memory.name, memory.imported) for memory in artifact.program.memories] == [("device", True)]
    assert set().union(*accesses(artifact.module).values()) == {DEVICE}


def test_one_inference_is_one_call_into_wasm() -> None:
    calls: list[str] = []

    def counted(name: str, invoke: Callable[..., None]) -> Callable[..., None]:
        def count(*parameters: int) -> None:
            calls.append(name)
            invoke(*parameters)

        return count

    artifact = zellige.compile(FOLDER / "layers.mlir")
    assert artifact.program.functions[0].dispatches > 1
    x, w = np.ones((4, 8), np.float32), np.eye(8, dtype=np.float32)
    with (
        zellige.Device(instrument=counted) as device,
        zellige.load(artifact, cache=False, device=device) as program,
    ):
        for _ in range(3):
            program["main"](x, w, w)
    assert calls == ["main"] * 3


def test_running_a_saved_module_imports_no_compiler(tmp_path: Path) -> None:
    zellige.compile(FOLDER / "layers.mlir").save(tmp_path / "layers.wasm")
    code = """
import sys
import numpy
import zellige
y = zellige.load(sys.argv[1], cache=False)["once"](numpy.ones((4, 8), "f4"), numpy.eye(8, dtype="f4"))
assert (y == 1).all(), y
print(*sorted({name.split(".")[0] for name in sys.modules} & {"llvmlite", "networkx", "xdsl"}))
"""
    assert in_another_process(code, tmp_path / "layers.wasm") == b"\n"


def test_every_process_makes_the_same_bytes() -> None:
    code = "import sys, zellige; sys.stdout.buffer.write(zellige.compile(sys.argv[1]).module)"
    first, second = (in_another_process(code, FOLDER / "layers.mlir", seed=seed) for seed in (1, 2))
    assert first == second
    assert zellige.compile((FOLDER / "layers.mlir").read_text()).module == first
