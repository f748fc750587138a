"""Classifications: how well the classes are told apart, and whether the probabilities can be believed."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from inference.package.output import Finding
from inference.train.evaluate.auroc import auroc
from inference.train.evaluate.calibration import brier, calibration_error
from inference.train.evaluate.evaluation import Indices, Measure
from inference.train.evaluate.names import figure_name
from inference.train.evaluate.observed import Answered

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def answered(probabilities: npt.NDArray[np.float32], shares: npt.NDArray[np.float32]) -> Answered:
    """Both (classes,)."""
    return Answered(
        probabilities=np.asarray(probabilities, np.float64), shares=np.asarray(shares, np.float64)
    )


def measures(seen: Sequence[Answered], findings: Sequence[Finding]) -> tuple[Measure, ...]:
    """Of each finding: AUROC, sensitivity and specificity at its threshold, calibration error, Brier score."""
    return tuple(measure for finding in findings for measure in _of_finding(seen, finding))


def _of_finding(seen: Sequence[Answered], finding: Finding) -> tuple[Measure, ...]:
    name, label = figure_name(finding.label), finding.label
    scores = np.array([each.probabilities[finding.channel] for each in seen])
    positive = np.array([each.shares[finding.channel] >= 0.5 for each in seen])
    said = scores >= finding.threshold
    return (
        Measure(
            name=f"{name}_auroc",
            words=f"AUROC of {label}",
            of=partial(_auroc, scores, positive),
            is_main=True,
        ),
        Measure(
            name=f"{name}_sensitivity", words=f"sensitivity for {label}", of=partial(_share, said, positive)
        ),
        Measure(
            name=f"{name}_specificity", words=f"specificity for {label}", of=partial(_share, ~said, ~positive)
        ),
        Measure(
            name=f"{name}_calibration_error",
            words=f"calibration error of {label}",
            of=lambda which: calibration_error(scores[which], positive[which]),
        ),
        Measure(
            name=f"{name}_brier",
            words=f"Brier score of {label}",
            of=lambda which: brier(scores[which], positive[which]),
        ),
    )


def _auroc(scores: Values, positive: Flags, which: Indices) -> float:
    return auroc(scores[which], positive[which])


def _share(said: Flags, of_these: Flags, which: Indices) -> float:
    """Of the cases for which it is true, the share for which it is said; NaN where there is none."""
    chosen = said[which][of_these[which]]
    return float(chosen.mean()) if len(chosen) else float("nan")
