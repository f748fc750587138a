"""One instance on its way in: from its first byte to the status its sender is answered.

Success stands in this file alone, behind the file and the row.
"""

import filecmp
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from dicom_node.errors import LedgerAway, SpoolFull, SpoolUnusable
from dicom_node.events import Event
from dicom_node.ledger import Ledger, instances, journal
from dicom_node.ledger.group_commit import GroupCommit
from dicom_node.ledger.instances import Instance
from dicom_node.scp.file_meta import file_meta
from dicom_node.scp.identification import Identity, Unacceptable, identify
from dicom_node.scp.room import Room
from dicom_node.scp.status import Status
from dicom_node.spool import DiskSpool
from dicom_node.spool.disk import Unfinished
from dicom_node.spool.layout import instance_key, quarantine_key

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What a C-STORE request says of the instance that follows it, unchecked, and the context it came on."""

    abstract_syntax_uid: str
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    calling_ae_title: str


class Receiving:
    """Where instances go, while there is ``room``: one for all associations.

    ``clock`` gives seconds since the epoch.
    """

    def __init__(self, *, spool: DiskSpool, ledger: Ledger, room: Room, clock: Callable[[], float]) -> None:
        self.spool = spool
        self.ledger = ledger
        self.room = room
        self.clock = clock
        self.rows = GroupCommit(ledger, clock)
        # Two associations may bring one instance at once; whoever comes second must see the first's row.
        self._turns = [Lock() for _ in range(64)]

    def turn(self, sop_instance_uid: str) -> Lock:
        """The lock under which an instance of this UID is given its name and its row."""
        return self._turns[hash(sop_instance_uid) % len(self._turns)]


class Intake:
    """One instance: ``write`` its data set as it comes, then ``finish``; or ``give_up``."""

    def __init__(self, receiving: Receiving, announced: Announced) -> None:
        self._receiving = receiving
        self._announced = announced
        self._meta_bytes = 0
        self._unfinished: Unfinished | None = None
        self._fault: SpoolFull | SpoolUnusable | None = None
        if not receiving.room.is_left():
            self._fault = SpoolFull(
                "less room is left than [spool] keep_free; free some, and it goes on by itself"
            )
            return
        try:
            self._unfinished = receiving.spool.begin()
            self._unfinished.write(_meta(announced))
            self._meta_bytes = self._unfinished.size
        except (SpoolFull, SpoolUnusable) as fault:
            self._fault = fault

    def write(self, fragment: memoryview) -> None:
        """Append to the data set. A fault of the disk is kept for ``finish``: the peer must send to its end."""
        if self._fault is None and self._unfinished is not None:
            try:
                self._unfinished.write(fragment)
            except (SpoolFull, SpoolUnusable) as fault:
                self._fault = fault

    def finish(self) -> Status:
        """Check the instance, make it durable, enter it, and say what its sender is answered."""
        try:
            if self._fault is not None or self._unfinished is None:
                raise self._fault or SpoolUnusable("the spool cannot be written")
            return self._keep(self._unfinished)
        except Unacceptable as error:
            self._record_rejected(str(error))
            return error.status
        except (SpoolFull, SpoolUnusable, LedgerAway) as error:
            logger.error("an instance from %s was refused: %s", self._announced.calling_ae_title, error)
            return Status.OUT_OF_RESOURCES
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Let go of what was not finished: the association broke, or it was refused."""
        if self._unfinished is not None:
            self._unfinished.discard()

    def _keep(self, unfinished: Unfinished) -> Status:
        if self._announced.abstract_syntax_uid != self._announced.sop_class_uid:
            reason = "the SOP class is not that of its presentation context"
            raise Unacceptable(Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, reason)
        identity = identify(
            lambda size: unfinished.read_back(size, after=self._meta_bytes),
            self._announced.transfer_syntax_uid,
            sop_class_uid=self._announced.sop_class_uid,
            sop_instance_uid=self._announced.sop_instance_uid,
        )
        key = _key(identity)
        with self._receiving.turn(identity.sop_instance_uid):
            if not unfinished.keep(key):
                if self._is_entered(identity, key):
                    return self._compare(unfinished, identity, key)
                # Left by a kill and never answered with Success: nobody counts on it, nor may its name be on disk.
                self._receiving.spool.remove(key)
                unfinished.keep(key)
            if self._enter(identity, key, unfinished.size):
                return Status.SUCCESS
            # Known, but of another study or series: what lies under that name is the first.
            self._receiving.spool.remove(key)
            return self._quarantine(unfinished, identity)

    def _is_entered(self, identity: Identity, key: str) -> bool:
        with self._receiving.ledger.snapshot() as tx:
            held = instances.find(tx, identity.sop_instance_uid)
        return held is not None and held.key == key

    def _compare(self, unfinished: Unfinished, identity: Identity, key: str) -> Status:
        """We hold it: is it the same again, or other content?"""
        if filecmp.cmp(unfinished.path, self._receiving.spool.path(key), shallow=False):
            return Status.SUCCESS
        return self._quarantine(unfinished, identity)

    def _enter(self, identity: Identity, key: str, size_bytes: int) -> bool:
        received = Instance(
            sop_instance_uid=identity.sop_instance_uid,
            study_instance_uid=identity.study_instance_uid,
            series_instance_uid=identity.series_instance_uid,
            sop_class_uid=identity.sop_class_uid,
            transfer_syntax_uid=self._announced.transfer_syntax_uid,
            key=key,
            size_bytes=size_bytes,
        )
        return self._receiving.rows.enter(received, calling_ae_title=self._announced.calling_ae_title)

    def _quarantine(self, unfinished: Unfinished, identity: Identity) -> Status:
        unfinished.replace(quarantine_key(sop_instance_uid=identity.sop_instance_uid, name=uuid.uuid4().hex))
        with self._receiving.ledger.transaction() as tx:
            journal.record(
                tx,
                Event.INSTANCE_QUARANTINED,
                now=self._receiving.clock(),
                study_instance_uid=identity.study_instance_uid,
                subject=identity.sop_instance_uid,
                detail="other content under a known SOP Instance UID; the first is kept",
            )
        return Status.DUPLICATE_SOP_INSTANCE

    def _record_rejected(self, reason: str) -> None:
        calling_ae_title = self._announced.calling_ae_title
        logger.warning("an instance from %s was rejected: %s", calling_ae_title, reason)
        try:
            with self._receiving.ledger.transaction() as tx:
                now = self._receiving.clock()
                journal.record(tx, Event.INSTANCE_REJECTED, now=now, subject=calling_ae_title, detail=reason)
        except LedgerAway as error:  # the peer is told all the same
            logger.warning("a rejection could not be entered: %s", error)


def _meta(announced: Announced) -> bytes:
    return file_meta(
        sop_class_uid=announced.sop_class_uid,
        sop_instance_uid=announced.sop_instance_uid,
        transfer_syntax_uid=announced.transfer_syntax_uid,
    )


def _key(identity: Identity) -> str:
    return instance_key(
        study_instance_uid=identity.study_instance_uid,
        series_instance_uid=identity.series_instance_uid,
        sop_instance_uid=identity.sop_instance_uid,
    )
