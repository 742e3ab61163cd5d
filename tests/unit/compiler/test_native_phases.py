"""The native road as text: passes that there are, and only the choices that it is asked for."""

from __future__ import annotations

from zellige.compiler.native_phases import native_pipeline
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.universe import known_passes
from zellige.native.levels import LEVELS


def test_the_road_of_each_level_is_a_pipeline() -> None:
    for level in LEVELS.values():
        text = native_pipeline(level.target, level.machine.vector_bits, dot_products=level.dot_products)
        pipeline = Pipeline.parse(text, known_passes())
        assert Pipeline.parse(str(pipeline), known_passes()) == pipeline


def test_deterministic_code_fuses_nothing() -> None:
    text = native_pipeline("avx2", 256)
    assert native_pipeline("avx2", 256, deterministic=True) == text.replace("fuse-multiply-add,", "")
