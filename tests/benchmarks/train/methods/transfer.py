"""Transfer: whoever has learnt to tell some shapes apart learns others from a handful."""

import tempfile
from pathlib import Path

from inference.train.learn.start import begin
from inference.train.recipe.network import Start
from tests.benchmarks.train.methods.comparison import Method
from tests.benchmarks.train.methods.shapes import examples_of
from tests.benchmarks.train.methods.teaching import accuracy, new_network, probabilities, teach_classes

BEFORE, BEFORE_STEPS = ("square", "cross", "angle"), 150
KINDS, EACH, STEPS = ("disk", "ring", "bar"), 5, 40


def score(seed: int) -> tuple[float, float]:
    """Accuracy on new pictures."""
    before = examples_of(BEFORE, [100] * 3, seed + 5000)
    learnt, new = examples_of(KINDS, [EACH] * 3, seed), examples_of(KINDS, [100] * 3, seed + 1000)
    taught = teach_classes(new_network(3, seed + 50), before, steps=BEFORE_STEPS, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        taught.save_weights(Path(folder) / "before.weights.h5")
        started = new_network(3, seed)
        begin(started, Start(weights="before.weights.h5"), Path(folder))
    found = [
        teach_classes(network, learnt, steps=STEPS, seed=seed) for network in (started, new_network(3, seed))
    ]
    with_it, without = (accuracy(probabilities(network, new), new) for network in found)
    return with_it, without


METHOD = Method(
    name="transfer",
    plain="weights by chance",
    measure="mean accuracy of 3 shapes",
    budget=f"{EACH * 3} pictures of them, {STEPS} steps",
    score=score,
)
