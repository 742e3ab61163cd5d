"""A mutated module is specialised into a valid one, or refused; `tests/fuzz/specialize.py` runs more of them."""

from tests.fuzz.command import Inputs
from tests.fuzz.specialize import fuzz


def test_mutated_modules():
    seen = fuzz(Inputs(600, seed=1))
    assert not seen.failures
    assert sum(seen.outcomes.values()) == 600
    assert min(seen.outcomes.values()) > 10
    assert len(seen.outcomes) == 5
