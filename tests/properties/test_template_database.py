"""Template databases come back as they were written; mutated ones are refused (`tests/fuzz/template_database.py`)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.command import Inputs
from tests.fuzz.template_database import fuzz
from zellige.template_database import MAX_SCRATCH_BYTES, Check, Footprint, Template, TemplateDatabase

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
COUNTS = st.integers(0, 2**32)
FEATURES = st.lists(st.from_regex(r"[a-z0-9_.]{1,12}", fullmatch=True), max_size=4).map(tuple)
FOOTPRINTS = st.builds(
    Footprint,
    st.integers(0, 20),
    st.sampled_from(["device", "constant"]),
    COUNTS,
    st.sampled_from(["r", "w", "rw"]),
    st.sampled_from([1, 2, 4, 64]),
)
CHECKS = st.builds(Check, COUNTS, st.booleans(), st.floats(0, 1e300))
GRIDS = st.tuples(st.integers(1, 2**32), st.integers(1, 9), st.integers(1, 9))


@st.composite
def templates(draw: st.DrawFn) -> Template:
    code = draw(st.binary(min_size=1, max_size=200))
    return Template(
        name=draw(WORDS),
        digest=draw(st.binary(min_size=32, max_size=32)),
        group=draw(WORDS),
        version=draw(COUNTS),
        features=draw(FEATURES),
        convention=draw(WORDS),
        code=code,
        entry_offset=draw(st.integers(0, len(code) - 1)),
        scratch_bytes=draw(st.integers(0, MAX_SCRATCH_BYTES)),
        footprint=tuple(draw(st.lists(FOOTPRINTS, max_size=3))),
        workgroups=draw(GRIDS),
        check=draw(CHECKS),
    )


DATABASES = st.lists(templates(), max_size=5, unique_by=lambda t: (t.name, t.digest, t.features, t.convention))


@given(DATABASES)
def test_what_is_written_is_read(content: list[Template]) -> None:
    database = TemplateDatabase(tuple(content))
    assert TemplateDatabase.from_bytes(database.to_bytes()) == database


@given(DATABASES)
def test_each_code_stands_at_a_multiple_of_64(content: list[Template]) -> None:
    written = TemplateDatabase(tuple(content)).to_bytes()
    end = 48 + int.from_bytes(written[40:48], "little")
    for template in content:
        start = -(-end // 64) * 64
        assert not any(written[end:start])
        end = start + len(template.code)
        assert written[start:end] == template.code
    assert end == len(written)


def test_mutated_databases() -> None:
    seen = fuzz(Inputs(300, seed=1))
    assert not seen.failures
    assert seen.outcomes["bytes: typed error"] > 90
    assert seen.outcomes["index, sealed: typed error"] > 10
    assert seen.outcomes["index, sealed: read"] > 0
