"""How much is sent in each case: the whole, or a short form that shows the bench itself works."""

from dataclasses import dataclass

from tests.benchmarks.ingest.instance import Size


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Numbers of instances and associations. storescu sends ``stalled`` of them where it stalls, else ``untuned``.

    Work that follows the last answer has ``settle_seconds`` to be seen. After the idle associations were opened,
    ``idle_pause_seconds`` pass before ``idle_seconds`` are measured.
    """

    probe: int
    stalled: int
    untuned: int
    one_association: int
    small: int
    associations: int
    each_association: int
    large: Size
    set_ups: int
    idle: int
    settle_seconds: float
    idle_pause_seconds: float
    idle_seconds: float


FULL = Scale(
    probe=10,
    stalled=40,
    untuned=400,
    one_association=400,
    small=2000,
    associations=4,
    each_association=150,
    large=Size(rows=10_000, columns=10_000),  # 200 MB
    set_ups=50,
    idle=100,
    settle_seconds=0.3,
    idle_pause_seconds=1.0,
    idle_seconds=10.0,
)
QUICK = Scale(
    probe=2,
    stalled=3,
    untuned=10,
    one_association=10,
    small=20,
    associations=4,
    each_association=3,
    large=Size(rows=2_000, columns=2_000),  # 8 MB
    set_ups=5,
    idle=5,
    settle_seconds=0.05,
    idle_pause_seconds=0.1,
    idle_seconds=0.5,
)
