from dataclasses import replace
from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.uid import Comprehensive3DSRStorage, ComprehensiveSRStorage

from inference.encode.document import comments, observer, procedure
from inference.encode.results import encode_results
from inference.encode.text_report import encode_text_report
from tests.unit.inference.encode.given import analysed_image, analysed_volume, read_phantom


def test_the_class_follows_the_source(volume):
    assert encode_results(analysed_image())[-1].sop_class_uid == ComprehensiveSRStorage
    assert encode_results(analysed_volume(volume))[-1].sop_class_uid == Comprehensive3DSRStorage


@pytest.mark.parametrize(
    ("modality", "said"),
    [("CT", "CT unspecified body region"), ("MR", "MRI unspecified body region"), ("CR", "XR unspecified")],
)
def test_the_procedure_is_told_by_the_modality(modality, said):
    assert procedure(analysed_image(Modality=modality)).meaning.startswith(said)


def test_comments_are_plain_and_none_is_empty():
    items = comments(["a – b", " \n", "c"]).ContentSequence
    assert [item.TextValue for item in items] == ["a - b", "c"]


def test_the_observer_is_the_model():
    texts = [item.TextValue for item in observer(analysed_image()) if item.ValueType == "TEXT"]
    assert texts == ["shades 1.2.3", "dicom-node", "shades", "ab" * 32]


def test_another_kind_has_other_uids(analysed):
    one, other = (encode_text_report(analysed(), ["x"], kind=kind) for kind in ("SR", "SR refusal"))
    assert one.sop_instance_uid != other.sop_instance_uid
    assert one.series_instance_uid != other.series_instance_uid


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
    ],
)
def test_a_name_in_any_script_is_in_every_result_of_a_volume(tmp_path, character_set, name):
    volume = read_phantom(tmp_path / "series", SpecificCharacterSet=character_set, PatientName=name)
    for result in encode_results(analysed_volume(volume, remarks=("naïve – 山",))):
        instance = dcmread(BytesIO(result.content))
        assert instance.SpecificCharacterSet == character_set
        assert str(instance.PatientName) == name
        assert instance.PatientID == "P-1"


@pytest.mark.parametrize("keyword", ["PatientName", "PatientID", "StudyDate", "SeriesNumber", "StudyID"])
def test_what_is_missing_stops_no_result_of_a_volume(tmp_path, keyword):
    volume = read_phantom(tmp_path / "series", **{keyword: None})
    results = encode_results(analysed_volume(volume))
    assert [result.kind for result in results] == ["SEG", "SR"]
    assert keyword not in volume.sources[0]


def test_another_time_changes_dates_only(volume):
    made = analysed_volume(volume)
    later = replace(made, now=made.now.replace(year=2030))
    for early, late in zip(encode_results(made), encode_results(later), strict=True):
        one, other = dcmread(BytesIO(early.content)), dcmread(BytesIO(late.content))
        changed = {element.keyword for element in one if element != other[element.tag]}
        assert {keyword for keyword in changed if not keyword.endswith(("Date", "Time"))} == {
            "ContributingEquipmentSequence"
        }
        assert early.sop_instance_uid == late.sop_instance_uid
