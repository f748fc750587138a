from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from dicom_node.demo.pacs.commitment import (
    WELL_KNOWN_INSTANCE_UID,
    RequestRefused,
    assess_commitment,
    check_action,
)
from dicom_node.demo.pacs.instance import HeldInstance

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
Holding = Callable[[str], HeldInstance | None]


@pytest.fixture
def holding(held: Callable[..., HeldInstance]) -> Holding:
    """A CT instance 1.1 and a CT instance 1.2 are held."""
    return {uid: held(sop_instance_uid=uid, sop_class_uid=CT) for uid in ("1.1", "1.2")}.get


def request(*references: tuple[str, str], transaction_uid: str = "2.25.7") -> Dataset:
    information = Dataset()
    information.TransactionUID = transaction_uid
    information.ReferencedSOPSequence = [_item(*one) for one in references]
    return information


def _item(sop_class_uid: str, sop_instance_uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class_uid
    item.ReferencedSOPInstanceUID = sop_instance_uid
    return item


def test_all_held_is_event_1_with_every_reference_and_no_failure(holding: Holding) -> None:
    report = assess_commitment(request((CT, "1.1"), (CT, "1.2")), holding)
    information = report.to_dataset()
    assert report.event_type_id == 1
    assert information.TransactionUID == "2.25.7"
    committed = [
        (i.ReferencedSOPClassUID, i.ReferencedSOPInstanceUID) for i in information.ReferencedSOPSequence
    ]
    assert committed == [(CT, "1.1"), (CT, "1.2")]
    assert "FailedSOPSequence" not in information


def test_what_is_missing_or_of_another_class_is_event_2_with_the_reason(holding: Holding) -> None:
    report = assess_commitment(request((CT, "1.1"), (CT, "1.9"), (MR, "1.2")), holding)
    information = report.to_dataset()
    assert report.event_type_id == 2
    assert [i.ReferencedSOPInstanceUID for i in information.ReferencedSOPSequence] == ["1.1"]
    assert [(i.ReferencedSOPInstanceUID, i.FailureReason) for i in information.FailedSOPSequence] == [
        ("1.9", 0x0112),
        ("1.2", 0x0119),
    ]


def test_nothing_held_has_no_sequence_of_committed_instances(holding: Holding) -> None:
    information = assess_commitment(request((CT, "1.9")), holding).to_dataset()
    assert "ReferencedSOPSequence" not in information
    assert [i.FailureReason for i in information.FailedSOPSequence] == [0x0112]


@pytest.mark.parametrize(
    "information",
    [
        Dataset(),
        request(),
        request((CT, "1.1"), transaction_uid=""),
        request(("", "1.1")),
        request((CT, "")),
    ],
)
def test_an_incomplete_request_is_an_invalid_argument(information: Dataset, holding: Holding) -> None:
    with pytest.raises(RequestRefused) as refused:
        assess_commitment(information, holding)
    assert refused.value.status == 0x0115


def test_only_the_one_action_on_the_one_instance_is_taken() -> None:
    check_action(action_type_id=1, sop_instance_uid=WELL_KNOWN_INSTANCE_UID)
    for action, instance, status in ((2, WELL_KNOWN_INSTANCE_UID, 0x0123), (1, "1.2", 0x0112)):
        with pytest.raises(RequestRefused) as refused:
            check_action(action_type_id=action, sop_instance_uid=instance)
        assert refused.value.status == status
