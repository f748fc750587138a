"""golden/case.npz of a segmentation: one input with what the model gave for it when the package was made.

A package is READY only where it gives the same again on this machine. Compared by overlap and tolerance,
since floating-point results differ in the last digits between processors.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid
from inference.package.arrays import Expected, read_arrays

LEAST_DICE = 0.99
MOST_DIFFERENCE = 0.02

INPUT: Expected = {"pixels": ((2, 3), "uif"), "affine": (2, "f")}
"""What every golden case begins with; a projection has no affine."""
_ARRAYS: Expected = {**INPUT, "probabilities": ((3, 4), "f"), "labels": (3, "ub")}

Floats = npt.NDArray[np.float32]
Affine = npt.NDArray[np.float64]
Labels = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class GoldenCase:
    """``pixels`` (rows, columns) or (slices, rows, columns) float32 in the MONOCHROME2 sense, what preprocessing
    starts from, with the ``affine`` of a volume (4, 4) float64;
    ``probabilities`` (rows, columns, channels) or (slices, rows, columns, channels) float32 on the network's grid;
    ``labels`` uint8 on the grid of ``pixels``: (rows, columns, segments) of 0 and 1, or a label map of a volume.
    """

    pixels: Floats
    affine: Affine | None = None
    probabilities: Floats
    labels: Labels


def read_golden_case(folder: Path) -> GoldenCase:
    """Read ``folder/golden/case.npz``; raises PackageInvalid."""
    path = golden_path(folder)
    arrays = read_arrays(path, _ARRAYS, may_lack=("affine",))
    case = GoldenCase(
        pixels=arrays["pixels"].astype(np.float32),
        affine=affine_in(arrays, path),
        probabilities=arrays["probabilities"].astype(np.float32),
        labels=arrays["labels"].astype(np.uint8),
    )
    on_grid = case.labels.shape[: case.pixels.ndim] == case.pixels.shape
    if case.probabilities.ndim != case.pixels.ndim + 1 or not on_grid:
        raise PackageInvalid(f"{path}: pixels, probabilities and labels are not of one input; pack it anew")
    return case


def golden_path(folder: Path) -> Path:
    """Where the golden case of a package lies."""
    return folder / "golden" / "case.npz"


def affine_in(arrays: dict[str, npt.NDArray[np.float64]], path: Path) -> Affine | None:
    """The affine of a golden volume, None of a golden projection; raises PackageInvalid where it is not so."""
    affine = arrays.get("affine")
    is_volume = arrays["pixels"].ndim == 3
    if is_volume != (affine is not None):
        raise PackageInvalid(f"{path}: a volume has an affine, and a projection has none")
    if affine is None:
        return None
    if affine.shape != (4, 4) or not np.isfinite(affine).all() or np.linalg.det(affine[:3, :3]) == 0:
        raise PackageInvalid(f"{path}: the affine is no way from indices to the patient")
    return affine.astype(np.float64)


def reason_not_reproduced(case: GoldenCase, probabilities: Floats, labels: Labels) -> str | None:
    """What differs from the golden case beyond the tolerances, as a sentence; None where it was reproduced."""
    if probabilities.shape != case.probabilities.shape or labels.shape != case.labels.shape:
        return f"the output has shape {probabilities.shape}, the golden case {case.probabilities.shape}"
    if reason := reason_different(probabilities, case.probabilities, "probabilities"):
        return reason
    worst = min(_dices(labels, case.labels, is_map=case.pixels.ndim == 3), default=1.0)
    if worst < LEAST_DICE:
        return f"labels overlap with the golden case by Dice {worst:.3f}, less than {LEAST_DICE}"
    return None


def reason_different(given: Floats, expected: Floats, what: str) -> str | None:
    """Why two arrays of one shape are not the same within MOST_DIFFERENCE; None where they are."""
    # Written so that a NaN, which is smaller than nothing and larger than nothing, counts as a difference.
    difference = float(np.abs(given - expected).max(initial=0.0))
    if difference <= MOST_DIFFERENCE:
        return None
    return f"{what} differ by {difference:.3f} from the golden case, more than {MOST_DIFFERENCE}"


def _dices(labels: Labels, expected: Labels, *, is_map: bool) -> list[float]:
    if is_map:
        values = np.union1d(labels, expected)
        return [_dice(labels == value, expected == value) for value in values if value]
    return [_dice(labels[..., k] > 0, expected[..., k] > 0) for k in range(labels.shape[-1])]


def _dice(mask: npt.NDArray[np.bool_], expected: npt.NDArray[np.bool_]) -> float:
    total = int(np.count_nonzero(mask)) + int(np.count_nonzero(expected))
    return 2 * int(np.count_nonzero(mask & expected)) / total if total else 1.0
