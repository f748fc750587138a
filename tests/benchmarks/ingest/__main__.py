"""`make bench-ingest`: the receivers in turn, one table, and the ratios the door is held to."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.ingest.machine import file_system, machine
from tests.benchmarks.ingest.peers import Peer
from tests.benchmarks.ingest.peers.dcmtk import dcmtk
from tests.benchmarks.ingest.peers.floor import floor
from tests.benchmarks.ingest.peers.node import node, node_without_fsync
from tests.benchmarks.ingest.peers.orthanc import orthanc
from tests.benchmarks.ingest.peers.stock_pynetdicom import stock_pynetdicom
from tests.benchmarks.ingest.ratios import ELSEWHERE, Verdict, explain_stall, judge
from tests.benchmarks.ingest.rounds import Outcome, measure
from tests.benchmarks.ingest.scale import FULL, QUICK, Scale
from tests.benchmarks.ingest.table import as_table


def main() -> int:
    options = _options()
    folder = options.folder or Path(tempfile.gettempdir())
    peers = _peers(options.receivers)
    scale = QUICK if options.quick else FULL
    outcome = measure(
        peers,
        scale,
        rounds=1 if options.quick else options.rounds,
        parent=folder,
        say=lambda sentence: print(sentence, file=sys.stderr, flush=True),
    )
    ours, unsynced = node(options.receivers[0]).name, node_without_fsync(options.receivers[0]).name
    verdicts = judge(outcome.medians, ours=ours, ours_without_fsync=unsynced)
    print(_report(peers, outcome, verdicts, scale, folder))
    if options.json:
        options.json.write_text(json.dumps(_as_json(peers, outcome, verdicts, folder), indent=2) + "\n")
    return 1 if any(each.failed for each in outcome.measured) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-ingest ARGS=…", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each receiver has its turn (3)")
    parser.add_argument("--quick", action="store_true", help="so few instances that the figures mean nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds there too")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure; else the temporary one")
    parser.add_argument(
        "--receivers",
        type=lambda text: text.split(","),
        default=["streaming", "stock"],
        metavar="NAME,…",
        help="values of [scp] receiver, ours being the first; 'default' names none (streaming,stock)",
    )
    return parser.parse_args()


def _peers(receivers: list[str]) -> list[Peer]:
    nodes = [node(receiver) for receiver in receivers]
    return [dcmtk(), orthanc(), stock_pynetdicom(), *nodes, node_without_fsync(receivers[0]), floor()]


def _report(peers: list[Peer], outcome: Outcome, verdicts: list[Verdict], scale: Scale, folder: Path) -> str:
    told = [f"  {peer.name}: {outcome.missing.get(peer.name) or peer.how}" for peer in peers]
    missing = [f"MISSING: {name}. {reason}" for name, reason in outcome.missing.items()]
    return "\n".join(
        [
            ", ".join(machine(folder).values()),
            *_warnings(folder, scale),
            *told,
            "",
            as_table(outcome.medians, scale),
            *missing,
            "Ratios of the medians above:",
            *(f"  {verdict}" for verdict in verdicts),
            explain_stall(outcome.medians),
            ELSEWHERE,
        ]
    )


def _warnings(folder: Path, scale: Scale) -> list[str]:
    warnings = []
    if file_system(folder) in ("tmpfs", "ramfs"):
        warnings.append(
            f"{folder} is memory: flushing costs nothing there. Name a folder on a disk: --folder"
        )
    if scale is QUICK:
        warnings.append("The short form: it shows that everything works. Its figures mean nothing.")
    return warnings


def _as_json(peers: list[Peer], outcome: Outcome, verdicts: list[Verdict], folder: Path) -> dict[str, object]:
    return {
        "machine": machine(folder),
        "receivers": {peer.name: peer.how for peer in peers if peer.name not in outcome.missing},
        "missing": outcome.missing,
        "medians": [asdict(each) for each in outcome.medians],
        "rounds": [asdict(each) for each in outcome.measured],
        "ratios": [asdict(each) | {"is_met": each.is_met} for each in verdicts],
        "notes": [explain_stall(outcome.medians), ELSEWHERE],
    }


if __name__ == "__main__":
    sys.exit(main())
