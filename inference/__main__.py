"""``python -m inference``: check, describe, pack or run a model package by hand, without the node."""

import click

from inference.commands.check import check
from inference.commands.describe import describe
from inference.commands.pack import pack
from inference.commands.run import run


@click.group()
def main() -> None:
    """Model packages by hand: check, describe, pack, run."""


for command in (check, describe, pack, run):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m inference")
