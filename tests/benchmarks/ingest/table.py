"""The measurements as one table for people."""

from collections.abc import Sequence

from tests.benchmarks.ingest.cases import CASES
from tests.benchmarks.ingest.measurement import Measurement
from tests.benchmarks.ingest.scale import Scale

HEADER = f"{'per s':>9}{'CPU-s/1000':>12}{'p50 ms':>9}{'p99 ms':>9}{'peak MiB':>10}  "


def as_table(medians: Sequence[Measurement], scale: Scale) -> str:
    """A block for each case, a line for each receiver in it."""
    lines = []
    for case in CASES:
        rows = [each for each in medians if each.case == case.name]
        lines += [f"{case.title.format(**vars(scale)):36}{HEADER}".rstrip(), *map(_line, rows), ""]
    return "\n".join(lines)


def _line(row: Measurement) -> str:
    if row.failed:
        return f"  {row.peer:34}  FAILED: {' '.join(row.failed.split())[-200:]}"
    figures = (
        f"{_number(row.per_second):>9}{_number(row.cpu_seconds_per_1000):>12}"
        f"{_number(row.p50_ms):>9}{_number(row.p99_ms):>9}{_number(row.peak_mib):>10}"
    )
    return f"  {row.peer:34}{figures}  {'; '.join(_remarks(row))}".rstrip()


def _remarks(row: Measurement) -> list[str]:
    remarks = [row.note] if row.note else []
    if row.case == "large" and row.growth_mib is not None:
        remarks.append(f"+{_number(row.growth_mib)} MiB")
    if row.core_percent is not None:
        remarks.append(f"{_number(row.core_percent)} % of a core")
    return remarks


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
