"""The figures of /proc, held against children that use a known amount."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.ingest import process_tree

MIB = 1 << 20
SPIN = "import time\nwhile time.process_time() < 0.3: pass\n"


@contextmanager
def _child(program: str) -> Iterator[subprocess.Popen[bytes]]:
    """Runs ``program``, which then says `x` and waits for a line before it goes on."""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.read(1) == b"x"
        yield child
        child.kill()


def test_time_of_the_process_and_of_its_living_and_dead_children_counts():
    program = (
        "import os, subprocess, sys\n"
        f"spin = {SPIN!r}\n"
        "exec(spin)\n"
        "subprocess.run([sys.executable, '-c', spin])\n"
        "living = subprocess.Popen([sys.executable, '-c', spin + 'import time; print(flush=True); time.sleep(60)'],"
        " stdout=subprocess.PIPE)\n"
        "living.stdout.readline()\n"
        "print('x', end='', flush=True)\n"
        "sys.stdin.read(); living.kill()\n"
    )
    with _child(program) as child:
        assert 0.85 <= process_tree.cpu_seconds(child.pid) <= 3.0
        assert child.stdin is not None
        child.stdin.close()
        child.wait(10)


def test_the_peak_is_what_was_held_since_it_was_forgotten():
    program = (
        "import sys\n"
        "def hold(): bytearray(40 << 20)\n"
        "hold(); print('x', end='', flush=True); sys.stdin.readline()\n"
        "hold(); print('x', end='', flush=True); sys.stdin.readline()\n"
    )
    with _child(program) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        held = process_tree.resident_bytes(child.pid)[child.pid]
        assert process_tree.peak_bytes(child.pid)[child.pid] - held > 30 * MIB
        process_tree.forget_peak(child.pid)
        assert process_tree.peak_bytes(child.pid)[child.pid] - held < 5 * MIB
        child.stdin.write(b"\n")
        child.stdin.flush()
        child.stdout.read(1)
        assert process_tree.peak_bytes(child.pid)[child.pid] - held > 30 * MIB


def test_a_process_that_has_gone_has_used_nothing():
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    assert process_tree.cpu_seconds(gone.pid) == 0
    assert process_tree.peak_bytes(gone.pid) == {gone.pid: 0}
    process_tree.forget_peak(gone.pid)
