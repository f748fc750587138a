"""What is measured of each region, and in which unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inference.encode.region import Region
from inference.package.output import Measurement as Declared
from inference.volume.spacing import Spacing

Unit = Literal["mm2", "{pixels}"]


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One number about one region: ``region`` counts from 1, the largest, within ``segment`` (its label)."""

    segment: str
    region: int
    kind: Literal["area"]
    value: float
    unit: Unit


def measure(
    segment: str, regions: Sequence[Region], declared: Sequence[Declared], spacing: Spacing | None
) -> tuple[Measurement, ...]:
    """What the package declares, of each region: in mm2 where the pixel's size is known, else in pixels.

    A number of pixels is still an area; only its unit is the grid's. So the concept stays as declared and the
    unit is UCUM's annotation ``{pixels}``, as TID 1602 states rows and columns. An area in mm2 from a spacing
    that nobody gave would be an invention.
    """
    unit: Unit = "{pixels}" if spacing is None else "mm2"
    pixel_area = 1.0 if spacing is None else spacing.pixel_area_mm2
    return tuple(
        Measurement(
            segment=segment, region=number, kind=kind.kind, value=region.pixels * pixel_area, unit=unit
        )
        for number, region in enumerate(regions, start=1)
        for kind in declared
        if kind.kind == "area"
    )
