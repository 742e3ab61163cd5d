"""Linear forms against sums written out."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from zellige.maths.linear_forms import LinearForm

FORMS = st.builds(LinearForm, st.tuples(*[st.integers(-3, 3)] * 3), st.integers(-5, 5))
SIZES = st.tuples(*[st.integers(1, 4)] * 3)


@given(FORMS, SIZES)
def test_span_reaches_from_the_lowest_value_to_the_highest(form: LinearForm, sizes: tuple[int, int, int]) -> None:
    values = [form.value(point) for point in product(*map(range, sizes))]
    assert form.span(sizes) == max(values) - min(values) + 1


@given(FORMS)
def test_loops_are_those_that_matter(form: LinearForm) -> None:
    origin = form.value((0, 0, 0))
    moved = [form.value(tuple(int(i == loop) for i in range(3))) for loop in range(3)]
    assert form.loops == tuple(loop for loop in range(3) if moved[loop] != origin)


def test_single_loop() -> None:
    assert LinearForm((0, 1, 0)).single_loop == 1
    for form in (LinearForm((0, 2, 0)), LinearForm((0, 1, 0), 1), LinearForm((1, 1, 0)), LinearForm((0, 0, 0))):
        assert form.single_loop is None
