"""``python -m inference``: train, pack, seal, check, describe or run a model package by hand, without the node."""

import click

from inference.commands.check import check
from inference.commands.describe import describe
from inference.commands.pack import pack
from inference.commands.run import run
from inference.commands.seal import seal
from inference.commands.train import train


@click.group()
def main() -> None:
    """Model packages by hand: check, describe, pack, run, seal, train."""


for command in (check, describe, pack, run, seal, train):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m inference")
