"""The campaign as a table for people."""

from collections.abc import Iterator, Sequence

from tests.benchmarks.ingest.measurement import percentile
from tests.benchmarks.siege.campaign import Outcome

OUTCOMES = ("connected", "refused", "shown out", "not connected")


def as_table(outcome: Outcome) -> str:
    """Latencies of those who are served, and what became of the others."""
    return "\n".join([*_latencies(outcome), "", *_besiegers(outcome)])


def _latencies(outcome: Outcome) -> Iterator[str]:
    yield f"{'milliseconds':44}{'done':>8}{'p50':>9}{'p99':>9}{'most':>9}"
    for said, seconds in (
        ("all at once: C-STORE", outcome.crowd.latencies),
        ("the modality in calm: C-STORE", outcome.calm.latencies),
        ("the modality in calm: association", outcome.calm.openings),
        ("the modality under siege: C-STORE", outcome.siege.latencies),
        ("the modality under siege: association", outcome.siege.openings),
    ):
        yield f"{said:44}{len(seconds):>8}{_milliseconds(seconds)}"
    if outcome.crowd.seconds:
        yield f"all at once: {len(outcome.crowd.sent) / outcome.crowd.seconds:.0f} instances/s"
    yield f"under siege the node took {outcome.siege_core_percent:.0f} % of a core, its instances included"


def _milliseconds(seconds: Sequence[float]) -> str:
    if not seconds:
        return f"{'–':>9}" * 3
    return "".join(f"{1000 * percentile(seconds, each):>9.1f}" for each in (50, 99, 100))


def _besiegers(outcome: Outcome) -> Iterator[str]:
    yield f"{'besiegers':44}" + "".join(f"{each:>15}" for each in OUTCOMES)
    for kind, told in outcome.besiegers.items():
        yield f"{kind:44}" + "".join(f"{told.get(each, 0):>15}" for each in OUTCOMES)
