"""Encode once before it counts: a label too long or a code out of form shows when a package is loaded.

The first encoding of a process also reads the tables of the Standard (over a second); no study waits for it.
"""

from datetime import datetime

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import ComputedRadiographyImageStorage, CTImageStorage

from inference.encode.analysed import Analysed, Found, Projection, Segmentation
from inference.encode.results import encode_results
from inference.errors import PackageInvalid
from inference.package.manifest import Manifest
from inference.volume.volume import Volume

_SIDE = 512


def rehearse(manifest: Manifest, digest: str, found: Found) -> None:
    """Encode what the golden case gave, for a source of nobody; raises PackageInvalid."""
    analysed = Analysed(
        source=_source_of_nobody(manifest, found),
        manifest=manifest,
        digest=digest,
        found=found,
        now=datetime(2000, 1, 1),
    )
    try:
        encode_results(analysed)
    except (ValueError, TypeError) as error:
        raise PackageInvalid(f"results cannot be written as the manifest declares them: {error}") from error


def _source_of_nobody(manifest: Manifest, found: Found) -> Projection | Volume:
    if not isinstance(found, Segmentation):
        return _projection(_SIDE, _SIDE)
    if manifest.input.each == "series":
        slices, rows, columns = found.labels.shape
        return _volume(slices, rows, columns)
    return _projection(*found.labels.shape[:2])


def _projection(rows: int, columns: int) -> Projection:
    header = _header(rows, columns)
    header.SOPClassUID, header.Modality = ComputedRadiographyImageStorage, "CR"
    return Projection(header=header, pixels=np.zeros((rows, columns), np.float32), spacing=None)


def _volume(slices: int, rows: int, columns: int) -> Volume:
    return Volume(
        # Of a shape, without the memory.
        voxels=np.broadcast_to(np.float32(0), (slices, rows, columns)),
        affine=np.eye(4),
        sources=tuple(_slice(index, rows, columns) for index in range(slices)),
        frame_numbers=(1,) * slices,
        frame_of_reference_uid="2.25.4",
        notes=(),
    )


def _slice(index: int, rows: int, columns: int) -> Dataset:
    header = _header(rows, columns)
    header.SOPClassUID, header.Modality = CTImageStorage, "CT"
    header.SOPInstanceUID = f"2.25.3{index}"
    header.ImagePositionPatient, header.ImageOrientationPatient = [index, 0, 0], [0, 0, 1, 0, 1, 0]
    header.PixelSpacing = [1, 1]
    return header


def _header(rows: int, columns: int) -> Dataset:
    header = Dataset()
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.1", "2.25.2"
    header.SOPInstanceUID = "2.25.3"
    header.Rows, header.Columns = rows, columns
    return header
