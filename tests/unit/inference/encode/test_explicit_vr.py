from io import BytesIO

import pytest
from pydicom.dataset import Dataset

from inference.encode.explicit_vr import long_head, sequence, text, unsigned_long, unsigned_short


def _written(**attributes):
    """As pydicom writes them."""
    instance = Dataset()
    for keyword, value in attributes.items():
        setattr(instance, keyword, value)
    buffer = BytesIO()
    instance.save_as(buffer, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


@pytest.mark.parametrize("uid", ["1.2.3", "1.2.34"])
def test_text_is_padded_as_pydicom_pads_it(uid):
    assert text("SOPInstanceUID", "UI", uid) == _written(SOPInstanceUID=uid)
    assert text("Modality", "CS", uid) == _written(Modality=uid)


def test_numbers_are_as_pydicom_writes_them():
    assert unsigned_short("Rows", 513) == _written(Rows=513)
    assert unsigned_long("DimensionIndexValues", [1, 70000]) == _written(DimensionIndexValues=[1, 70000])


def test_a_sequence_holds_its_items():
    items = [Dataset(), Dataset()]
    items[0].SOPInstanceUID, items[1].Rows = "1.2.3", 7
    ours = sequence("SourceImageSequence", [text("SOPInstanceUID", "UI", "1.2.3"), unsigned_short("Rows", 7)])
    assert ours == _written(SourceImageSequence=items)
    assert sequence("SourceImageSequence", []) == _written(SourceImageSequence=[])


def test_a_head_tells_the_length_in_32_bits():
    assert long_head("PixelData", "OB", 70000) == bytes.fromhex("e07f1000 4f42 0000 70110100")


def test_no_other_letters_than_ascii():
    with pytest.raises(UnicodeEncodeError):
        text("Modality", "CS", "é")
