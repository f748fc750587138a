"""What is measured: one segment on its grid, with the source's values there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from inference.volume.connected import Parts, parts_of
from inference.volume.runs import Runs


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The voxels of one segment; an image is one slice.

    ``source`` is (slices, rows, columns) float32 in the modality's unit. ``affine`` is (4, 4) as in Volume;
    for an image its columns are as long as the distances between rows and columns, in mm or, where those are
    not known, in pixels.
    """

    runs: Runs
    source: npt.NDArray[np.float32]
    affine: npt.NDArray[np.float64]

    @cached_property
    def values(self) -> npt.NDArray[np.float32]:
        """(voxels,): the source's values within the segment."""
        return np.asarray(self.source.reshape(-1)[self.runs.flat])

    @cached_property
    def parts(self) -> Parts:
        """The connected parts."""
        return parts_of(self.runs)

    @cached_property
    def largest_part(self) -> Runs:
        """The part with the most voxels; of equals the first."""
        return self.runs.only(np.isin(self.parts.number, self.parts.largest(1)))
