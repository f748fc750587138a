"""Keep what is large and connected; a model's crumbs are not anatomy."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import GeometryRefused
from inference.package.steps import Components
from inference.volume.connected import Parts, parts_of
from inference.volume.runs import Runs, runs_of_labels, runs_of_mask

Labels = npt.NDArray[np.uint8]


def components(layers: npt.NDArray[Any], step: Components, pixel_mm2: float | None) -> Labels:
    """Of each segment the parts that stay: ``layers`` is (rows, columns, segments) of 0 and 1, and so is the result.

    Pixels are connected along rows and columns, not diagonally. ``pixel_mm2`` is None where the image does not
    say it; raises GeometryRefused where the step needs it.
    """
    smallest = _smallest(step, layers[..., 0].size, area=pixel_mm2, volume=None)
    kept = np.zeros(layers.shape, np.uint8)
    for k in range(layers.shape[-1]):
        runs = runs_of_mask(layers[..., k])
        stays = runs.only(~_goes(runs, step, smallest))
        kept[..., k].reshape(-1)[stays.flat] = 1
    return kept


def components_of_map(labels: Labels, step: Components, segments: int, voxel_mm3: float | None) -> Labels:
    """The same for a (slices, rows, columns) label map; what goes becomes background. Raises GeometryRefused."""
    smallest = _smallest(step, labels.size, area=None, volume=voxel_mm3)
    kept = np.array(labels, order="C")
    for runs in runs_of_labels(labels, segments):
        runs.only(_goes(runs, step, smallest)).fill(kept, 0)
    return kept


def _goes(runs: Runs, step: Components, smallest: float) -> npt.NDArray[np.bool_]:
    """(runs,): which do not belong to a part that stays."""
    parts = parts_of(runs)
    return ~np.isin(parts.number, _kept(parts, step, smallest))


def _kept(parts: Parts, step: Components, smallest: float) -> npt.NDArray[np.int64]:
    # Of two parts of one size the upper one wins, on every machine.
    largest = parts.largest(step.keep_largest or len(parts.voxels))
    return largest[parts.voxels[largest] >= smallest]


def _smallest(step: Components, size: int, *, area: float | None, volume: float | None) -> float:
    """The least number of voxels a part must have."""
    limits = [step.smallest_fraction * size]
    for limit, unit, voxel in ((step.smallest_mm2, "mm2", area), (step.smallest_mm3, "mm3", volume)):
        if limit and voxel is None:
            raise GeometryRefused(
                f"the package removes parts below {limit:g} {unit}; the image does not say how much a voxel has"
            )
        limits.append(limit / voxel if voxel else 0.0)
    # A hair less than the quotient, or what has exactly the least size would hang on how it was rounded.
    return math.nextafter(max(limits), 0.0)
