"""How much: the whole, or a short form that shows the bench itself works and nobody is refused."""

from dataclasses import dataclass

from tests.benchmarks.ingest.instance import CT_SLICE, SMALL, Size


@dataclass(frozen=True, kw_only=True)
class Scale:
    """``active`` associations are all open before the first of them stores ``each_active`` instances.

    The known modality stores ``per_second`` instances a second, ``each_association`` on one association, for
    ``calm_seconds`` before and again after the siege, and for ``siege_seconds`` beside ``besiegers`` peers.
    ``drip_seconds`` lie between two bytes of a slow peer, and between its end and its next attempt. What the
    peers took must be given back ``back_seconds`` after they left.
    """

    active: int
    each_active: int
    active_size: Size
    modality_size: Size
    per_second: float
    each_association: int
    calm_seconds: float
    siege_seconds: float
    besiegers: int
    drip_seconds: float
    back_seconds: float = 15.0


FULL = Scale(
    active=500,
    each_active=4,
    active_size=Size(rows=256, columns=256),  # 131 KB
    modality_size=CT_SLICE,
    per_second=20.0,
    each_association=10,
    calm_seconds=20.0,
    siege_seconds=60.0,
    besiegers=1000,
    drip_seconds=5.0,
)
QUICK = Scale(
    active=40,
    each_active=3,
    active_size=SMALL,
    modality_size=SMALL,
    per_second=10.0,
    each_association=4,
    calm_seconds=1.0,
    siege_seconds=5.0,
    besiegers=50,
    drip_seconds=0.5,
)
