"""``[[preprocess]]`` and ``[[postprocess]]``: the closed vocabularies of steps.

The steps are carried out by the room of their name; a test holds the vocabularies to those rooms.
"""

from typing import Annotated, Literal

from pydantic import Field

from inference.package.declared import Declared


class MinMax(Declared):
    """Intensity only: clip to two percentiles of the image, then scale to 0..1."""

    step: Literal["min_max"]
    lower_percentile: Annotated[float, Field(ge=0, le=100)] = 0.0
    upper_percentile: Annotated[float, Field(ge=0, le=100)] = 100.0


class Pad(Declared):
    """Pad the shorter side with ``value`` on both ends until the image is square."""

    step: Literal["pad"]
    to: Literal["square"]
    value: float = 0.0


class Resize(Declared):
    """Resample a 2-D image to a fixed number of rows and columns (bilinear, anti-aliased)."""

    step: Literal["resize"]
    rows: Annotated[int, Field(ge=8, le=4096)]
    columns: Annotated[int, Field(ge=8, le=4096)]


class Threshold(Declared):
    """A voxel belongs to a segment where its probability reaches ``at_least``."""

    step: Literal["threshold"]
    at_least: Annotated[float, Field(gt=0, lt=1)] = 0.5


class Components(Declared):
    """Keep the largest connected components of each segment.

    Components smaller than ``smallest_fraction`` of the image go as well.
    """

    step: Literal["components"]
    keep_largest: Annotated[int, Field(ge=1)]
    smallest_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.0


PreprocessStep = Annotated[MinMax | Pad | Resize, Field(discriminator="step")]
PostprocessStep = Annotated[Threshold | Components, Field(discriminator="step")]
