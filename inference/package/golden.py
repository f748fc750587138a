"""golden/case.npz: one input with what the model gave for it when the package was made.

A package is READY only where it gives the same again on this machine. Compared by overlap and tolerance,
since floating-point results differ in the last digits between processors.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.package.arrays import read_arrays

LEAST_DICE = 0.99
MOST_DIFFERENCE = 0.02


@dataclass(frozen=True, kw_only=True)
class GoldenCase:
    """``pixels`` (rows, columns) float32 in the MONOCHROME2 sense, what preprocessing starts from;
    ``probabilities`` (rows, columns, channels) float32 on the network's grid;
    ``labels`` (rows, columns, segments) uint8 0 or 1 on the grid of ``pixels``.
    """

    pixels: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float32]
    labels: npt.NDArray[np.uint8]


def read_golden_case(folder: Path) -> GoldenCase:
    """Read ``folder/golden/case.npz``; raises PackageInvalid."""
    arrays = read_arrays(
        folder / "golden" / "case.npz", {"pixels": (2, "uif"), "probabilities": (3, "f"), "labels": (3, "ub")}
    )
    return GoldenCase(
        pixels=arrays["pixels"].astype(np.float32),
        probabilities=arrays["probabilities"].astype(np.float32),
        labels=arrays["labels"].astype(np.uint8),
    )


def reason_not_reproduced(
    case: GoldenCase, probabilities: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]
) -> str | None:
    """What differs from the golden case beyond the tolerances, as a sentence; None where it was reproduced."""
    if probabilities.shape != case.probabilities.shape or labels.shape != case.labels.shape:
        return f"the output has shape {probabilities.shape}, the golden case {case.probabilities.shape}"
    # Written so that a NaN, which is smaller than nothing and larger than nothing, counts as a difference.
    difference = float(np.abs(probabilities - case.probabilities).max())
    if not difference <= MOST_DIFFERENCE:
        return f"probabilities differ by {difference:.3f} from the golden case, more than {MOST_DIFFERENCE}"
    worst = min(_dice(labels[..., k], case.labels[..., k]) for k in range(labels.shape[-1]))
    if worst < LEAST_DICE:
        return f"labels overlap with the golden case by Dice {worst:.3f}, less than {LEAST_DICE}"
    return None


def _dice(mask: npt.NDArray[np.uint8], expected: npt.NDArray[np.uint8]) -> float:
    total = int(np.count_nonzero(mask)) + int(np.count_nonzero(expected))
    return 2 * int(np.count_nonzero(mask & expected)) / total if total else 1.0
