"""A stack of parallel slices with its place in the patient."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset


@dataclass(frozen=True, kw_only=True)
class Volume:
    """The slices of one series, or the frames of one enhanced multi-frame instance.

    ``voxels``: (slices, rows, columns) float32, after the Modality LUT or Rescale Slope and Intercept
    (PS3.3 C.11.1), in the MONOCHROME2 sense.
    ``affine``: (4, 4) float64, takes (slice, row, column, 1) to patient coordinates in mm, which grow
    towards left, posterior and head (LPS, PS3.3 C.7.6.2.1.1). Its columns are the steps along slice,
    row and column index; they need not be at right angles (gantry tilt). It may be left-handed.
    ``sources``: headers without Pixel Data, one for each slice in slice order, or a single enhanced
    multi-frame instance. The first is whole; the others have what tells slices apart (elements.py).
    ``frame_numbers``: for each slice its frame in its source, from 1.
    ``notes``: sentences for the reader about what was put right on loading.
    """

    voxels: npt.NDArray[np.float32]
    affine: npt.NDArray[np.float64]
    sources: tuple[Dataset, ...]
    frame_numbers: tuple[int, ...]
    frame_of_reference_uid: str
    notes: tuple[str, ...]

    @property
    def spacing_mm(self) -> npt.NDArray[np.float64]:
        """(3,): the lengths in mm of a step along slice, row and column index."""
        lengths: npt.NDArray[np.float64] = np.linalg.norm(self.affine[:3, :3], axis=0)
        return lengths
