"""The temperature of a package: the one under which the validation truths are likeliest (Guo et al., ICML 2017).

It is fitted to what the members say together, as ``predict.temperature`` applies it when serving.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from inference.predict.ensemble import mean_of
from inference.predict.temperature import Activation, soften
from inference.train.case import Example, Truth

Values = npt.NDArray[np.float32]
Answer = Callable[[Values], Values]
"""An example's values to its (…, channels)."""
Targets = Callable[[Sequence[Truth]], tuple[npt.NDArray[Any], ...]]
"""Truths to (n, …, channels), as a lesson gives them."""

COLDEST, HOTTEST = 0.1, 20.0
LEAST_PROBABILITY = 1e-7


def fit_temperature(
    answers: Sequence[Answer],
    examples: Sequence[Example],
    targets: Targets,
    activation: Activation,
    most_values: int,
) -> float:
    """The temperature, to three digits, for the mean of ``answers``; about ``most_values`` pixels of all count."""
    share = max(1, most_values // len(examples))
    pairs = [_pair(answers, example, targets, share) for example in examples]
    given, truths = (np.concatenate(each) for each in zip(*pairs, strict=True))
    found = minimize_scalar(
        lambda log: cross_entropy(given, truths, float(np.exp(log)), activation),
        bounds=(np.log(COLDEST), np.log(HOTTEST)),
        method="bounded",
    )
    return round(float(np.exp(found.x)), 3)


def cross_entropy(given: Values, truths: Values, temperature: float, activation: Activation) -> float:
    """The mean surprise by ``truths`` (n, channels) where ``given`` (n, channels) is softened by ``temperature``."""
    softened = given.copy()
    soften(softened, temperature, activation)
    surprise = -truths * np.log(np.maximum(softened, LEAST_PROBABILITY))
    if activation == "sigmoid":
        surprise -= (1 - truths) * np.log(np.maximum(1 - softened, LEAST_PROBABILITY))
    return float(surprise.sum(axis=-1).mean())


def _pair(
    answers: Sequence[Answer],
    example: Example,
    targets: Targets,
    share: int,
) -> tuple[Values, Values]:
    together = mean_of([answer(example.values).copy() for answer in answers])
    given = together.reshape(-1, together.shape[-1])
    truths = targets([example.truth])[0].reshape(given.shape)
    every = max(1, len(given) // share)
    return given[::every], truths[::every]
