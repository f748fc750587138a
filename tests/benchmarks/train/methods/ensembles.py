"""An ensemble: three networks that learnt a third of the time each, against one that learnt all of it."""

from inference.predict.ensemble import mean_of
from tests.benchmarks.train.methods.comparison import Method
from tests.benchmarks.train.methods.shapes import examples_of
from tests.benchmarks.train.methods.teaching import log_likelihood, new_network, probabilities, teach_classes

KINDS, EACH, STEPS, MEMBERS = ("disk", "square", "cross"), 8, 120, 3


def score(seed: int) -> tuple[float, float]:
    """The logarithm of the likelihood of new pictures' classes."""
    learnt, new = examples_of(KINDS, [EACH] * 3, seed), examples_of(KINDS, [100] * 3, seed + 1000)
    members = [
        probabilities(teach_classes(new_network(3, own), learnt, steps=STEPS, seed=own), new)
        for own in range(seed * MEMBERS, (seed + 1) * MEMBERS)
    ]
    alone = teach_classes(new_network(3, seed), learnt, steps=STEPS * MEMBERS, seed=seed)
    return log_likelihood(mean_of(members), new), log_likelihood(probabilities(alone, new), new)


METHOD = Method(
    name="ensemble",
    plain=f"one network taught {MEMBERS} times as long",
    measure="mean log likelihood of 3 shapes",
    budget=f"{EACH * 3} pictures, {STEPS * MEMBERS} steps in all",
    score=score,
)
