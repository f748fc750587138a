"""What a detection found: a report with a box for each finding, and a segmentation of those that have a mask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from highdicom import sr
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, Detection, EncodedResult, Projection
from inference.encode.box_masks import paste
from inference.encode.code import code
from inference.encode.document import comments, kind_of_report, observer, procedure, write_document
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.equipment import LONG_STRING
from inference.encode.findings import algorithm, certainty
from inference.encode.identity import tracking_uid
from inference.encode.image_segmentation import encode_image_segments
from inference.encode.text_report import encode_text_report
from inference.encode.wording import NOTHING_FOUND, about_box, standing_remarks
from inference.encode.written import Written
from inference.package.output import Box, Segment


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One finding: the ``number``-th (from 1) of its kind. ``corners``: row and column, least and most, in pixels."""

    kind: Box
    number: int
    corners: tuple[float, float, float, float]
    score: float
    mask: npt.NDArray[np.float32] | None

    @property
    def label(self) -> str:
        """``Nodule 2``: the same in the SEG and in the report."""
        return f"{self.kind.label[: LONG_STRING - 5]} {self.number}"


def encode_detection(analysed: Analysed, encoding: Encoding = DEFAULT) -> tuple[EncodedResult, ...]:
    """SEG instances of the masks, one segment for each finding, then the report.

    Raises ValueError where a box is of a class that the manifest does not name, or is no box.
    """
    spots = spots_of(analysed)
    if not spots:
        said = [*standing_remarks(analysed), NOTHING_FOUND, *analysed.remarks]
        return (encode_text_report(analysed, said),)
    written = _segmentations(analysed, spots, encoding)
    report = sr.MeasurementReport(
        title=codes.cid7021.ImagingMeasurementReport,
        observation_context=observer(analysed),
        procedure_reported=procedure(analysed),
        imaging_measurements=[_group(analysed, spot) for spot in spots],
    )
    report[0].ContentSequence.append(comments(list(_sentences(analysed, spots))))
    document = write_document(analysed, report[0], written, kind=kind_of_report(written))
    return (*(each.result for each in written), document)


def spots_of(analysed: Analysed) -> list[Spot]:
    """The findings in the order of the detections, cut to the image."""
    if not isinstance(analysed.found, Detection) or not isinstance(analysed.source, Projection):
        raise ValueError("boxes are written of a detection in one image")
    found, kinds = analysed.found.detections, {box.class_id: box for box in analysed.manifest.output.box}
    spots: list[Spot] = []
    for place, class_id in enumerate(found.classes.tolist()):
        if class_id not in kinds:
            raise ValueError(f"a box is of class {class_id}, which no [[output.box]] has")
        kind = kinds[class_id]
        spots.append(
            Spot(
                kind=kind,
                number=1 + sum(spot.kind is kind for spot in spots),
                corners=_corners(found.boxes[place], analysed.source.pixels.shape),
                score=min(max(float(found.scores[place]), 0.0), 1.0),
                mask=found.masks[place] if found.masks is not None and kind.mask else None,
            )
        )
    return spots


def _corners(box: npt.NDArray[np.float32], shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    row_min, column_min, row_max, column_max = (float(each) for each in box)
    rows, columns = shape
    corners = (max(row_min, 0.0), max(column_min, 0.0), min(row_max, rows), min(column_max, columns))
    if not (corners[0] < corners[2] and corners[1] < corners[3]):
        raise ValueError("a box lies outside of the image, or is no box")
    return corners


def _segmentations(analysed: Analysed, spots: Sequence[Spot], encoding: Encoding) -> list[Written]:
    masked = [(spot, spot.mask) for spot in spots if spot.mask is not None]
    if not masked or not isinstance(analysed.source, Projection):
        return []
    rows, columns = analysed.source.pixels.shape
    layers = np.stack([paste(mask, spot.corners, rows, columns) for spot, mask in masked], axis=-1)
    return encode_image_segments(analysed, [_segment(spot) for spot, _ in masked], layers, encoding)


def _segment(spot: Spot) -> Segment:
    kind = spot.kind
    return Segment(
        label=spot.label,
        channel=0,
        category=kind.category or "SCT.MorphologicallyAbnormalStructure",
        type=kind.concept,
        laterality=kind.laterality,
        colour_rgb=kind.colour_rgb,
    )


def _group(analysed: Analysed, spot: Spot) -> sr.PlanarROIMeasurementsAndQualitativeEvaluations:
    header = analysed.header
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=tracking_uid(analysed, spot.label), identifier=spot.label
        ),
        referenced_region=sr.ImageRegion(
            graphic_type=sr.GraphicTypeValues.POLYLINE,
            graphic_data=around(spot.corners),
            source_image=sr.SourceImageForRegion(str(header.SOPClassUID), str(header.SOPInstanceUID)),
        ),
        finding_type=code(spot.kind.concept),
        finding_category=code(spot.kind.category) if spot.kind.category is not None else None,
        algorithm_id=algorithm(analysed),
        measurements=[certainty(spot.score)],
    )


def around(corners: tuple[float, float, float, float]) -> npt.NDArray[np.float32]:
    """The box as a closed line: (5, 2) of (column, row), the last point equal to the first."""
    top, left, bottom, right = corners
    points = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return np.array(points, np.float32)


def _sentences(analysed: Analysed, spots: Sequence[Spot]) -> Iterator[str]:
    yield from standing_remarks(analysed)
    yield from (about_box(spot.label, spot.score) for spot in spots)
    yield from analysed.remarks
