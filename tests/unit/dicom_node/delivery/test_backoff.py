import pytest

from dicom_node.delivery.backoff import seconds_until_next


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (8, 60), (100_000, 60)]
)
def test_the_pauses_double_up_to_a_limit(attempts, seconds):
    assert seconds_until_next(attempts, at_most=60) == seconds


def test_a_small_limit_holds_from_the_first():
    assert seconds_until_next(1, at_most=0.5) == 0.5
