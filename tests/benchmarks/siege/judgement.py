"""What the door is held to, each as a sentence, what was measured, and whether it is met. Pure."""

from collections import Counter
from dataclasses import dataclass

from tests.benchmarks.ingest.measurement import percentile
from tests.benchmarks.siege.campaign import Aftermath, Outcome
from tests.benchmarks.siege.scale import Scale

TIMES_AT_MOST = 2.0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``is_latency``: a figure of time, which means something on a quiet machine and at full scale alone."""

    said: str
    measured: str
    is_met: bool
    is_latency: bool = False

    def __str__(self) -> str:
        return f"{'MET    ' if self.is_met else 'NOT MET'}  {self.said}: {self.measured}"


def judge(outcome: Outcome, scale: Scale) -> list[Verdict]:
    """Every demand against one campaign."""
    return [
        *_crowd(outcome, scale),
        _back("after them, threads and descriptors are back", outcome.crowd_aftermath, outcome, scale),
        _no_refusal(outcome),
        _slower(outcome, "median", 50),
        _slower(outcome, "99th percentile", 99),
        _back("after the siege, threads and descriptors are back", outcome.siege_aftermath, outcome, scale),
    ]


def ratio(outcome: Outcome, percent: float) -> float | None:
    """Store latency under siege over that in calm; None where nothing was stored in one of them."""
    calm, siege = outcome.calm.latencies, outcome.siege.latencies
    return percentile(siege, percent) / percentile(calm, percent) if calm and siege else None


def _crowd(outcome: Outcome, scale: Scale) -> list[Verdict]:
    crowd, wanted = outcome.crowd, scale.active * scale.each_active
    faults = "; ".join(f"{times} × {fault}" for fault, times in Counter(crowd.faults).most_common(3))
    return [
        Verdict(
            said=f"{scale.active} associations are open at once, and all are served",
            measured=f"{crowd.at_once} open, {len(crowd.sent)} of {wanted} instances answered Success"
            + (f"; {faults}" if faults else ""),
            is_met=crowd.at_once == scale.active and len(crowd.sent) == wanted and not crowd.faults,
        ),
        Verdict(
            said="what they sent is kept byte for byte",
            measured=f"{len(crowd.sent) - outcome.not_kept} of {len(crowd.sent)}",
            is_met=bool(crowd.sent) and not outcome.not_kept,
        ),
    ]


def _no_refusal(outcome: Outcome) -> Verdict:
    refusals = outcome.siege.refusals + outcome.calm.refusals
    served = f"{len(outcome.siege.openings)} associations, {len(outcome.siege.latencies)} instances"
    return Verdict(
        said="under siege the known modality is never refused",
        measured=f"{served}, {len(refusals)} refusals{f' ({refusals[0]})' if refusals else ''}",
        is_met=bool(outcome.siege.latencies) and not refusals,
    )


def _slower(outcome: Outcome, name: str, percent: float) -> Verdict:
    times = ratio(outcome, percent)
    return Verdict(
        said=f"its store latency is at most {TIMES_AT_MOST:g} times that in calm, {name}",
        measured="not measured" if times is None else f"{times:.2f} times",
        is_met=times is not None and times <= TIMES_AT_MOST,
        is_latency=True,
    )


def _back(said: str, aftermath: Aftermath, outcome: Outcome, scale: Scale) -> Verdict:
    took = aftermath.back_seconds
    how = f"after {took:.1f} s" if took is not None else f"not: {aftermath.left} are left"
    return Verdict(
        said=f"{said} within {scale.back_seconds:g} s",
        measured=f"{how} (base {outcome.base}; most {aftermath.most})",
        is_met=took is not None,
    )
