"""Are the results in the PACS what a radiologist needs? Read anew, as a viewer would read them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom import Dataset, dcmread
from pydicom.sr.codedict import codes
from pydicom.uid import SegmentationStorage

from dicom_node.demo.pacs.instance import HeldInstance
from dicom_node.errors import RehearsalFailed

IMAGING_MEASUREMENT_REPORT = codes.DCM.ImagingMeasurementReport.value


@dataclass(frozen=True, kw_only=True)
class Segmented:
    """What a SEG marks: ``mask`` is (rows, columns) bool on the source's grid."""

    label: str
    mask: npt.NDArray[np.bool_]


def judge(source: Dataset, held: list[HeldInstance]) -> list[Segmented]:
    """Read every result in ``held`` and hold it against its ``source``; returns what is marked.

    Raises RehearsalFailed with the first thing that does not hold.
    """
    data_sets = [dcmread(each.path) for each in held if each.sop_instance_uid != source.SOPInstanceUID]
    segmentations = [each for each in data_sets if each.SOPClassUID == SegmentationStorage]
    reports = [each for each in data_sets if each.Modality == "SR"]
    _require(bool(segmentations), "there is no SEG in the PACS")
    _require(bool(reports), "there is no SR in the PACS")
    for each in data_sets:
        _judge_identity(source, each)
    for report in reports:
        _judge_report(source, report)
    return [_judge_segmentation(source, each) for each in segmentations]


def _judge_identity(source: Dataset, result: Dataset) -> None:
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID"):
        same = source.get(keyword) == result.get(keyword)
        _require(same, f"a {result.Modality} has another {keyword} than its source")
    _require(
        result.SeriesInstanceUID != source.SeriesInstanceUID, "a result lies in the series of its source"
    )


def _judge_report(source: Dataset, report: Dataset) -> None:
    title = report.ConceptNameCodeSequence[0].CodeValue
    _require(title == IMAGING_MEASUREMENT_REPORT, "the SR is no Imaging Measurement Report (TID 1500)")
    items = list(_items(report))
    regions = [each for each in items if each.get("ValueType") in ("SCOORD", "SCOORD3D")]
    _require(bool(regions), "the SR has no region, so that viewers would show nothing")
    referenced = {
        each.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
        for each in items
        if "ReferencedSOPSequence" in each
    }
    _require(source.SOPInstanceUID in referenced, "the SR does not refer to its source")


def _items(item: Dataset) -> Any:
    yield item
    for child in item.get("ContentSequence", []):
        yield from _items(child)


def _judge_segmentation(source: Dataset, segmentation: Dataset) -> Segmented:
    same_grid = (segmentation.Rows, segmentation.Columns) == (source.Rows, source.Columns)
    _require(same_grid, "the SEG has another size than its source")
    referenced = {
        each.ReferencedSOPInstanceUID
        for series in segmentation.ReferencedSeriesSequence
        for each in series.ReferencedInstanceSequence
    }
    _require(source.SOPInstanceUID in referenced, "the SEG does not refer to its source")
    mask = np.squeeze(segmentation.pixel_array).astype(bool)
    _require(mask.shape == (source.Rows, source.Columns), "the SEG is not one frame of the source's size")
    _require(0.02 < mask.mean() < 0.9, f"the SEG marks {mask.mean():.1%} of the image; that is no organ")
    segment = segmentation.SegmentSequence[0]
    return Segmented(label=str(segment.SegmentLabel), mask=mask)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RehearsalFailed(otherwise)
