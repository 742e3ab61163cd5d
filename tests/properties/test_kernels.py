"""Compiled programs of structured ops give numpy's numbers, whatever the schedule and the width of vectors.

More programs: `python -m tests.fuzz.kernels --count 400`.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp

import zellige
from tests.structured_programs import Case, check, programs
from zellige.analysis.structured import structured
from zellige.compiler.driver import lower
from zellige.compiler.linking import link_module
from zellige.compiler.options import CompileOptions
from zellige.compiler.phases import PHASE_NAMES, phases
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.universe import context, known_passes
from zellige.dialects.flow import executables
from zellige.dialects.hal import ScheduleAttr


def few(examples: int) -> settings:
    """Compiling takes its time, so that few examples are tried."""
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@few(30)
@given(programs())
def test_same_numbers_as_numpy(case: Case) -> None:
    text, arguments, expected = case
    check(zellige.compile(text), arguments, expected)


@few(10)
@given(programs(sizes=(0, 1, 2, 5)))
def test_no_elements(case: Case) -> None:
    text, arguments, expected = case
    check(zellige.compile(text), arguments, expected)


@pytest.mark.parametrize("profile", ["simd", "mvp"])
@few(5)
@given(case=programs())
def test_profiles_with_one_memory(profile: str, case: Case) -> None:
    text, arguments, expected = case
    check(zellige.compile(text, profile=profile), arguments, expected)


def with_vectors_of(bits: int, module: ModuleOp, options: CompileOptions) -> zellige.Artifact:
    """Go on from the `memory` phase with vectors of another width."""
    later = phases(options)[PHASE_NAMES.index("tiling") :]
    text = ",".join(phase.pipeline for phase in later)
    text = text.replace("select-schedules", f"select-schedules{{vector-bits={bits}}}")
    text = text.replace("unroll-vectors", f"unroll-vectors{{bits={bits}}}")
    text = re.sub(r"check-vector\b", f"check-vector{{bits={bits}}}", text)
    Pipeline.parse(text, known_passes()).run(context(), module)
    return link_module(module, options)


@pytest.mark.parametrize("bits", [32, 64, 128, 256])
@few(5)
@given(case=programs())
def test_width_of_vectors(bits: int, case: Case) -> None:
    text, arguments, expected = case
    options = CompileOptions("simd")  # in one memory, LLVM cuts what is too wide for an instruction
    module = lower(text, options, last="memory")
    check(with_vectors_of(bits, module, options), arguments, expected)


def choose_workgroups(data: st.DataObject, module: ModuleOp) -> None:
    """Cut the last op of each kernel along any of its parallel loops."""
    for executable in executables(module):
        generics = [op for op in executable.kernel.body.block.ops if isinstance(op, GenericOp)]
        if not generics:
            continue
        view = structured(generics[-1])
        sizes = [0] * len(view.extents)
        for loop in view.parallel_loops[:3]:
            extent = view.static_extents[loop]
            divisors = [size for size in range(1, extent + 1) if extent % size == 0]
            sizes[loop] = data.draw(st.sampled_from([0, *divisors]))
        tiles = [1] * len(sizes)
        generics[-1].attributes["hal.schedule"] = ScheduleAttr(sizes, tiles)


@few(10)
@given(case=programs(), data=st.data())
def test_workgroups(case: Case, data: st.DataObject) -> None:
    text, arguments, expected = case
    options = CompileOptions()
    module = lower(text, options, last="memory")
    choose_workgroups(data, module)
    check(with_vectors_of(128, module, options), arguments, expected)
