"""envelope.npz: the greys that training images have after preprocessing, with a margin."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.package.steps import PreprocessStep
from inference.preprocess import preprocess

Plane = npt.NDArray[np.float32]

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
MARGIN = 0.10
"""Of the grey scale 0..1, on both sides: other detectors differ, a blank or wrong image differs more."""
NARROWEST = 0.8
"""Shorter to longer side of an upright or lying film; these data are square, what is served is not."""


def write_envelope(path: Path, pictures: Iterable[Plane], steps: Sequence[PreprocessStep]) -> None:
    """Write ``percentiles``, ``lowest`` and ``highest``, each float32 of shape (7,).

    ``pictures`` are (rows, columns) float32 before preprocessing. Each counts as it is and cut to upright
    and lying format, since padding to a square adds black.
    """
    seen = np.array(
        [
            np.percentile(preprocess(cut, steps)[0], PERCENTILES)
            for picture in pictures
            for cut in formats(picture)
        ]
    )
    np.savez_compressed(
        path,
        percentiles=np.array(PERCENTILES, np.float32),
        lowest=np.clip(seen.min(axis=0) - MARGIN, 0.0, 1.0).astype(np.float32),
        highest=np.clip(seen.max(axis=0) + MARGIN, 0.0, 1.0).astype(np.float32),
    )


def formats(picture: Plane) -> Iterator[Plane]:
    """The picture, its middle columns (upright) and its middle rows (lying)."""
    yield picture
    rows, columns = picture.shape
    across, down = round((1 - NARROWEST) / 2 * columns), round((1 - NARROWEST) / 2 * rows)
    yield picture[:, across : columns - across]
    yield picture[down : rows - down]
