"""`str(pipeline)` and `Pipeline.parse` are inverse, for options of every kind."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from zellige.compiler.pipeline import Pipeline


@dataclass(frozen=True)
class PaintTilesPass(ModulePass):
    name = "paint-tiles"

    count: int = 1
    is_glossy: bool = False
    colour: str = "blue"
    limit: int | None = 10
    sizes: tuple[int, ...] = (4, 8)
    words: tuple[str, ...] = ()
    switches: tuple[bool, ...] = ()

    def apply(self, ctx: Context, op: ModuleOp) -> None: ...


@dataclass(frozen=True)
class Cut2dTilesPass(ModulePass):
    name = "cut-2d-tiles"

    size: int

    def apply(self, ctx: Context, op: ModuleOp) -> None: ...


KNOWN = {"paint-tiles": lambda: PaintTilesPass, "cut-2d-tiles": lambda: Cut2dTilesPass}

INTEGERS = st.integers(min_value=-(2**63), max_value=2**63 - 1)
WORDS = st.from_regex(r"[A-Za-z0-9_-]+", fullmatch=True)

PASSES = st.one_of(
    st.builds(
        PaintTilesPass,
        count=INTEGERS,
        is_glossy=st.booleans(),
        colour=WORDS,
        limit=st.none() | INTEGERS,
        sizes=st.lists(INTEGERS, max_size=4).map(tuple),
        words=st.lists(WORDS, max_size=4).map(tuple),
        switches=st.lists(st.booleans(), max_size=4).map(tuple),
    ),
    st.builds(Cut2dTilesPass, size=INTEGERS),
)


@given(st.lists(PASSES, max_size=4).map(lambda passes: Pipeline(tuple(passes))))
def test_text_is_read_back(pipeline: Pipeline) -> None:
    assert Pipeline.parse(str(pipeline), KNOWN) == pipeline
