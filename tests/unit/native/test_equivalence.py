"""The check of a database: right templates pass bit by bit, wrong ones are left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

import zellige
from tests.native_calls import on_x86_64, runnable_levels
from tests.watched_templates import WatchedTemplates, templates_of
from zellige.artifact import Artifact
from zellige.native.equivalence import UNCHECKED, check, check_sample, kernel_steps
from zellige.native.generated_inputs import Effort
from zellige.native.levels import LEVELS, Level
from zellige.template_database import TemplateDatabase

EFFORT = Effort(calls=24, pointer_cases=16, limit_bytes=1 << 24)

PROGRAM = """
func.func @main(%x: tensor<24x48xf32>, %y: tensor<24x48xf32>) -> tensor<24x48xf32> {{
  %e = tensor.empty() : tensor<24x48xf32>
  %0 = linalg.{op} ins(%x, %y : tensor<24x48xf32>, tensor<24x48xf32>) outs(%e : tensor<24x48xf32>) -> tensor<24x48xf32>
  return %0 : tensor<24x48xf32>
}}
"""
NOTHING = bytes.fromhex("c70201000000 31c0 c3")
"""values[0] = 1; return NULL: claims to have done the work."""


@cache
def _artifact(op: str) -> Artifact:
    return zellige.compile(PROGRAM.format(op=op))


def _level() -> Level:
    return runnable_levels()[0]


def _features() -> tuple[str, ...]:
    return tuple(feature for level in runnable_levels() for feature in level.features)


@on_x86_64
@pytest.mark.parametrize("level", runnable_levels(), ids=lambda level: level.name)
def test_a_right_template_is_equal_bit_by_bit(level: Level):
    """And it was native code that ran wherever the pointers were proper ones."""
    artifact, watched = _artifact("add"), WatchedTemplates()
    database = templates_of(artifact, [level])
    checked = check(artifact, database, watched, _features(), effort=EFFORT)
    assert checked.refused == ()
    (template,) = checked.database.templates
    assert template.check.bit_equal
    assert template.check.max_relative_error == 0
    assert template.check.inputs >= EFFORT.calls
    assert watched.done[template.name] >= EFFORT.calls
    assert watched.declined[template.name] > 0


def _doing(op: str) -> TemplateDatabase:
    """Templates of an addition with the code of another operation, which has the same footprint."""
    pairs = zip(*(templates_of(_artifact(one), [_level()]).templates for one in ("add", op)), strict=True)
    return TemplateDatabase(
        tuple(replace(right, code=other.code, entry_offset=other.entry_offset) for right, other in pairs)
    )


def _doing_nothing() -> TemplateDatabase:
    right = templates_of(_artifact("add"), [_level()]).templates
    return TemplateDatabase(tuple(replace(template, code=NOTHING, entry_offset=0) for template in right))


@on_x86_64
@pytest.mark.parametrize(
    ("make", "reason"),
    [(lambda: _doing("sub"), "results differ by"), (_doing_nothing, "no trap instead of out-of-bounds")],
    ids=["another operation", "nothing"],
)
def test_a_wrong_template_is_left_out(make: Callable[[], TemplateDatabase], reason: str):
    artifact = _artifact("add")
    wrong = make()
    checked = check(artifact, wrong, WatchedTemplates(), _features(), effort=EFFORT)
    assert checked.database == TemplateDatabase(())
    (refusal,) = checked.refused
    assert refusal.template == wrong.templates[0]
    assert reason in refusal.reason


@on_x86_64
def test_a_few_inputs_find_a_wrong_template():
    artifact = _artifact("add")
    right = templates_of(artifact, [_level()])
    assert check_sample(artifact, right, WatchedTemplates()) == ()
    (refusal,) = check_sample(artifact, _doing("sub"), WatchedTemplates())
    assert refusal.template.name == right.templates[0].name


@on_x86_64
def test_a_template_for_another_machine_is_kept_and_not_checked():
    artifact = _artifact("add")
    foreign = TemplateDatabase(
        tuple(replace(t, features=("hypervision",)) for t in templates_of(artifact, [_level()]).templates)
    )
    checked = check(artifact, foreign, WatchedTemplates(), _features(), effort=EFFORT)
    assert [template.check for template in checked.database.templates] == [UNCHECKED]
    assert checked.refused == ()


@on_x86_64
def test_the_order_of_the_database_stays():
    artifact = _artifact("add")
    levels = [LEVELS["neon"], *runnable_levels()[-1:]]
    database = templates_of(artifact, levels)
    checked = check(artifact, database, WatchedTemplates(), _features(), effort=EFFORT)
    assert [t.features for t in checked.database.templates] == [t.features for t in database.templates]


def test_roundings_are_counted_in_the_text_that_the_module_keeps():
    artifact = _artifact("add")
    (name,) = (entry.name for entry in artifact.program.entry_points)
    assert kernel_steps(artifact, name) == 1
    assert kernel_steps(artifact, "other") == 0
