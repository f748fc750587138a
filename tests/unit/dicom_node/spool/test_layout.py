import pytest

from dicom_node.errors import InstanceInvalid
from dicom_node.spool.layout import instance_key, is_uid, quarantine_key, result_key

NO_UIDS = [
    "",
    "..",
    "../x",
    "/etc/passwd",
    "1/2",
    "1..2",
    "1.",
    ".1",
    "1.2\x00",
    "1.2\n",
    " 1.2",
    "1.a",
    "١.٢",
]


@pytest.mark.parametrize("text", ["1", "1.2.840.10008.1.1", "2.25.0", "1.02.3", "1." + "2" * 62])
def test_what_is_a_uid(text):
    assert is_uid(text)


@pytest.mark.parametrize("text", [*NO_UIDS, "1." + "2" * 63])
def test_what_is_none(text):
    assert not is_uid(text)


def test_names_are_made_of_uids():
    key = instance_key(study_instance_uid="1.2", series_instance_uid="1.3", sop_instance_uid="1.4")
    assert key == "studies/1.2/1.3/1.4.dcm"
    assert quarantine_key(sop_instance_uid="1.4", name="ab") == "quarantine/1.4/ab.dcm"


@pytest.mark.parametrize("wrong", NO_UIDS)
@pytest.mark.parametrize("which", ["study_instance_uid", "series_instance_uid", "sop_instance_uid"])
def test_no_name_is_made_of_what_was_not_checked(which, wrong):
    uids = {"study_instance_uid": "1.2", "series_instance_uid": "1.3", "sop_instance_uid": "1.4"}
    with pytest.raises(InstanceInvalid) as caught:
        instance_key(**(uids | {which: wrong}))
    assert not wrong or wrong not in str(caught.value)
    if which == "sop_instance_uid":
        with pytest.raises(InstanceInvalid):
            quarantine_key(sop_instance_uid=wrong, name="ab")


def test_a_result_lies_apart_from_that_of_another_fence():
    names = {result_key(analysis_id="a", fence=fence, name="SEG-1.dcm") for fence in (1, 2)}
    assert names == {"results/a/1/SEG-1.dcm", "results/a/2/SEG-1.dcm"}
