"""Passes and pipelines as text."""

from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from zellige.compiler.pass_text import pass_text
from zellige.compiler.pipeline import Pipeline
from zellige.support.errors import UsageError


@dataclass(frozen=True)
class PaintTilesPass(ModulePass):
    name = "paint-tiles"

    colour: str = "blue"
    coats: int = 1
    is_glossy: bool = False
    tile_sizes: tuple[int, ...] = (4, 8)
    limit: int | None = 10

    def apply(self, ctx: Context, op: ModuleOp) -> None: ...


@dataclass(frozen=True)
class CutTilesPass(ModulePass):
    name = "cut-tiles"

    size: int

    def apply(self, ctx: Context, op: ModuleOp) -> None: ...


KNOWN = {"paint-tiles": lambda: PaintTilesPass, "cut-tiles": lambda: CutTilesPass}


def parsed(text: str) -> tuple[ModulePass, ...]:
    return Pipeline.parse(text, KNOWN).passes


def test_defaults_are_not_written() -> None:
    assert pass_text(PaintTilesPass()) == "paint-tiles"


def test_options_are_written_in_kebab_case() -> None:
    text = pass_text(PaintTilesPass(colour="sea-green", is_glossy=True, tile_sizes=(2,), limit=None))
    assert text == "paint-tiles{colour=sea-green is-glossy=true tile-sizes=2 limit}"


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", ()),
        ("cut-tiles{size=3}", (CutTilesPass(3),)),
        ("cut-tiles{size=-3} , \n paint-tiles", (CutTilesPass(-3), PaintTilesPass())),
        ("paint-tiles{tile-sizes=2}", (PaintTilesPass(tile_sizes=(2,)),)),
        ("paint-tiles{tile_sizes=2,3}", (PaintTilesPass(tile_sizes=(2, 3)),)),
        ("paint-tiles{tile-sizes}", (PaintTilesPass(tile_sizes=()),)),
        ("paint-tiles{limit}", (PaintTilesPass(limit=None),)),
        ('paint-tiles{colour="true"}', (PaintTilesPass(colour="true"),)),
    ],
)
def test_text_is_read(text: str, passes: tuple[ModulePass, ...]) -> None:
    assert parsed(text) == passes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("paint-tile", "unknown pass 'paint-tile'; did you mean 'paint-tiles'?"),
        ("xyz", "unknown pass 'xyz'"),
        (
            "paint-tiles{color=red}",
            "unknown option 'color' of pass 'paint-tiles', it has colour, coats, is-glossy, tile-sizes, limit;"
            " did you mean 'colour'?",
        ),
        ("paint-tiles{coats=two}", "option 'coats' of pass 'paint-tiles' expects int, got 'two'"),
        ("paint-tiles{coats=true}", "option 'coats' of pass 'paint-tiles' expects int, got 'true'"),
        ("paint-tiles{coats=1,2}", "option 'coats' of pass 'paint-tiles' expects int, got '1,2'"),
        ("paint-tiles{coats}", "option 'coats' of pass 'paint-tiles' expects int, got 'no value'"),
        ("cut-tiles", "pass 'cut-tiles' needs option 'size'"),
        ("cut-tiles{", "cannot read 'cut-tiles{' as 'pass,pass{option=value option=value}'"),
        ("cut-tiles;", "cannot read 'cut-tiles;' as 'pass,pass{option=value option=value}'"),
    ],
)
def test_errors_name_the_word(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parsed(text)
    assert str(caught.value) == message
