import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dicom_node import steward
from dicom_node.delivery import courier
from dicom_node.errors import BrokerAway, NodeError, SpoolUnusable
from dicom_node.ledger import processes
from dicom_node.ledger.schema import analysis, delivery, instance, study
from dicom_node.ledger.schema import process as process_table
from dicom_node.process import Process, name_of_process
from dicom_node.scp.file_meta import file_meta
from dicom_node.settings import Settings
from dicom_node.steward import AT_WORK, run_steward
from tests.unit.dicom_node.given import (
    CR_IMAGE,
    EXPLICIT,
    MANIFEST,
    a_claim,
    a_data_set,
    a_file,
    a_result,
    an_instance,
    encoded,
    enter,
    parcels,
    row,
    rows,
    succeed,
)


@pytest.fixture
def settings(tmp_path) -> Settings:
    folder = tmp_path / "packages" / "shades-1.2.3"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text(MANIFEST, encoding="utf-8")
    return Settings.model_validate(
        {
            "queue": {"url": "none"},
            "inference": {"packages": [folder]},
            "destinations": {name: {"url": "dicom://PACS@10.0.0.5:104"} for name in ("pacs", "backup")},
        }
    )


@pytest.fixture
def at_work(ledger, spool, settings, monkeypatch):
    """A steward at work, ended with the test."""
    monkeypatch.setattr(steward, "LOOK_EVERY_SECONDS", 0.01)
    process = Process(ledger, "steward")
    thread = threading.Thread(target=run_steward, args=(process, settings, spool))
    yield thread.start
    process.stop.set()
    thread.join(10)
    assert not thread.is_alive()


def _until(holds) -> None:
    ends_at = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends_at, "it did not come true"
        time.sleep(0.02)


def test_a_quiet_study_is_completed_and_routed(ledger, spool, at_work):
    held = an_instance()
    a_file(Path(spool.path(held.key)), a_data_set())
    enter(ledger, held, now=time.time() - 100)
    at_work()
    _until(lambda: row(ledger, study)["state"] == "routed")
    assert row(ledger, analysis)["state"] == "queued"


def test_a_study_nobody_reads_is_finished(ledger, spool, at_work):
    held = an_instance()
    a_file(Path(spool.path(held.key)), a_data_set(Modality="MR"))
    enter(ledger, held, now=time.time() - 100)
    at_work()
    _until(lambda: row(ledger, study)["state"] == "finished")
    assert rows(ledger, analysis) == []


def test_a_dead_workers_analysis_is_queued_again(ledger, at_work):
    a_claim(ledger, now=time.time() - 100, lease_seconds=30)
    at_work()
    _until(lambda: row(ledger, analysis)["state"] == "queued")


def test_a_file_with_neither_row_nor_mark_is_entered_and_goes_its_way(ledger, spool, at_work, monkeypatch):
    """As after a power cut that took the mark of an instance that had been answered."""
    monkeypatch.setattr(steward, "COMPARE_SPOOL_EVERY_SECONDS", 0.05)
    meta = file_meta(
        sop_class_uid=CR_IMAGE,
        sop_instance_uid=an_instance().sop_instance_uid,
        transfer_syntax_uid=EXPLICIT,
        sending_ae_title="CR_ROOM_2",
    )
    spool.put(an_instance().key, [meta, encoded(a_data_set())[1]])
    hour_ago = time.time() - 3600
    os.utime(spool.path(an_instance().key), (hour_ago, hour_ago))
    at_work()
    _until(lambda: bool(rows(ledger, instance)))
    entered = row(ledger, instance)
    assert entered["key"] == an_instance().key
    assert entered["received_at"] == pytest.approx(hour_ago)
    _until(lambda: row(ledger, study)["state"] == "routed")
    assert row(ledger, study)["calling_ae_title"] == "CR_ROOM_2"


def test_a_spool_that_cannot_be_compared_keeps_no_other_duty_waiting(ledger, at_work, monkeypatch):
    def fail(*_, **__):
        raise SpoolUnusable("the spool cannot be written: Input/output error")

    monkeypatch.setattr(steward, "COMPARE_SPOOL_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(steward, "enter_without_row", fail)
    a_claim(ledger, now=time.time() - 100, lease_seconds=30)
    at_work()
    _until(lambda: row(ledger, analysis)["state"] == "queued")


def test_a_destination_that_hangs_keeps_no_other_waiting(ledger, at_work, monkeypatch):
    hangs = threading.Event()

    def store(destination, files, *, calling_ae_title):
        if destination.name == "pacs":
            hangs.wait(10)
        yield from [None] * len(files)

    monkeypatch.setattr(courier, "store", store)
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["pacs", "backup"])

    def states() -> dict[object, object]:
        return {each["destination"]: each["state"] for each in rows(ledger, delivery)}

    at_work()
    try:
        _until(lambda: states() == {"pacs": "sending", "backup": "delivered"})
    finally:
        hangs.set()
    _until(lambda: states() == {"pacs": "delivered", "backup": "delivered"})


def test_a_destination_that_is_in_the_settings_no_more_is_named(ledger, at_work):
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["gone"])
    at_work()
    _until(lambda: row(ledger, delivery)["error"] is not None)
    assert "not in the settings any more" in row(ledger, delivery)["error"]


@pytest.fixture
def process(ledger) -> Process:
    """A steward that is listed in the ledger and does nothing by itself."""
    return Process(ledger, "steward", state=AT_WORK)


@pytest.fixture
def broker(monkeypatch) -> list[NodeError | None]:
    """How the broker takes the hints, one after the other; None is well."""
    answers: list[NodeError | None] = []

    def send_hints(_, app, *, now):
        assert (app, now) == ("app on redis://there", pytest.approx(time.time(), abs=60))
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    monkeypatch.setattr(steward, "broker_url", lambda _: "redis://there")
    monkeypatch.setattr(steward, "make_app", lambda url: f"app on {url}")
    monkeypatch.setattr(steward, "send_hints", send_hints)
    return answers


def test_hints_are_sent_where_there_is_a_broker(process, spool, settings, broker):
    duties = dict(steward._duties(process, settings, spool))
    assert list(duties) == ["studies", "rescue", "hints", "courier to pacs", "courier to backup"]
    broker.append(None)
    duties["hints"]()
    assert broker == []
    assert process.state == AT_WORK


def test_a_broker_that_is_away_is_in_the_stewards_state_until_it_is_back(
    ledger, process, spool, settings, broker
):
    duties = dict(steward._duties(process, settings, spool))
    broker += [BrokerAway("Redis does not answer"), BrokerAway("Redis does not answer"), None]
    for _ in range(2):
        with pytest.raises(BrokerAway):
            duties["hints"]()
        assert row(ledger, process_table)["state"] == "at work; Redis does not answer"
    duties["hints"]()
    assert row(ledger, process_table)["state"] == AT_WORK


def test_without_a_package_in_order_the_steward_says_so_also_after_other_trouble(
    ledger, process, spool, settings, tmp_path, broker, caplog
):
    duties = dict(steward._duties(process, _with_packages(settings, tmp_path / "nowhere"), spool))
    none = "at work; no model package is in order, see `dicom-node check`"
    assert row(ledger, process_table)["state"] == none
    assert "nowhere is not a folder" in caplog.text
    duties["studies"]()
    broker += [BrokerAway("Redis does not answer"), None]
    with pytest.raises(BrokerAway):
        duties["hints"]()
    duties["hints"]()
    assert row(ledger, process_table)["state"] == none


def test_a_package_that_is_wrong_is_said_and_the_steward_goes_on(process, spool, settings, tmp_path, caplog):
    both = _with_packages(settings, tmp_path / "nowhere", *settings.inference.packages)
    duties = dict(steward._duties(process, both, spool))
    duties["studies"]()
    assert "nowhere is not a folder" in caplog.text
    assert process.state == AT_WORK


def _with_packages(settings: Settings, *folders: Path) -> Settings:
    inference = settings.inference.model_copy(update={"packages": folders})
    return settings.model_copy(update={"inference": inference})


def _steward_beats(ledger, name: str, *, now: float) -> None:
    with ledger.transaction() as tx:
        processes.beat(tx, process_name=name, kind="steward", state=AT_WORK, started_at=now, now=now)


def _dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.parametrize(
    ("other", "seconds_ago", "freed"),
    [
        (None, 0, True),
        ("its own, of this pid", 1, True),
        ("dead, but beat just now", 1, True),
        ("dead, and its pid is another's now", 1, True),
        ("silent for long", 60, True),
        ("alive on this host", 1, False),
        ("on another host", 1, False),
    ],
)
def test_what_a_dead_steward_was_sending_is_due_at_once_and_what_a_living_one_sends_is_not(
    ledger, process, settings, other, seconds_ago, freed
):
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["pacs"])
    parcels(ledger, now=time.time())
    here = socket.gethostname()
    names = {
        "its own, of this pid": process.name,
        "dead, but beat just now": f"{here}:{_dead_pid()}",
        "dead, and its pid is another's now": f"{here}:{os.getppid()}@1",
        "silent for long": f"{here}:{os.getppid()}",
        "alive on this host": name_of_process(os.getppid()),
        "on another host": "elsewhere:1",
    }
    if other:
        _steward_beats(ledger, names[other], now=time.time() - seconds_ago)
    steward._free_what_a_dead_steward_was_sending(process, settings)
    assert row(ledger, delivery)["state"] == ("owed" if freed else "sending")


def test_a_steward_that_starts_sends_what_a_dead_one_was_sending(ledger, at_work, monkeypatch):
    monkeypatch.setattr(courier, "store", lambda _, files, *, calling_ae_title: iter([None] * len(files)))
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["pacs"])
    parcels(ledger, now=time.time())
    at_work()
    _until(lambda: row(ledger, delivery)["state"] == "delivered")
