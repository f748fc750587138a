"""How long the largest part of a segment is, in any direction."""

from inference.measure.farthest import farthest_distance
from inference.measure.outline import outermost_corners
from inference.measure.subject import Subject


def longest_diameter_3d(subject: Subject) -> float | None:
    """The largest distance in mm between two points of the largest connected part, taken as solid voxels.

    So a single voxel is as long as its diagonal. None of a segment without voxels.
    """
    if not subject.runs.voxels:
        return None
    corners = outermost_corners(subject.largest_part)
    return farthest_distance(corners @ subject.affine[:3, :3].T)
