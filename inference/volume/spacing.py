"""How large a pixel is, and in which plane: what an X-ray says about millimetres (PS3.3 10.7.1)."""

import math
from dataclasses import dataclass
from typing import Literal

from pydicom.dataset import Dataset

Plane = Literal["calibrated", "detector", "unstated"]

SENTENCES: dict[Plane, str] = {
    "calibrated": "Areas follow the Pixel Spacing as the modality calibrated it.",
    "detector": "Areas are at the detector plane, not corrected for magnification: larger than in the patient.",
    "unstated": "Areas follow the Pixel Spacing; the image does not state whether it is corrected for magnification.",
}
NO_SPACING = "The image gives no physical pixel spacing: areas are numbers of pixels."


@dataclass(frozen=True, kw_only=True)
class Spacing:
    """Distance between the centres of neighbouring rows and of neighbouring columns, both above zero."""

    between_rows_mm: float
    between_columns_mm: float
    plane: Plane

    @property
    def pixel_area_mm2(self) -> float:
        """Area of one pixel."""
        return self.between_rows_mm * self.between_columns_mm


def spacing_of(instance: Dataset) -> Spacing | None:
    """Pixel Spacing, else Imager Pixel Spacing; None where neither holds two numbers above zero."""
    pixel, imager = _pair(instance, "PixelSpacing"), _pair(instance, "ImagerPixelSpacing")
    pair = pixel or imager
    if pair is None:
        return None
    return Spacing(between_rows_mm=pair[0], between_columns_mm=pair[1], plane=_plane(instance, pixel, imager))


def explain(spacing: Spacing | None) -> str:
    """The sentence a reader of an area needs beside it."""
    return NO_SPACING if spacing is None else SENTENCES[spacing.plane]


def _plane(instance: Dataset, pixel: tuple[float, float] | None, imager: tuple[float, float] | None) -> Plane:
    if pixel is None or pixel == imager:
        return "detector"
    if imager is not None or instance.get("PixelSpacingCalibrationType") in ("GEOMETRY", "FIDUCIAL"):
        return "calibrated"
    return "unstated"


def _pair(instance: Dataset, keyword: str) -> tuple[float, float] | None:
    try:
        rows, columns = (float(value) for value in instance.get(keyword) or ())
    except (TypeError, ValueError):
        return None
    return (rows, columns) if all(math.isfinite(v) and v > 0 for v in (rows, columns)) else None
