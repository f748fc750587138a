"""Is the picture laid out like those the model learnt from, and the same way up?

A coarse thumbnail is held against those of the training images (``envelope.npz``), as it is, turned over, and as a
negative. An image that resembles them more when it is turned is upside down; one that resembles them in no way is
of something else. Left exchanged for right is not judged: people are too symmetrical for eight points.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.gate.patient_axes import to_patient_axes
from inference.package.envelope import THUMBNAIL, Envelope

Floats = npt.NDArray[np.float32]
Affine = npt.NDArray[np.float64]

NEIGHBOURS = 3
"""Likeness is the mean over so many of the thumbnails, those that are most alike."""
MORE_ALIKE = 0.08
"""By how much more alike a turned image must be before it is said; likeness is a correlation, -1 to 1."""

_PROJECTION: Mapping[str, Callable[[Floats], Floats]] = {
    "upside down": lambda t: t[::-1],
    "upside down and turned over": lambda t: t[::-1, ::-1],
    "turned by a quarter": lambda t: np.rot90(t),
    "turned by a quarter the other way": lambda t: np.rot90(t, -1),
    "inverted in its intensities": lambda t: -t,
}
_VOLUME: Mapping[str, Callable[[Floats], Floats]] = {
    "upside down, front for back": lambda t: t[:, ::-1],
    "upside down, front for back and left for right": lambda t: t[:, ::-1, ::-1],
    "upside down, head for feet": lambda t: t[::-1],
    "upside down, head for feet and left for right": lambda t: t[::-1, :, ::-1],
    "upside down, head for feet and front for back": lambda t: t[::-1, ::-1],
    "inverted in its intensities": lambda t: -t,
}


def reasons_of_layout(
    values: Floats, affine: npt.NDArray[np.float64] | None, envelope: Envelope | None
) -> tuple[str, ...]:
    """Why the preprocessed ``values``, (rows, columns) or (slices, rows, columns), are not like the training images.

    ``affine`` is that of the preprocessed grid, None for a projection. Empty where the envelope has no thumbnails.
    """
    if envelope is None or envelope.thumbnails is None or envelope.thumbnails.ndim != values.ndim + 1:
        return ()
    seen = thumbnail_of(values, affine)
    as_is = likeness(seen, envelope.thumbnails)
    turns = _VOLUME if values.ndim == 3 else _PROJECTION
    turned = {name: likeness(turn(seen), envelope.thumbnails) for name, turn in turns.items()}
    name = max(turned, key=lambda each: turned[each])
    if turned[name] > max(as_is + MORE_ALIKE, envelope.least_alike):
        return (
            f"the image looks {name}: so turned it resembles the training images by {turned[name]:.2f}, "
            f"as it is by {as_is:.2f}",
        )
    if as_is < envelope.least_alike:
        return (
            f"unlike the training images in its layout (another body part?): likeness {as_is:.2f}, "
            f"seen was at least {envelope.least_alike:.2f}",
        )
    return ()


def thumbnail_of(values: Floats, affine: npt.NDArray[np.float64] | None) -> Floats:
    """Means over ``THUMBNAIL`` equal parts along each axis, towards the patient's axes; mean 0 and norm 1."""
    small: npt.NDArray[Any] = values if affine is None else to_patient_axes(values, affine)
    for axis in range(values.ndim):
        small = _means(small, axis)
    small = small - small.mean()
    norm = float(np.linalg.norm(small))
    return np.asarray(small / norm if norm > 0 else small, np.float32)


def likeness(thumbnail: Floats, thumbnails: Floats) -> float:
    """Mean correlation with those of ``thumbnails`` that are most alike, -1 to 1."""
    alike = np.sort(thumbnails.reshape(len(thumbnails), -1) @ thumbnail.ravel())
    return float(alike[-NEIGHBOURS:].mean())


def _means(values: npt.NDArray[Any], axis: int) -> npt.NDArray[np.float64]:
    """Exact means over equal parts of an axis, also where a part ends within a voxel."""
    moved = np.moveaxis(values, axis, 0)
    ends = np.linspace(0, len(moved), THUMBNAIL + 1)
    sums = np.concatenate(
        [np.zeros_like(moved[:1], dtype=np.float64), np.cumsum(moved, axis=0, dtype=np.float64)]
    )
    whole = np.minimum(ends.astype(int), len(moved) - 1)
    part = (ends - whole).reshape(-1, *[1] * (values.ndim - 1))
    at_ends = sums[whole] + part * moved[whole]
    found: npt.NDArray[np.float64] = np.moveaxis(np.diff(at_ends, axis=0), 0, axis) * (THUMBNAIL / len(moved))
    return found
