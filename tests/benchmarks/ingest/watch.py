"""What a receiver used while something was sent to it."""

import os
import resource
import time
from types import TracebackType
from typing import Self

from tests.benchmarks.ingest import process_tree
from tests.benchmarks.ingest.measurement import Figures
from tests.benchmarks.ingest.memory import warm_memory
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stored import expect_stored

MIB = 1 << 20


class Watch:
    """Measures ``server`` while the block lasts, and on until all is done that follows its last answer.

    That is ``settle_seconds`` at the least, and until it holds the ``stores`` instances it was sent in the block:
    a receiver that enters them later does that work all the same. Raises SendFailed where it never does.

    Begins with all that was written before on disk, so that nobody flushes what another left. Read it with
    the associations still open: a child that served one is gone with it.
    """

    def __init__(self, server: Server, *, settle_seconds: float, stores: int = 0) -> None:
        self._server = server
        self._stores = stores
        self._settle_seconds = settle_seconds
        self._pid = server.pid
        self.cpu_seconds = self.sender_cpu_seconds = 0.0
        self.peak_mib = self.growth_mib = 0.0

    def __enter__(self) -> Self:
        self._wanted = self._server.count_stored() + self._stores
        os.sync()
        warm_memory()
        process_tree.forget_peak(self._pid)
        self._resident = process_tree.resident_bytes(self._pid)
        self._cpu_before = process_tree.cpu_seconds(self._pid)
        self._sender_before = _own_cpu_seconds()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sender_cpu_seconds = _own_cpu_seconds() - self._sender_before
        if kind is not None:
            return
        time.sleep(self._settle_seconds)
        expect_stored(self._server, self._wanted)
        self.cpu_seconds = process_tree.cpu_seconds(self._pid) - self._cpu_before
        peaks = process_tree.peak_bytes(self._pid)
        self.peak_mib = max(peaks.values()) / MIB
        self.growth_mib = max(peak - self._resident.get(pid, 0) for pid, peak in peaks.items()) / MIB

    def figures(self, seconds: float, *, done: int) -> Figures:
        """What was measured, for so many that were done in so many seconds."""
        return {
            "done": done,
            "per_second": done / seconds,
            "cpu_seconds_per_1000": 1000 * self.cpu_seconds / done,
            "sender_cpu_seconds_per_1000": 1000 * self.sender_cpu_seconds / done,
            "peak_mib": self.peak_mib,
            "growth_mib": self.growth_mib,
        }


def _own_cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
