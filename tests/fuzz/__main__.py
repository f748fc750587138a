"""`python -m tests.fuzz --cases 50000`: a long campaign against a door of its own, or one case again."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from tests.fuzz.campaign import BATCH, Failed, Outcome, run
from tests.fuzz.cases import case
from tests.neighbours.door import Door

LIMITS = {"request_seconds": 2, "pdu_seconds": 3, "idle_seconds": 5}


@click.command()
@click.option("--cases", default=50_000, show_default=True, help="How many.")
@click.option("--first", default=0, show_default=True, help="The number of the first.")
@click.option(
    "--seed", type=int, help="The same seed and number are the same case; without it, by the clock."
)
@click.option("--each", is_flag=True, help="Check everything after each case, to find which one it was.")
@click.option("--show", is_flag=True, help="Print what the first case sends, and run nothing.")
def main(cases: int, first: int, seed: int | None, each: bool, show: bool) -> None:
    """Fuzz the door."""
    seed = int(time.time()) if seed is None else seed
    if show:
        _show(seed, first)
    elif not _run(seed, first, cases, batch=1 if each else BATCH):
        sys.exit(1)


def _run(seed: int, first: int, cases: int, *, batch: int) -> bool:
    """In a folder that is left where it is when something failed."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-door-"))
    click.echo(f"seed {seed}, {cases} cases from {first}, in {folder}")
    door, began = Door(folder / "where" / "it" / "lives", **LIMITS).start(), time.monotonic()
    try:
        outcome = run(door, seed=seed, cases=cases, first=first, batch=batch, on_batch=_say(began))
    except Failed as failed:
        click.echo(f"\nFAILED {failed}\nwhat it left: {folder}")
        return False
    finally:
        door.stop()
    click.echo(f"\nall hold; answers: {dict(outcome.answers.most_common())}")
    shutil.rmtree(folder)
    return True


def _say(began: float) -> Callable[[Outcome], None]:
    def say(outcome: Outcome) -> None:
        rate = outcome.cases / (time.monotonic() - began)
        grown = outcome.memory_grown_bytes / (1 << 20)
        click.echo(f"\r{outcome.cases} cases, {rate:.0f}/s, memory {grown:+.0f} MB", nl=False)

    return say


def _show(seed: int, number: int) -> None:
    one = case(seed, number)
    click.echo(f"case {number}: {one.said}\nopening ({len(one.opening)} bytes): {one.opening.hex()}")
    for piece in one.rest:
        click.echo(f"then ({len(piece)} bytes): {piece.hex()}")


if __name__ == "__main__":
    main()
