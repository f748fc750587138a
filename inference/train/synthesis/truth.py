"""What is true of a voxel: the segment that most of its points lie in."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.train.synthesis.anatomy import Anatomy, Codes

Labels = npt.NDArray[np.uint8]


def segment_map(points: Sequence[Codes], anatomy: Anatomy) -> Labels:
    """(slices, rows, columns) uint8: 0 or 1 + the segment in which most of each voxel's ``points`` lie.

    Of equally many the one met first has it.
    """
    seen = [anatomy.segment[codes] for codes in points]
    winner, most = seen[0], _votes(seen[0], seen)
    for other in seen[1:]:
        votes = _votes(other, seen)
        more = votes > most
        winner, most = np.where(more, other, winner), np.where(more, votes, most)
    return winner


def masks_of(segments: Labels, count: int) -> Labels:
    """(slices, rows, columns, count) of 0 and 1, of a map as ``segment_map`` gives it."""
    return np.asarray(segments[..., np.newaxis] == np.arange(1, count + 1, dtype=np.uint8), np.uint8)


def _votes(one: Labels, seen: Sequence[Labels]) -> Labels:
    votes = np.zeros(one.shape, np.uint8)
    for other in seen:
        votes += one == other
    return votes
