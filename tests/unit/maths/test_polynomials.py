"""The table of coefficients is what its script derives."""

import runpy
from pathlib import Path

from zellige.maths import polynomials

SCRIPT = Path(__file__).parents[3] / "scripts" / "derive_polynomials.py"


def test_the_table_is_derived() -> None:
    derive = runpy.run_path(str(SCRIPT))["derive"]
    assert derive() == Path(polynomials.__file__).read_text(encoding="utf-8")
