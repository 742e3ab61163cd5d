"""A mutated object or module gives a typed error or a valid module; `tests/fuzz/linker.py` runs more of them."""

from tests.fuzz.linker import fuzz


def test_mutated_objects_and_modules():
    outcomes, failures = fuzz(600, seed=1)
    assert not failures
    assert sum(outcomes.values()) == 600
    assert min(outcomes.values()) > 10
    assert len(outcomes) == 4
