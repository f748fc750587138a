"""CPU seconds, the least of several rounds: what neighbours on the machine add is no part of it."""

import time
from collections.abc import Callable


def least(*runs: Callable[[], object], rounds: int = 5) -> list[float]:
    """CPU seconds of each run, in turns, so that a slow minute meets all."""
    seconds = [[_timed(run) for run in runs] for _ in range(rounds)]
    return [min(column) for column in zip(*seconds, strict=True)]


def _timed(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began
