"""One instance on its way in: from its first byte to the status its sender is answered.

Success stands in this file alone, behind the file, its name, and the mark by which its row is made good after
a kill (dicom_node/scp/recovery.py). The row follows a moment later, with those of other instances.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from dicom_node.errors import InstanceInvalid, LedgerAway, SpoolFull, SpoolUnusable
from dicom_node.events import Event
from dicom_node.ledger import Ledger, journal
from dicom_node.ledger.group_commit import GroupCommit
from dicom_node.ledger.instances import Arrival, Instance
from dicom_node.ledger.known import KnownInstances
from dicom_node.scp.file_meta import KeptFile, file_meta
from dicom_node.scp.identification import USUAL_HEADER_BYTES, Identity, Unacceptable, identify
from dicom_node.scp.recovery import arrival_of
from dicom_node.scp.room import Room
from dicom_node.scp.status import Status
from dicom_node.spool import DiskSpool
from dicom_node.spool.disk import Unfinished
from dicom_node.spool.layout import instance_key, quarantine_key

logger = logging.getLogger(__name__)

GATHERED_AT_MOST = 256
"""Fewer than one call of the kernel takes (IOV_MAX)."""


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
        self.rows = GroupCommit(ledger)
        self._known = KnownInstances(ledger)
        # Two associations may bring one instance at once; whoever comes second must know of the first.
        self._turns = [Lock() for _ in range(64)]

    def turn(self, sop_instance_uid: str) -> Lock:
        """The lock under which an instance of this UID is given its name."""
        return self._turns[hash(sop_instance_uid) % len(self._turns)]

    def require_room(self) -> None:
        """Raise SpoolFull where the disk has too little, LedgerAway where rows cannot be written."""
        if not self.room.is_left():
            raise SpoolFull("less room is left than [spool] keep_free; free some, and it goes on by itself")
        self.rows.require_not_behind()

    def key_of(self, sop_instance_uid: str) -> str | None:
        """The key of an instance we hold, its row written or waiting. Raises LedgerAway."""
        return self.rows.waiting_key(sop_instance_uid) or self._known.key_of(sop_instance_uid)

    def close(self) -> None:
        """Write the rows that wait."""
        self.rows.close()
        self._known.close()


class Intake:
    """One instance: ``write`` its data set as it comes, ``flush`` before its bytes are lost, then ``finish``.

    Or ``give_up``.
    """

    def __init__(self, receiving: Receiving, announced: Announced) -> None:
        self._receiving = receiving
        self._announced = announced
        self._gathered: list[memoryview] = []
        self._meta_bytes = 0
        self._head = b""
        self._unfinished: Unfinished | None = None
        self._fault: SpoolFull | SpoolUnusable | LedgerAway | None = None
        try:
            receiving.require_room()
            self._unfinished = receiving.spool.begin()
        except (SpoolFull, SpoolUnusable, LedgerAway) as fault:
            self._fault = fault

    def write(self, fragment: memoryview) -> None:
        """Append to the data set; ``fragment`` is looked at again until ``flush`` or ``finish``."""
        self._gathered.append(fragment)
        if len(self._gathered) >= GATHERED_AT_MOST:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered. A fault of the disk is kept for ``finish``: the peer must send to its end."""
        chunks, self._gathered = self._gathered, []
        if not chunks or self._fault is not None or self._unfinished is None:
            return
        try:
            if not self._meta_bytes:
                self._begin_with_meta(self._unfinished, chunks)
            else:
                self._unfinished.write(*chunks)
        except (SpoolFull, SpoolUnusable) as fault:
            self._fault = fault

    def finish(self) -> Status:
        """Check the instance, make it durable, enter it, and say what its sender is answered."""
        self.flush()
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

    def _begin_with_meta(self, unfinished: Unfinished, chunks: list[memoryview]) -> None:
        meta = _meta(self._announced)
        self._head = bytes(chunks[0][:USUAL_HEADER_BYTES])
        unfinished.write(meta, *chunks)
        self._meta_bytes = len(meta)

    def _read(self, size: int) -> bytes:
        """The first bytes of the data set, from the disk only where more than the usual are asked for."""
        if size <= len(self._head) or self._unfinished is None:
            return self._head[:size]
        return self._unfinished.read_back(size, after=self._meta_bytes)

    def _keep(self, unfinished: Unfinished) -> Status:
        if self._announced.abstract_syntax_uid != self._announced.sop_class_uid:
            reason = "the SOP class is not that of its presentation context"
            raise Unacceptable(Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, reason)
        identity = identify(
            self._read,
            self._announced.transfer_syntax_uid,
            sop_class_uid=self._announced.sop_class_uid,
            sop_instance_uid=self._announced.sop_instance_uid,
        )
        unfinished.sync()
        with self._receiving.turn(identity.sop_instance_uid):
            return self._give_name(unfinished, identity)

    def _give_name(self, unfinished: Unfinished, identity: Identity) -> Status:
        key, held_key = _key(identity), self._receiving.key_of(identity.sop_instance_uid)
        if held_key is None and not unfinished.keep(key):
            held_key = self._adopt(identity.sop_instance_uid, key)
            if held_key is None and not unfinished.keep(key):
                raise SpoolUnusable(f"another process gives {key} its name at the same time")
        if held_key is None:
            self._enter(identity, key, unfinished)
        elif held_key == key and not self._receiving.spool.path(key).exists():
            # The row is there and the file has gone, as by a hand that cleared up: what comes again is welcome.
            unfinished.keep(key)
            unfinished.take_mark_away()
        elif held_key != key or not self._is_the_same(unfinished, key):
            return self._quarantine(unfinished, identity)
        return Status.SUCCESS

    def _adopt(self, sop_instance_uid: str, key: str) -> str | None:
        """A file under its name without a row: somebody may have been told it is kept, so it is the first.

        None where it is none of ours, as after damage to the disk; then it gave way, into quarantine.
        """
        spool, rows = self._receiving.spool, self._receiving.rows
        arrival = _found(spool, key)
        if arrival is None:
            spool.move(key, quarantine_key(sop_instance_uid=sop_instance_uid, name=uuid.uuid4().hex))
            return None
        spool.make_durable(key)
        rows.add(arrival, when_entered=_nothing)
        rows.flush()
        return key

    def _is_the_same(self, unfinished: Unfinished, key: str) -> bool:
        """Is what we hold under ``key`` this again, or other content?"""
        try:
            return KeptFile(unfinished.path).has_content_of(KeptFile(self._receiving.spool.path(key)))
        except InstanceInvalid:
            return False
        except OSError as error:
            raise SpoolUnusable(f"what is kept cannot be read: {error.strerror}") from error

    def _enter(self, identity: Identity, key: str, unfinished: Unfinished) -> None:
        received = Instance(
            sop_instance_uid=identity.sop_instance_uid,
            study_instance_uid=identity.study_instance_uid,
            series_instance_uid=identity.series_instance_uid,
            sop_class_uid=identity.sop_class_uid,
            transfer_syntax_uid=self._announced.transfer_syntax_uid,
            key=key,
            size_bytes=unfinished.size,
        )
        arrival = Arrival(
            instance=received,
            calling_ae_title=self._announced.calling_ae_title,
            received_at=self._receiving.clock(),
        )
        self._receiving.rows.add(arrival, when_entered=unfinished.take_mark_away)

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


def _found(spool: DiskSpool, key: str) -> Arrival | None:
    try:
        arrival = arrival_of(spool.path(key))
    except InstanceInvalid:
        return None
    except OSError as error:
        raise SpoolUnusable(f"what is kept cannot be read: {error.strerror}") from error
    return arrival if arrival.instance.key == key else None


def _nothing() -> None:
    """It has no mark that could be taken away."""


def _meta(announced: Announced) -> bytes:
    return file_meta(
        sending_ae_title=announced.calling_ae_title,
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
