import struct
from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.uid import UID

from dicom_node.scp.file_meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, file_meta
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT, a_data_set, encoded


def _meta(sop_instance_uid: str = "1.2.3", transfer_syntax_uid: str = EXPLICIT) -> bytes:
    return file_meta(
        sop_class_uid=CR_IMAGE, sop_instance_uid=sop_instance_uid, transfer_syntax_uid=transfer_syntax_uid
    )


@pytest.mark.parametrize("sop_instance_uid", ["1.2.3", "1.2.34", "1." + "2" * 62])
@pytest.mark.parametrize("syntax", [EXPLICIT, "1.2.840.10008.1.2.4.90"])
def test_pydicom_reads_what_we_wrote(sop_instance_uid, syntax):
    read = dcmread(BytesIO(_meta(sop_instance_uid, syntax))).file_meta
    assert read.MediaStorageSOPClassUID == CR_IMAGE
    assert read.MediaStorageSOPInstanceUID == sop_instance_uid
    assert read.TransferSyntaxUID == syntax
    assert read.FileMetaInformationVersion == b"\0\1"
    assert read.ImplementationClassUID == IMPLEMENTATION_CLASS_UID
    assert read.ImplementationVersionName == IMPLEMENTATION_VERSION_NAME


def test_its_length_leads_to_the_data_set():
    sent = encoded(a_data_set())[1]
    whole = _meta() + sent
    assert whole[:132] == bytes(128) + b"DICM"
    assert whole[144 + struct.unpack_from("<I", whole, 140)[0] :] == sent


def test_is_the_same_for_the_same_uids():
    assert _meta() == _meta()
    assert _meta() != _meta("1.2.4")


def test_every_value_is_of_even_length_and_padded_as_its_vr_asks():
    read = dcmread(BytesIO(_meta("1.2.3"))).file_meta
    at = _meta("1.2.3").index(b"1.2.3")
    assert _meta("1.2.3")[at : at + 6] == b"1.2.3\0"
    assert len(_meta()) % 2 == 0
    assert read.group_dataset(2)


def test_our_own_uid_and_name_are_what_the_standard_allows():
    assert UID(IMPLEMENTATION_CLASS_UID).is_valid
    assert 1 <= len(IMPLEMENTATION_VERSION_NAME) <= 16


def test_what_a_peer_wrote_in_place_of_a_uid_does_not_break_it():
    """It is written before it is checked; then the instance is refused and the file is gone."""
    assert b"\xff" not in _meta("\ufffd\n../x" + "9" * 5000)[132:]
