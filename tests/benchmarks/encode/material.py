"""A CT of 300 slices of 512 x 512 with organs in it, as a result is made of."""

from datetime import UTC, datetime

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage

from inference.confidence.confidence import Confidence
from inference.encode.analysed import Analysed, Segmentation
from inference.measure.measured import Measured
from inference.volume.volume import Volume
from tests.unit.inference.encode.given import volume_manifest

SLICES, SIDE = 300, 512


def organs(segments: int) -> np.ndarray:
    """(slices, rows, columns): ellipsoids in rows and columns of their own, each on a third of the slices or more."""
    labels = np.zeros((SLICES, SIDE, SIDE), np.uint8)
    across = int(np.ceil(np.sqrt(segments)))
    room = SIDE // across
    row, column = np.mgrid[0:room, 0:room] / room * 2 - 1
    for k in range(segments):
        top, left = k // across * room, k % across * room
        middle, half = SLICES * (0.3 + 0.4 * k / max(segments - 1, 1)), SLICES * (0.17 + 0.1 * (k % 4) / 3)
        for index in range(SLICES):
            radius = 0.9 * np.sqrt(max(1 - ((index - middle) / half) ** 2, 0))
            place = labels[index, top : top + room, left : left + room]
            place[row**2 + (column * 1.2) ** 2 < radius**2] = k + 1
    return labels


def analysed(labels: np.ndarray, segments: int, voxels: np.ndarray) -> Analysed:
    manifest = volume_manifest(segments)
    names = [segment.label for segment in manifest.output.segment]
    kinds = [(each.kind, each.unit) for each in manifest.output.measurement]
    return Analysed(
        manifest=manifest,
        digest="ab" * 32,
        now=datetime(2026, 3, 4, tzinfo=UTC),
        source=_volume(voxels),
        found=Segmentation(labels=labels),
        measured=tuple(
            Measured(segment=name, kind=kind, value=123.456, unit=unit)
            for name in names
            for kind, unit in kinds
        ),
        confidence=tuple(Confidence(label=name, certainty=0.9, kind="soft_dice") for name in names),
    )


def _volume(voxels: np.ndarray) -> Volume:
    affine = np.eye(4)
    affine[:3, :3] = [[0, 0, 0.8], [0, 0.8, 0], [1.25, 0, 0]]
    return Volume(
        voxels=voxels,
        affine=affine,
        sources=tuple(source(index) for index in range(SLICES)),
        frame_numbers=(1,) * SLICES,
        frame_of_reference_uid="2.25.3",
        notes=(),
    )


def source(index: int) -> Dataset:
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = CTImageStorage, f"2.25.{10**30 + index}"
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.1", "2.25.2"
    header.FrameOfReferenceUID, header.Modality, header.SeriesNumber = "2.25.3", "CT", 3
    header.PatientName, header.PatientID, header.PatientBirthDate, header.PatientSex = "A^B", "1", "", ""
    header.StudyDate, header.StudyTime, header.StudyID, header.AccessionNumber = "20260101", "1200", "1", "1"
    header.ReferringPhysicianName, header.InstanceNumber = "", index + 1
    header.Rows, header.Columns = SIDE, SIDE
    header.ImagePositionPatient = [0, 0, 1.25 * index]
    header.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    header.PixelSpacing, header.SliceThickness = [0.8, 0.8], 1.25
    return header
