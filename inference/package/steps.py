"""``[[preprocess]]`` and ``[[postprocess]]``: the closed vocabularies of steps.

The steps are carried out by the room of their name; a test holds the vocabularies to those rooms.
"""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from inference.package.declared import Declared

Positive = Annotated[float, Field(gt=0)]
Size = Annotated[int, Field(ge=1, le=4096)]

SAME_AXIS = {"R": "L", "A": "P", "I": "S"}
"""Side of the patient -> the other end of its axis, towards which patient coordinates grow (LPS)."""


class Orient(Declared):
    """Turn and mirror a volume until columns, rows and slices run towards these sides of the patient.

    One letter for each, in that order: L or R, A or P, I or S, as SimpleITK's DICOMOrient names them.
    """

    step: Literal["orient"]
    to: str

    @field_validator("to")
    @classmethod
    def _names_each_axis_once(cls, to: str) -> str:
        if sorted(SAME_AXIS.get(letter, letter) for letter in to) != ["L", "P", "S"]:
            raise ValueError(
                f"is {to!r}, but must be one of L or R, one of A or P, one of I or S, such as LPS"
            )
        return to


class Resample(Declared):
    """Bring a volume to these distances between voxels; an axis that is not named keeps its own."""

    step: Literal["resample"]
    between_slices_mm: Positive | None = None
    between_rows_mm: Positive | None = None
    between_columns_mm: Positive | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "Resample":
        if self.between_slices_mm is self.between_rows_mm is self.between_columns_mm is None:
            raise ValueError(
                "changes nothing; give between_slices_mm, between_rows_mm, between_columns_mm or some of them"
            )
        return self


class CropToBody(Declared):
    """Cut to the largest connected part that is brighter than ``above``, and ``margin`` voxels around it."""

    step: Literal["crop_to_body"]
    above: float
    margin: Annotated[int, Field(ge=0)] = 0


class Window(Declared):
    """Intensity only: a window's lower edge becomes 0, its upper edge 1, what lies beyond is clipped."""

    step: Literal["window"]
    centre: float
    width: Positive


class Clip(Declared):
    """Intensity only: what lies beyond the limits becomes the limit."""

    step: Literal["clip"]
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> "Clip":
        if self.at_least is None and self.at_most is None:
            raise ValueError("limits nothing; give at_least, at_most or both")
        require_ordered(self.at_least, self.at_most)
        return self


class Rescale(Declared):
    """Intensity only: value * ``scale`` + ``offset``."""

    step: Literal["rescale"]
    scale: float = 1.0
    offset: float = 0.0

    @model_validator(mode="after")
    def _keeps_something(self) -> "Rescale":
        if self.scale == 0:
            raise ValueError("scale 0 would make every voxel the same")
        return self


class ZScore(Declared):
    """Intensity only: less the mean, divided by the standard deviation."""

    step: Literal["z_score"]
    over: Literal["image", "foreground", "fixed"] = "image"
    foreground_above: float = 0.0
    mean: float | None = None
    standard_deviation: Positive | None = None

    @model_validator(mode="after")
    def _fixed_is_given(self) -> "ZScore":
        given = (self.mean is not None, self.standard_deviation is not None)
        if given != (self.over == "fixed",) * 2:
            raise ValueError('mean and standard_deviation go with over = "fixed", both and only then')
        return self


class MinMax(Declared):
    """Intensity only: clip to two percentiles of the image, then scale to 0..1."""

    step: Literal["min_max"]
    lower_percentile: Annotated[float, Field(ge=0, le=100)] = 0.0
    upper_percentile: Annotated[float, Field(ge=0, le=100)] = 100.0


class Pad(Declared):
    """Add ``value`` on both ends of each axis that is too short."""

    step: Literal["pad"]
    to: Literal["square", "multiple", "size"]
    value: float = 0.0
    multiple: Size | None = None
    slices: Size | None = None
    rows: Size | None = None
    columns: Size | None = None

    @model_validator(mode="after")
    def _knows_its_size(self) -> "Pad":
        sizes = any((self.slices, self.rows, self.columns))
        if (self.multiple is not None, sizes) != (self.to == "multiple", self.to == "size"):
            raise ValueError(
                'to = "multiple" needs multiple, to = "size" slices, rows or columns, else neither'
            )
        return self


class Resize(Declared):
    """Resample to a fixed number of rows and columns, and of slices where given (linear, anti-aliased)."""

    step: Literal["resize"]
    rows: Annotated[int, Field(ge=8, le=4096)]
    columns: Annotated[int, Field(ge=8, le=4096)]
    slices: Size | None = None


class Threshold(Declared):
    """A voxel belongs to a segment where its probability reaches ``at_least``."""

    step: Literal["threshold"]
    at_least: Annotated[float, Field(gt=0, lt=1)] = 0.5


class Argmax(Declared):
    """A voxel belongs to the segment whose channel is the most probable, or to none.

    None where the most probable channel is no segment's. Needs a network that has a channel for the background.
    """

    step: Literal["argmax"]


class Components(Declared):
    """Of each segment keep the largest connected parts, and of those the ones that are large enough.

    ``smallest_fraction`` is a share of the image or volume.
    """

    step: Literal["components"]
    keep_largest: Annotated[int, Field(ge=1)] | None = None
    smallest_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.0
    smallest_mm2: Annotated[float, Field(ge=0)] = 0.0
    smallest_mm3: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _removes_something(self) -> "Components":
        least = self.smallest_fraction or self.smallest_mm2 or self.smallest_mm3
        if self.keep_largest is None and not least:
            raise ValueError("removes nothing; give keep_largest or one of the smallest sizes")
        return self


class NonMaximumSuppression(Declared):
    """Of boxes of one class that overlap keep the one with the highest score."""

    step: Literal["non_maximum_suppression"]
    score_at_least: Annotated[float, Field(ge=0, le=1)] = 0.0
    overlap_at_most: Annotated[float, Field(ge=0, lt=1)] = 0.5
    keep_at_most: Annotated[int, Field(ge=1, le=1000)] = 100


def require_ordered(at_least: float | None, at_most: float | None) -> None:
    """Raises ValueError where the lower limit lies above the upper."""
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError(f"at_least {at_least:g} lies above at_most {at_most:g}")


IntensityStep = Window | Clip | Rescale | ZScore | MinMax
PreprocessStep = Annotated[
    Orient | Resample | CropToBody | Window | Clip | Rescale | ZScore | MinMax | Pad | Resize,
    Field(discriminator="step"),
]
PostprocessStep = Annotated[
    Threshold | Argmax | Components | NonMaximumSuppression, Field(discriminator="step")
]
