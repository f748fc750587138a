from dataclasses import replace
from io import BytesIO

import pytest
from pydicom import dcmread

from inference.encode.predecessor import Predecessor
from inference.encode.results import encode_results
from tests.unit.inference.encode.given import analysed_volume

SEG = Predecessor(
    kind="SEG",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
    sop_instance_uid="2.25.71",
    series_instance_uid="2.25.72",
)
SR = Predecessor(
    kind="SR",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.88.34",
    sop_instance_uid="2.25.81",
    series_instance_uid="2.25.82",
)


@pytest.fixture(params=["image", "volume"])
def made(request, analysed, volume):
    return analysed() if request.param == "image" else analysed_volume(volume)


def _instances(made):
    return [dcmread(BytesIO(result.content)) for result in encode_results(made)]


def test_each_result_names_those_of_its_kind_that_it_replaces(made):
    *segs, report = _instances(replace(made, replaces=(SEG, SR)))
    (document,) = report.PredecessorDocumentsSequence
    assert document.StudyInstanceUID == made.header.StudyInstanceUID
    (series,) = document.ReferencedSeriesSequence
    assert (series.SeriesInstanceUID, series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID) == (
        "2.25.82",
        "2.25.81",
    )
    for seg in segs:
        (image,) = seg.ReferencedImageSequence
        assert (image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID) == (SEG.sop_class_uid, "2.25.71")
        assert image.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Temporal Predecessor"
        source, replaced = seg.ReferencedSeriesSequence
        assert source.SeriesInstanceUID == made.header.SeriesInstanceUID
        assert replaced.SeriesInstanceUID == "2.25.72"
        assert replaced.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == "2.25.71"


def test_without_a_predecessor_none_is_named(made):
    *segs, report = _instances(made)
    assert "PredecessorDocumentsSequence" not in report
    assert all("ReferencedImageSequence" not in seg for seg in segs)
    assert "replaces" not in report.to_json()


def test_a_reader_is_told(made):
    assert "This replaces an earlier result" in _instances(replace(made, replaces=(SR,)))[-1].to_json()


def test_what_replaces_another_is_another_and_its_findings_are_the_same(made):
    before, after = _instances(made), _instances(replace(made, replaces=(SEG, SR)))
    assert not {each.SOPInstanceUID for each in before} & {each.SOPInstanceUID for each in after}
    assert not {each.SeriesInstanceUID for each in before} & {each.SeriesInstanceUID for each in after}
    assert [each.TrackingUID for each in before[0].SegmentSequence] == [
        each.TrackingUID for each in after[0].SegmentSequence
    ]
