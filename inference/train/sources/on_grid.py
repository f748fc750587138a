"""A frame of a Segmentation on the grid of the image or volume that it was drawn on."""

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.preprocess.field import Affine
from inference.train.sources.instances import Source
from inference.train.sources.segmentation import Frame

LARGEST_OFFSET = 0.1
"""Of a voxel: beyond it frame and volume are not on one grid."""


def mark_on_image(layer: npt.NDArray[np.uint8], frame: Frame, source: Source) -> None:
    """Mark the frame's pixels in ``layer`` (rows, columns), if it was drawn on this instance.

    Raises TrainingRefused where the frame is of another size, or does not say on which of several it was drawn.
    """
    if not frame.source_uids:
        raise TrainingRefused(
            f"a Segmentation of instance {source.uid} does not say on which image each frame lies; export it anew, or "
            'learn from series (each = "series")'
        )
    if source.uid not in frame.source_uids:
        return
    if frame.marked.shape != layer.shape:
        raise TrainingRefused(
            f"instance {source.uid} is of {layer.shape[0]} x {layer.shape[1]}, but its Segmentation of "
            f"{frame.marked.shape[0]} x {frame.marked.shape[1]}; export it on the image's own grid"
        )
    layer[frame.marked] = 1


def mark_on_volume(layer: npt.NDArray[np.uint8], frame: Frame, affine: Affine, source: Source) -> None:
    """Mark the frame's pixels in ``layer`` (slices, rows, columns) where they lie in the patient.

    So the order of frames does not count, nor the plane in which they were drawn. Raises TrainingRefused for a frame
    that says no place, lies on another grid, or beyond the volume.
    """
    if frame.place is None:
        raise TrainingRefused(
            f"a Segmentation of series {source.uid} does not say where its frames lie; export it anew"
        )
    inwards = np.linalg.inv(affine)
    first = (inwards @ [*frame.place.origin, 1.0])[:3]
    steps = [inwards[:3, :3] @ step for step in (frame.place.row, frame.place.column)]
    row, column = (axis[:, None] for axis in np.nonzero(frame.marked))
    where = first + row * steps[0] + column * steps[1]
    nearest = np.rint(where).astype(np.intp)
    # Steps of another length would leave holes, or mark voxels twice, without any being off the grid.
    if any(abs(np.abs(step).max() - 1.0) > LARGEST_OFFSET for step in steps) or _is_off(where - nearest):
        raise TrainingRefused(
            f"a Segmentation of series {source.uid} lies on another grid than the series; resample it to the series"
        )
    if (nearest < 0).any() or (nearest >= layer.shape).any():
        raise TrainingRefused(
            f"a Segmentation of series {source.uid} marks voxels beyond the series; is a part of the series missing?"
        )
    layer[tuple(nearest.T)] = 1


def _is_off(offsets: npt.NDArray[np.float64]) -> bool:
    return bool(offsets.size and np.abs(offsets).max() > LARGEST_OFFSET)
