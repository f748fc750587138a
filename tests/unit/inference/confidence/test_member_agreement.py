import numpy as np
import pytest

from inference.confidence.member_agreement import MemberAgreement


def _agreement(*members, segments=1):
    gathered = MemberAgreement(members=len(members), segments=segments)
    gathered.add([np.array(labels, np.uint8) for labels in members])
    return gathered.values()


def test_the_same_everywhere_is_one():
    assert _agreement([[1, 0], [2, 2]], [[1, 0], [2, 2]], segments=2) == (1.0, 1.0)


def test_the_mean_is_over_all_pairs():
    # Dice: 2 * 1 / (2 + 1), 2 * 2 / (2 + 3), 2 * 1 / (1 + 3)
    assert _agreement([1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0]) == pytest.approx(
        [(2 / 3 + 4 / 5 + 1 / 2) / 3]
    )


def test_a_segment_under_another_number_is_no_agreement():
    assert _agreement([1, 1], [2, 2], segments=2) == (0.0, 0.0)


def test_two_that_mark_nothing_agree_and_differ_from_the_third():
    assert _agreement([0, 0], [0, 0], [1, 0]) == pytest.approx([1 / 3])


def test_what_nobody_marked_has_no_agreement():
    assert _agreement([1], [1], segments=2) == (1.0, None)


def test_one_member_has_nobody_to_agree_with():
    assert _agreement([1, 1]) == (None,)


def test_slab_by_slab_is_the_whole():
    rng = np.random.default_rng(0)
    members = [rng.integers(0, 4, (6, 20, 30)).astype(np.uint8) for _ in range(3)]
    gathered = MemberAgreement(members=3, segments=3)
    for first in range(0, 6, 2):
        gathered.add([labels[first : first + 2] for labels in members])
    assert gathered.values() == _agreement(*members, segments=3)


def test_a_member_less_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        MemberAgreement(members=3, segments=1).add([np.zeros(4, np.uint8)] * 2)
