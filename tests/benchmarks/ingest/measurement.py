"""What one case gave with one receiver, and the median of several rounds of it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

FIGURES = (
    "per_second",
    "cpu_seconds_per_1000",
    "sender_cpu_seconds_per_1000",
    "p50_ms",
    "p99_ms",
    "peak_mib",
    "growth_mib",
    "core_percent",
)


Figures = dict[str, float | int | str]
"""Figures of one Measurement, by name."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """Figures that a case does not have are None. ``failed`` says why there are none at all.

    ``done``: instances stored, or associations opened. ``peak_mib`` is that of the receiver's largest process,
    ``growth_mib`` that of the one which grew most; ``core_percent`` is of one core.
    """

    case: str
    peer: str
    done: int = 0
    per_second: float | None = None
    cpu_seconds_per_1000: float | None = None
    sender_cpu_seconds_per_1000: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    peak_mib: float | None = None
    growth_mib: float | None = None
    core_percent: float | None = None
    note: str = ""
    failed: str = ""


def median_of(rounds: Sequence[Measurement]) -> Measurement:
    """The median of each figure over the rounds of one case with one receiver; one that failed is told."""
    worked = [each for each in rounds if not each.failed]
    if len(worked) < len(rounds):
        return next(each for each in rounds if each.failed)
    figures = {name: _median([getattr(each, name) for each in worked]) for name in FIGURES}
    return Measurement(
        case=worked[0].case,
        peer=worked[0].peer,
        done=min(each.done for each in worked),
        note="; ".join(dict.fromkeys(each.note for each in worked if each.note)),
        **figures,  # type: ignore[arg-type]
    )


def latency_figures(seconds: Sequence[float]) -> Figures:
    """The median and the 99th percentile of how long each took."""
    return {"p50_ms": 1000 * percentile(seconds, 50), "p99_ms": 1000 * percentile(seconds, 99)}


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of ``values`` that ``percent`` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank), 1) - 1]


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
