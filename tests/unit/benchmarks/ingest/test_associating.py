"""A receiver that takes fewer idle associations than it is offered is not measured as if it had taken all."""

import subprocess
from types import SimpleNamespace

import pytest

from tests.benchmarks.ingest import associating
from tests.benchmarks.ingest.scale import QUICK
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import SendFailed


@pytest.fixture
def server():
    with subprocess.Popen(["sleep", "60"]) as process:
        yield Server(port=1, ae_title="X", process=process, count_stored=lambda: 0)
        process.kill()


def _offer(monkeypatch, *, taken):
    """Associations of a receiver that takes so many; returns those that were closed."""
    closed, opened = [], iter(range(taken))

    def associate(server, *, timeout_seconds):
        number = next(opened, None)
        if number is None:
            raise SendFailed("A-ASSOCIATE-RJ")
        return SimpleNamespace(close=lambda: closed.append(number))

    monkeypatch.setattr(associating, "associate", associate)
    return closed


def test_what_idle_associations_cost_is_measured_and_all_are_closed(monkeypatch, server):
    closed = _offer(monkeypatch, taken=QUICK.idle)
    figures = associating.idle(server, SimpleNamespace(scale=QUICK))
    assert figures["done"] == QUICK.idle
    assert 0 <= figures["core_percent"] < 50
    assert sorted(closed) == list(range(QUICK.idle))


@pytest.mark.parametrize("taken", [0, 2])
def test_a_receiver_that_takes_fewer_has_no_figure_to_be_praised_for(monkeypatch, server, taken):
    closed = _offer(monkeypatch, taken=taken)
    figures = associating.idle(server, SimpleNamespace(scale=QUICK))
    assert figures == {"done": taken, "note": f"took only {taken} of {QUICK.idle}"}
    assert sorted(closed) == list(range(taken))
