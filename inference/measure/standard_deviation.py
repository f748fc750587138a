"""How much what the modality measured varies within a segment."""

import numpy as np

from inference.measure.subject import Subject


def standard_deviation(subject: Subject) -> float | None:
    """Standard deviation of the source's voxels (divided by their number, not one less), in the modality's unit.

    None of a segment without voxels.
    """
    return float(subject.values.std(dtype=np.float64)) if subject.runs.voxels else None
