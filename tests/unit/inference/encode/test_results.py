from io import BytesIO

import numpy as np
import pytest
from pydicom import config, dcmread

from inference.encode.analysed import Refusal
from inference.encode.encoding import Encoding
from inference.encode.results import encode_results
from inference.postprocess.rules import Firing
from tests.unit.inference.encode.given import (
    analysed_boxes,
    analysed_classes,
    analysed_image,
    analysed_volume,
    label_phantom,
    read_phantom,
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


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientBirthDate", "1970.13.45"),
        ("StudyDate", "yesterday"),
        ("StudyTime", "9999"),
        ("PatientSex", "Xyz"),
        ("PatientID", "P" * 80),
        ("SeriesNumber", "-7"),
        ("TimezoneOffsetFromUTC", "nonsense"),
        ("SpecificCharacterSet", "ISO_IR 999"),
        ("PositionReferenceIndicator", ""),
        ("SliceThickness", "0"),
    ],
)
def test_a_header_out_of_form_spoils_no_result_of_a_volume(tmp_path, keyword, value):
    with config.disable_value_validation():
        volume = read_phantom(tmp_path / "series", **{keyword: value})
        seg, report = encode_results(analysed_volume(volume))
        for result in (seg, report):
            instance = dcmread(BytesIO(result.content))
            assert instance.StudyInstanceUID == "2.25.1"
            if (
                keyword not in ("SeriesNumber", "SliceThickness", "TimezoneOffsetFromUTC")
                and keyword in instance
            ):
                assert str(instance[keyword].value) == value
        assert np.count_nonzero(dcmread(BytesIO(seg.content)).pixel_array) == np.count_nonzero(
            label_phantom(*volume.voxels.shape)
        )


def test_four_thousand_frames_are_written(tmp_path):
    volume = read_phantom(tmp_path / "series", (4000, 8, 8), is_enhanced=True, step=(0, 0, 0.5))
    labels = np.zeros(volume.voxels.shape, np.uint8)
    labels[:, 2:6, 3:5], labels[:, 0, 0] = 1, 2
    seg, _ = encode_results(analysed_volume(volume, labels))
    instance = dcmread(BytesIO(seg.content))
    assert instance.NumberOfFrames == 8000
    frames = instance.pixel_array
    assert (frames[:4000] == (labels[0] == 1)).all() and (frames[4000:] == (labels[0] == 2)).all()


def test_control_characters_reach_no_result(volume):
    bad = "a\x00b\x1b[31m\r\nc\\d"
    firing = Firing(rule="inside", segment="Liver 1", sentence=bad, action="flag")
    made = analysed_volume(volume, remarks=(bad,), firings=(firing,))
    said = _said(encode_results(made)[-1])[1]
    assert said[-2:] == ["Expert rule inside (Liver 1): a b [31m c/d.", "a b [31m c/d"]


def test_the_study_s_own_numbers_are_not_trusted(volume):
    """Each phantom slice has Instance Number 1."""
    assert len({source.InstanceNumber for source in volume.sources}) == 1
    said = _said(encode_results(analysed_volume(volume))[-1])[1]
    assert any("largest in image 2 of 5 by place" in sentence for sentence in said)
