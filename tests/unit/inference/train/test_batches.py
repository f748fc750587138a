import threading
from itertools import islice

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.augment.tables import Flip, MixTable, Noise, Rotate
from inference.train.batches import AHEAD, Drawing, batches
from inference.train.case import Example
from inference.train.sampling.tables import Patches, SamplingTable
from tests.unit.inference.train.given import boxed, classed, masked

STEPS = (Flip(step="flip"), Rotate(step="rotate"), Noise(step="noise"))
DRAWING = Drawing(sampling=SamplingTable(batch=3), augment=STEPS)


def first(examples, drawing, count=4, *, seed=0, epoch=0):
    drawn = batches(examples, drawing, seed, epoch)
    try:
        return list(islice(drawn, count))
    finally:
        drawn.close()


def are_same(some, others):
    return all(np.array_equal(a.images, b.images) for a, b in zip(some, others, strict=True))


def test_shapes_and_dtypes():
    (batch,) = first([masked()], DRAWING, 1)
    assert batch.images.shape == (3, 96, 80, 1)
    assert batch.images.dtype == np.float32
    assert [truth.segments.shape for truth in batch.truths] == [(96, 80, 2)] * 3
    (deep,) = first([masked((8, 10, 12))], Drawing(sampling=SamplingTable(batch=2)), 1)
    assert deep.images.shape == (2, 8, 10, 12, 1)


def test_seed_and_epoch_decide_and_nothing_else():
    examples = [masked((40 + 8, 40)) for _ in range(5)]
    slow = Drawing(sampling=DRAWING.sampling, augment=STEPS, threads=1)
    fast = Drawing(sampling=DRAWING.sampling, augment=STEPS, threads=4)
    assert are_same(first(examples, slow, 6), first(examples, fast, 6))
    assert not are_same(first(examples, slow), first(examples, slow, epoch=1))
    assert not are_same(first(examples, slow), first(examples, slow, seed=1))


def test_image_and_truth_stay_together():
    for batch in first(
        [masked((96, 80)), masked((96, 80))], Drawing(sampling=SamplingTable(batch=2), augment=STEPS[:1])
    ):
        for image, truth in zip(batch.images, batch.truths, strict=True):
            np.testing.assert_array_equal(truth.segments[..., 0], image[..., 0] > 0.6)


def test_balanced_patched_and_mixed():
    examples = [classed(0, 2, value=0) for _ in range(9)] + [classed(1, 2, value=1)]
    even = Drawing(sampling=SamplingTable(batch=10, kind="balanced"))
    assert 0.35 < np.mean([batch.images for batch in first(examples, even, 30)]) < 0.65
    part = Drawing(sampling=SamplingTable(batch=2, patches=Patches(size=(4, 4))))
    assert first(examples, part, 1)[0].images.shape == (2, 4, 4, 1)
    mixed = Drawing(sampling=SamplingTable(batch=10, kind="balanced"), mix=MixTable(kind="mixup", alpha=1.0))
    shares = np.array([truth.shares for batch in first(examples, mixed, 3) for truth in batch.truths])
    assert ((shares > 0.01) & (shares < 0.99)).any()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    for batch in first(examples, mixed, 3):
        np.testing.assert_allclose(
            batch.images[:, 0, 0, 0], [truth.shares[1] for truth in batch.truths], atol=1e-6
        )


def test_mixing_by_chance():
    examples = [classed(0, 2, value=0), classed(1, 2, value=1)]
    rarely = Drawing(sampling=SamplingTable(batch=4), mix=MixTable(kind="mixup", alpha=5.0, chance=0.3))
    mixed = [any(0 < truth.shares[0] < 1 for truth in batch.truths) for batch in first(examples, rarely, 80)]
    assert 0.12 < np.mean(mixed) < 0.45


def test_another_change_in_place_of_augmentation():
    def doubled(example, rng):
        return Example(values=example.values * 2, truth=example.truth)

    (batch,) = first([masked()], Drawing(sampling=SamplingTable(batch=1), change=doubled), 1)
    np.testing.assert_array_equal(batch.images[0, ..., 0], masked().values * 2)


def test_batches_are_drawn_ahead_but_not_without_end():
    drawn, enough = [], threading.Event()

    def noted(example, rng):
        drawn.append(1)
        if len(drawn) == AHEAD + 1:
            enough.set()
        return example

    stream = batches([masked()], Drawing(sampling=SamplingTable(batch=1), change=noted, threads=1), 0, 0)
    next(stream)
    assert enough.wait(10), "nothing was drawn before it was asked for"
    stream.close()
    assert len(drawn) <= AHEAD + 2


def test_what_goes_wrong_in_a_thread_reaches_the_caller():
    different = [masked((32, 32)), masked((48, 32))]
    with pytest.raises(TrainingRefused, match="different sizes"):
        first(different, Drawing(sampling=SamplingTable(batch=4)))
    with pytest.raises(TrainingRefused, match="no training case has anything of class or segment 2"):
        first([classed(0), classed(1)], DRAWING)
    with pytest.raises(TrainingRefused, match="no example to learn from"):
        first([], DRAWING)


def test_a_class_without_a_box_is_refused_by_its_name():
    table = SamplingTable(batch=1)
    names = ("class 'left'", "class 'right'", "class 'third'")
    with pytest.raises(TrainingRefused, match="anything of class 'third';"):
        first([boxed()], Drawing(sampling=table, names=names), 1)
    assert len(first([boxed()], Drawing(sampling=table, names=names[:2]), 1)) == 1
