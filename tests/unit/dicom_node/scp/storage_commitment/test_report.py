from dicom_node.ledger.commitments import Owed, Reference, Requester
from dicom_node.scp.storage_commitment.report import EventType, FailureReason, report_on
from tests.unit.dicom_node.given import CR_IMAGE, NOW

ONE, TWO, THREE = (Reference(sop_class_uid=CR_IMAGE, sop_instance_uid=f"1.2.3.{n}") for n in (1, 2, 3))


def _owed(*, is_duplicate=False):
    return Owed(
        commitment_id=1,
        transaction_uid="2.25.1",
        requester=Requester(calling_ae_title="CT1", called_ae_title="NODE", address="10.0.0.7"),
        references=(ONE, TWO, THREE),
        is_duplicate=is_duplicate,
        requested_at=NOW,
        attempts=1,
    )


def test_all_held_is_event_type_1_with_every_instance_and_no_failed_sequence():
    report = report_on(_owed(), {})
    information = report.event_information()
    assert report.event_type is EventType.ALL_HELD == 1
    assert report.detail == "3 held"
    assert information.TransactionUID == "2.25.1"
    assert [
        (each.ReferencedSOPClassUID, each.ReferencedSOPInstanceUID)
        for each in information.ReferencedSOPSequence
    ] == [(CR_IMAGE, "1.2.3.1"), (CR_IMAGE, "1.2.3.2"), (CR_IMAGE, "1.2.3.3")]
    assert "FailedSOPSequence" not in information


def test_what_is_not_held_is_event_type_2_with_its_reason_beside_what_is():
    missing = {
        ONE: FailureReason.NO_SUCH_OBJECT_INSTANCE,
        THREE: FailureReason.CLASS_INSTANCE_CONFLICT,
    }
    report = report_on(_owed(), missing)
    information = report.event_information()
    assert report.event_type is EventType.FAILURES_EXIST == 2
    assert report.detail == "1 held, not held: 1 × 0x0112, 1 × 0x0119"
    (held,) = information.ReferencedSOPSequence
    assert held.ReferencedSOPInstanceUID == "1.2.3.2"
    assert "FailureReason" not in held
    failed = {each.ReferencedSOPInstanceUID: each.FailureReason for each in information.FailedSOPSequence}
    assert failed == {"1.2.3.1": 0x0112, "1.2.3.3": 0x0119}


def test_nothing_held_has_no_referenced_sequence():
    missing = dict.fromkeys((ONE, TWO, THREE), FailureReason.NO_SUCH_OBJECT_INSTANCE)
    assert "ReferencedSOPSequence" not in report_on(_owed(), missing).event_information()


def test_of_a_duplicate_nothing_is_promised_whatever_is_held():
    report = report_on(_owed(is_duplicate=True), {})
    assert report.held == ()
    assert {reason for _, reason in report.failed} == {FailureReason.DUPLICATE_TRANSACTION_UID}
    assert [each for each, _ in report.failed] == [ONE, TWO, THREE]
