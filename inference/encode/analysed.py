"""What every encoder is given, and what it gives back."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from inference.confidence.confidence import Confidence
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.predecessor import Predecessor
from inference.encode.series_rule import DEFAULT_RULE, SeriesRule
from inference.measure.measured import Measured
from inference.package.manifest import Manifest
from inference.postprocess.detections import Detections
from inference.postprocess.rules import Firing
from inference.volume.spacing import Spacing
from inference.volume.volume import Volume


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One image without a place in the patient: CR, DX, mammography (PS3.3 C.8.11).

    ``header``: the instance. ``pixels``: (rows, columns) float32 in the MONOCHROME2 sense, as ``read_pixels``
    gives them. ``spacing``: None where the image does not say how large a pixel is.
    """

    header: Dataset
    pixels: npt.NDArray[np.float32]
    spacing: Spacing | None


@dataclass(frozen=True, kw_only=True)
class Instances:
    """Source instances of which no image and no volume was made: the model did not see them."""

    headers: tuple[Dataset, ...]


@dataclass(frozen=True, kw_only=True)
class Segmentation:
    """What a segmentation found, on the source's grid.

    Of a Projection ``labels`` is (rows, columns, segments) uint8 of 0 and 1 in the order of the manifest's
    segments; they may overlap. Of a Volume it is a label map (slices, rows, columns) uint8: 0 is background,
    k the k-th segment of the manifest.
    """

    labels: npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Classification:
    """``probabilities``: (classes,) float32, 0 to 1, by the channels that the manifest's findings name."""

    probabilities: npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Detection:
    """``detections`` lie on the grid of the source, a Projection."""

    detections: Detections


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Nothing was asked of the model; ``reasons`` are sentences, at least one."""

    reasons: tuple[str, ...]


Kind = Literal["SEG", "SR", "SC", "PR", "PM"]
"""Of a result: segmentation, report, Secondary Capture, presentation state, Parametric Map."""

Found = Segmentation | Classification | Detection | Refusal


@dataclass(frozen=True, kw_only=True)
class Analysed:
    """One source, one model, and what came of it.

    ``digest`` is the package's SHA-256 (hex). ``remarks`` are sentences for the reader: why the gate flagged the
    input, what was put right on loading. ``firings`` are the expert rules that were broken. ``measured`` and
    ``confidence`` are by the label of a segment; ``confidence`` of a detection is by box, in their order.
    ``probabilities`` (segments, slices, rows, columns) float32, 0 to 1, are on the grid of a Volume, where they are
    asked for. ``series`` is how the results' series are named, ``replaces`` what these results are given in place of.
    """

    manifest: Manifest
    digest: str
    now: datetime
    source: Projection | Volume | Instances
    found: Found
    remarks: tuple[str, ...] = ()
    firings: tuple[Firing, ...] = ()
    measured: tuple[Measured, ...] = ()
    confidence: tuple[Confidence, ...] = ()
    probabilities: npt.NDArray[np.float32] | None = None
    series: SeriesRule = DEFAULT_RULE
    replaces: tuple[Predecessor, ...] = ()

    @property
    def header(self) -> Dataset:
        """The source's first instance, whole but for its pixels: patient, study, equipment."""
        return self.headers[0]

    @property
    def headers(self) -> tuple[Dataset, ...]:
        """Every source instance."""
        if isinstance(self.source, Projection):
            return (self.source.header,)
        return self.source.sources if isinstance(self.source, Volume) else self.source.headers

    @cached_property
    def sop_instance_uids(self) -> tuple[str, ...]:
        """Of every source instance, sorted: what the results were made of, in an order that says nothing."""
        return tuple(sorted(str(header.SOPInstanceUID) for header in self.headers))


@dataclass(frozen=True, kw_only=True)
class EncodedResult:
    """One result instance; ``content`` is the whole PS3.10 file.

    ``encodings``: the ways of storing segmentations for which it was written; of two that give the same instance it
    is written once. ``frames``: how many it has, 0 where it is no image.
    """

    kind: Kind
    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    content: bytes = field(repr=False)
    frames: int = 0
    encodings: tuple[Encoding, ...] = (DEFAULT,)
