"""The known modality: a series at a time, as its scanner gives them, each on an association of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks.ingest.instance import Template, Uids, data_set
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import Association, SendFailed
from tests.benchmarks.siege.callers import MODALITY, MODALITY_ADDRESS
from tests.benchmarks.siege.scale import Scale

TIMEOUT_SECONDS = 30.0


@dataclass(kw_only=True)
class Stored:
    """Seconds of each C-STORE, and of each association's opening; a sentence for each time it was not served."""

    latencies: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(
            latencies=self.latencies + other.latencies,
            openings=self.openings + other.openings,
            refusals=self.refusals + other.refusals,
        )


def store_for(
    seconds: float, server: Server, scale: Scale, uids: Uids, *, is_over: Callable[[], bool] = lambda: False
) -> Stored:
    """Store at the pace of ``scale`` for so long, or until ``is_over``."""
    stored, content = Stored(), data_set(scale.modality_size)
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_over():
        try:
            _store_series(server, scale, content, uids, stored)
        except SendFailed as error:
            stored.refusals.append(str(error))
            time.sleep(1 / scale.per_second)  # a door that is shut is not knocked at in a busy loop
    return stored


def _store_series(server: Server, scale: Scale, content: bytes, uids: Uids, stored: Stored) -> None:
    began = time.perf_counter()
    with Association(
        server.port,
        called_ae_title=server.ae_title,
        calling_ae_title=MODALITY,
        address=MODALITY_ADDRESS,
        timeout_seconds=TIMEOUT_SECONDS,
    ) as association:
        stored.openings.append(time.perf_counter() - began)
        prepared: Template = association.prepare(content)
        prepared.set_series(uids)
        for _ in range(scale.each_association):
            next_at = time.monotonic() + 1 / scale.per_second
            prepared.set_instance(uids)
            stored.latencies.append(association.store(prepared))
            time.sleep(max(0.0, next_at - time.monotonic()))
