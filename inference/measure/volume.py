"""How much room a segment takes."""

import numpy as np

from inference.measure.subject import Subject


def volume(subject: Subject) -> float | None:
    """Number of voxels times the volume of one, in mm3: right on tilted grids too, by the determinant."""
    return subject.runs.voxels * abs(float(np.linalg.det(subject.affine[:3, :3])))
