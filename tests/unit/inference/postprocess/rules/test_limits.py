import pytest

from inference.postprocess.rules.limits import between, figure, is_between


@pytest.mark.parametrize(
    ("limits", "inside", "words"),
    [
        ((1, 2), [1, 1.5, 2], "1 to 2 mL"),
        ((None, 2), [-9, 0.9, 1, 1.5, 2], "at most 2 mL"),
        ((1, None), [1, 1.5, 2, 2.1, 99], "at least 1 mL"),
        ((0, 0), [], "0 to 0 mL"),
    ],
)
def test_limits_are_included_and_one_may_be_missing(limits, inside, words):
    assert [value for value in (-9, 0.9, 1, 1.5, 2, 2.1, 99) if is_between(value, *limits)] == inside
    assert between(*limits, "mL") == words


def test_without_a_unit_nothing_trails():
    assert between(1, None, "") == "at least 1"


@pytest.mark.parametrize(
    ("value", "words"), [(0.01234, "0.0123"), (12.34, "12.3"), (1234.4, "1234"), (0, "0")]
)
def test_figures_are_short(value, words):
    assert figure(value) == words
