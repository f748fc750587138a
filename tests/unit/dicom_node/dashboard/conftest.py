"""A real ledger on a temporary file, in which things happen through the ledger's own steps."""

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.uid import ComputedRadiographyImageStorage as CRImage
from starlette.testclient import TestClient

from dicom_node.dashboard.app import create_app
from dicom_node.dashboard.facts import KINDS
from dicom_node.events import Event
from dicom_node.ledger import (
    Ledger,
    analyses,
    callers,
    decisions,
    deliveries,
    instances,
    journal,
    models,
    processes,
    studies,
)
from dicom_node.ledger.results import ResultRow
from dicom_node.settings import Settings
from dicom_node.spool.layout import quarantine_key

NOON = 1_772_366_400.0  # 2026-03-01 12:00:00 UTC
STUDY = "1.2.826.0.1.3680043.8.498.1002003004005006001"
MODEL = ("cxr_lungs", "1.0.0")


@dataclass
class Scene:
    """What happened to a node so far; ``now`` is the time of what happens next."""

    STUDY: ClassVar[str] = STUDY
    MODEL: ClassVar[tuple[str, str]] = MODEL

    ledger: Ledger
    settings: Settings
    now: float = NOON
    received: int = 0
    claims: dict[str, analyses.Claim] = field(default_factory=dict)

    def client(self) -> TestClient:
        app = create_app(ledger=self.ledger, settings=self.settings, clock=lambda: self.now)
        return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)

    def beat(self, *kinds: str, state: str = "idle", host: str = "node1") -> None:
        with self.ledger.transaction() as tx:
            for kind in kinds:
                name = f"{host}:{100 + KINDS.index(kind)}"
                processes.beat(
                    tx, process_name=name, kind=kind, state=state, started_at=self.now - 3600, now=self.now
                )

    def all_alive(self) -> None:
        self.beat("receive", "steward", "work", "dashboard")

    def report_model(self, name: str, version: str, reason: str | None = None) -> None:
        found = models.ModelState(
            model_name=name,
            model_version=version,
            digest="0" * 64,
            reason_not_ready=reason,
            checked_at=self.now,
        )
        with self.ledger.transaction() as tx:
            models.record(tx, found)

    def receive(self, study_instance_uid: str = STUDY, *, number: int = 1) -> str:
        """One instance of a study; returns its SOP Instance UID."""
        sop_instance_uid = f"{study_instance_uid}.7.{number}"
        received = instances.Instance(
            sop_instance_uid=sop_instance_uid,
            study_instance_uid=study_instance_uid,
            series_instance_uid=f"{study_instance_uid}.7",
            sop_class_uid="1.2.840.10008.5.1.4.1.1.1",
            transfer_syntax_uid="1.2.840.10008.1.2.1",
            key=f"{sop_instance_uid}.dcm",
            size_bytes=1000,
        )
        with self.ledger.transaction() as tx:
            instances.enter(tx, received, calling_ae_title="CR_ROOM_2", now=self.now)
        return sop_instance_uid

    def complete(self) -> None:
        with self.ledger.transaction() as tx:
            for study in studies.receiving(tx):
                assert studies.mark_complete(tx, study, because="quiet for 10 s", now=self.now)

    def route(self, study_instance_uid: str = STUDY, *, declined: tuple[tuple[str, str], ...] = ()) -> None:
        """Declined are (model, reason) for the one series of the study."""
        made = [
            decisions.Decision(
                series_instance_uid=f"{study_instance_uid}.7",
                sop_instance_uid=None,
                model_name=name,
                model_version="1.0.0",
                reason_to_decline=reason,
            )
            for name, reason in declined
        ]
        with self.ledger.transaction() as tx:
            decisions.replace_all(tx, study_instance_uid, made, now=self.now)
            assert studies.mark_routed(tx, study_instance_uid, detail="held against models", now=self.now)

    def queue(
        self, analysis_id: str, study_instance_uid: str = STUDY, model: tuple[str, str] = MODEL
    ) -> None:
        order = analyses.Order(
            analysis_id=analysis_id,
            study_instance_uid=study_instance_uid,
            series_instance_uid=f"{study_instance_uid}.7",
            source_instance_uids=(f"{study_instance_uid}.7.1",),
            model_name=model[0],
            model_version=model[1],
        )
        with self.ledger.transaction() as tx:
            assert analyses.queue(tx, order, now=self.now)

    def start(self, model: tuple[str, str] = MODEL) -> str:
        with self.ledger.transaction() as tx:
            claim = analyses.claim(tx, worker="node1:104", models=[model], now=self.now, lease_seconds=30)
        assert claim is not None
        self.claims[claim.analysis_id] = claim
        return claim.analysis_id

    def succeed(self, analysis_id: str, *, notes: dict[str, object] | None = None) -> list[str]:
        """Two results, SEG and SR, owed to the destinations in the settings; returns their UIDs."""
        claim = self.claims.pop(analysis_id)
        stem = f"2.25.{zlib.crc32(analysis_id.encode())}"
        made = [
            ResultRow(
                sop_instance_uid=f"{stem}.{number}",
                kind=kind,
                sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
                series_instance_uid=f"{stem}.{number}0",
                key=f"{stem}.{number}.dcm",
                size_bytes=1000,
                sha256="0" * 64,
                destinations=tuple(self.settings.destinations),
            )
            for number, kind in ((1, "SEG"), (2, "SR"))
        ]
        with self.ledger.transaction() as tx:
            assert analyses.succeed(tx, claim, made, notes=notes or {}, now=self.now)
        return [each.sop_instance_uid for each in made]

    def refuse(self, analysis_id: str, reason: str) -> None:
        with self.ledger.transaction() as tx:
            assert analyses.refuse(tx, self.claims.pop(analysis_id), reason=reason, notes={}, now=self.now)

    def fail(self, analysis_id: str, reason: str) -> None:
        with self.ledger.transaction() as tx:
            assert analyses.fail(tx, self.claims.pop(analysis_id), reason=reason, now=self.now)

    def put_back(self, analysis_id: str, reason: str) -> None:
        claim = self.claims.pop(analysis_id)
        with self.ledger.transaction() as tx:
            assert analyses.put_back(
                tx,
                claim,
                reason=reason,
                available_at=self.now,
                event=Event.ANALYSIS_RETRIED,
                now=self.now,
            )

    def deliver(self, destination: str, *, error: str | None = None) -> int:
        """Try all that is due: delivered, or postponed for ``error``; returns how many were tried."""
        with self.ledger.transaction() as tx:
            parcels = deliveries.claim(tx, destination, now=self.now, lease_seconds=30, at_most=100)
            for parcel in parcels:
                if error is None:
                    deliveries.mark_delivered(tx, parcel, now=self.now)
                else:
                    deliveries.postpone(tx, parcel, error=error, next_attempt_at=self.now + 4, now=self.now)
        return len(parcels)

    def refuse_caller(self, calling_ae_title: str = "CT2", *, reason: str = "is not known") -> None:
        seen = callers.RefusedCaller(
            calling_ae_title=calling_ae_title,
            called_ae_title="ANY-SCP",
            address="10.0.0.9",
            is_tls=False,
            reason=reason,
            remedy=f'Allow it by `ae_title = "{calling_ae_title}"`.',
            first_seen_at=self.now,
            last_seen_at=self.now,
            times=1,
        )
        with self.ledger.transaction() as tx:
            callers.record(tx, [seen], now=self.now)

    def reject(self, calling_ae_title: str, reason: str) -> None:
        with self.ledger.transaction() as tx:
            journal.record(tx, Event.INSTANCE_REJECTED, now=self.now, subject=calling_ae_title, detail=reason)

    def quarantine(
        self,
        sop_instance_uid: str,
        *,
        calling_ae_title: str = "CT2",
        study_instance_uid: str = STUDY,
        name: str = "0" * 32,
    ) -> Path:
        """Other content under the UID of an instance; returns its file, of 1 KB and something."""
        key = quarantine_key(sop_instance_uid=sop_instance_uid, name=name)
        path = self.settings.spool_folder / key
        self.write(path, sop_instance_uid, calling_ae_title)
        os.utime(path, (self.now, self.now))
        with self.ledger.transaction() as tx:
            journal.record(
                tx,
                Event.INSTANCE_QUARANTINED,
                now=self.now,
                study_instance_uid=study_instance_uid,
                subject=sop_instance_uid,
                detail="other content under a known SOP Instance UID; the first is kept",
            )
        return path

    def write(self, path: Path, sop_instance_uid: str, calling_ae_title: str) -> None:
        """A file as the door writes it."""
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CRImage, UID(sop_instance_uid)
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.SendingApplicationEntityTitle = calling_ae_title
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(bytes(128) + b"DICM")
            write_file_meta_info(file, meta)
            file.write(b"PATIENT^SECRET".ljust(1000))

    def finish(self) -> None:
        with self.ledger.transaction() as tx:
            assert studies.finish_those_owed_nothing(tx, now=self.now)

    def queue_and_succeed(self, analysis_id: str) -> None:
        """An analysis of STUDY, done at once; what it made is owed."""
        self.received += 1
        self.receive(number=self.received)
        self.queue(analysis_id)
        self.succeed(self.start())

    def break_ledger(self) -> None:
        """What a failing disk does: the file is no database any more."""
        self.ledger.close()
        path = Path(self.ledger.url.removeprefix("sqlite:///"))
        for beside in path.parent.glob(f"{path.name}-*"):
            beside.unlink()
        path.write_bytes(b"not a database " * 100)

    def whole_way(self, study_instance_uid: str = STUDY, *, analysis_id: str = "a1") -> None:
        """A study from its first instance to finished: 14 s on the way."""
        for number in (1, 2, 3):
            self.receive(study_instance_uid, number=number)
            self.now += 0.5
        self.now += 9.5
        self.complete()
        self.now += 0.1
        self.route(study_instance_uid)
        self.queue(analysis_id, study_instance_uid)
        self.now += 0.3
        self.start()
        self.now += 2.0
        self.succeed(analysis_id, notes={"gate": "passed", "seconds": {"predict": 0.8}})
        self.now += 0.4
        self.deliver("pacs")
        self.now += 0.2
        self.finish()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite3")
    settings = Settings.model_validate(
        {
            "destinations": {"pacs": {"url": "dicom://PACS@127.0.0.1:4242"}},
            "spool": {"url": str(tmp_path / "spool")},
        }
    )
    yield Scene(ledger=ledger, settings=settings)
    ledger.close()
