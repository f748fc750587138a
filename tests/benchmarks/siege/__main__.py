"""`make bench-siege`: hundreds who are let in at once, then a thousand who only take; a table, and what is met."""

import argparse
import json
import resource
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.ingest.machine import machine
from tests.benchmarks.ingest.server import StartFailed
from tests.benchmarks.ingest.stall_free import SendFailed
from tests.benchmarks.siege.campaign import Outcome, campaign
from tests.benchmarks.siege.judgement import Verdict, judge, ratio
from tests.benchmarks.siege.scale import FULL, QUICK, Scale
from tests.benchmarks.siege.stronghold import start_stronghold
from tests.benchmarks.siege.table import as_table

DESCRIPTORS_FOR_EACH = 3
"""The node has a socket and a pipe for each association."""


def main() -> int:
    options = _options()
    scale = QUICK if options.quick else FULL
    too_few = reason_not_to_start(scale, hard_limit=resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    if too_few:
        print(too_few, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-siege-", dir=options.folder) as parent:
        outcome = _lead(Path(parent), scale)
        verdicts = judge(outcome, scale)
        print(_report(outcome, verdicts, scale, Path(parent)))
        if options.json:
            content = _as_json(outcome, verdicts, Path(parent))
            options.json.write_text(json.dumps(content, indent=2) + "\n")
    judged = [each for each in verdicts if scale is FULL or not each.is_latency]
    return 0 if all(each.is_met for each in judged) else 1


def reason_not_to_start(scale: Scale, *, hard_limit: int) -> str | None:
    """Why so many cannot be had under a ``hard_limit`` of open files, and what to do; None when they can."""
    needed = DESCRIPTORS_FOR_EACH * max(scale.active, scale.besiegers) + 200
    if hard_limit == resource.RLIM_INFINITY or hard_limit >= needed:
        return None
    return (
        f"{hard_limit} open files are allowed here, {needed} are needed: "
        f"raise the hard limit (`ulimit -Hn {needed}`)"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-siege ARGS=…", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="so few peers that the latencies mean nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure; else the temporary one")
    return parser.parse_args()


def _lead(folder: Path, scale: Scale) -> Outcome:
    try:
        server = start_stronghold(folder, scale)
    except StartFailed as error:
        raise SystemExit(f"the node: {error}") from error
    _allow_ourselves_all_descriptors()
    try:
        return campaign(server, folder, scale, say=lambda said: print(said, file=sys.stderr, flush=True))
    except SendFailed as error:
        log = (folder / "server.log").read_text(errors="replace")
        raise SystemExit(f"NOT MET  {error}; the node's last words:\n{log[-2000:]}") from error
    finally:
        server.stop()


def _allow_ourselves_all_descriptors() -> None:
    """For the senders alone, and after the node was started: that has the limits of an admin's shell."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _report(outcome: Outcome, verdicts: list[Verdict], scale: Scale, folder: Path) -> str:
    short = ["The short form: it shows that everything works. Its latencies mean nothing."]
    return "\n".join(
        [
            ", ".join(machine(folder).values()),
            *(short if scale is QUICK else []),
            "",
            as_table(outcome),
            "",
            *map(str, verdicts),
        ]
    )


def _as_json(outcome: Outcome, verdicts: list[Verdict], folder: Path) -> dict[str, object]:
    return {
        "machine": machine(folder),
        "outcome": asdict(outcome),
        "latency_ratios": {"p50": ratio(outcome, 50), "p99": ratio(outcome, 99)},
        "verdicts": [asdict(each) for each in verdicts],
    }


if __name__ == "__main__":
    sys.exit(main())
