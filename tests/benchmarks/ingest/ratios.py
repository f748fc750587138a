"""The numbers the door is held to, each as a bar and what was measured in this run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.ingest.measurement import Measurement
from tests.benchmarks.ingest.peers.dcmtk import NAME as DCMTK
from tests.benchmarks.ingest.peers.floor import NAME as FLOOR
from tests.benchmarks.ingest.peers.orthanc import NAME as ORTHANC
from tests.benchmarks.ingest.peers.stock_pynetdicom import NAME as STOCK

OURS, OURS_UNSYNCED = "ours", "ours without fsync"

Figure = Callable[[Measurement], float | None]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """``figure`` of our node in ``case``, divided by another's where one is named, held against ``bar``."""

    said: str
    case: str
    figure: str
    bar: float
    other: str | None = None
    ours: str = OURS
    is_at_most: bool = False


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One bar in one run; ``measured`` is None where something it needs was not measured."""

    said: str
    bar: float
    is_at_most: bool
    measured: float | None

    @property
    def is_met(self) -> bool | None:
        """Whether it was cleared; None where it was not measured."""
        if self.measured is None:
            return None
        return self.measured <= self.bar if self.is_at_most else self.measured >= self.bar

    def __str__(self) -> str:
        bar = f"(bar: at {'most' if self.is_at_most else 'least'} {self.bar:g})"
        if self.measured is None:
            return f"{self.said}: not measured {bar}"
        return f"{self.said}: {self.measured:.3g} {bar}{'' if self.is_met else '  NOT MET'}"


BARS = (
    Bar(said="ours/DCMTK, storescu 525 KB", case="untuned", figure="per_second", other=DCMTK, bar=25),
    Bar(said="ours/Orthanc, storescu 525 KB", case="untuned", figure="per_second", other=ORTHANC, bar=25),
    Bar(said="ours/stock, storescu 525 KB", case="untuned", figure="per_second", other=STOCK, bar=2.5),
    Bar(said="ours/Orthanc, 525 KB", case="one_association", figure="per_second", other=ORTHANC, bar=2.5),
    Bar(
        said="CPU of ours/Orthanc, 525 KB",
        case="one_association",
        figure="cpu_seconds_per_1000",
        other=ORTHANC,
        bar=0.35,
        is_at_most=True,
    ),
    Bar(
        said="ours without fsync/DCMTK, 525 KB",
        case="one_association",
        figure="per_second",
        ours=OURS_UNSYNCED,
        other=DCMTK,
        bar=1.2,
    ),
    Bar(
        said="ours without fsync/C loop, 525 KB",
        case="one_association",
        figure="per_second",
        ours=OURS_UNSYNCED,
        other=FLOOR,
        bar=0.7,
    ),
    Bar(said="ours/Orthanc, 10 KB", case="small", figure="per_second", other=ORTHANC, bar=2),
    Bar(
        said="ours/Orthanc, 4 associations",
        case="several",
        figure="per_second",
        other=ORTHANC,
        bar=2.5,
    ),
    Bar(said="ours/DCMTK, one large instance", case="large", figure="per_second", other=DCMTK, bar=3),
    Bar(
        said="MiB of memory that a large instance adds",
        case="large",
        figure="growth_mib",
        bar=32,
        is_at_most=True,
    ),
    Bar(said="ms to open and release an association", case="set_up", figure="p50_ms", bar=5, is_at_most=True),
    Bar(said="% of a core, idle associations", case="idle", figure="core_percent", bar=5, is_at_most=True),
)

ELSEWHERE = "500 concurrent active associations, and store latency beside 1,000 idle or slow peers: `make bench-siege`."
STALL = (
    "Of the storescu ratios: between storescu and a receiver that leaves TCP as it comes, a network stall lies in\n"
    "each instance: Nagle's algorithm holds a last piece back until the other side's ACK, delayed by 40 ms. Ours\n"
    "removes that stall (TCP_QUICKACK, TCP_NODELAY, one write an answer). It is waiting, not work; for the work see\n"
    "the stall-free rows. Milliseconds an instance, from storescu and from the stall-free sender:"
)


def judge(medians: Sequence[Measurement], *, ours: str, ours_without_fsync: str) -> list[Verdict]:
    """Every bar against the medians of this run; the two names are those of our node in it."""
    names = {OURS: ours, OURS_UNSYNCED: ours_without_fsync}
    by_kind = {(each.case, each.peer): each for each in medians}
    return [_verdict(bar, by_kind, names[bar.ours]) for bar in BARS]


def explain_stall(medians: Sequence[Measurement]) -> str:
    """What was removed in the untuned case, with each receiver's time for an instance with and without it."""
    rates = {(each.peer, each.case): each.per_second for each in medians if each.per_second}
    both = [peer for peer, case in rates if case == "untuned" and (peer, "one_association") in rates]
    return "\n".join([STALL, *(_waiting(peer, rates) for peer in both)])


def _waiting(peer: str, rates: dict[tuple[str, str], float]) -> str:
    return f"  {peer:36}{1000 / rates[peer, 'untuned']:6.1f}{1000 / rates[peer, 'one_association']:8.1f}"


def _verdict(bar: Bar, by_kind: dict[tuple[str, str], Measurement], ours: str) -> Verdict:
    measured = _figure(by_kind.get((bar.case, ours)), bar.figure)
    if bar.other is not None:
        other = _figure(by_kind.get((bar.case, bar.other)), bar.figure)
        measured = measured / other if measured is not None and other else None
    return Verdict(said=bar.said, bar=bar.bar, is_at_most=bar.is_at_most, measured=measured)


def _figure(measurement: Measurement | None, name: str) -> float | None:
    return None if measurement is None else getattr(measurement, name)
