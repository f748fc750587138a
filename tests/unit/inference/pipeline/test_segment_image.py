from types import SimpleNamespace

import numpy as np

from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field
from tests.model_package import MANIFEST, SIDE, phantom
from tests.unit.inference.encode.given import manifest_of

ROWS, COLUMNS = 150, 110


def _truth() -> np.ndarray:
    return phantom(ROWS, COLUMNS)[1]


def _network(image: np.ndarray, *, sure: float = 0.98) -> np.ndarray:
    """(SIDE, SIDE, 2) probabilities of what is dark and of what is half dark."""
    assert image.shape == (SIDE, SIDE)
    dark, grey = image < 0.25, abs(image - 0.5) < 0.25
    return np.where(np.stack([dark, grey], axis=-1), sure, 1 - sure).astype(np.float32)


def _answered(*networks):
    predictor = SimpleNamespace(
        each_member=lambda image: [network(image) for network in networks],
        combine=lambda members: np.mean(members, axis=0, dtype=np.float32),
    )
    field = Field(values=phantom(ROWS, COLUMNS)[0] * 4000, affine=None)
    return answer(Question(field=field, manifest=manifest_of(MANIFEST), predictor=predictor), Stopwatch())


def test_the_segments_lie_on_the_grid_of_the_source():
    labels, truth = _answered(_network).found.labels, _truth()
    assert labels.shape == truth.shape
    for k in range(2):
        both = np.count_nonzero(labels[..., k] & truth[..., k])
        assert 2 * both / (labels[..., k].sum() + truth[..., k].sum()) > 0.9


def test_the_maps_are_those_of_the_networks_grid():
    given = _answered(_network)
    assert given.maps.shape == (SIDE, SIDE, 2)
    assert np.array_equal(given.maps, _network(given.prepared.values))


def test_one_network_has_doubts_but_nobody_to_disagree_with():
    sure, unsure = (_answered(lambda image, s=s: _network(image, sure=s)).confidence[0] for s in (0.98, 0.7))
    assert sure.certainty > unsure.certainty
    assert sure.mean_entropy_bits < unsure.mean_entropy_bits
    assert sure.member_agreement is None


def test_members_that_see_another_thing_are_told_from_members_that_agree():
    same = _answered(_network, _network).confidence[0]
    other = _answered(_network, lambda image: np.roll(_network(image), 20, axis=1)).confidence[0]
    assert same.member_agreement == 1.0
    assert other.member_agreement < 0.8
