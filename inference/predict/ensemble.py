"""Several networks of one package, asked the same question."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from inference.package.prediction import Io, Predict
from inference.predict.flips import average_over_flips
from inference.predict.probabilities import require_probabilities, require_shape
from inference.predict.saved_model import SavedModel

Values = npt.NDArray[np.float32]


class Ensemble:
    """Every member answers, or the analysis fails: an error of one is the error of all."""

    def __init__(self, networks: Sequence[SavedModel], *, io: Io, predict: Predict) -> None:
        self._networks = tuple(networks)
        self._io = io
        self._flips = predict.test_time_flips

    def __len__(self) -> int:
        return len(self._networks)

    def each(self, batch: Values) -> tuple[Values, ...]:
        """What each member gives for (batch, …, 1), the mean over its flips: (batch, …, channels or classes).

        Raises PredictionFailed where a member cannot be run, gives what is no probability, or another number of
        classes than the first.
        """
        answers = tuple(
            average_over_flips(partial(self._run, network), batch, self._flips) for network in self._networks
        )
        for answer in answers[1:]:
            require_shape("for one of its members an answer", answer, answers[0].shape)
        return answers

    def _run(self, network: SavedModel, batch: Values) -> Values:
        probabilities = network(batch)[self._io.output]
        require_probabilities(probabilities)
        return probabilities


def mean_of(answers: Sequence[Values]) -> Values:
    """The mean of the members, in the memory of the first; a single one stays what it is, bit for bit."""
    first, *others = answers
    for other in others:
        first += other
    if others:
        first /= len(answers)
    return first
