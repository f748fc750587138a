"""The connected regions of a mask, each with the line around it."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from contourpy import LineType, contour_generator
from scipy import ndimage

from inference.encode.polyline import simplify

MOST_POINTS = 60
MOST_REGIONS = 50
"""Of one segment in one report; the model card's post-processing should keep it far below."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """``contour`` is (n, 2) float32 of (column, row), n <= 60, the last point equal to the first.

    Coordinates as SCOORD counts them (PS3.3 C.18.6.1.2): 0, 0 is the outer corner of the first pixel,
    whose centre lies at 0.5, 0.5. ``pixels`` is the number of pixels inside, holes not counted.
    """

    contour: npt.NDArray[np.float32]
    pixels: int


def regions_of(mask: npt.NDArray[np.uint8]) -> tuple[Region, ...]:
    """The regions of a (rows, columns) mask, the largest first, connected along rows and columns."""
    numbered, count = ndimage.label(mask)
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)[1:]
    boxes = ndimage.find_objects(numbered)
    order = np.argsort(-sizes, kind="stable")[:MOST_REGIONS]
    return tuple(
        Region(contour=_contour(numbered[boxes[k]] == k + 1, boxes[k]), pixels=int(sizes[k])) for k in order
    )


def _contour(inside: npt.NDArray[np.bool_], box: tuple[slice, slice]) -> npt.NDArray[np.float32]:
    """The outer line of one region, cut out of the image by ``box``."""
    # A rim of zeros closes the line where the region touches the border of the image.
    tracer = contour_generator(z=np.pad(inside, 1).astype(np.float32), line_type=LineType.Separate)
    outer = max(cast(list[npt.NDArray[np.float64]], tracer.lines(0.5)), key=_span)
    # Centres of pixels lie at whole numbers for the tracer, at halves for DICOM; the rim moved all by one.
    corner = np.array([box[1].start, box[0].start]) + 0.5 - 1.0
    return np.asarray(simplify(outer + corner, MOST_POINTS), np.float32)


def _span(line: npt.NDArray[np.float64]) -> float:
    """The outer line has the largest bounding box; the others go around holes in it."""
    return float(np.prod(np.ptp(line, axis=0)))
