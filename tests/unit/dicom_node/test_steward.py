import threading
import time
from pathlib import Path

import pytest

from dicom_node import steward
from dicom_node.delivery import courier
from dicom_node.ledger.schema import analysis, delivery, study
from dicom_node.process import Process
from dicom_node.settings import Settings
from dicom_node.steward import run_steward
from tests.unit.dicom_node.given import (
    MANIFEST,
    a_claim,
    a_data_set,
    a_file,
    a_result,
    an_instance,
    enter,
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


def test_hints_are_sent_where_there_is_a_broker(ledger, spool, settings, monkeypatch):
    sent = []
    monkeypatch.setattr(steward, "broker_url", lambda _: "redis://there")
    monkeypatch.setattr(steward, "make_app", lambda url: f"app on {url}")
    monkeypatch.setattr(steward, "send_hints", lambda _, app, *, now: sent.append((app, now)))
    duties = dict(steward._duties(settings, ledger, spool))
    assert list(duties) == ["studies", "rescue", "hints", "courier to pacs", "courier to backup"]
    duties["hints"]()
    assert sent[0][0] == "app on redis://there"


def test_a_package_that_is_wrong_is_said_and_the_steward_goes_on(ledger, spool, settings, tmp_path, caplog):
    wrong = settings.model_copy(
        update={"inference": settings.inference.model_copy(update={"packages": (tmp_path / "nowhere",)})}
    )
    duties = dict(steward._duties(wrong, ledger, spool))
    duties["studies"]()
    assert "nowhere is not a folder" in caplog.text
