"""What the modality measured in a segment."""

import numpy as np

from inference.measure.subject import Subject


def mean(subject: Subject) -> float | None:
    """Mean of the source's voxels, in the modality's unit, summed in float64; None of a segment without voxels."""
    return float(subject.values.mean(dtype=np.float64)) if subject.runs.voxels else None
