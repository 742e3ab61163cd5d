"""Contractions of narrow integers are exact modulo 2**32, in wasm and in the code for every machine that we run on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from xdsl.dialects.builtin import ModuleOp

import zellige
from tests.dot_programs import DotProgram, dot_programs
from tests.native_calls import Host, on_x86_64, runnable_levels
from zellige.compiler.driver import lower
from zellige.compiler.options import CompileOptions
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.universe import context, known_passes
from zellige.dialects.flow import executables
from zellige.native.kernels import ModuleTraits, compile_kernel, lower_kernel
from zellige.native.levels import LEVELS

FEW = settings(max_examples=10)
TO_WORKGROUPS = "generalize-copies,collapse-loops,select-schedules,tile-to-workgroups"
TRAITS = ModuleTraits(fused=True, has_constant_memory=False)


@FEW
@given(dot_programs())
def test_in_wasm(program: DotProgram) -> None:
    with zellige.load(zellige.compile(program.text), cache=False) as loaded:
        np.testing.assert_array_equal(loaded["main"](*program.arguments), program.expected)


@on_x86_64
@pytest.mark.parametrize("level", [level.name for level in runnable_levels()])
@FEW
@given(program=dot_programs())
def test_native(level: str, program: DotProgram) -> None:
    np.testing.assert_array_equal(run_natively(program, level), program.expected)


def run_natively(program: DotProgram, level: str) -> npt.NDArray[np.int32]:
    """The result of the program's one kernel, compiled for a level."""
    known = context()
    module = lower(program.text, CompileOptions(), last="memory")
    Pipeline.parse(TO_WORKGROUPS, known_passes()).run(known, module)
    (executable,) = executables(module)
    native = lower_kernel(ModuleOp([executable.clone()]), LEVELS[level], TRAITS, known)
    signature = native.signature
    host = Host(compile_kernel(native, LEVELS[level]), signature.scratch_offsets[-1], one_memory=True)
    places: list[int] = []
    end = 0
    for array in (*program.arguments, program.expected):
        places.append(end)
        end += -(-array.nbytes // 64) * 64
    for array, place in zip(program.arguments, places, strict=False):
        host.device[place : place + array.nbytes] = array.reshape(-1).view(np.uint8)
    for workgroup in np.ndindex(*signature.workgroups):
        assert host.call(*places, workgroup=workgroup)
    result = host.device[places[-1] : places[-1] + program.expected.nbytes]
    return result.view(np.int32).reshape(program.expected.shape)
