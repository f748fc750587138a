from io import BytesIO

import pytest
from pydicom import config, dcmread

from inference.encode.segmentation import encode_segmentations
from inference.encode.source import clean_header


def _read(analysed):
    with config.disable_value_validation():
        return dcmread(BytesIO(encode_segmentations(analysed)[0].result.content))


def test_highdicom_sees_nothing_of_the_patient(analysed):
    shown = str(clean_header(analysed()))
    assert not {word for word in ("Müller", "P-1", "19700101", "20260102", "Doe") if word in shown}


def test_patient_and_study_are_copied(analysed):
    result = _read(analysed(PatientAge="055Y", StudyDescription="Thorax", PatientComments="x"))
    source = analysed().header
    for keyword in (
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "PatientSex",
        "StudyInstanceUID",
        "StudyID",
    ):
        assert result[keyword].value == source[keyword].value, keyword
    assert (result.PatientAge, result.StudyDescription, result.PatientComments) == ("055Y", "Thorax", "x")


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientBirthDate", "1970.13.45"),
        ("PatientSex", "X"),
        ("StudyDate", "yesterday"),
        ("StudyTime", "9999"),
        ("PatientID", "P" * 80),
        ("AccessionNumber", "A" * 40),
        ("PatientName", "a^b^c^d^e^f^g"),
    ],
)
def test_a_value_out_of_form_stays_as_the_archive_knows_it(analysed, keyword, value):
    with config.disable_value_validation():
        result = _read(analysed(**{keyword: value}))
        assert str(result[keyword].value) == value


@pytest.mark.parametrize(
    "keyword",
    [
        "PatientID",
        "PatientName",
        "PatientBirthDate",
        "PatientSex",
        "AccessionNumber",
        "StudyID",
        "StudyDate",
        "StudyTime",
        "ReferringPhysicianName",
        "SpecificCharacterSet",
        "PatientOrientation",
        "SeriesNumber",
        "Modality",
        "Manufacturer",
    ],
)
def test_a_missing_attribute_does_not_stop_writing(analysed, keyword):
    result = _read(analysed(**{keyword: None}))
    assert result.SOPClassUID.name == "Segmentation Storage"
    assert result.StudyInstanceUID == "2.25.1"


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"),
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        ("ISO_IR 144", "Люкceмбypг"),
        ("GB18030", "王^小东"),
    ],
)
def test_a_name_in_any_script_is_kept(analysed, character_set, name):
    result = _read(analysed(SpecificCharacterSet=character_set, PatientName=name))
    assert result.SpecificCharacterSet == character_set
    assert str(result.PatientName) == name


def test_a_spacing_of_zero_is_not_copied(analysed):
    assert "PixelSpacing" not in clean_header(analysed(PixelSpacing=[0, 0]))
    assert "PixelSpacing" not in clean_header(analysed(ImagerPixelSpacing=[0.1, 0.1]))
    assert clean_header(analysed(PixelSpacing=[0.2, 0.1])).PixelSpacing == [0.2, 0.1]


def test_lossy_compression_of_the_source_is_told(analysed):
    result = _read(analysed(LossyImageCompression="01", LossyImageCompressionRatio=12))
    assert (result.LossyImageCompression, result.LossyImageCompressionRatio) == ("01", 12)
    assert _read(analysed()).LossyImageCompression == "00"
