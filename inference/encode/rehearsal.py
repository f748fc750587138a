"""Encode once before it counts: a label too long or a code out of form shows when a package is loaded.

The first encoding of a process also reads the tables of the Standard (over a second); no study waits for it.
"""

from datetime import datetime

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import ComputedRadiographyImageStorage

from inference.encode.analysed import Analysed
from inference.encode.region import regions_of
from inference.encode.results import encode_results
from inference.errors import PackageInvalid
from inference.package.manifest import Manifest


def rehearse(manifest: Manifest, digest: str, labels: npt.NDArray[np.uint8]) -> None:
    """Encode (rows, columns, segments) ``labels`` for an instance of nobody; raises PackageInvalid."""
    segments = manifest.output.segment
    analysed = Analysed(
        source=_nobodys_instance(*labels.shape[:2]),
        manifest=manifest,
        digest=digest,
        labels=labels,
        regions=tuple(regions_of(labels[..., k]) for k in range(len(segments))),
        confidence=dict.fromkeys((segment.label for segment in segments), 1.0),
        spacing=None,
        remarks=(),
        now=datetime(2000, 1, 1),
    )
    try:
        encode_results(analysed)
    except (ValueError, TypeError) as error:
        raise PackageInvalid(f"results cannot be written as the manifest declares them: {error}") from error


def _nobodys_instance(rows: int, columns: int) -> Dataset:
    instance = Dataset()
    instance.SOPClassUID = ComputedRadiographyImageStorage
    instance.StudyInstanceUID, instance.SeriesInstanceUID, instance.SOPInstanceUID = (
        "2.25.1",
        "2.25.2",
        "2.25.3",
    )
    instance.Modality, instance.Rows, instance.Columns = "CR", rows, columns
    return instance
