"""Round by round, receiver by receiver, case by case; whatever stands in the way of one stops no other."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ingest import untuned
from tests.benchmarks.ingest.cases import CASES, Case
from tests.benchmarks.ingest.material import Material, make_material
from tests.benchmarks.ingest.measurement import Measurement, median_of
from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.scale import Scale
from tests.benchmarks.ingest.server import Missing, Server, StartFailed
from tests.benchmarks.ingest.stall_free import SendFailed
from tests.benchmarks.ingest.stored import expect_stored


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``missing``: receiver -> why it could not be measured. ``measured``: one for each receiver and case and round."""

    missing: dict[str, str]
    measured: list[Measurement]

    @property
    def medians(self) -> list[Measurement]:
        """One for each case and receiver, in the order of the cases."""
        by_kind: dict[tuple[str, str], list[Measurement]] = {}
        for each in self.measured:
            by_kind.setdefault((each.case, each.peer), []).append(each)
        return [
            median_of(rounds) for case in CASES for (name, _), rounds in by_kind.items() if name == case.name
        ]


def measure(
    peers: Sequence[Peer], scale: Scale, *, rounds: int, parent: Path | None, say: Callable[[str], None]
) -> Outcome:
    """All cases with all ``peers``, ``rounds`` times over; what is stored lies below ``parent`` till the round ends.

    Each round begins with another receiver: the first works on a disk from which much was just deleted, and ext4
    looks for a place among what was deleted in the last minute.
    """
    outcome = Outcome(missing={}, measured=[])
    with tempfile.TemporaryDirectory(prefix="bench-ingest-", dir=parent) as folder:
        material = make_material(scale, Path(folder))
        for number in range(1, rounds + 1):
            for place, peer in enumerate(_begin_with(number - 1, peers)):
                if peer.name not in outcome.missing:
                    say(f"round {number} of {rounds}: {peer.name}")
                    _measure_peer(peer, material, Path(folder) / "round" / str(place), outcome)
            shutil.rmtree(Path(folder) / "round", ignore_errors=True)
    return outcome


def _begin_with(place: int, peers: Sequence[Peer]) -> list[Peer]:
    place %= len(peers)
    return [*peers[place:], *peers[:place]]


def _measure_peer(peer: Peer, material: Material, folder: Path, outcome: Outcome) -> None:
    folder.mkdir(parents=True)
    try:
        server = peer.start(folder)
    except Missing as error:
        outcome.missing[peer.name] = str(error)
    except StartFailed as error:
        outcome.measured.extend(_failed(case, peer, str(error)) for case in CASES)
    else:
        try:
            outcome.measured.extend(_measure_case(case, peer, server, material) for case in _cases_for(peer))
        finally:
            server.stop()


def _cases_for(peer: Peer) -> list[Case]:
    can_be_untuned = peer.negotiates and untuned.is_installed()
    return [case for case in CASES if can_be_untuned or not case.is_negotiated]


def _measure_case(case: Case, peer: Peer, server: Server, material: Material) -> Measurement:
    try:
        before = server.count_stored()
        figures = case.run(server, material)
        if case.stores:
            expect_stored(server, before + int(figures["done"]))
    except (SendFailed, OSError) as error:
        return _failed(case, peer, str(error))
    return Measurement(case=case.name, peer=peer.name, **figures)  # type: ignore[arg-type]


def _failed(case: Case, peer: Peer, reason: str) -> Measurement:
    return Measurement(case=case.name, peer=peer.name, failed=reason)
