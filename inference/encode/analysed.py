"""What every encoder is given, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from inference.encode.region import Region
from inference.package.manifest import Manifest
from inference.volume.spacing import Spacing


@dataclass(frozen=True, kw_only=True)
class Analysed:
    """One instance, one model, and what came of it.

    ``labels`` is (rows, columns, segments) uint8 of 0 and 1 in the order of the manifest's segments, on the
    source's pixel grid; ``regions`` are those of each segment, in the same order. ``confidence`` is by segment
    label, 0..1. ``remarks`` are sentences for the reader.
    """

    source: Dataset
    manifest: Manifest
    digest: str
    labels: npt.NDArray[np.uint8]
    regions: tuple[tuple[Region, ...], ...]
    confidence: Mapping[str, float]
    spacing: Spacing | None
    remarks: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class EncodedResult:
    """One result instance; ``content`` is the whole PS3.10 file."""

    kind: Literal["SEG", "SR"]
    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    content: bytes
