import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from inference.errors import InputUnreadable
from inference.volume.lookup_table import lookup_table_of
from inference.volume.stored_instance import open_instance
from tests.unit.inference.volume.stacks import ct_slice, numbered, write

ENTRIES = [5, 50, 500, 5000]


def _instance(descriptor, vr, data, **attributes):
    table = Dataset()
    table.add_new("LUTDescriptor", "US", descriptor)
    table.add_new("LUTData", vr, data)
    table.ModalityLUTType = "OD"
    return ct_slice(numbered(2, 2), ModalityLUTSequence=Sequence([table]), **attributes)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("vr", ["US", "OW"])
def test_a_table_is_read_from_a_file(tmp_path, syntax, vr):
    order = ">u2" if syntax == ExplicitVRBigEndian else "<u2"
    data = ENTRIES if vr == "US" else np.array(ENTRIES).astype(order).tobytes()
    path = write(_instance([4, 10, 16], vr, data, PixelRepresentation=0), tmp_path / "instance", syntax)
    table = lookup_table_of(open_instance(path).header)
    stored = np.array([[0, 10], [13, 60000]], np.uint16)
    assert table.look_up(stored).tolist() == [[5, 5], [5000, 5000]]


def test_the_first_value_may_be_negative():
    table = lookup_table_of(_instance([4, 65534, 16], "US", ENTRIES))
    assert table.look_up(np.array([-3, -2, -1, 0, 1, 2], np.int16)).tolist() == [5, 5, 50, 500, 5000, 5000]


def test_no_entries_stand_for_65536():
    data = np.arange(65536, dtype="<u2")[::-1].tobytes()
    table = lookup_table_of(_instance([0, 0, 16], "OW", data, PixelRepresentation=0))
    assert table.look_up(np.array([0, 65535], np.uint16)).tolist() == [65535, 0]


@pytest.mark.parametrize("data", [b"\x05\x00\x06\x00\x07\x00", b"\x05\x06\x07\x00"])
def test_eight_bits_in_words_or_packed(data):
    table = lookup_table_of(_instance([3, 0, 8], "OW", data))
    assert table.look_up(np.array([0, 1, 2], np.int16)).tolist() == [5, 6, 7]


@pytest.mark.parametrize(
    ("descriptor", "data"), [([5, 0, 16], ENTRIES), ([4, 0], ENTRIES), ([4, 0, 16], []), ([4, 0, 16], None)]
)
def test_a_table_that_is_none_is_unreadable(descriptor, data):
    with pytest.raises(InputUnreadable, match="Modality LUT cannot be applied"):
        lookup_table_of(_instance(descriptor, "US", data))


@pytest.mark.parametrize("items", [0, 2])
def test_any_number_of_tables_but_one_is_unreadable(items):
    header = ct_slice(numbered(2, 2), ModalityLUTSequence=Sequence([Dataset()] * items))
    with pytest.raises(InputUnreadable, match="Modality LUT cannot be applied"):
        lookup_table_of(header)
