"""A mutated module, loaded with templates, ends as without; `tests/fuzz/loads.py` runs more of them."""

from tests.fuzz.command import Inputs
from tests.fuzz.loads import MADE_EVERY, fuzz
from tests.native_calls import on_x86_64


@on_x86_64
def test_mutated_modules_are_loaded_and_run() -> None:
    seen = fuzz(Inputs(10 * MADE_EVERY, seed=1))
    assert not seen.failures
    assert seen.outcomes["file, with native code: returned"] > 10
    assert seen.outcomes["file, portable: module"] > 10
    assert sum(number for outcome, number in seen.outcomes.items() if outcome.startswith("made")) > 5
