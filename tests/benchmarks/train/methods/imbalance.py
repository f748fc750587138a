"""Imbalance: one class in twenty, and it counts as much. A weighted and a focal loss, and balanced sampling."""

from typing import Any

from inference.train.losses.tables import CrossEntropyTable, FocalTable
from inference.train.sampling.tables import SamplingTable
from tests.benchmarks.train.methods.comparison import Method
from tests.benchmarks.train.methods.shapes import examples_of
from tests.benchmarks.train.methods.teaching import (
    BATCH,
    accuracy,
    new_network,
    probabilities,
    teach_classes,
)

KINDS, COUNTS, STEPS = ("ring", "cross"), (190, 10), 150
WEIGHTS = tuple(sum(COUNTS) / (2 * count) for count in COUNTS)


def _score(**changes: Any) -> Any:
    def score(seed: int) -> tuple[float, float]:
        learnt = examples_of(KINDS, COUNTS, seed, noise=0.1)
        new = examples_of(KINDS, [150, 150], seed + 1000, noise=0.1)
        found = [
            teach_classes(new_network(2, seed), learnt, steps=STEPS, seed=seed, **each)
            for each in (changes, {})
        ]
        with_it, without = (accuracy(probabilities(network, new), new) for network in found)
        return with_it, without

    return score


def _method(name: str, **changes: Any) -> Method:
    return Method(
        name=name,
        plain="plain cross-entropy",
        measure="mean accuracy of both classes",
        budget=f"{COUNTS[0]} pictures of one and {COUNTS[1]} of the other, {STEPS} steps",
        score=_score(**changes),
    )


WEIGHTED = _method(
    "weighted cross-entropy", loss=CrossEntropyTable(kind="cross_entropy", class_weights=WEIGHTS)
)
FOCAL = _method("focal loss, weighted", loss=FocalTable(kind="focal", class_weights=WEIGHTS))
BALANCED = _method("balanced sampling", sampling=SamplingTable(batch=BATCH, kind="balanced"))
