"""`make bench-inference`: what a study costs beyond the model, each number beside its bar."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.benchmarks.inference.ratio import Ratio
from tests.benchmarks.ingest.machine import machine

HERE = Path(__file__).parent
NOT_MEASUREMENTS = {"__main__", "ratio"}


def main() -> int:
    """All measurements, or those named; 1 where a bar was not met."""
    options = _options()
    measured = {name: _measure(name) for name in options.only or names()}
    this = machine(Path(tempfile.gettempdir()))
    print("\n".join([", ".join(this.values()), "", as_table(measured)]))
    if options.json:
        rows = [
            asdict(each) | {"of": name, "is_met": each.is_met} for name in measured for each in measured[name]
        ]
        options.json.write_text(json.dumps({"machine": this, "ratios": rows}, indent=2) + "\n")
    return 0 if all(each.is_met for ratios in measured.values() for each in ratios) else 1


def names() -> list[str]:
    """Every module of this folder that measures something."""
    return sorted(module.name for module in iter_modules([str(HERE)]) if module.name not in NOT_MEASUREMENTS)


def as_table(measured: dict[str, Sequence[Ratio]]) -> str:
    """One line for each number: measured, bar, whether it is met, and from what it came."""
    lines = [f"{'measured':>9} {'at most':>8}"]
    for name, ratios in measured.items():
        lines += [name.replace("_", " "), *map(_line, ratios)]
    return "\n".join(lines)


def _line(each: Ratio) -> str:
    verdict = "MET    " if each.is_met else "NOT MET"
    return f"{each.measured:9.3f} {each.bar:8g}  {verdict}  {each.said}" + (
        f" ({each.detail})" * bool(each.detail)
    )


def _measure(name: str) -> list[Ratio]:
    print(f"measuring {name.replace('_', ' ')} …", file=sys.stderr, flush=True)
    ratios: list[Ratio] = import_module(f"tests.benchmarks.inference.{name}").measure()
    return ratios


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-inference ARGS=…", description=__doc__)
    parser.add_argument(
        "only", nargs="*", metavar="NAME", help=f"of {', '.join(names())}; all of them if none"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
