import pytest
from pydicom import Dataset
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.ledger.commitments import Reference
from dicom_node.scp.storage_commitment import request
from dicom_node.scp.storage_commitment.request import (
    WELL_KNOWN_INSTANCE_UID,
    ActionStatus,
    RequestRefused,
    read_request,
)
from tests.unit.dicom_node.given import CR_IMAGE


def _information(*numbers):
    information = Dataset()
    information.TransactionUID = "2.25.1"
    information.ReferencedSOPSequence = [_item(f"1.2.3.{number}") for number in numbers or (1, 2)]
    return information


def _item(sop_instance_uid):
    item = Dataset()
    item.ReferencedSOPClassUID = CR_IMAGE
    item.ReferencedSOPInstanceUID = sop_instance_uid
    return item


def _read(information=None, **changes):
    said = {
        "sop_class_uid": str(StorageCommitmentPushModel),
        "sop_instance_uid": WELL_KNOWN_INSTANCE_UID,
        "action_type_id": 1,
    }
    return read_request(information=lambda: information or _information(), **(said | changes))


def _refused(status, match, *arguments, **changes):
    with pytest.raises(RequestRefused, match=match) as refused:
        _read(*arguments, **changes)
    assert refused.value.status is status


def test_a_request_is_its_transaction_uid_and_the_instances_it_names():
    read = _read()
    assert read.transaction_uid == "2.25.1"
    assert read.references == (
        Reference(sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3.1"),
        Reference(sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3.2"),
    )


def test_an_instance_named_twice_is_asked_about_once():
    named = [each.sop_instance_uid for each in _read(_information(2, 1, 2)).references]
    assert named == ["1.2.3.2", "1.2.3.1"]


def test_another_class_instance_or_action_is_refused_before_the_data_set_is_looked_at():
    def never():
        pytest.fail("it is refused already")

    _refused(ActionStatus.NO_SUCH_SOP_CLASS, "SOP class", sop_class_uid="1.2.840.10008.1.20.2")
    _refused(ActionStatus.NO_SUCH_SOP_INSTANCE, "well-known", sop_instance_uid="1.2.3")
    _refused(ActionStatus.NO_SUCH_ACTION, "Action Type ID", action_type_id=2)
    with pytest.raises(RequestRefused):
        read_request(sop_class_uid=None, sop_instance_uid=None, action_type_id=None, information=never)


@pytest.mark.parametrize("transaction_uid", [None, "", "../x", "1" * 65, ["1.2", "1.3"]])
def test_without_a_transaction_uid_there_is_no_request(transaction_uid):
    information = _information()
    information.TransactionUID = transaction_uid
    _refused(ActionStatus.INVALID_ARGUMENT_VALUE, "Transaction UID", information)


def test_without_references_there_is_no_request():
    information = _information()
    information.ReferencedSOPSequence = []
    _refused(ActionStatus.INVALID_ARGUMENT_VALUE, "no instances", information)
    del information.ReferencedSOPSequence
    _refused(ActionStatus.INVALID_ARGUMENT_VALUE, "no instances", information)


@pytest.mark.parametrize("keyword", ["ReferencedSOPClassUID", "ReferencedSOPInstanceUID"])
@pytest.mark.parametrize("value", [None, "1.2\r\nforged", "a"])
def test_a_reference_must_be_two_uids(keyword, value):
    information = _information()
    setattr(information.ReferencedSOPSequence[1], keyword, value)
    _refused(ActionStatus.INVALID_ARGUMENT_VALUE, "a reference", information)


def test_too_many_references_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(request, "REFERENCES_AT_MOST", 2)
    assert len(_read(_information(1, 2)).references) == 2
    information = _information(1, 2, 3)
    del information.ReferencedSOPSequence[0].ReferencedSOPClassUID
    _refused(ActionStatus.RESOURCE_LIMITATION, "3 instances, and 2 are", information)


@pytest.mark.parametrize("error", [ValueError, RecursionError, EOFError, NotImplementedError, TypeError])
def test_bytes_that_are_no_data_set_are_an_invalid_argument_and_are_not_quoted(error):
    def decode():
        raise error("Secret^Name")

    with pytest.raises(RequestRefused, match=error.__name__) as refused:
        read_request(
            sop_class_uid=str(StorageCommitmentPushModel),
            sop_instance_uid=WELL_KNOWN_INSTANCE_UID,
            action_type_id=1,
            information=decode,
        )
    assert refused.value.status is ActionStatus.INVALID_ARGUMENT_VALUE
    assert "Secret" not in str(refused.value)
