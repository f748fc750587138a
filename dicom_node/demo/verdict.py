"""Are the results in the PACS what a radiologist needs? Read anew, as a viewer would read them."""

from collections.abc import Iterator
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
MEASUREMENT_GROUP = codes.DCM.MeasurementGroup.value
TRACKING_IDENTIFIER = codes.DCM.TrackingIdentifier.value
CERTAINTY = codes.DCM.CertaintyOfFinding.value


@dataclass(frozen=True, kw_only=True)
class Segmented:
    """What a SEG marks: ``mask`` is (rows, columns) bool on the source's grid."""

    label: str
    mask: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Boxed:
    """A finding that an SR outlines on the image itself; ``outline`` (n, 2) is column and row, as SCOORD has them."""

    label: str
    outline: npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a reader finds in the results. ``said``: each finding of the SRs with its certainty, where it has one."""

    marked: tuple[Segmented, ...]
    boxed: tuple[Boxed, ...]
    said: tuple[str, ...]


def judge(source: Dataset, held: list[HeldInstance]) -> Found:
    """Read every result in ``held`` and hold it against its ``source``; returns what was found.

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
    return Found(
        marked=tuple(_judge_segmentation(source, each) for each in segmentations),
        boxed=tuple(found for report in reports for found in _boxed(report)),
        said=tuple(_said(group) for report in reports for group in _groups(report)),
    )


def _judge_identity(source: Dataset, result: Dataset) -> None:
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID"):
        same = source.get(keyword) == result.get(keyword)
        _require(same, f"a {result.Modality} has another {keyword} than its source")
    _require(
        result.SeriesInstanceUID != source.SeriesInstanceUID, "a result lies in the series of its source"
    )


def _judge_report(source: Dataset, report: Dataset) -> None:
    items, groups = list(_items(report)), _groups(report)
    _require(bool(groups), "the SR has no finding, so that viewers would show nothing")
    is_placed = [bool(_regions(group)) for group in groups]
    if any(is_placed):
        title = report.ConceptNameCodeSequence[0].CodeValue
        _require(title == IMAGING_MEASUREMENT_REPORT, "the SR is no Imaging Measurement Report (TID 1500)")
        _require(all(is_placed), "a finding of the SR has no region, so that viewers would show nothing")
    referenced = {
        each.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
        for each in items
        if "ReferencedSOPSequence" in each
    }
    _require(source.SOPInstanceUID in referenced, "the SR does not refer to its source")


def _groups(report: Dataset) -> list[Dataset]:
    return [each for each in _items(report) if _concept(each) == MEASUREMENT_GROUP]


def _regions(group: Dataset) -> list[Dataset]:
    return [each for each in _items(group) if each.get("ValueType") in ("SCOORD", "SCOORD3D")]


def _boxed(report: Dataset) -> Iterator[Boxed]:
    """The outlines of a report that rests on no SEG, which would say the same better."""
    classes = {each.value for each in report.iterall() if each.keyword == "ReferencedSOPClassUID"}
    if SegmentationStorage in classes:
        return
    for group in _groups(report):
        for region in _regions(group):
            points = np.array(region.GraphicData, np.float32).reshape(-1, 2)
            yield Boxed(label=_label(group), outline=points)


def _said(group: Dataset) -> str:
    sure = [each for each in _items(group) if _concept(each) == CERTAINTY]
    return _label(group) + "".join(f" {each.MeasuredValueSequence[0].NumericValue} %" for each in sure[:1])


def _label(group: Dataset) -> str:
    return next((str(each.TextValue) for each in _items(group) if _concept(each) == TRACKING_IDENTIFIER), "?")


def _concept(item: Dataset) -> str:
    name = item.get("ConceptNameCodeSequence")
    return str(name[0].get("CodeValue", "")) if name else ""


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
