"""What tests of the node's rooms take as given: instances, orders, claims, results, and what the ledger holds."""

import struct
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, ExplicitVRLittleEndian
from pynetdicom.dimse_primitives import C_STORE
from sqlalchemy import Table, select

from dicom_node.events import Event
from dicom_node.ledger import Ledger, analyses, deliveries, instances, studies
from dicom_node.ledger.analyses import Claim, Order
from dicom_node.ledger.callers import RefusedCaller
from dicom_node.ledger.deliveries import Parcel
from dicom_node.ledger.instances import Instance
from dicom_node.ledger.results import ResultRow
from dicom_node.ledger.schema import event
from dicom_node.scp.intake import Announced

NOW = 1_772_366_400.0  # 2026-03-01 12:00:00 UTC
STUDY = "1.2.826.0.1.3680043.8.498.1"
CR_IMAGE = "1.2.840.10008.5.1.4.1.1.1"
EXPLICIT = "1.2.840.10008.1.2.1"
MODEL = ("shades", "1.2.3")

MANIFEST = """
[model]
name = "shades"
version = "1.2.3"
task = "segmentation"
research_only = true
intended_use = "Tests of this software"
licence = "Apache-2.0"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "written by hand"

[input]
each = "instance"
Modality = ["CR", "DX"]

[io]
input = "image"
input_rank = 4
output = "probabilities"
output_rank = 4

[[postprocess]]
step = "threshold"

[[output.segment]]
label = "Dark"
channel = 0
category = "SCT.AnatomicalStructure"
type = "SCT.Lung"
colour_rgb = [66, 165, 245]
"""


def an_instance(number: int = 1, *, study: str = STUDY, series: int = 1, size_bytes: int = 1000) -> Instance:
    sop_instance_uid = f"{study}.{series}.{number}"
    return Instance(
        sop_instance_uid=sop_instance_uid,
        study_instance_uid=study,
        series_instance_uid=f"{study}.{series}",
        sop_class_uid=CR_IMAGE,
        transfer_syntax_uid=EXPLICIT,
        key=f"studies/{study}/{study}.{series}/{sop_instance_uid}.dcm",
        size_bytes=size_bytes,
    )


def enter(ledger: Ledger, received: Instance, *, now: float = NOW) -> Instance:
    with ledger.transaction() as tx:
        assert instances.enter(tx, received, calling_ae_title="CR_ROOM_2", now=now)
    return received


def complete_all(ledger: Ledger, *, now: float = NOW) -> None:
    with ledger.transaction() as tx:
        for seen in studies.receiving(tx):
            assert studies.mark_complete(tx, seen, because="quiet", now=now)


def route(ledger: Ledger, study: str = STUDY, *, now: float = NOW) -> None:
    with ledger.transaction() as tx:
        assert studies.mark_routed(tx, study, detail="looked at", now=now)


def an_order(number: int = 1, *, study: str = STUDY, model: tuple[str, str] = MODEL) -> Order:
    return Order(
        analysis_id=f"analysis-{number}",
        study_instance_uid=study,
        series_instance_uid=f"{study}.1",
        source_instance_uids=(f"{study}.1.1",),
        model_name=model[0],
        model_version=model[1],
    )


def queue(ledger: Ledger, *orders: Order, now: float = NOW) -> None:
    with ledger.transaction() as tx:
        for order in orders:
            assert analyses.queue(tx, order, now=now)


def claim(
    ledger: Ledger,
    *,
    now: float = NOW,
    models: Sequence[tuple[str, str]] = (MODEL,),
    worker: str = "host:1",
    lease_seconds: float = 30.0,
) -> Claim | None:
    with ledger.transaction() as tx:
        return analyses.claim(tx, worker=worker, models=models, now=now, lease_seconds=lease_seconds)


def a_claim(ledger: Ledger, *, number: int = 1, now: float = NOW, lease_seconds: float = 30.0) -> Claim:
    """A study of one instance with one analysis, and that claimed."""
    enter(ledger, an_instance(), now=now)
    queue(ledger, an_order(number), now=now)
    claimed = claim(ledger, now=now, lease_seconds=lease_seconds)
    assert claimed is not None
    return claimed


def a_result(number: int = 1, *, kind: str = "SEG") -> ResultRow:
    return ResultRow(
        sop_instance_uid=f"2.25.{number}",
        kind=kind,
        sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
        series_instance_uid=f"2.25.{number}00",
        key=f"results/analysis/1/{kind}-2.25.{number}.dcm",
        size_bytes=1000,
        sha256="1" * 64,
    )


def succeed(
    ledger: Ledger,
    held: Claim,
    *results: ResultRow,
    destinations: Sequence[str] = ("pacs",),
    now: float = NOW,
) -> bool:
    with ledger.transaction() as tx:
        made = [replace(each, destinations=tuple(destinations)) for each in results]
        return analyses.succeed(tx, held, made, notes={}, now=now)


def a_refused_caller(*, last_seen_at: float, times: int) -> RefusedCaller:
    """A device that is not known, first seen at NOW."""
    return RefusedCaller(
        calling_ae_title="CT2",
        called_ae_title="ANY-SCP",
        address="10.0.0.9",
        is_tls=False,
        reason="is not known",
        remedy="Allow it.",
        first_seen_at=NOW,
        last_seen_at=last_seen_at,
        times=times,
    )


def parcels(ledger: Ledger, destination: str = "pacs", *, now: float = NOW) -> list[Parcel]:
    with ledger.transaction() as tx:
        return deliveries.claim(tx, destination, now=now, lease_seconds=60, at_most=16)


def rows(ledger: Ledger, table: Table) -> list[dict[str, object]]:
    """All rows of a table as they lie in the ledger."""
    with ledger.snapshot() as tx:
        return [dict(row) for row in tx.execute(select(table)).mappings()]


def row(ledger: Ledger, table: Table) -> dict[str, object]:
    """The only row of a table."""
    (only,) = rows(ledger, table)
    return only


def events(ledger: Ledger) -> list[Event]:
    """The names of all events, the oldest first."""
    with ledger.snapshot() as tx:
        return [Event(name) for name in tx.scalars(select(event.c.name).order_by(event.c.event_id))]


def break_ledger(ledger: Ledger) -> None:
    """What a failing disk does: the file is no database any more."""
    ledger.close()
    path = Path(ledger.url.removeprefix("sqlite:///"))
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    path.write_bytes(b"not a database " * 1000)


def a_data_set(number: int = 1, *, study: str = STUDY, series: int = 1, **elements: object) -> Dataset:
    """A small projection image's header; elements set by keyword, or taken away by None."""
    data_set = Dataset()
    data_set.SOPClassUID = CR_IMAGE
    data_set.SOPInstanceUID = f"{study}.{series}.{number}"
    data_set.Modality = "CR"
    data_set.PatientName = "Secret^Name"
    data_set.PatientID = "SECRET-ID"
    data_set.StudyInstanceUID = study
    data_set.SeriesInstanceUID = f"{study}.{series}"
    for keyword, value in elements.items():
        if value is None:
            del data_set[keyword]
        else:
            setattr(data_set, keyword, value)
    return data_set


def encoded(data_set: Dataset, transfer_syntax_uid: str = EXPLICIT) -> tuple[bytes, bytes]:
    """Preamble with File Meta Information, and the data set, as two strings of bytes."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    data_set.file_meta = meta
    stream = BytesIO()
    dcmwrite(stream, data_set, enforce_file_format=True)
    whole = stream.getvalue()
    end_of_meta = 144 + struct.unpack_from("<I", whole, 140)[0]
    return whole[:end_of_meta], whole[end_of_meta:]


def a_file(path: Path, data_set: Dataset) -> Path:
    """The data set as a PS3.10 file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(encoded(data_set)))
    return path


def a_c_store(data_set: Dataset, *, content: bytes | None = None) -> SimpleNamespace:
    """What pynetdicom gives a handler of C-STORE; ``content`` takes the place of the encoded data set."""
    sent = encoded(data_set)[1] if content is None else content
    request = C_STORE()
    request.DataSet = BytesIO(sent)
    request.AffectedSOPClassUID = data_set.SOPClassUID
    request.AffectedSOPInstanceUID = data_set.SOPInstanceUID
    return SimpleNamespace(
        request=request,
        assoc=SimpleNamespace(requestor=SimpleNamespace(ae_title="CR_ROOM_2")),
        context=SimpleNamespace(abstract_syntax=data_set.SOPClassUID, transfer_syntax=ExplicitVRLittleEndian),
    )


def announced(data_set: Dataset, *, transfer_syntax_uid: str = EXPLICIT, **changes: str) -> Announced:
    """What the C-STORE request says that comes before the data set."""
    said = {
        "abstract_syntax_uid": str(data_set.SOPClassUID),
        "sop_class_uid": str(data_set.SOPClassUID),
        "sop_instance_uid": str(data_set.SOPInstanceUID),
        "transfer_syntax_uid": transfer_syntax_uid,
        "calling_ae_title": "CR_ROOM_2",
    }
    return Announced(**(said | changes))


def a_nest(depth: int) -> bytes:
    """A sequence within a sequence …, (0040,0555) of undefined length, ``depth`` deep, explicit VR little endian."""
    opened = struct.pack("<HH2sHI", 0x0040, 0x0555, b"SQ", 0, 0xFFFFFFFF)
    opened += struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    closed = struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return opened * depth + closed * depth
