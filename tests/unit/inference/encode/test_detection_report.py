from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode.detection_report import encode_detection, spots_of
from tests.unit.inference.encode.given import COLUMNS, ROWS, analysed_boxes, analysed_image


def _masks(count):
    masks = np.zeros((count, 14, 14), np.float32)
    masks[:, 2:12, 3:9] = 1
    return masks


def _groups(results):
    report = dcmread(BytesIO(results[-1].content))
    return [
        {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in group.ContentSequence}
        for group in report.ContentSequence[-2].ContentSequence
    ]


def test_each_finding_has_a_number_of_its_kind():
    assert [spot.label for spot in spots_of(analysed_boxes())] == ["Nodule 1", "Nodule 2", "Mass 1"]


def test_each_box_is_drawn_with_its_probability():
    groups = _groups(encode_detection(analysed_boxes()))
    assert [group["Tracking Identifier"].TextValue for group in groups] == ["Nodule 1", "Nodule 2", "Mass 1"]
    assert list(groups[0]["Image Region"].GraphicData) == [20, 10.5, 60, 10.5, 60, 30, 20, 30, 20, 10.5]
    percents = [
        float(group["Certainty of Finding"].MeasuredValueSequence[0].NumericValue) for group in groups
    ]
    assert percents == [95, 77.5, 60]
    assert len({group["Tracking Unique Identifier"].UID for group in groups}) == 3


def test_masks_become_segments_of_the_kinds_that_have_them():
    results = encode_detection(analysed_boxes(masks=_masks(3)))
    segs = [dcmread(BytesIO(result.content)) for result in results if result.kind == "SEG"]
    labels = [segment.SegmentLabel for seg in segs for segment in seg.SegmentSequence]
    assert labels == ["Nodule 1", "Nodule 2"]
    rows, columns = np.nonzero(segs[0].pixel_array)
    assert (rows.min(), rows.max() + 1) == pytest.approx((10.5 + 2 / 14 * 19.5, 10.5 + 12 / 14 * 19.5), abs=1)
    assert (columns.min(), columns.max() + 1) == pytest.approx((20 + 3 / 14 * 40, 20 + 9 / 14 * 40), abs=1)
    groups = _groups(results)
    assert segs[0].SegmentSequence[0].TrackingUID == groups[0]["Tracking Unique Identifier"].UID


def test_a_box_is_cut_to_the_image():
    (spot,) = spots_of(analysed_boxes(((-5, -7, 1000, 1000),), (1,)))
    assert spot.corners == (0, 0, ROWS, COLUMNS)


@pytest.mark.parametrize(
    "box", [(10, 10, 10, 20), (30, 10, 20, 20), (-9, -9, -1, -1), (float("nan"), 1, 2, 3)]
)
def test_what_is_no_box_is_refused(box):
    with pytest.raises(ValueError, match="no box"):
        encode_detection(analysed_boxes((box,), (1,)))


def test_a_class_the_manifest_does_not_name_is_refused():
    with pytest.raises(ValueError, match="class 3"):
        encode_detection(analysed_boxes(((1, 2, 3, 4),), (3,)))


def test_segments_are_no_boxes():
    with pytest.raises(ValueError, match="of a detection"):
        encode_detection(analysed_image())
