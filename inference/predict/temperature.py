"""Calibration by one number (Guo et al., On Calibration of Modern Neural Networks, ICML 2017).

A temperature T divides the logits: p becomes sigmoid(logit(p) / T), or softmax(log(p) / T) over the classes. Above 1
it takes certainty away, below 1 it adds some; which class is likeliest stays. Written with powers of p instead
of logarithms, so that 0 and 1 stay what they are.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

Activation = Literal["sigmoid", "softmax"]
_TINY = float(np.finfo(np.float32).tiny)


def soften(probabilities: npt.NDArray[np.float32], temperature: float, activation: Activation) -> None:
    """Calibrate (..., classes) float32 in place; with ``sigmoid`` every value is by itself.

    A temperature of 1 leaves every bit as it is.
    """
    if temperature == 1:
        return
    # A stack is done slice by slice, so that the scratch memory is that of one slice.
    parts = probabilities if probabilities.ndim > 3 else probabilities[np.newaxis]
    for part in parts:
        if activation == "sigmoid":
            _soften_each(part, temperature)
        else:
            _soften_together(part, temperature)


def _soften_each(p: npt.NDArray[np.float32], temperature: float) -> None:
    other = np.clip(1 - p, 0, 1)
    np.clip(p, 0, 1, out=p)
    largest = np.maximum(p, other)
    np.power(p / largest, 1 / temperature, out=p)
    p /= p + np.power(other / largest, 1 / temperature)


def _soften_together(p: npt.NDArray[np.float32], temperature: float) -> None:
    np.clip(p, 0, 1, out=p)
    p /= np.maximum(p.max(axis=-1, keepdims=True), _TINY)
    np.power(p, 1 / temperature, out=p)
    p /= np.maximum(p.sum(axis=-1, keepdims=True), _TINY)
