"""Missing receivers are named, and none is believed: what it answered must be there."""

import subprocess

import pytest

from tests.benchmarks.ingest import rounds, stored
from tests.benchmarks.ingest.cases import Case
from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.scale import QUICK
from tests.benchmarks.ingest.server import Missing, Server, StartFailed
from tests.benchmarks.ingest.stall_free import SendFailed

THREE = Case(name="small", title="", run=lambda server, material: {"done": 3, "per_second": 1.0})


@pytest.fixture(autouse=True)
def one_case(monkeypatch):
    monkeypatch.setattr(rounds, "CASES", (THREE,))
    monkeypatch.setattr(stored, "STORED_WITHIN_SECONDS", 0.2)


def _peer(counts):
    """A receiver that says it holds so many instances, each time it is asked the next of ``counts``."""

    def start(folder):
        process = subprocess.Popen(["sleep", "60"])
        asked = iter(counts)
        last = counts[-1]
        return Server(port=1, ae_title="X", process=process, count_stored=lambda: next(asked, last))

    return Peer(name="somebody", how="", start=start)


def _measure(*peers, tmp_path, number=1):
    return rounds.measure(peers, QUICK, rounds=number, parent=tmp_path, say=lambda sentence: None)


def test_what_was_answered_and_is_stored_counts(tmp_path):
    (measured,) = _measure(_peer([5, 8]), tmp_path=tmp_path).measured
    assert (measured.peer, measured.case, measured.done, measured.failed) == ("somebody", "small", 3, "")


def test_it_may_be_stored_a_moment_later(tmp_path):
    (measured,) = _measure(_peer([0, 1, 3]), tmp_path=tmp_path).measured
    assert measured.failed == ""


@pytest.mark.parametrize("stored", [0, 2, 4])
def test_what_was_answered_and_is_not_stored_fails(tmp_path, stored):
    (measured,) = _measure(_peer([0, stored]), tmp_path=tmp_path).measured
    assert measured.failed == f"3 instances were answered Success, {stored} are stored"
    assert measured.per_second is None


def test_a_case_that_fails_is_told_and_the_next_goes_on(tmp_path, monkeypatch):
    def refused(server, material):
        raise SendFailed("refused")

    monkeypatch.setattr(rounds, "CASES", (Case(name="large", title="", run=refused), THREE))
    large, small = _measure(_peer([0, 0, 3]), tmp_path=tmp_path).measured
    assert (large.failed, small.failed) == ("refused", "")


def test_a_receiver_that_is_missing_is_named_once_and_the_others_are_measured(tmp_path):
    asked = []

    def start(folder):
        asked.append(folder)
        raise Missing("not installed")

    missing = Peer(name="nobody", how="", start=start)
    outcome = _measure(missing, _peer([0, 3]), tmp_path=tmp_path, number=2)
    assert outcome.missing == {"nobody": "not installed"}
    assert len(asked) == 1
    assert [each.peer for each in outcome.measured] == ["somebody", "somebody"]
    assert [each.peer for each in outcome.medians] == ["somebody"]


def test_a_receiver_that_does_not_come_up_has_failed(tmp_path):
    def start(folder):
        raise StartFailed("no port")

    outcome = _measure(Peer(name="broken", how="", start=start), tmp_path=tmp_path)
    assert [each.failed for each in outcome.measured] == ["no port"]


def test_nothing_is_left_behind(tmp_path):
    _measure(_peer([0, 3]), tmp_path=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_each_round_begins_with_another_receiver(tmp_path):
    said = []
    peers = [Peer(name=name, how="", start=_peer([0, 3]).start) for name in ("one", "two", "three")]
    rounds.measure(peers, QUICK, rounds=2, parent=tmp_path, say=said.append)
    assert [sentence.split(": ")[1] for sentence in said] == ["one", "two", "three", "two", "three", "one"]
    assert list(tmp_path.iterdir()) == []
