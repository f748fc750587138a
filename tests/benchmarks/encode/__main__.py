"""`make bench-encode`: what it costs to put a result into DICOM, each number beside its bar."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.encode import reports, segmentations
from tests.benchmarks.inference.__main__ import as_table
from tests.benchmarks.ingest.machine import machine


def main() -> int:
    """All measurements; 1 where a bar was not met."""
    measured = {"segmentations": segmentations.measure(), "reports": reports.measure()}
    print("\n".join([", ".join(machine(Path(tempfile.gettempdir())).values()), "", as_table(measured)]))
    return 0 if all(each.is_met for ratios in measured.values() for each in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
