import struct
from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.uid import UID

from dicom_node.errors import InstanceInvalid
from dicom_node.scp.file_meta import (
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION_NAME,
    KeptFile,
    file_meta,
)
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT, a_data_set, encoded


def _meta(
    sop_instance_uid: str = "1.2.3", transfer_syntax_uid: str = EXPLICIT, sending_ae_title: str = "CR_ROOM_2"
) -> bytes:
    return file_meta(
        sop_class_uid=CR_IMAGE,
        sop_instance_uid=sop_instance_uid,
        transfer_syntax_uid=transfer_syntax_uid,
        sending_ae_title=sending_ae_title,
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
    assert read.SendingApplicationEntityTitle == "CR_ROOM_2"


def test_its_length_leads_to_the_data_set():
    sent = encoded(a_data_set())[1]
    whole = _meta() + sent
    assert whole[:132] == bytes(128) + b"DICM"
    assert whole[144 + struct.unpack_from("<I", whole, 140)[0] :] == sent


def test_is_the_same_for_the_same_uids():
    assert _meta() == _meta()
    assert _meta() != _meta("1.2.4")
    assert _meta() != _meta(sending_ae_title="CR_ROOM_3")


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


# --- read again -----------------------------------------------------------------------------------------


def _kept(path, data_set=b"the data set", **meta):
    path.write_bytes(_meta(**meta) + data_set)
    return KeptFile(path)


@pytest.mark.parametrize("sending_ae_title", ["CR_ROOM_2", "A", "SIXTEEN_LETTERS_", "WITH SPACE"])
@pytest.mark.parametrize("syntax", [EXPLICIT, "1.2.840.10008.1.2.4.90"])
def test_a_file_says_again_what_its_meta_was_made_of(tmp_path, sending_ae_title, syntax):
    kept = _kept(tmp_path / "file", sending_ae_title=sending_ae_title, transfer_syntax_uid=syntax)
    assert (kept.sending_ae_title, kept.transfer_syntax_uid) == (sending_ae_title, syntax)
    assert kept.data_set_at == len(_meta(sending_ae_title=sending_ae_title, transfer_syntax_uid=syntax))
    assert kept.read(8) == b"the data"
    assert kept.read(1000) == b"the data set"


def test_a_sender_whose_name_is_no_ascii_is_no_obstacle(tmp_path):
    assert _kept(tmp_path / "file", sending_ae_title="RÖNTGEN").sending_ae_title == "R?NTGEN"


@pytest.mark.parametrize(
    "content",
    [b"", b"DICM", bytes(128), bytes(128) + b"DICM", b"x" * 128 + b"DICM" + bytes(100), b"y" * 1000],
)
def test_a_file_that_is_none_of_ours_is_told_so(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InstanceInvalid, match="not one this node wrote"):
        KeptFile(tmp_path / "file")


def test_wherever_a_file_of_ours_is_cut_it_is_read_as_far_as_it_goes(tmp_path):
    for length in range(144, len(_meta())):
        (tmp_path / "file").write_bytes(_meta()[:length])
        assert KeptFile(tmp_path / "file").read(10) == b""


def test_the_same_data_set_is_the_same_content_whoever_sent_it(tmp_path):
    mine = _kept(tmp_path / "mine", sending_ae_title="CR_ROOM_2")
    theirs = _kept(tmp_path / "theirs", sending_ae_title="A_PACS")
    assert mine.has_content_of(theirs)
    assert theirs.has_content_of(mine)


@pytest.mark.parametrize(
    "other",
    [
        {"data_set": b"the data sex"},
        {"data_set": b"the data"},
        {"data_set": b"the data set and more"},
        {"transfer_syntax_uid": "1.2.840.10008.1.2"},
    ],
    ids=["another byte", "shorter", "longer", "another syntax"],
)
def test_anything_else_is_other_content(tmp_path, other):
    mine, theirs = _kept(tmp_path / "mine"), _kept(tmp_path / "theirs", **other)
    assert not mine.has_content_of(theirs)
    assert not theirs.has_content_of(mine)


def test_large_files_are_compared_piece_by_piece_to_their_last_byte(tmp_path):
    large = bytes(range(256)) * 10_000  # 2.5 MB
    mine = _kept(tmp_path / "mine", large)
    assert mine.has_content_of(_kept(tmp_path / "same", large, sending_ae_title="ANOTHER_ONE"))
    assert not mine.has_content_of(_kept(tmp_path / "other", large[:-1] + b"x"))
