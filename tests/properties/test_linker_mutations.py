"""A mutated object or module gives a typed error or a valid module; `tests/fuzz/linker.py` runs more of them."""

from tests.fuzz.command import Inputs
from tests.fuzz.linker import fuzz


def test_mutated_objects_and_modules():
    seen = fuzz(Inputs(600, seed=1))
    assert not seen.failures
    assert sum(seen.outcomes.values()) == 600
    assert min(seen.outcomes.values()) > 10
    assert len(seen.outcomes) == 4
