"""N-EVENT-REPORT as pynetdicom's primitives, to be sent on an association somebody else drives (PS3.7 10.1.1)."""

from io import BytesIO
from typing import Any

from pydicom.uid import UID
from pynetdicom.dimse_messages import N_EVENT_REPORT_RQ, N_EVENT_REPORT_RSP
from pynetdicom.dimse_primitives import N_EVENT_REPORT
from pynetdicom.dsutils import encode
from pynetdicom.pdu_primitives import P_DATA
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.scp.storage_commitment.report import Report
from dicom_node.scp.storage_commitment.request import WELL_KNOWN_INSTANCE_UID


def request_pdata(
    report: Report, *, message_id: int, context: PresentationContext, largest_pdu_bytes: int
) -> list[P_DATA]:
    """The N-EVENT-REPORT-RQ of ``report``, in fragments that the peer takes."""
    syntax = context.transfer_syntax[0]
    primitive = N_EVENT_REPORT()
    primitive.MessageID = message_id
    primitive.AffectedSOPClassUID = UID(StorageCommitmentPushModel)
    primitive.AffectedSOPInstanceUID = UID(WELL_KNOWN_INSTANCE_UID)
    primitive.EventTypeID = int(report.event_type)
    information = encode(report.event_information(), syntax.is_implicit_VR, syntax.is_little_endian)
    assert information is not None, "UIDs and numbers can always be encoded"
    primitive.EventInformation = BytesIO(information)
    message = N_EVENT_REPORT_RQ()
    message.primitive_to_message(primitive)
    return list(message.encode_msg(context.context_id, largest_pdu_bytes))


def status_answered(message: Any, *, message_id: int) -> int | None:
    """The status of ``message`` where it answers our request; None where it is something else."""
    if not isinstance(message, N_EVENT_REPORT_RSP):
        return None
    command = message.command_set
    is_ours = command.get("MessageIDBeingRespondedTo") == message_id
    return int(command.get("Status", 0x0110)) if is_ours else None
