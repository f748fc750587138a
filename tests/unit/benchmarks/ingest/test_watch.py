"""Work that a receiver does after its answer is on its account: it is watched until all it was sent is stored."""

import subprocess
import sys

import pytest

from tests.benchmarks.ingest import stored
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import SendFailed
from tests.benchmarks.ingest.watch import Watch

WORKS_LATER = """
import sys, time
sys.stdin.readline()
began = time.process_time()
time.sleep(0.2)
while time.process_time() - began < 0.5: pass
print("entered", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def late():
    """A server that is told of an instance by a line, and enters it half a second of work later."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKS_LATER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        counts = iter([0])

        def count_stored():
            for first in counts:
                return first
            process.stdout.readline()
            return 1

        yield Server(port=1, ae_title="X", process=process, count_stored=count_stored)
        process.kill()


def test_what_is_entered_after_the_answer_is_counted(late):
    with Watch(late, settle_seconds=0.0, stores=1) as watch:
        late.process.stdin.write(b"an instance\n")
        late.process.stdin.flush()
    assert watch.cpu_seconds >= 0.4


def test_what_is_never_entered_is_told(monkeypatch, late):
    monkeypatch.setattr(stored, "STORED_WITHIN_SECONDS", 0.1)
    never = Server(port=1, ae_title="X", process=late.process, count_stored=lambda: 7)
    with (
        pytest.raises(SendFailed, match="8 instances were answered Success, 7 are stored"),
        Watch(never, settle_seconds=0.0, stores=1),
    ):
        pass


def test_a_fault_within_is_not_hidden_behind_a_count(late):
    with pytest.raises(ZeroDivisionError), Watch(late, settle_seconds=0.0, stores=1):
        raise ZeroDivisionError
