import io
import warnings

import pytest
from pydicom import dcmread
from pydicom.data import get_charset_files
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from dicom_node.demo.pacs.header import text_of


def as_read(elements: bytes) -> Dataset:
    file_meta = b"\x02\x00\x10\x00UI\x14\x00" + ExplicitVRLittleEndian.encode() + b"\x00"
    return dcmread(io.BytesIO(bytes(128) + b"DICM" + file_meta + elements))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("chrGerm.dcm", "Äneas^Rüdiger"),
        ("chrRuss.dcm", "Люкceмбypг"),
        ("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("chrX2.dcm", "Wang^XiaoDong=王^小东="),
    ],
)
def test_a_name_is_read_in_its_character_set(file: str, name: str) -> None:
    assert text_of(dcmread(get_charset_files(file)[0]), "PatientName") == name


@pytest.mark.parametrize("value", [b"1.2.3\x00", b"1.2.3 ", b"1.2.3"])
def test_padding_is_taken_off(value: bytes) -> None:
    dataset = as_read(b"\x20\x00\x0d\x00UI" + len(value).to_bytes(2, "little") + value)
    assert text_of(dataset, "StudyInstanceUID") == "1.2.3"


def test_several_values_are_joined_by_a_backslash() -> None:
    value = b"1.2\\1.3\x00"
    dataset = as_read(b"\x20\x00\x0d\x00UI\x08\x00" + value)
    assert text_of(dataset, "StudyInstanceUID") == "1.2\\1.3"


def test_a_malformed_date_is_read_without_a_warning_that_quotes_it() -> None:
    dataset = as_read(b"\x08\x00\x20\x00DA\x0a\x00born 1.2.3")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert text_of(dataset, "StudyDate") == "born 1.2.3"


def test_what_is_absent_or_empty_is_the_empty_text() -> None:
    dataset = as_read(b"\x08\x00\x20\x00DA\x00\x00")
    assert text_of(dataset, "StudyDate") == text_of(dataset, "PatientName") == ""


def test_elements_set_in_python_read_alike() -> None:
    dataset = Dataset()
    dataset.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    dataset.PatientName = "Yamada^Tarou"
    dataset.StudyInstanceUID = ["1.2", "1.3"]
    dataset.PatientID = None
    assert text_of(dataset, "SpecificCharacterSet") == "\\ISO 2022 IR 87"
    assert text_of(dataset, "PatientName") == "Yamada^Tarou"
    assert text_of(dataset, "StudyInstanceUID") == "1.2\\1.3"
    assert text_of(dataset, "PatientID") == ""
