import numpy as np
import pytest

from inference.errors import PredictionFailed
from inference.package.prediction import Io, Predict
from inference.predict.ensemble import Ensemble, mean_of

IO = Io(input="image", input_rank=4, output="p", output_rank=4)
BATCH = np.random.default_rng(0).random((2, 4, 4, 1), np.float32)


def _ensemble(*networks, **predict):
    return Ensemble(
        [lambda batch, one=one: {"p": one(batch)} for one in networks], io=IO, predict=Predict(**predict)
    )


def _fails(_):
    raise PredictionFailed("the network could not be run")


def test_each_member_answers():
    ensemble = _ensemble(lambda batch: batch * 1, lambda batch: batch / 2)
    first, second = ensemble.each(BATCH)
    assert len(ensemble) == 2
    assert (first == BATCH).all()
    assert (second == BATCH / 2).all()


def test_one_that_fails_is_the_failure_of_all():
    with pytest.raises(PredictionFailed):
        _ensemble(lambda batch: batch * 1, lambda batch: batch * 1, _fails).each(BATCH)


@pytest.mark.parametrize("wrong", [np.nan, 3.0])
def test_one_that_gives_what_is_no_probability_is_the_failure_of_all(wrong):
    with pytest.raises(PredictionFailed):
        _ensemble(lambda batch: batch * 1, lambda batch: np.full_like(batch, wrong)).each(BATCH)


def test_every_member_looks_at_every_flip():
    looks = []
    ensemble = _ensemble(
        *[lambda batch: looks.append(1) or batch * 1] * 3, test_time_flips=("rows", "columns")
    )
    for answer in ensemble.each(BATCH):
        assert answer == pytest.approx(BATCH)
    assert len(looks) == 3 * 4


def test_the_mean_of_one_is_that_one():
    assert mean_of([BATCH]) is BATCH


def test_the_mean_of_several():
    answers = [np.full((1, 2), value, np.float32) for value in (0.1, 0.2, 0.9)]
    assert mean_of(answers) == pytest.approx(0.4)
