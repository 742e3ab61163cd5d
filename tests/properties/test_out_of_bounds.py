"""Any pointer whatever: a kernel with a template traps, or not, as its portable body does, and leaves the same memory.

All built-in functions of other programs, and every kind of odd pointer: `python -m tests.long.out_of_bounds FOLDER`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zellige
from tests.conformance.programs import FOLDER, compiled
from tests.native_calls import on_x86_64, runnable_levels
from tests.watched_templates import templates_of
from zellige.native.comparison import Comparison, KernelPair
from zellige.native.generated_inputs import ADDRESSES, SAMPLE, Case
from zellige.native.given_templates import load_with

PROGRAMS = ("argmax", "convolution", "elementwise_i8", "matmul_f32", "matmul_i8", "matvec_f64")


@pytest.fixture(scope="module")
def kernels() -> Generator[list[tuple[KernelPair, Case]]]:
    """Kernels, portable and with the best templates of this machine, each with a case of proper pointers."""
    with ExitStack() as programs:
        pairs: list[tuple[KernelPair, Case]] = []
        for program in PROGRAMS:
            artifact = compiled(FOLDER / f"{program}.mlir", "full")
            database = templates_of(artifact, runnable_levels()[:1])
            for template in database.templates:
                portable = programs.enter_context(zellige.load(artifact, cache=False))
                specialized = programs.enter_context(load_with(artifact, database, cache=False))
                pair = KernelPair(portable, specialized, template.name)
                pairs.append((pair, next(pair.inputs(0).cases(SAMPLE))))
        yield pairs


@on_x86_64
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_pointer_traps_as_in_the_portable_body(kernels: list[tuple[KernelPair, Case]], data: st.DataObject) -> None:
    pair, case = data.draw(st.sampled_from(kernels))
    buffers = [index for index, binding in enumerate(pair.info.bindings) if binding.is_buffer]
    slots = list(case.slots)
    for index in data.draw(st.lists(st.sampled_from(buffers), min_size=1, max_size=2, unique=True), label="buffers"):
        binding, places = pair.info.bindings[index], pair.places
        end = places.device_end if binding.kind == "device" else places.constant_end
        around = st.sampled_from(
            [end, end - binding.size_bytes, ADDRESSES, ADDRESSES - binding.size_bytes, *case.slots]
        )
        near = st.tuples(around, st.integers(-68, 68)).map(sum)
        slots[index] = data.draw(near | st.integers(pair.places.arena, ADDRESSES - 1), label="address") % ADDRESSES
    counts = st.tuples(*(st.sampled_from(sorted({0, count - 1, count})) for count in pair.info.workgroups or ()))
    seen = Comparison()
    pair.compare(replace(case, what="drawn", slots=tuple(slots), workgroups=(data.draw(counts),)), seen)
    assert seen.fault is None
    assert seen.bit_equal
