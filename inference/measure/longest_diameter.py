"""How long the largest part of a segment is in one slice, as a reader measures it."""

import numpy as np

from inference.measure.farthest import farthest_distance
from inference.measure.outline import outermost_corners
from inference.measure.subject import Subject
from inference.volume.runs import Runs


def longest_diameter(subject: Subject) -> float | None:
    """The largest distance in mm between two points of the largest connected part within one slice.

    The slice is the one in which the part has its largest area, of equals the first; its pixels are taken as
    solid, so that a single one is as long as its diagonal. None of a segment without voxels.
    """
    if not subject.runs.voxels:
        return None
    corners = outermost_corners(_widest_slice(subject.largest_part))[:, 1:]
    # The triangular factor keeps every length: (row, column) becomes two coordinates in mm within the slice.
    to_plane_mm = np.linalg.qr(subject.affine[:3, 1:3]).R
    return farthest_distance(corners @ to_plane_mm.T)


def _widest_slice(runs: Runs) -> Runs:
    areas = np.bincount(runs.slices, weights=runs.length)
    return runs.only(runs.slices == np.argmax(areas))
