from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    RLELossless,
    SegmentationStorage,
)

from inference.encode.explicit_vr import sequence, text
from inference.encode.instance_file import LARGEST_VALUE, PixelData, write_file


def _header(syntax=ExplicitVRLittleEndian):
    header = Dataset()
    header.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    header.SOPClassUID, header.SOPInstanceUID = SegmentationStorage, "2.25.6"
    header.PatientName, header.Rows = "Yamada^Tarou=山田^太郎", 4
    header.file_meta = FileMetaDataset()
    header.file_meta.MediaStorageSOPClassUID = SegmentationStorage
    header.file_meta.MediaStorageSOPInstanceUID = "2.25.6"
    header.file_meta.TransferSyntaxUID = syntax
    return header


ENCODED = {
    "SourceImageSequence": sequence("SourceImageSequence", [text("SOPInstanceUID", "UI", "1.2.3")]),
    "PerFrameFunctionalGroupsSequence": sequence("PerFrameFunctionalGroupsSequence", []),
}


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_every_part_comes_back_in_its_place(syntax):
    read = dcmread(BytesIO(write_file(_header(syntax), ENCODED, PixelData(length=3, parts=[b"a", b"bc"]))))
    assert [element.keyword for element in read] == [
        *(
            "SpecificCharacterSet",
            "SOPClassUID",
            "SOPInstanceUID",
            "SourceImageSequence",
            "PatientName",
            "Rows",
        ),
        *("PerFrameFunctionalGroupsSequence", "PixelData"),
    ]
    assert read.SourceImageSequence[0].SOPInstanceUID == "1.2.3"
    assert read.PatientName.ideographic == "山田^太郎"
    assert read.PixelData == b"abc\0"
    assert read.file_meta.TransferSyntaxUID == syntax


def test_compressed_frames_have_no_length():
    pixels = PixelData(length=None, parts=[encapsulate([b"one ", b"two "])])
    read = dcmread(BytesIO(write_file(_header(RLELossless), {}, pixels)))
    assert list(generate_frames(read.PixelData, number_of_frames=2)) == [b"one ", b"two "]


def test_a_report_has_no_pixels():
    assert "PixelData" not in dcmread(BytesIO(write_file(_header(), ENCODED)))


def test_more_than_an_element_holds_is_refused_before_it_is_made():
    def parts():
        raise AssertionError("asked for")
        yield b""

    with pytest.raises(ValueError, match="more than an instance can hold"):
        write_file(_header(), {}, PixelData(length=LARGEST_VALUE + 1, parts=parts()))
