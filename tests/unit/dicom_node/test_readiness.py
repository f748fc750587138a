import logging

import pytest

from dicom_node import readiness
from dicom_node.ledger import models, processes
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.readiness import PATIENCE_SECONDS, Herald, reason_not_ready
from dicom_node.settings import Settings
from tests.unit.dicom_node.given import NOW, break_ledger

LISTENING = "listening on 127.0.0.1:104"
READY = "ready with 1 of 1 models"
NO_MODEL = "no worker has a model ready; see `dicom-node check`"
BROKEN = ModelState(
    model_name="shades", model_version="1.2.3", digest=None, reason_not_ready="a file changed", checked_at=NOW
)
SOUND = ModelState(
    model_name="dots", model_version="1.0.0", digest="ab", reason_not_ready=None, checked_at=NOW
)


def _alive(**states: str) -> list[Process]:
    return [
        Process(process=f"h:{number}", kind=kind, state=state, started_at=NOW, seen_at=NOW)
        for number, (kind, state) in enumerate(states.items())
    ]


@pytest.mark.parametrize(
    ("states", "found", "reason"),
    [
        ({}, [], "the door is not open"),
        ({"work": READY}, [SOUND], "the door is not open"),
        ({"receive": "starting", "work": READY}, [SOUND], "the door is not open"),
        ({"receive": LISTENING}, [], NO_MODEL),
        ({"receive": LISTENING, "work": "loading models"}, [], NO_MODEL),
        ({"receive": LISTENING, "work": "idle with 0 of 0 models"}, [], NO_MODEL),
        (
            {"receive": LISTENING, "work": "idle with 0 of 1 models"},
            [BROKEN],
            "no model is ready; shades: a file changed",
        ),
        ({"receive": LISTENING, "work": READY}, [SOUND], None),
        ({"receive": LISTENING, "work": "ready with 1 of 2 models"}, [SOUND, BROKEN], None),
    ],
)
def test_ready_means_the_door_listens_and_a_worker_is_warm(states, found, reason):
    assert reason_not_ready(_alive(**states), found) == reason


def test_of_several_workers_one_that_is_ready_is_enough_whichever_comes_last():
    states = [("receive", LISTENING), ("work", READY), ("work", "loading models"), ("receive", "starting")]
    for order in (states, states[::-1]):
        alive = [
            Process(process=f"h:{number}", kind=kind, state=state, started_at=NOW, seen_at=NOW)
            for number, (kind, state) in enumerate(order)
        ]
        assert reason_not_ready(alive, [SOUND]) is None


class _Clock:
    now = NOW

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(readiness, "time", clock)
    return clock


@pytest.fixture
def herald(ledger, clock) -> Herald:
    return Herald(ledger, Settings.model_validate({"queue": {"url": "none"}}))


def _beat(ledger, clock, *, started_at: float = NOW, **states: str) -> None:
    with ledger.transaction() as tx:
        for number, (kind, state) in enumerate(states.items()):
            processes.beat(
                tx,
                process_name=f"h:{number}",
                kind=kind,
                state=state,
                started_at=started_at,
                now=clock.now,
            )


def test_ready_is_said_once_and_when_it_is_true(ledger, herald, clock, capsys):
    herald.tell()
    _beat(ledger, clock, receive=LISTENING, work="loading models")
    herald.tell()
    assert capsys.readouterr().out == ""
    _beat(ledger, clock, receive=LISTENING, work=READY)
    herald.tell()
    herald.tell()
    assert capsys.readouterr().out == "ready\n"


def test_what_a_run_before_left_in_the_ledger_does_not_count(ledger, herald, clock, capsys):
    _beat(ledger, clock, started_at=NOW - 1, receive=LISTENING, work=READY)
    herald.tell()
    assert capsys.readouterr().out == ""


def test_what_is_missing_is_said_once_when_it_takes_long(ledger, herald, clock, caplog, capsys):
    with ledger.transaction() as tx:
        models.record(tx, BROKEN)
    clock.now = NOW + PATIENCE_SECONDS
    _beat(ledger, clock, receive=LISTENING, work="idle with 0 of 1 models")
    herald.tell()
    assert caplog.records == []
    clock.now += 0.1
    herald.tell()
    herald.tell()
    (complaint,) = caplog.records
    assert complaint.levelno == logging.WARNING
    assert complaint.getMessage() == "not ready yet: no model is ready; shades: a file changed"
    _beat(ledger, clock, receive=LISTENING, work=READY)
    herald.tell()
    assert capsys.readouterr().out == "ready\n"


def test_a_ledger_that_is_away_ends_nothing_and_is_what_is_missing(ledger, herald, clock, caplog, capsys):
    break_ledger(ledger)
    clock.now = NOW + PATIENCE_SECONDS + 1
    herald.tell()
    assert capsys.readouterr().out == ""
    (complaint,) = caplog.records
    assert complaint.getMessage().startswith("not ready yet: ")
    assert "ledger" in complaint.getMessage()


def test_with_a_broker_that_does_not_answer_it_is_not_ready(ledger, clock, monkeypatch, capsys):
    answers = [False, True]
    monkeypatch.setattr(readiness, "does_answer", lambda _: answers.pop(0))
    herald = Herald(ledger, Settings.model_validate({"queue": {"url": "redis://there"}}))
    _beat(ledger, clock, receive=LISTENING, work=READY)
    herald.tell()
    assert capsys.readouterr().out == ""
    herald.tell()
    assert capsys.readouterr().out == "ready\n"
    assert answers == []
