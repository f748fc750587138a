"""Instances whose file is on disk and whose row is not: what a kill left between the two.

The spool is the ledger's log. Every instance has a mark in the spool until its row is written, and its file says
all that the row does; so each that was answered with Success is entered, if not at once then at the next start.
"""

import logging
import uuid
from pathlib import Path

from dicom_node.errors import InstanceInvalid
from dicom_node.events import Event
from dicom_node.ledger import Ledger, instances, journal
from dicom_node.ledger.instances import Arrival, Instance
from dicom_node.scp.file_meta import KeptFile
from dicom_node.scp.identification import read_identity
from dicom_node.spool import DiskSpool
from dicom_node.spool.layout import instance_key, quarantine_key

logger = logging.getLogger(__name__)

YOUNGEST_SECONDS = 60.0
"""A file younger than this may still get its row from the process that received it."""


def enter_left_behind(spool: DiskSpool, ledger: Ledger) -> int:
    """Enter what an earlier process kept and did not enter; to be called before any association.

    Returns how many were looked at. Raises LedgerAway or SpoolUnusable; the marks that are left are for the next.
    """
    marks = spool.sweep()
    for mark in marks:
        if (arrival := _readable(spool, mark)) is not None:
            _enter(spool, ledger, arrival)
        mark.unlink(missing_ok=True)  # the file has its other name
    return len(marks)


def enter_without_row(spool: DiskSpool, ledger: Ledger, *, now: float) -> int:
    """Compare the studies in the spool with the ledger and enter what it does not know; returns how many.

    ``now`` is in seconds since the epoch. Raises LedgerAway or SpoolUnusable.
    """
    unknown = [
        path
        for study_instance_uid, paths in spool.studies()
        for path in _without_row(ledger, spool, study_instance_uid, paths)
    ]
    arrivals = [arrival for path in unknown if (arrival := _readable(spool, path)) is not None]
    old = [arrival for arrival in arrivals if now - arrival.received_at > YOUNGEST_SECONDS]
    for arrival in old:
        _enter(spool, ledger, arrival)
    return len(old)


def arrival_of(path: Path) -> Arrival:
    """What the ledger is to know of a kept file. Raises InstanceInvalid."""
    kept = KeptFile(path)
    identity = read_identity(kept.read, kept.transfer_syntax_uid)
    key = instance_key(
        study_instance_uid=identity.study_instance_uid,
        series_instance_uid=identity.series_instance_uid,
        sop_instance_uid=identity.sop_instance_uid,
    )
    about = path.stat()
    received = Instance(
        **identity.__dict__,
        transfer_syntax_uid=kept.transfer_syntax_uid,
        key=key,
        size_bytes=about.st_size,
    )
    return Arrival(instance=received, calling_ae_title=kept.sending_ae_title, received_at=about.st_mtime)


def _without_row(ledger: Ledger, spool: DiskSpool, study_instance_uid: str, paths: list[Path]) -> list[Path]:
    with ledger.snapshot() as tx:
        known = {spool.path(held.key) for held in instances.of_study(tx, study_instance_uid)}
    return [path for path in paths if path not in known]


def _readable(spool: DiskSpool, path: Path) -> Arrival | None:
    try:
        arrival = arrival_of(path)
        if spool.path(arrival.instance.key).samefile(path):
            return arrival
        logger.error("%s is not entered: another file lies under the name made of its UIDs", path.name)
    except (InstanceInvalid, OSError) as error:
        logger.error("%s is kept, but cannot be entered: %s", path.name, error)
    return None


def _enter(spool: DiskSpool, ledger: Ledger, arrival: Arrival) -> None:
    received = arrival.instance
    spool.make_durable(received.key)
    with ledger.transaction() as tx:
        held = instances.find(tx, received.sop_instance_uid)
        if held is None:
            instances.enter_all(tx, [arrival])
            return
    if held.key != received.key:
        _quarantine(spool, ledger, arrival)


def _quarantine(spool: DiskSpool, ledger: Ledger, arrival: Arrival) -> None:
    """The ledger knows the UID in another study or series: what lies there is the first."""
    received = arrival.instance
    with ledger.transaction() as tx:  # told first: it is moved only once
        journal.record(
            tx,
            Event.INSTANCE_QUARANTINED,
            now=arrival.received_at,
            study_instance_uid=received.study_instance_uid,
            subject=received.sop_instance_uid,
            detail="found in the spool under a SOP Instance UID that is known elsewhere; the first is kept",
        )
    spool.move(
        received.key, quarantine_key(sop_instance_uid=received.sop_instance_uid, name=uuid.uuid4().hex)
    )
