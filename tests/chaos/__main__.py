"""`python -m tests.chaos --times 20`: every step, both receivers, and a table of what was lost."""

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.chaos.campaign import RECEIVERS, Failed, Outcome, kill_once
from tests.chaos.steps import STEPS

COLUMNS = tuple(vars(Outcome()))


@click.command()
@click.option("--times", default=20, show_default=True, help="Kills at each step of each receiver.")
@click.option("--step", "steps", multiple=True, type=click.Choice(list(STEPS)), help="Only these.")
@click.option("--receiver", "receivers", multiple=True, type=click.Choice(RECEIVERS), help="Only these.")
@click.option("--seed", type=int, help="Which instance it is; without it, by the clock.")
def main(times: int, steps: tuple[str, ...], receivers: tuple[str, ...], seed: int | None) -> None:
    """Kill the door."""
    seed = int(time.time()) if seed is None else seed
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    click.echo(f"seed {seed}, in {folder}\n" + _line("receiver", "step", COLUMNS))
    failed, total = False, Outcome()
    for receiver in receivers or RECEIVERS:
        for step in steps or STEPS:
            outcome, failure = _kill(
                folder, step, receiver, times, random.Random(f"{seed} {receiver} {step}")
            )
            click.echo(_line(receiver, step, vars(outcome).values()) + f"  {STEPS[step].says}")
            if failure is not None:
                click.echo(f"FAILED {failure}")
            failed, total = failed or failure is not None, total + outcome
    click.echo(_line("all", "", vars(total).values()))
    if failed:
        sys.exit(1)
    shutil.rmtree(folder)


def _kill(
    folder: Path, step: str, receiver: str, times: int, chance: random.Random
) -> tuple[Outcome, Failed | None]:
    """All kills at one step, up to the first that cost something."""
    total = Outcome()
    for number in range(times):
        try:
            total += kill_once(
                folder / f"{receiver}-{step}-{number}", step=step, receiver=receiver, chance=chance
            )
        except Failed as failed:
            return total, failed
    return total, None


def _line(receiver: str, step: str, cells: object) -> str:
    return f"{receiver:10} {step:10}" + "".join(f"{cell!s:>9}" for cell in cells)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
