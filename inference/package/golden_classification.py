"""golden/case.npz of a classification: one input with the probabilities the model gave for it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.package.arrays import Expected, read_arrays
from inference.package.golden import INPUT, Affine, Floats, affine_in, golden_path, reason_different

_ARRAYS: Expected = {**INPUT, "probabilities": (1, "f")}


@dataclass(frozen=True, kw_only=True)
class GoldenClassification:
    """``pixels`` and ``affine`` as in GoldenCase; ``probabilities`` (classes,) float32."""

    pixels: Floats
    affine: Affine | None = None
    probabilities: Floats


def read_golden_classification(folder: Path) -> GoldenClassification:
    """Read ``folder/golden/case.npz``; raises PackageInvalid."""
    path = golden_path(folder)
    arrays = read_arrays(path, _ARRAYS, may_lack=("affine",))
    return GoldenClassification(
        pixels=arrays["pixels"].astype(np.float32),
        affine=affine_in(arrays, path),
        probabilities=arrays["probabilities"].astype(np.float32),
    )


def reason_classes_not_reproduced(case: GoldenClassification, probabilities: Floats) -> str | None:
    """What differs from the golden case beyond the tolerance, as a sentence; None where it was reproduced."""
    if probabilities.shape != case.probabilities.shape:
        return (
            f"the output has {probabilities.shape} probabilities, the golden case {case.probabilities.shape}"
        )
    return reason_different(probabilities, case.probabilities, "probabilities")
