"""How many steps a second a recipe takes with batches as they are drawn, beside the same batches from memory."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median
from typing import Any

from inference.train.batches import batches
from tests.benchmarks.train.material import Bench, bench_of

BAR = 0.9
STEPS, ROUNDS = 12, 5
WARMING = 6
"""Steps before each measurement: they use up what was drawn meanwhile, or let the drawing come to rest."""

Fed = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """``ratio``: steps a second when drawn over those from memory, the median of the rounds; ``cpu`` the same of
    processor time, which other programs on the machine do not disturb."""

    recipe: str
    ratio: float
    least: float
    most: float
    cpu: float
    step_ms: float

    @property
    def is_met(self) -> bool:
        """Whether the input pipeline keeps up."""
        return self.ratio >= BAR


def measure(name: str, rounds: int = ROUNDS) -> Throughput:
    """In turns, so that whatever else the machine does meets both."""
    bench = bench_of(name)
    with closing(batches(bench.examples, bench.drawing, 0, 0)) as stream:  # type: ignore[type-var]
        kept = list(islice(_targets(stream, bench), 4))
        in_memory, drawn = cycle(kept), _targets(stream, bench)
        turns = [(_timed(bench, in_memory), _timed(bench, drawn)) for _ in range(rounds)]
    ratios = [memory[0] / fed[0] for memory, fed in turns]
    return Throughput(
        recipe=name,
        ratio=median(ratios),
        least=min(ratios),
        most=max(ratios),
        cpu=median(memory[1] / fed[1] for memory, fed in turns),
        step_ms=median(memory[0] for memory, _ in turns) / STEPS * 1000,
    )


def report(measured: list[Throughput]) -> str:
    """A line for each recipe."""
    heading = (
        f"{'recipe':16} {'drawn/memory':>13} {'from':>6} {'to':>6} {'CPU':>6} {'step ms':>8}   bar {BAR}"
    )
    return "\n".join([heading, *map(_line, measured)])


def _line(each: Throughput) -> str:
    verdict = "MET" if each.is_met else "NOT MET"
    return (
        f"{each.recipe:16} {each.ratio:13.3f} {each.least:6.3f} {each.most:6.3f} {each.cpu:6.3f} "
        f"{each.step_ms:8.0f}   {verdict}"
    )


def _targets(stream: Iterator[Any], bench: Bench) -> Fed:
    """Batches as ``learn.fit`` gives them to the learner: making the targets is part of being fed."""
    for batch in stream:
        yield batch.images, bench.learner.lesson.targets(batch.truths)


def _timed(bench: Bench, fed: Fed) -> tuple[float, float]:
    """Seconds by the clock, and of processors."""
    _take(bench, fed, WARMING)
    wall, cpu = time.perf_counter(), time.process_time()
    _take(bench, fed, STEPS)
    return time.perf_counter() - wall, time.process_time() - cpu


def _take(bench: Bench, fed: Fed, count: int) -> None:
    step: Callable[..., float] = bench.learner.step
    for images, targets in islice(fed, count):
        step(images, targets)


def main(names: list[str]) -> int:
    """Print the table; 1 where a bar was not met."""
    measured = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        measured.append(measure(name))
    print(report(measured))
    return 0 if all(each.is_met for each in measured) else 1
