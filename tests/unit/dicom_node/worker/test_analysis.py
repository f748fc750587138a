import hashlib
import time
import zlib
from dataclasses import replace
from datetime import datetime

import pytest

from dicom_node.errors import SpoolFull
from dicom_node.events import Event
from dicom_node.ledger import analyses
from dicom_node.ledger.schema import analysis, delivery, result
from dicom_node.settings import QueueSettings, ResultsSettings
from dicom_node.worker import analysis as worker
from dicom_node.worker.analysis import analyse_next
from dicom_node.worker.recipients import Recipient
from dicom_node.worker.task import Bench
from inference.confidence.confidence import Confidence
from inference.errors import InputUnreadable, PredictionFailed
from inference.measure import Measured
from inference.pipeline import EncodedResult, Encoding, Outcome, Wishes
from tests.unit.dicom_node.given import (
    MODEL,
    NOW,
    STUDY,
    an_instance,
    an_order,
    enter,
    events,
    queue,
    row,
    rows,
)

SEG = EncodedResult(
    kind="SEG",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
    sop_instance_uid="2.25.1",
    series_instance_uid="2.25.100",
    content=b"a segmentation",
)
SR = EncodedResult(
    kind="SR",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.88.33",
    sop_instance_uid="2.25.2",
    series_instance_uid="2.25.200",
    content=b"a report",
)
CONFIDENCE = Confidence(label="Dark", certainty=0.93, kind="soft_dice")
MEASURED = Measured(segment="Dark", kind="area", value=12.5, unit="mm2")


def _outcome(
    *results: EncodedResult, verdict="accepted", reasons=(), preview: bytes | None = b"a picture"
) -> Outcome:
    return Outcome(
        verdict=verdict,
        reasons=tuple(reasons),
        results=results,
        preview_png=preview if results else None,
        confidence=(CONFIDENCE,) if results else (),
        measured=(MEASURED,) if results else (),
        seconds={"predict": 0.5},
    )


@pytest.fixture
def bench(ledger, spool) -> Bench:
    return Bench(
        name="host:1",
        ledger=ledger,
        spool=spool,
        models={MODEL: "the model in memory"},  # type: ignore[dict-item]
        recipients=[Recipient(name=name, encoding=Encoding()) for name in ("pacs", "backup")],
        settings=QueueSettings(lease_seconds=30, attempts_at_most=3),
        results=ResultsSettings(),
    )


@pytest.fixture
def model(monkeypatch):
    """What the model does when it is asked; returns what it was asked."""

    def does(answer) -> list[tuple[object, list, datetime, Wishes]]:
        asked = []

        def analyse(model, paths, *, now, wishes):
            asked.append((model, paths, now, wishes))
            found = answer() if callable(answer) else answer
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(worker, "analyse", analyse)
        return asked

    return does


@pytest.fixture(autouse=True)
def reported(monkeypatch):
    """What is said where an analysis fails; in place of a report whose model would be needed."""
    told = []

    def report_not_run(model, paths, reasons, *, now, wishes):
        told.extend(reasons)
        uid = f"2.25.9{zlib.crc32(reasons[0].encode())}"
        return replace(SR, sop_instance_uid=uid, content=reasons[0].encode())

    monkeypatch.setattr(worker, "report_not_run", report_not_run)
    return told


@pytest.fixture
def queued(ledger):
    enter(ledger, an_instance())
    queue(ledger, an_order())


def _files(spool) -> set[str]:
    return {str(path.relative_to(spool.folder)) for path in spool.folder.rglob("*") if path.is_file()}


def _make_available(ledger) -> None:
    """Let the pause before the next attempt pass."""
    with ledger.transaction() as tx:
        tx.execute(analysis.update().values(available_at=NOW))


def test_where_nothing_waits_nothing_is_done(bench, model):
    asked = model(_outcome(SEG))
    assert analyse_next(bench) is False
    assert asked == []


def test_what_none_of_its_models_can_do_is_left(ledger, bench, model):
    enter(ledger, an_instance())
    queue(ledger, an_order(model=("other", "1.0.0")))
    asked = model(_outcome(SEG))
    assert analyse_next(bench) is False
    assert asked == []


def test_the_model_is_given_the_sources_and_the_time_with_its_zone(ledger, spool, bench, model, queued):
    asked = model(_outcome(SEG))
    assert analyse_next(bench) is True
    ((used, paths, now, wishes),) = asked
    assert wishes == Wishes()
    assert used == "the model in memory"
    assert paths == [spool.path(an_instance().key)]
    assert now.tzinfo is not None
    assert abs(now.timestamp() - time.time()) < 60


def test_results_are_shelved_and_committed_and_owed(ledger, spool, bench, model, queued):
    model(_outcome(SEG, SR))
    assert analyse_next(bench) is True
    kept = {each["kind"]: each for each in rows(ledger, result)}
    for made in (SEG, SR):
        held = kept[made.kind]
        assert spool.path(held["key"]).read_bytes() == made.content
        assert held["sha256"] == hashlib.sha256(made.content).hexdigest()
        assert held["size_bytes"] == len(made.content)
        assert (held["sop_instance_uid"], held["series_instance_uid"]) == (
            made.sop_instance_uid,
            made.series_instance_uid,
        )
    owed = {(each["sop_instance_uid"], each["destination"]) for each in rows(ledger, delivery)}
    assert owed == {(uid, to) for uid in ("2.25.1", "2.25.2") for to in ("pacs", "backup")}
    done = row(ledger, analysis)
    assert done["state"] == "succeeded"
    notes = done["notes"]
    assert (notes["verdict"], notes["confidence"], notes["seconds"]) == (
        "accepted",
        [{"label": "Dark", "certainty": 0.93, "kind": "soft_dice"}],
        {"predict": 0.5},
    )
    assert notes["measured"] == [{"segment": "Dark", "kind": "area", "value": 12.5, "unit": "mm2"}]
    assert spool.path(notes["preview_key"]).read_bytes() == b"a picture"


def test_results_lie_on_the_shelf_before_they_are_committed(ledger, spool, bench, model, queued, monkeypatch):
    seen = []
    real = analyses.succeed

    def succeed(tx, claim, made, **about):
        seen.extend(spool.path(each.key).is_file() for each in made)
        return real(tx, claim, made, **about)

    monkeypatch.setattr(analyses, "succeed", succeed)
    model(_outcome(SEG, SR))
    analyse_next(bench)
    assert seen == [True, True]


def test_a_model_that_found_nothing_succeeds_without_results(ledger, bench, model, queued):
    model(_outcome())
    analyse_next(bench)
    assert row(ledger, analysis)["state"] == "succeeded"
    assert rows(ledger, result) == rows(ledger, delivery) == []


def test_a_flag_is_kept_beside_the_results(ledger, bench, model, queued):
    model(_outcome(SEG, verdict="flagged", reasons=["the outline is unusually small"]))
    analyse_next(bench)
    notes = row(ledger, analysis)["notes"]
    assert (notes["verdict"], notes["reasons"]) == ("flagged", ["the outline is unusually small"])


def test_a_refusal_is_recorded_with_its_reasons(ledger, spool, bench, model, queued):
    model(_outcome(verdict="refused", reasons=["64 rows, but at least 256", "the image is blank"]))
    assert analyse_next(bench) is True
    refused = row(ledger, analysis)
    assert refused["state"] == "refused"
    assert refused["error"] == "64 rows, but at least 256; the image is blank"
    assert refused["notes"]["verdict"] == "refused"
    assert _files(spool) == set()


def test_a_refusal_is_a_result_and_owed_like_others(ledger, spool, bench, model, queued):
    model(_outcome(SR, verdict="refused", reasons=["the image is blank"]))
    assert analyse_next(bench) is True
    assert row(ledger, analysis)["state"] == "refused"
    kept = row(ledger, result)
    assert spool.path(kept["key"]).read_bytes() == SR.content
    assert {each["destination"] for each in rows(ledger, delivery)} == {"pacs", "backup"}


def test_a_refusal_is_not_reported_where_the_settings_say_so(ledger, spool, bench, model, queued):
    model(_outcome(SR, verdict="refused", reasons=["the image is blank"], preview=None))
    assert analyse_next(replace(bench, results=ResultsSettings(refusals=False))) is True
    assert row(ledger, analysis)["state"] == "refused"
    assert rows(ledger, result) == []
    assert _files(spool) == set()


def test_a_failure_is_reported_to_whom_results_are_owed(ledger, spool, bench, model, queued, reported):
    model(InputUnreadable("the pixels cannot be decoded"))
    assert analyse_next(bench) is True
    assert reported == ["the pixels cannot be decoded"]
    assert spool.path(row(ledger, result)["key"]).read_bytes() == b"the pixels cannot be decoded"
    assert {each["destination"] for each in rows(ledger, delivery)} == {"pacs", "backup"}


def test_a_failure_is_not_reported_where_the_settings_say_so(ledger, bench, model, queued, reported):
    model(InputUnreadable("the pixels cannot be decoded"))
    assert analyse_next(replace(bench, results=ResultsSettings(failures=False))) is True
    assert row(ledger, analysis)["state"] == "failed"
    assert (reported, rows(ledger, result)) == ([], [])


def test_where_nothing_can_be_reported_it_fails_all_the_same(ledger, bench, model, queued, monkeypatch):
    def report_not_run(*_, **__):
        raise InputUnreadable("the file is no DICOM instance")

    monkeypatch.setattr(worker, "report_not_run", report_not_run)
    model(InputUnreadable("the file is no DICOM instance"))
    assert analyse_next(bench) is True
    assert (row(ledger, analysis)["state"], rows(ledger, result)) == ("failed", [])


def test_to_fail_again_for_the_same_reason_is_no_news(ledger, spool, bench, model, queued):
    model(InputUnreadable("the pixels cannot be decoded"))
    for _ in range(2):
        assert analyse_next(bench) is True
        assert row(ledger, analysis)["state"] == "failed"
        assert len(rows(ledger, result)) == 1
        with ledger.transaction() as tx:
            analyses.retry_failed(tx, STUDY, now=NOW)
    assert len(_files(spool)) == 1
    asked = model(_outcome(SEG))
    assert analyse_next(bench) is True
    ((*_, wishes),) = asked
    assert [each.sop_instance_uid for each in wishes.replaces] == [
        each["sop_instance_uid"] for each in rows(ledger, result) if each["kind"] == "SR"
    ]


def test_a_failure_waits_where_its_report_finds_no_room(ledger, spool, bench, model, queued, monkeypatch):
    def put(*_):
        raise SpoolFull("no room in the spool")

    monkeypatch.setattr(spool, "put", put)
    model(InputUnreadable("the pixels cannot be decoded"))
    assert analyse_next(bench) is True
    back = row(ledger, analysis)
    assert (back["state"], back["error"]) == ("queued", "no room in the spool")


def test_each_result_is_owed_to_those_who_asked_for_its_form(ledger, bench, model, queued):
    labelmap = Encoding(form="LABELMAP")
    recipients = [Recipient(name="pacs", encoding=Encoding()), Recipient(name="backup", encoding=labelmap)]
    other = replace(SEG, sop_instance_uid="2.25.3", encodings=(labelmap,))
    asked = model(_outcome(SEG, other, replace(SR, encodings=(Encoding(), labelmap))))
    analyse_next(replace(bench, recipients=recipients))
    assert asked[0][-1].encodings == (Encoding(), labelmap)
    assert {(each["sop_instance_uid"], each["destination"]) for each in rows(ledger, delivery)} == {
        ("2.25.1", "pacs"),
        ("2.25.3", "backup"),
        ("2.25.2", "pacs"),
        ("2.25.2", "backup"),
    }


def test_an_input_that_cannot_be_read_fails_at_once_with_its_sentence(ledger, bench, model, queued):
    model(InputUnreadable("the pixels cannot be decoded"))
    assert analyse_next(bench) is True
    failed = row(ledger, analysis)
    assert (failed["state"], failed["attempts"]) == ("failed", 1)
    assert failed["error"] == "the pixels cannot be decoded"


def test_a_device_that_gave_up_is_asked_again(ledger, bench, model, queued):
    model(PredictionFailed("out of memory"))
    assert analyse_next(bench) is True
    back = row(ledger, analysis)
    assert (back["state"], back["error"]) == ("queued", "out of memory")
    _make_available(ledger)
    model(_outcome(SEG))
    assert analyse_next(bench) is True
    assert row(ledger, analysis)["state"] == "succeeded"


def test_what_nobody_foresaw_is_tried_again_and_then_fails(ledger, bench, model, queued, caplog, reported):
    model(ZeroDivisionError("Secret^Name"))
    for attempt in (1, 2, 3):
        before = time.time()
        assert analyse_next(bench) is True
        found = row(ledger, analysis)
        assert found["attempts"] == attempt
        assert found["error"].startswith("unforeseen ZeroDivisionError in the worker; see its log")
        assert "Secret" not in found["error"]
        if attempt < 3:
            assert found["state"] == "queued"
            assert found["available_at"] >= before + worker.SECONDS_BEFORE_NEXT_ATTEMPT
            assert events(ledger)[-1] == Event.ANALYSIS_RETRIED
            assert analyse_next(bench) is False  # not before its time
            _make_available(ledger)
    assert found["state"] == "failed"
    assert found["error"].endswith("; see its log (3 attempts)")
    assert reported == [worker.BROKE]
    assert "Traceback" in caplog.text


def test_a_device_that_gives_up_each_time_fails_in_the_end(ledger, bench, model, queued):
    model(PredictionFailed("out of memory"))
    for attempt in (1, 2, 3):
        assert analyse_next(bench) is True
        assert row(ledger, analysis)["attempts"] == attempt
        _make_available(ledger)
    assert (row(ledger, analysis)["state"], row(ledger, analysis)["error"]) == (
        "failed",
        "out of memory (3 attempts)",
    )
    assert analyse_next(bench) is False


def test_a_full_spool_is_waited_for_however_long_and_uses_up_no_attempt(
    ledger, spool, bench, model, queued, monkeypatch
):
    def put(*_):
        raise SpoolFull("no room in the spool")

    model(_outcome(SEG))
    with monkeypatch.context() as patched:
        patched.setattr(spool, "put", put)
        for _ in range(bench.settings.attempts_at_most + 2):
            before = time.time()
            assert analyse_next(bench) is True
            back = row(ledger, analysis)
            assert (back["state"], back["attempts"], back["error"]) == ("queued", 0, "no room in the spool")
            assert back["available_at"] >= before + worker.SECONDS_UNTIL_THE_NODE_IS_WELL
            assert analyse_next(bench) is False  # not before its time
            _make_available(ledger)
    assert rows(ledger, result) == []
    _make_available(ledger)
    analyse_next(bench)
    assert (row(ledger, analysis)["state"], row(ledger, analysis)["error"]) == ("succeeded", None)


def test_a_worker_that_lost_its_fence_clears_its_own_shelf_and_touches_nothing(
    ledger, spool, bench, model, queued
):
    def taken_by_another():
        with ledger.transaction() as tx:
            (held,) = analyses.with_expired_lease(tx, now=time.time() + 1000)
            analyses.put_back(
                tx, held, reason="hung", available_at=NOW, event=Event.ANALYSIS_RESCUED, now=NOW
            )
        model(_outcome(SEG, SR))
        assert analyse_next(bench) is True  # the other, in time
        return _outcome(SEG, SR)

    model(taken_by_another)
    assert analyse_next(bench) is True
    done = row(ledger, analysis)
    assert (done["state"], done["fence"], done["attempts"]) == ("succeeded", 2, 2)
    standing = {each["key"] for each in rows(ledger, result)} | {done["notes"]["preview_key"]}
    assert _files(spool) == standing
    assert all("/2/" in key for key in standing)


def test_a_refusal_or_failure_of_a_worker_that_lost_its_fence_is_not_recorded(ledger, bench, model, queued):
    def taken_away():
        with ledger.transaction() as tx:
            (held,) = analyses.with_expired_lease(tx, now=time.time() + 1000)
            analyses.put_back(
                tx, held, reason="hung", available_at=NOW, event=Event.ANALYSIS_RESCUED, now=NOW
            )
        return InputUnreadable("too late")

    model(taken_away)
    analyse_next(bench)
    assert (row(ledger, analysis)["state"], row(ledger, analysis)["error"]) == ("queued", "hung")
