import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from dicom_node.demo.pacs.instance import NotAnInstance, is_valid_uid, read_instance

CT_SMALL = Path(str(get_testdata_file("CT_small.dcm", download=False)))


def test_the_header_of_a_file_is_read() -> None:
    instance = read_instance(CT_SMALL, folder=Path("held"))
    assert instance.study_instance_uid == "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322"
    assert instance.series_instance_uid == "1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322"
    assert instance.sop_instance_uid == "1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322"
    assert instance.sop_class_uid == "1.2.840.10008.5.1.4.1.1.2"
    assert instance.modality == "CT"
    assert instance.path == Path("held/1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322.dcm")
    assert (instance.patient_id, instance.patient_name) == ("1CT1", "CompressedSamples^CT1")


def test_no_patient_attribute_is_in_its_representation() -> None:
    shown = repr(read_instance(CT_SMALL, folder=Path("held")))
    assert "sop_instance_uid" in shown
    assert not any(word in shown for word in ("CompressedSamples", "1CT1", "20040119'"))


@pytest.mark.parametrize(
    "keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"]
)
def test_every_uid_must_be_there(keyword: str, encoded: Callable[..., bytes]) -> None:
    with pytest.raises(NotAnInstance, match=keyword):
        read_instance(io.BytesIO(encoded(**{keyword: None})), folder=Path("held"))


@pytest.mark.parametrize(
    "content", [b"", b"no DICOM", bytes(128) + b"DICM", CT_SMALL.read_bytes()[:600]], ids=len
)
def test_what_is_no_instance_is_named_so(content: bytes) -> None:
    with pytest.raises(NotAnInstance):
        read_instance(io.BytesIO(content), folder=Path("held"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, 3000), junk=st.binary(min_size=1, max_size=40))
def test_damage_anywhere_in_the_header_is_at_worst_no_instance(place: int, junk: bytes) -> None:
    content = bytearray(CT_SMALL.read_bytes())
    content[place : place + len(junk)] = junk
    try:
        instance = read_instance(io.BytesIO(bytes(content)), folder=Path("held"))
    except NotAnInstance:
        return
    assert instance.path.parent == Path("held")


@pytest.mark.parametrize("uid", ["0", "1.2.840.10008.1.1", "2.25.0", "1." + "2" * 62])
def test_a_uid_is_valid(uid: str) -> None:
    assert is_valid_uid(uid)


@pytest.mark.parametrize(
    "uid",
    ["", ".", "..", "1.", ".1", "1..2", "1.02", "1.2/3", "../1.2", "/1", "1.2\n", "1.2\x00", "1 2", "١.٢", "a",
     "1." + "2" * 63],
)  # fmt: skip
def test_a_uid_is_not_valid(uid: str) -> None:
    assert not is_valid_uid(uid)
