"""The confidence in what has a probability of its own: a class of an image, a box."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.confidence.confidence import Confidence


def confidence_in_findings(
    labels: Sequence[str], probabilities: npt.NDArray[np.float32]
) -> tuple[Confidence, ...]:
    """One for each of ``labels``: its probability (n,) after the package's temperature, which calibrated it.

    For a classification the labels are its classes, for a detection the class of each box. Raises ValueError where
    there are not as many labels as probabilities.
    """
    return tuple(
        # The last digit of a bfloat16 may lie outside of what a percentage can be.
        Confidence(label=label, certainty=min(max(float(p), 0.0), 1.0), kind="calibrated_probability")
        for label, p in zip(labels, probabilities, strict=True)
    )
