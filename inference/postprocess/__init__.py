"""From probabilities to labels: one step a file, the manifest names the order.

An image has its probabilities restored to the source's grid and is decided there: ``postprocess``. A volume is
decided slab by slab on the network's grid (``decide``), its label map is restored, and what follows works on
that (``tidy``): no map of a whole volume in floats ever exists.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.postprocess.argmax import argmax, argmax_to_map
from inference.postprocess.components import components, components_of_map
from inference.postprocess.non_maximum_suppression import non_maximum_suppression
from inference.postprocess.threshold import threshold, threshold_to_map

Maps = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]
Decision = Callable[[Maps, Any, Sequence[int]], Labels]

DECISIONS: Mapping[str, Decision] = {"threshold": threshold, "argmax": argmax}
DECISIONS_TO_MAP: Mapping[str, Decision] = {"threshold": threshold_to_map, "argmax": argmax_to_map}
ON_BOXES = {"non_maximum_suppression": non_maximum_suppression}
STEPS: Mapping[str, Callable[..., Any]] = {**DECISIONS, "components": components, **ON_BOXES}


def postprocess(
    maps: Maps,
    steps: Sequence[Any],
    *,
    channels: Sequence[int] | None = None,
    pixel_mm2: float | None = None,
) -> Labels:
    """Carry out the manifest's steps on an image, in order.

    ``maps`` is (rows, columns, channels) float32 of probabilities on the source's grid; ``channels`` are those
    of the segments, in the segments' order (None: all of them). ``pixel_mm2`` is the area of a pixel, None
    where the image does not say. Returned are labels (rows, columns, segments), 0 or 1, each segment for
    itself: segments may overlap. Raises GeometryRefused where a step needs the pixel's size.
    """
    first, *others = steps
    labels = DECISIONS[first.step](maps, first, range(maps.shape[-1]) if channels is None else channels)
    for step in others:
        labels = components(labels, step, pixel_mm2)
    return labels


def decide(maps: Maps, step: Any, channels: Sequence[int]) -> Labels:
    """Carry out the first step on a slab of a volume.

    ``maps`` is (slices, rows, columns, channels) float32; ``channels`` are those of the segments. Returns a
    label map (slices, rows, columns): 0 is background, k the k-th segment.
    """
    return DECISIONS_TO_MAP[step.step](maps, step, channels)


def tidy(labels: Labels, steps: Sequence[Any], *, segments: int, voxel_mm3: float | None) -> Labels:
    """Carry out the steps after the first on a volume's label map on the source's grid; of the same shape."""
    for step in steps:
        labels = components_of_map(labels, step, segments, voxel_mm3)
    return labels
