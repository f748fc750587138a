import numpy as np
import pytest

from inference.predict.temperature import soften
from inference.train.calibrate import HOTTEST, cross_entropy, fit_temperature
from inference.train.case import Class, Example


def _examples(count, activation, seed=0):
    """Truths that are drawn from known probabilities, which the values of each example are."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        logits = rng.normal(0, 1.5, 3)
        if activation == "sigmoid":
            p = 1 / (1 + np.exp(-logits))
            truth = (rng.random(3) < p).astype(np.float32)
        else:
            p = np.exp(logits) / np.exp(logits).sum()
            truth = np.eye(3, dtype=np.float32)[rng.choice(3, p=p)]
        made.append(Example(values=p.astype(np.float32), truth=Class(shares=truth)))
    return made


def _targets(truths):
    return (np.stack([truth.shares for truth in truths]),)


def _too_sure(by, activation):
    """A network that knows the probabilities, and says them with ``by`` times the certainty."""

    def answer(values):
        said = values[np.newaxis].copy()
        soften(said, 1 / by, activation)
        return said[0]

    return answer


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
@pytest.mark.parametrize("by", [0.5, 1.0, 3.0])
def test_the_temperature_takes_back_what_is_too_sure(activation, by):
    examples = _examples(4000, activation)
    found = fit_temperature([_too_sure(by, activation)], examples, _targets, activation, 10**6)
    assert found == pytest.approx(by, rel=0.08)


def test_it_is_fitted_to_what_the_members_say_together():
    """Each member is too sure, their mean less so: the temperature of one would be too high."""
    examples = _examples(3000, "sigmoid")
    low, high = (lambda values: values * 0.5), (lambda values: 0.5 + values * 0.5)
    alone = fit_temperature([low], examples, _targets, "sigmoid", 10**6)
    together = fit_temperature([low, high], examples, _targets, "sigmoid", 10**6)
    mean = fit_temperature([lambda v: 0.25 + v * 0.5], examples, _targets, "sigmoid", 10**6)
    assert together == mean
    assert together != alone


def test_the_temperature_is_where_the_truth_is_likeliest():
    examples = _examples(500, "sigmoid")
    answer = _too_sure(2.0, "sigmoid")
    found = fit_temperature([answer], examples, _targets, "sigmoid", 10**6)
    given = np.stack([answer(example.values) for example in examples])
    truths = _targets([example.truth for example in examples])[0]
    best = cross_entropy(given, truths, found, "sigmoid")
    for other in (found * 0.9, found * 1.1, 1.0):
        assert cross_entropy(given, truths, other, "sigmoid") > best


def test_what_is_always_wrong_and_sure_has_the_highest_there_is():
    examples = [Example(values=np.full(3, 0.999, np.float32), truth=Class(shares=np.zeros(3, np.float32)))]
    assert fit_temperature([lambda v: v], examples, _targets, "sigmoid", 100) == pytest.approx(
        HOTTEST, rel=0.01
    )


def test_of_large_maps_only_some_pixels_are_asked():
    seen = []

    def answer(values):
        return np.full((100, 100, 1), 0.7, np.float32)

    def targets(truths):
        seen.append(len(truths))
        truth = np.zeros((1, 100, 100, 1), np.float32)
        truth[:, :70] = 1
        return (truth,)

    example = Example(values=np.zeros((100, 100), np.float32), truth=Class(shares=np.zeros(1, np.float32)))
    assert fit_temperature([answer], [example] * 2, targets, "sigmoid", 2000) == pytest.approx(1.0, abs=0.02)
    assert seen == [1, 1]


def test_a_member_is_not_overwritten():
    kept = np.full(3, 0.9, np.float32)
    fit_temperature([lambda v: kept, lambda v: v], _examples(3, "sigmoid"), _targets, "sigmoid", 100)
    np.testing.assert_array_equal(kept, np.float32(0.9))
