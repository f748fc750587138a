"""``[gate]``: when the model must not speak, or a human must look."""

from typing import Annotated, Literal

from pydantic import Field

from inference.package.declared import Declared, Range

Plane = Literal["axial", "coronal", "sagittal"]


class Gate(Declared):
    """``[gate]``: sizes of a projection, the grid of a series, and how much of it the result may fill.

    ``smallest_fraction`` / ``largest_fraction``: share of the image or volume the foreground may fill; outside
    of it the result is flagged. ``slices`` counts them; the spacings are in mm; ``planes`` empty means any.
    """

    smallest_rows: Annotated[int, Field(ge=1)] = 1
    smallest_columns: Annotated[int, Field(ge=1)] = 1
    smallest_fraction: Annotated[float, Field(ge=0, le=1)] = 0.0
    largest_fraction: Annotated[float, Field(ge=0, le=1)] = 1.0
    slices: Range | None = None
    slice_spacing_mm: Range | None = None
    pixel_spacing_mm: Range | None = None
    planes: list[Plane] = Field(default_factory=list)
