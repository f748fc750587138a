"""MixUp and CutMix: pictures between the classes, with labels between them."""

from typing import Literal

from inference.train.augment.tables import MixTable
from tests.benchmarks.train.methods.comparison import Method
from tests.benchmarks.train.methods.shapes import examples_of
from tests.benchmarks.train.methods.teaching import log_likelihood, new_network, probabilities, teach_classes

KINDS, EACH, STEPS = ("disk", "square", "cross"), 20, 120


def _method(kind: Literal["mixup", "cutmix"], alpha: float) -> Method:
    def score(seed: int) -> tuple[float, float]:
        learnt, new = examples_of(KINDS, [EACH] * 3, seed), examples_of(KINDS, [100] * 3, seed + 1000)
        found = [
            teach_classes(new_network(3, seed), learnt, steps=STEPS, seed=seed, mix=mix)
            for mix in (MixTable(kind=kind, alpha=alpha), None)
        ]
        with_it, without = (log_likelihood(probabilities(network, new), new) for network in found)
        return with_it, without

    return Method(
        name={"mixup": "MixUp", "cutmix": "CutMix"}[kind],
        plain="pictures as they are",
        measure="mean log likelihood of 3 shapes",
        budget=f"{EACH * 3} pictures, {STEPS} steps",
        score=score,
    )


MIXUP, CUTMIX = _method("mixup", 0.4), _method("cutmix", 1.0)
