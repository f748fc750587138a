"""How much of an image a segment covers."""

import numpy as np

from inference.measure.subject import Subject


def area(subject: Subject) -> float | None:
    """Number of pixels times the area of one, in mm2; holes not counted."""
    along_rows, along_columns = subject.affine[:3, 1], subject.affine[:3, 2]
    return subject.runs.voxels * float(np.linalg.norm(np.cross(along_rows, along_columns)))
