"""`make bench-train`: does the input pipeline keep the network waiting? `… methods`: does each method pay?"""

import argparse
import os
import sys

from tests.benchmarks.train import throughput
from tests.benchmarks.train.material import NAMES


def main() -> int:
    """What was asked for; 1 where a bar was not met, or a method did not beat its plain form."""
    options = _options()
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}\n")
    if options.what == "methods":
        from tests.benchmarks.train.methods.all import main as compare_methods

        return compare_methods(options.only)
    return throughput.main(options.only or list(NAMES))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.train", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["throughput", "methods"], default="throughput")
    parser.add_argument("only", nargs="*", metavar="NAME", help="recipes, or methods; all of them if none")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
