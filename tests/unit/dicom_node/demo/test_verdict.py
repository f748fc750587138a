import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

from dicom_node.demo.verdict import judge
from dicom_node.errors import RehearsalFailed
from tests.model_package import phantom


def _refusal(source, held, *data_sets) -> str:
    with pytest.raises(RehearsalFailed) as caught:
        judge(source, held(*data_sets))
    return str(caught.value)


def test_what_the_encoder_makes_holds_and_is_given_back_voxel_for_voxel(source, results, held):
    found = judge(source, held(*results.values()))
    assert [each.label for each in found.marked] == ["Dark", "Grey"]
    expected = phantom(source.Rows, source.Columns)[1].astype(bool)
    for index, each in enumerate(found.marked):
        assert np.array_equal(each.mask, expected[..., index])
    assert found.said == ("Dark 1 98.7 %", "Grey 1 65.4 %")
    assert found.boxed == ()  # the SEGs say it better


def test_the_source_itself_in_the_pacs_is_no_result(source, results, held):
    assert len(judge(source, held(source, *results.values())).marked) == 2


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        ([], "there is no SEG in the PACS"),
        (["SR"], "there is no SEG in the PACS"),
        (["Dark", "Grey"], "there is no SR in the PACS"),
    ],
)
def test_what_is_missing_is_said(source, results, held, there, sentence):
    assert _refusal(source, held, *(results[name] for name in there)) == sentence


@pytest.mark.parametrize("name", ["Dark", "SR"])
@pytest.mark.parametrize("keyword", ["PatientID", "PatientName", "StudyInstanceUID"])
def test_a_result_of_another_patient_or_study(source, results, held, name, keyword):
    setattr(results[name], keyword, "2.25.999")
    refusal = _refusal(source, held, *results.values())
    assert refusal == f"a {results[name].Modality} has another {keyword} than its source"
    assert "2.25.999" not in refusal


def test_a_result_without_a_patient_is_not_its_sources(source, results, held):
    del results["SR"].PatientID
    assert "another PatientID" in _refusal(source, held, *results.values())


@pytest.mark.parametrize("name", ["Grey", "SR"])
def test_a_result_in_the_series_of_its_source(source, results, held, name):
    results[name].SeriesInstanceUID = source.SeriesInstanceUID
    assert "in the series of its source" in _refusal(source, held, *results.values())


def test_a_seg_of_another_size(source, results, held):
    results["Grey"].Rows, results["Grey"].Columns = source.Columns, source.Rows
    assert _refusal(source, held, *results.values()) == "the SEG has another size than its source"


def test_a_seg_that_does_not_refer_to_its_source(source, results, held):
    (series,) = results["Dark"].ReferencedSeriesSequence
    series.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID = generate_uid()
    assert _refusal(source, held, *results.values()) == "the SEG does not refer to its source"


@pytest.mark.parametrize(("content", "share"), [(b"\x00", "0.0%"), (b"\xff", "100.0%")])
def test_a_seg_that_marks_nothing_or_everything(source, results, held, content, share):
    results["Dark"].PixelData = content * len(results["Dark"].PixelData)
    assert _refusal(source, held, *results.values()) == (
        f"the SEG marks {share} of the image; that is no organ"
    )


def test_an_sr_of_another_title(source, results, held):
    results["SR"].ConceptNameCodeSequence[0].CodeValue = "126001"
    assert "no Imaging Measurement Report" in _refusal(source, held, *results.values())


def test_an_sr_one_of_whose_findings_has_no_region(source, results, held):
    _without(next(each for each in _items(results["SR"]) if _is_group(each)), "SCOORD")
    assert "a finding of the SR has no region" in _refusal(source, held, *results.values())


def test_an_sr_without_a_finding(source, results, held):
    for each in _items(results["SR"]):
        if _is_group(each):
            each.ConceptNameCodeSequence[0].CodeValue = "125000"
    assert "the SR has no finding" in _refusal(source, held, *results.values())


def test_boxes_and_classes_are_found_beside_the_segments(source, results, reports, held):
    found = judge(source, held(*results.values(), *reports.values()))
    assert found.said[2:] == ("Nodule 1 95.0 %", "Pneumothorax 87.6 %", "Effusion 12.3 %")
    (box,) = found.boxed
    assert box.label == "Nodule 1"
    assert box.outline.tolist() == [[20, 10], [60, 10], [60, 50], [20, 50], [20, 10]]


def _is_group(item: Dataset) -> bool:
    return "ConceptNameCodeSequence" in item and item.ConceptNameCodeSequence[0].CodeValue == "125007"


def test_an_sr_that_does_not_refer_to_its_source(source, results, held):
    elsewhere = generate_uid()
    for each in _items(results["SR"]):
        if "ReferencedSOPSequence" in each:
            each.ReferencedSOPSequence[0].ReferencedSOPInstanceUID = elsewhere
    assert _refusal(source, held, *results.values()) == "the SR does not refer to its source"


def _items(item: Dataset) -> list[Dataset]:
    children = [found for child in item.get("ContentSequence", []) for found in _items(child)]
    return [item, *children]


def _without(item: Dataset, value_type: str) -> None:
    """Take every content item of this type away, and what hangs below it."""
    if "ContentSequence" in item:
        item.ContentSequence = Sequence(
            [each for each in item.ContentSequence if each.ValueType != value_type]
        )
        for child in item.ContentSequence:
            _without(child, value_type)
