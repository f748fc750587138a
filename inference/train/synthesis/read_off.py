"""The labels at a place: four points a voxel, so that a voxel at a border is partly this and partly that."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from inference.train.synthesis.along import Volume
from inference.train.synthesis.anatomy import Anatomy, Codes
from inference.train.synthesis.place import Place

POINTS = 0.25 * np.array([(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)])
"""A tetrahedron in each voxel: of four points the evenest spread."""


def labels_at(anatomy: Anatomy, place: Place) -> Iterator[Codes]:
    """For each of POINTS the codes (slices, rows, columns); beyond the volume it is the code of the outside."""
    for point in POINTS:
        shift = (place.matrix @ point).astype(np.float32)
        yield anatomy.codes.reshape(-1)[_flat(anatomy.codes.shape, place.coordinates, shift)]


def _flat(
    shape: tuple[int, ...], coordinates: tuple[Volume, Volume, Volume], shift: Volume
) -> npt.NDArray[np.int32]:
    """The index of the nearest voxel, counted through; indices beyond the rim are those of the rim."""
    flat = np.zeros(coordinates[0].shape, np.int32)
    for size, along_axis, by in zip(shape, coordinates, shift, strict=True):
        nearest = np.rint(along_axis + by)
        flat = flat * np.int32(size) + np.clip(nearest, 0, size - 1, out=nearest).astype(np.int32)
    return flat
