"""A mutated module is specialised into a valid one, or refused; `tests/fuzz/specialize.py` runs more of them."""

from tests.fuzz.specialize import fuzz


def test_mutated_modules():
    outcomes, failures = fuzz(600, seed=1)
    assert not failures
    assert sum(outcomes.values()) == 600
    assert min(outcomes.values()) > 10
    assert len(outcomes) == 5
