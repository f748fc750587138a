"""Augmentation: shapes are the same wherever they lie, and a little larger or smaller."""

from inference.train.augment.tables import Flip, Noise, Scale, Shift
from tests.benchmarks.train.methods.comparison import Method
from tests.benchmarks.train.methods.shapes import examples_of
from tests.benchmarks.train.methods.teaching import accuracy, new_network, probabilities, teach_classes

KINDS, EACH, STEPS = ("disk", "square", "cross"), 8, 250
CHANGES = (
    Flip(step="flip"),
    Scale(step="scale", largest=1.15, outside=("median",)),
    Shift(step="shift", largest=0.15, outside=("median",)),
    Noise(step="noise", chance=0.3),
)


def score(seed: int) -> tuple[float, float]:
    """Accuracy on new pictures."""
    learnt, new = examples_of(KINDS, [EACH] * 3, seed), examples_of(KINDS, [100] * 3, seed + 1000)
    found = [
        teach_classes(new_network(3, seed), learnt, steps=STEPS, seed=seed, augment=changes)
        for changes in (CHANGES, ())
    ]
    with_it, without = (accuracy(probabilities(network, new), new) for network in found)
    return with_it, without


METHOD = Method(
    name="augmentation",
    plain="the same pictures as they are",
    measure="mean accuracy of 3 shapes",
    budget=f"{EACH * 3} pictures, {STEPS} steps",
    score=score,
)
