"""Templates of the programs' kernels: equal to the portable bodies bit by bit, on every level of this processor."""

from __future__ import annotations

import pytest

from tests.conformance.programs import FOLDER, compiled
from tests.native_calls import on_x86_64, runnable_levels
from tests.watched_templates import WatchedTemplates, templates_of
from zellige.native.equivalence import check
from zellige.native.generated_inputs import Effort
from zellige.native.levels import Level

EFFORT = Effort(calls=36, pointer_cases=24, limit_bytes=1 << 22)

PROGRAMS = (
    "argmax",
    "batch_matmul",
    "clamp",
    "convolution",
    "elementwise_f32",
    "elementwise_i16",
    "elementwise_i32",
    "elementwise_i64",
    "elementwise_i8",
    "matmul_f32",
    "matmul_i8",
    "matvec_f64",
)
"""Those with kernels that are large enough for a template."""


@on_x86_64
@pytest.mark.parametrize("level", runnable_levels(), ids=lambda level: level.name)
@pytest.mark.parametrize("name", PROGRAMS)
def test_templates_are_equal_to_the_portable_bodies(name: str, level: Level) -> None:
    """Native code runs wherever the pointers are proper ones: in all calls but those with odd ones."""
    for profile in ("full", "simd"):
        artifact, watched = compiled(FOLDER / f"{name}.mlir", profile), WatchedTemplates()
        templates = templates_of(artifact, [level])
        assert templates.templates
        checked = check(artifact, templates, watched, level.features, effort=EFFORT)
        assert checked.refused == ()
        for template in checked.database.templates:
            assert template.check.bit_equal, template.name
            assert watched.done[template.name] >= template.check.inputs - EFFORT.pointer_cases
            assert watched.declined[template.name] > 0
