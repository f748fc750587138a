"""``python -m inference check PACKAGE``."""

from pathlib import Path

import click

from inference.commands.loading import FOLDER, say_ready


@click.command()
@click.argument("package", type=FOLDER)
def check(package: Path) -> None:
    """Check PACKAGE as the node does before it uses it: READY, or the reason why not."""
    say_ready(package)
