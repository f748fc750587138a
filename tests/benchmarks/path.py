"""How long from the last instance to SEG and SR in the PACS, beyond the quiet period and the model? `make bench-path`.

A warm node, one study after the other; times are those the ledger wrote down.
"""

import argparse
import json
import statistics
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from dicom_node.demo.pacs.server import StandInPacs
from tests.neighbours.chest import real_chest_x_ray, with_new_uids, write
from tests.neighbours.node import QUIET_SECONDS, Node


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=10)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), studies=options.studies)
    print(json.dumps(rows, indent=2) if options.as_json else as_table(rows))


def measure(folder: Path, *, studies: int) -> list[dict[str, float]]:
    (folder / "pacs").mkdir()
    pacs = StandInPacs(folder=folder / "pacs")
    pacs.start()
    node = Node(
        folder / "node", destinations={"pacs": f"dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}"}
    ).start()
    try:
        return [one_study(node, folder) for _ in range(studies + 1)][1:]  # the first warms PACS and caches
    finally:
        node.stop()
        pacs.stop()


def one_study(node: Node, folder: Path) -> dict[str, float]:
    source = with_new_uids(real_chest_x_ray())
    sent = node.store(write(source, folder))
    assert sent.returncode == 0, sent.stderr
    study = node.wait_for_study(source.StudyInstanceUID, lambda study: study["state"] == "finished")
    (analysis,) = study["analyses"]
    last = max(seconds(row["delivered_at"]) for row in analysis["results"])
    whole = last - seconds(study["last_received_at"])
    model = analysis["notes"]["seconds"]["predict"]
    return {
        "whole": whole,
        "quiet": QUIET_SECONDS,
        "model": model,
        "beyond": whole - QUIET_SECONDS - model,
        "noticed": seconds(study["complete_at"]) - seconds(study["last_received_at"]) - QUIET_SECONDS,
        "claimed": seconds(analysis["started_at"]) - seconds(study["complete_at"]),
        "analysed": seconds(analysis["ended_at"]) - seconds(analysis["started_at"]) - model,
        "delivered": last - seconds(analysis["ended_at"]),
    }


def as_table(rows: list[dict[str, float]]) -> str:
    lines = ["seconds       least  median    most"]
    for name in rows[0]:
        values = [row[name] for row in rows]
        lines.append(f"{name:<10} {min(values):8.2f} {statistics.median(values):7.2f} {max(values):7.2f}")
    return "\n".join(lines)


def seconds(date: Any) -> float:
    return datetime.fromisoformat(date).timestamp()


if __name__ == "__main__":
    main()
