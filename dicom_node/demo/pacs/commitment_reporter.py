"""The way of a storage commitment report back to its requester (PS3.4 J.3.3).

The N-EVENT-REPORT goes out after the N-ACTION is answered: on the same association while it lives, else on a
new one, where we propose ourselves as SCP (PS3.7 D.3.3.4). Each way is tried once; a requester who was away
must ask again. So must one who sends a further request in the very moment its report is on the way: pynetdicom
takes that for a wrong answer and aborts the association.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Any, Final

from pynetdicom import AE, build_role, evt
from pynetdicom.association import Association
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.demo.pacs.commitment import WELL_KNOWN_INSTANCE_UID, CommitmentReport

logger = logging.getLogger(__name__)

_SUCCESS: Final = 0x0000
TIMEOUT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 5.0
# A requester may release as soon as the N-ACTION is answered. A report crossing that release would leave both
# sides waiting, so it is given this long to do so.
_RELEASE_SECONDS: Final = 0.25


class CommitmentReporter:
    """Sends each report from a thread of its own, because the answer to the N-ACTION must go out first."""

    def __init__(self, *, ae_title: str, peers: Mapping[str, tuple[str, int]]) -> None:
        """Report as `ae_title`; `peers` are the addresses of requesters by their AE title."""
        self._ae_title = ae_title
        self._peers = dict(peers)
        self._stopping = threading.Event()
        # Of two reports waiting on one association, one would take the other's answer.
        self._one_at_a_time = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def report_after_answer(self, association: Association, report: CommitmentReport) -> None:
        """Owe this report to the requester; to be called while its N-ACTION is being handled."""
        answered = threading.Event()
        # The next PDU to leave is the answer: nothing else is sent while a request is handled.
        association.bind(evt.EVT_PDU_SENT, lambda _: answered.set())
        thread = threading.Thread(target=self._report, args=(association, report, answered), daemon=True)
        with self._lock:
            thread.start()
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]

    def stop(self) -> None:
        """Let reports under way end; none is begun any more."""
        self._stopping.set()
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(timeout=2 * TIMEOUT_SECONDS)

    def _report(self, association: Association, report: CommitmentReport, answered: threading.Event) -> None:
        answered.wait(_ANSWER_SECONDS)
        if self._stopping.wait(_RELEASE_SECONDS):
            return
        requester = association.requestor.ae_title.strip()
        if self._is_sent_on_same(association, report) or self._is_sent_on_new(requester, report):
            logger.info("reported commitment %s to %r", report.transaction_uid, requester)
        else:
            logger.warning("could not report commitment %s to %r", report.transaction_uid, requester)

    def _is_sent_on_same(self, association: Association, report: CommitmentReport) -> bool:
        with self._one_at_a_time:
            return _is_sent(association, report)

    def _is_sent_on_new(self, requester: str, report: CommitmentReport) -> bool:
        if self._stopping.is_set() or requester not in self._peers:
            return False
        association = self._associate(requester)
        try:
            return _is_sent(association, report)
        finally:
            association.release()

    def _associate(self, requester: str) -> Association:
        host, port = self._peers[requester]
        application_entity = AE(ae_title=self._ae_title)
        set_timeouts(application_entity)
        application_entity.add_requested_context(StorageCommitmentPushModel)
        role = build_role(StorageCommitmentPushModel, scp_role=True)
        return application_entity.associate(host, port, ae_title=requester, ext_neg=[role])


def set_timeouts(application_entity: Any) -> None:
    """Give up on a silent peer soon: a report must not hold an association that its peer wants to release."""
    application_entity.connection_timeout = TIMEOUT_SECONDS
    application_entity.acse_timeout = TIMEOUT_SECONDS
    application_entity.dimse_timeout = TIMEOUT_SECONDS


def _is_sent(association: Association, report: CommitmentReport) -> bool:
    if not association.is_established:
        return False
    try:
        status, _ = association.send_n_event_report(
            report.to_dataset(), report.event_type_id, StorageCommitmentPushModel, WELL_KNOWN_INSTANCE_UID
        )
    except (RuntimeError, ValueError) as error:  # ended meanwhile; no presentation context accepted
        logger.info("no report on this association: %s", type(error).__name__)
        return False
    return bool(status.get("Status") == _SUCCESS)
