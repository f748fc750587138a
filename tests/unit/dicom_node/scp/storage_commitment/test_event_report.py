from pydicom.uid import ImplicitVRLittleEndian
from pynetdicom import build_context
from pynetdicom.dimse_messages import DIMSEMessage
from pynetdicom.dsutils import decode
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.scp.storage_commitment.event_report import request_pdata, status_answered
from tests.unit.dicom_node.scp.storage_commitment.given import (
    a_report,
    action_answer,
    report_answer,
    the_context,
)


def _decoded(fragments):
    """The request as a peer reads it."""
    message = DIMSEMessage()
    whole = [message.decode_msg(each) for each in fragments]
    assert whole == [False] * (len(whole) - 1) + [True]
    return message.message_to_primitive()


def test_a_peer_reads_from_the_fragments_what_was_reported():
    context = build_context(StorageCommitmentPushModel, ImplicitVRLittleEndian)
    context.context_id = 5
    fragments = request_pdata(a_report(2), message_id=7, context=context, largest_pdu_bytes=1 << 14)
    request = _decoded(fragments)
    information = decode(request.EventInformation, True, True)
    assert (request.MessageID, request.EventTypeID) == (7, 1)
    assert request.AffectedSOPClassUID == StorageCommitmentPushModel
    assert request.AffectedSOPInstanceUID == "1.2.840.10008.1.20.1.1"
    assert information.TransactionUID == "2.25.1"
    assert [each.ReferencedSOPInstanceUID for each in information.ReferencedSOPSequence] == [
        "1.2.3.1",
        "1.2.3.2",
    ]


def test_fragments_are_no_longer_than_the_peer_takes_and_all_on_one_context():
    fragments = request_pdata(a_report(100), message_id=1, context=the_context(), largest_pdu_bytes=512)
    assert len(fragments) > 10
    for each in fragments:
        ((context_id, value),) = each.presentation_data_value_list
        assert context_id == 3
        assert len(value) + 5 <= 512
    assert _decoded(fragments).MessageID == 1


def test_only_the_answer_to_our_message_counts():
    assert status_answered(report_answer(message_id=7, status=0x0110).message, message_id=7) == 0x0110
    assert status_answered(report_answer(message_id=7).message, message_id=7) == 0
    assert status_answered(report_answer(message_id=6).message, message_id=7) is None
    assert status_answered(action_answer().message, message_id=1) is None
