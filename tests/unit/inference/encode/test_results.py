from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode.analysed import Refusal
from inference.encode.encoding import Encoding
from inference.encode.results import encode_results
from tests.unit.inference.encode.given import (
    analysed_boxes,
    analysed_classes,
    analysed_image,
    analysed_volume,
    volume_manifest,
)


def _said(result):
    report = dcmread(BytesIO(result.content))
    (remarks,) = [
        item
        for item in report.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Qualitative Evaluations"
    ]
    return report.ConceptNameCodeSequence[0].CodeMeaning, [item.TextValue for item in remarks.ContentSequence]


def test_segmentations_come_first_then_the_report(analysed, volume):
    assert [result.kind for result in encode_results(analysed())] == ["SEG", "SEG", "SR"]
    assert [result.kind for result in encode_results(analysed_volume(volume))] == ["SEG", "SR"]


def test_every_task_has_its_results():
    assert [result.kind for result in encode_results(analysed_classes())] == ["SR"]
    assert [result.kind for result in encode_results(analysed_boxes())] == ["SR"]


def test_nothing_found_is_a_report_that_is_read_not_drawn(empty_labels, volume):
    nothing = np.zeros(volume.voxels.shape, np.uint8)
    for made in (
        analysed_image(labels=empty_labels, remarks=("nothing was found of Dark",)),
        analysed_volume(volume, nothing, manifest=volume_manifest(2), remarks=("nothing was found of Dark",)),
        analysed_boxes((), (), remarks=("nothing was found of Dark",)),
    ):
        (result,) = encode_results(made)
        title, sentences = _said(result)
        assert title == "AI Analysis Report"
        assert sentences[-2:] == ["Nothing was found.", "nothing was found of Dark"]


def test_a_way_of_storing_reaches_the_segmentation(volume):
    seg, _ = encode_results(analysed_volume(volume), Encoding(form="LABELMAP"))
    assert dcmread(BytesIO(seg.content)).SegmentationType == "LABELMAP"


def test_a_refusal_is_written_by_its_own_function():
    with pytest.raises(ValueError, match="encode_refusal"):
        encode_results(analysed_image(found=Refusal(reasons=("blank",))))
