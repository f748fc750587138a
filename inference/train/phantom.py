"""A chest drawn by code: the golden case's input, so that no patient's image travels with a package."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

ROWS, COLUMNS = 618, 523
"""Neither square nor a multiple of 8, so that a golden case also holds padding and odd sizes."""

BODY, LUNG_AIR, BONE, AIR = 3100.0, 1250.0, 450.0, 150.0
"""Stored values of a 12-bit image in the MONOCHROME2 sense; bone is added to what it lies on."""

Plane = npt.NDArray[Any]


def chest_phantom() -> npt.NDArray[np.uint16]:
    """(ROWS, COLUMNS) uint16, MONOCHROME2 sense: body, two unlike lungs, heart, spine, ribs, stomach bubble.

    Left and right differ, and so do top and bottom: a flipped grid does not go unseen.
    """
    down, across = np.mgrid[0:ROWS, 0:COLUMNS] / [[[ROWS]], [[COLUMNS]]]
    lungs = np.maximum(_lung(down, across, side=-1.0), _lung(down, across, side=1.0))
    density = AIR + (BODY - AIR) * _body(down, across)
    density += (LUNG_AIR - BODY) * lungs
    density += BONE * (_spine(across) + _ribs(down, across)) * _body(down, across)
    density -= 900.0 * _ellipse(down, across, (0.86, 0.66), (0.045, 0.06))
    smooth: Plane = ndimage.gaussian_filter(density, 2.0)
    return smooth.round().clip(0, 4095).astype(np.uint16)


def _body(down: Plane, across: Plane) -> Plane:
    """Broad shoulders and straight flanks: a rounded box rather than an ellipse, with the neck above it."""
    trunk = ((down - 0.85) / 0.79) ** 4 + ((across - 0.5) / 0.48) ** 4 <= 1.0
    neck = (np.abs(across - 0.5) < 0.12) & (down < 0.3)
    return (trunk | neck).astype(float)


def _lung(down: Plane, across: Plane, *, side: float) -> Plane:
    """``side`` is -1 for the one on the image's left; the other is narrowed by the heart."""
    lung = _ellipse(down, across, (0.52, 0.5 + side * 0.21), (0.37, 0.165))
    diaphragm = 0.74 + 0.03 * (side > 0) + 1.6 * (across - (0.5 + side * 0.18)) ** 2
    lung[down > diaphragm] = 0.0
    heart = _ellipse(down, across, (0.66, 0.56), (0.19, 0.15))
    return lung * (1.0 - heart)


def _spine(across: Plane) -> Plane:
    return 1.6 * np.exp(-(((across - 0.5) / 0.04) ** 2))


def _ribs(down: Plane, across: Plane) -> Plane:
    """Arches that fall towards both sides, one every seven hundredths of the height."""
    arch = down - 0.9 * (np.abs(across - 0.5) - 0.2) ** 2 - 0.10 * np.abs(across - 0.5)
    return 0.8 * (np.cos(2 * np.pi * arch / 0.07) > 0.55) * ((down > 0.12) & (down < 0.85))


def _ellipse(down: Plane, across: Plane, centre: tuple[float, float], axes: tuple[float, float]) -> Plane:
    distance = np.hypot((down - centre[0]) / axes[0], (across - centre[1]) / axes[1])
    return (distance <= 1.0).astype(float)
