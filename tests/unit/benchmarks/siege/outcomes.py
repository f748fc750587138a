"""An outcome of a campaign in which all went well, to be spoilt."""

from dataclasses import replace

from tests.benchmarks.siege.active import Crowd, Sent
from tests.benchmarks.siege.campaign import Aftermath, Outcome
from tests.benchmarks.siege.modality import Stored
from tests.benchmarks.siege.scale import QUICK
from tests.neighbours.belongings import Belongings

BASE = Belongings(threads=4, descriptors=7)
MOST = Belongings(threads=96, descriptors=142)


def outcome(**changed: object) -> Outcome:
    sent = [Sent(study="1.2", series="1.2.3", sop=f"1.2.3.{number}") for number in range(120)]
    crowd = Crowd(at_once=QUICK.active, sent=sent, latencies=[0.1] * 120, seconds=2.0)
    back = Aftermath(most=MOST, left=BASE, back_seconds=0.7)
    well = Outcome(
        base=BASE,
        crowd=crowd,
        not_kept=0,
        crowd_aftermath=back,
        calm=Stored(latencies=[0.004] * 95 + [0.010] * 5, openings=[0.003]),
        siege=Stored(latencies=[0.006] * 99 + [0.019], openings=[0.005]),
        besiegers={"connected and silent": {"connected": 10, "shown out": 3}},
        siege_aftermath=back,
        siege_core_percent=6.0,
    )
    return replace(well, **changed)
