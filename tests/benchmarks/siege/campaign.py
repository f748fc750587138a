"""The order of events: all at once, then calm, siege and calm, and after each whether all was given back."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ingest import process_tree
from tests.benchmarks.ingest.instance import Uids
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stored import expect_stored
from tests.benchmarks.siege.active import Crowd, count_not_kept, store_all_at_once
from tests.benchmarks.siege.modality import Stored, store_for
from tests.benchmarks.siege.scale import Scale
from tests.neighbours.belongings import Belongings, belongings_of, resting, seconds_until_within

ENDING_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """What the node held at its ``most`` and ``left`` at last; ``back_seconds``: until back at base, None if never."""

    most: Belongings
    left: Belongings
    back_seconds: float | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that was seen of one node. ``not_kept``: of the crowd's instances, those not byte for byte in the spool.

    ``besiegers``: kind -> what became of them, how often. ``siege_core_percent``: of one core, the modality's
    instances included.
    """

    base: Belongings
    crowd: Crowd
    not_kept: int
    crowd_aftermath: Aftermath
    calm: Stored
    siege: Stored
    besiegers: dict[str, dict[str, int]]
    siege_aftermath: Aftermath
    siege_core_percent: float


def campaign(server: Server, folder: Path, scale: Scale, *, say: Callable[[str], None]) -> Outcome:
    """Lead it. Raises SendFailed where the node does not hold what it answered Success."""
    uids = Uids()
    say("one series, then rest: the base")
    first = store_for(0.1, server, scale, uids)
    base = resting(server.pid)
    say(f"{scale.active} associations at once")
    crowd = store_all_at_once(server, scale, uids)
    most = belongings_of(server.pid)
    crowd_aftermath = _aftermath(server, base, most, scale)
    expect_stored(server, len(first.latencies) + len(crowd.sent))
    not_kept = count_not_kept(crowd, folder, scale)
    say("calm")
    calm = store_for(scale.calm_seconds, server, scale, uids)
    say(f"{scale.besiegers} peers for {scale.siege_seconds:g} s")
    before, began = process_tree.cpu_seconds(server.pid), time.monotonic()
    siege, besiegers, most = _under_siege(server, scale, uids)
    used, seconds = process_tree.cpu_seconds(server.pid) - before, time.monotonic() - began
    siege_aftermath = _aftermath(server, base, most, scale)
    say("calm")
    calm += store_for(scale.calm_seconds, server, scale, uids)
    done = sum(len(each.latencies) for each in (first, calm, siege))
    expect_stored(server, done + len(crowd.sent))
    return Outcome(
        base=base,
        crowd=crowd,
        not_kept=not_kept,
        crowd_aftermath=crowd_aftermath,
        calm=calm,
        siege=siege,
        besiegers=besiegers,
        siege_aftermath=siege_aftermath,
        siege_core_percent=100 * used / seconds,
    )


def _under_siege(
    server: Server, scale: Scale, uids: Uids
) -> tuple[Stored, dict[str, dict[str, int]], Belongings]:
    words = [str(each) for each in (server.port, server.ae_title, scale.besiegers, scale.drip_seconds)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.siege.besiegers", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as besiegers:
        try:
            assert besiegers.stdout is not None
            besiegers.stdout.readline()  # said when all of them stand there
            stored = store_for(scale.siege_seconds, server, scale, uids)
            most = belongings_of(server.pid)
            told, _ = besiegers.communicate(timeout=ENDING_SECONDS)
        finally:
            besiegers.kill()
    return stored, json.loads(told), most


def _aftermath(server: Server, base: Belongings, most: Belongings, scale: Scale) -> Aftermath:
    back_seconds = seconds_until_within(server.pid, base, at_most_seconds=scale.back_seconds)
    return Aftermath(most=most, left=belongings_of(server.pid), back_seconds=back_seconds)
