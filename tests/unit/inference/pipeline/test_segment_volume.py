from types import SimpleNamespace

import numpy as np
import pytest

from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field
from tests.labels_package import DRAFT, HIGH, LOW, labels_phantom
from tests.unit.inference.encode.given import manifest_of

IO = '[io]\ninput = "image"\ninput_rank = 5\noutput = "probabilities"\noutput_rank = 5\n'
MANIFEST = manifest_of(IO + DRAFT.format(patch=[8, 16, 16], overlap=0.0, batch=1))
SLABS = 4


def _maps(values: np.ndarray) -> np.ndarray:
    """0.6 of the window is Low, 0.8 is High."""
    return np.stack([abs(values - middle) < 0.05 for middle in (0.6, 0.8)], axis=-1).astype(np.float32)


def _predictor(members: int = 1, shifted: int = 0):
    def by_slab(values, on_slab, *, on_members=None):
        for first in range(0, len(values), SLABS):
            maps = _maps(values[first : first + SLABS])
            on_slab(first, maps)
            if on_members is not None:
                on_members(first, [maps, np.roll(maps, shifted, axis=1)])

    return SimpleNamespace(members=members, by_slab=by_slab)


def _answered(predictor, affine, **asked):
    field = Field(values=labels_phantom().astype(np.float32), affine=affine)
    question = Question(field=field, manifest=MANIFEST, predictor=predictor, **asked)
    return answer(question, Stopwatch())


def _affine(*axes: tuple[int, int, int]) -> np.ndarray:
    """Columns: the step along slices, rows, columns in mm (LPS)."""
    affine = np.eye(4)
    affine[:3, :3] = np.array(axes, float).T * (2.0, 0.8, 0.7)
    return affine


UPRIGHT = _affine((0, 0, 1), (0, 1, 0), (1, 0, 0))
TURNED = _affine((1, 0, 0), (0, 0, -1), (0, 1, 0))


@pytest.mark.parametrize("affine", [UPRIGHT, TURNED])
def test_every_voxel_is_labelled_on_the_grid_of_the_source_however_that_lies(affine):
    labels = _answered(_predictor(), affine).found.labels
    expected = np.select([labels_phantom() == LOW, labels_phantom() == HIGH], [1, 2])
    assert np.array_equal(labels, expected)


@pytest.mark.parametrize("affine", [UPRIGHT, TURNED])
def test_probabilities_lie_on_the_grid_of_the_source_however_that_lies(affine):
    assert _answered(_predictor(), affine).probabilities is None
    kept = _answered(_predictor(), affine, keep_probabilities=True).probabilities
    assert kept.dtype == np.float32
    for probable, value in zip(kept, (LOW, HIGH), strict=True):
        assert np.array_equal(probable, (labels_phantom() == value).astype(np.float32))


def test_maps_are_kept_only_where_they_were_asked_for():
    assert _answered(_predictor(), UPRIGHT).maps is None
    given = _answered(_predictor(), UPRIGHT, keep_maps=True)
    assert np.array_equal(given.maps, _maps(given.prepared.values))


def test_what_members_disagree_about_is_summed_over_the_slabs():
    (same, _), (other, _) = (
        _answered(_predictor(members=2, shifted=shift), UPRIGHT).confidence for shift in (0, 3)
    )
    assert same.member_agreement == 1.0
    assert other.member_agreement < 0.9
    assert _answered(_predictor(), UPRIGHT).confidence[0].member_agreement is None
