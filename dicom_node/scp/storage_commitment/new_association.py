"""Reports on an association of our own: we call the requester, and propose ourselves as SCP (PS3.7 D.3.3.4)."""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, build_context, build_role
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.scp.storage_commitment.report import Report
from dicom_node.scp.storage_commitment.request import WELL_KNOWN_INSTANCE_UID

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
SUCCESS = 0x0000


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Where a requester takes reports; ``our_ae_title`` is the name by which it called us."""

    ae_title: str
    our_ae_title: str
    address: str
    port: int
    tls: ssl.SSLContext | None = None

    def __str__(self) -> str:
        return f"{self.ae_title} at {self.address}:{self.port}"


def report_on_new(listener: Listener, reports: Sequence[Report]) -> Iterator[str | None]:
    """Send ``reports`` on one association; yields for each None, or why the requester did not take it."""
    association = _associate(listener)
    try:
        for report in reports:
            yield _report(association, listener, report)
    finally:
        if association.is_established:
            association.release()


def _associate(listener: Listener) -> Any:
    entity = AE(ae_title=listener.our_ae_title)
    entity.connection_timeout = CONNECT_SECONDS
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = ANSWER_SECONDS
    return entity.associate(
        listener.address,
        listener.port,
        contexts=[
            build_context(StorageCommitmentPushModel, [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
        ],
        ae_title=listener.ae_title,
        ext_neg=[build_role(StorageCommitmentPushModel, scp_role=True)],
        tls_args=(listener.tls, listener.address) if listener.tls else None,
    )


def _report(association: Any, listener: Listener, report: Report) -> str | None:
    if not association.is_established:
        return _why_not(association, listener)
    try:
        answer, _ = association.send_n_event_report(
            report.event_information(),
            int(report.event_type),
            StorageCommitmentPushModel,
            WELL_KNOWN_INSTANCE_UID,
        )
    except ValueError:
        return f"{listener} takes no storage commitment reports"
    except RuntimeError:  # how pynetdicom says that the association has ended since
        answer = Dataset()
    status = answer.get("Status")
    if status == SUCCESS:
        return None
    return f"{listener} answered the report with {'nothing' if status is None else f'{status:04X}'}"


def _why_not(association: Any, listener: Listener) -> str:
    if association.is_rejected:
        return f"{listener} rejected the association: does it know us as {listener.our_ae_title}?"
    if association.acceptor.primitive is None:
        return f"{listener} does not answer: is it running, and is [[scp.modality]] commitment_port right?"
    return f"{listener} aborted the association, or takes no storage commitment reports on it"
