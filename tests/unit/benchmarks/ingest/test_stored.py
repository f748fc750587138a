"""A receiver may store a moment after its answer, but what it answered must be there."""

import subprocess

import pytest

from tests.benchmarks.ingest import stored
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import SendFailed


@pytest.fixture
def server_that_holds(monkeypatch):
    """Makes a server that says it holds so many, each time it is asked the next of ``counts``."""
    monkeypatch.setattr(stored, "STORED_WITHIN_SECONDS", 0.3)
    with subprocess.Popen(["sleep", "60"]) as process:

        def make(*counts):
            asked = iter(counts)
            return Server(port=1, ae_title="X", process=process, count_stored=lambda: next(asked, counts[-1]))

        yield make
        process.kill()


def test_it_is_waited_for(server_that_holds):
    server = server_that_holds(0, 1, 3)
    stored.expect_stored(server, 3)
    assert server.count_stored() == 3


@pytest.mark.parametrize("held", [0, 2, 4])
def test_another_number_is_no_success(server_that_holds, held):
    with pytest.raises(SendFailed, match=f"^3 instances were answered Success, {held} are stored$"):
        stored.expect_stored(server_that_holds(held), 3)
