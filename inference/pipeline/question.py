"""What a model is asked, and what it answers."""

from dataclasses import dataclass

from inference.confidence.confidence import Confidence
from inference.encode.analysed import Found
from inference.package.manifest import Manifest
from inference.predict import Maps, Predictor
from inference.preprocess.field import Field


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was found, on the grid of the input, and how sure the model is of it.

    ``prepared`` is what the network saw. ``maps`` are its probabilities on that grid, (..., channels) float32: of
    an image always, of a volume where they were asked for. ``probabilities`` are those of a volume's segments on the
    source's grid, (segments, slices, rows, columns) float32, 0 to 1, where they were asked for.
    """

    prepared: Field
    found: Found
    confidence: tuple[Confidence, ...]
    maps: Maps | None = None
    probabilities: Maps | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """One input for one model. ``pixel_mm2``: the area of an image's pixel, where it is known."""

    field: Field
    manifest: Manifest
    predictor: Predictor
    pixel_mm2: float | None = None
    keep_maps: bool = False
    keep_probabilities: bool = False
