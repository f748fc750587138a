"""``python -m inference describe PACKAGE``."""

import sys
from pathlib import Path

import click

from inference.commands.loading import FOLDER
from inference.errors import PackageInvalid
from inference.package.description import describe as in_words
from inference.package.envelope import read_envelope
from inference.package.manifest import read_manifest


@click.command()
@click.argument("package", type=FOLDER)
def describe(package: Path) -> None:
    """Say in words what PACKAGE reads, gives and refuses; nothing of it is run, a draft will do."""
    try:
        lines = in_words(read_manifest(package), read_envelope(package))
    except PackageInvalid as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo("\n".join(lines))
