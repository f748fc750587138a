"""``python -m inference seal PACKAGE``."""

import os
import sys
from pathlib import Path

import click

from inference.commands.loading import FOLDER, say_ready
from inference.errors import InferenceError


@click.command()
@click.argument("package", type=FOLDER)
def seal(package: Path) -> None:
    """Write golden case and sums of PACKAGE anew, after a change of its card or manifest, and check it.

    The golden case keeps its input. A package that is in service keeps its version only until it is changed: give the
    manifest the next one.
    """
    # TensorFlow reads this when it is imported. Its own lines below "error" are advice to its builders.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from inference.train.reseal import reseal

    try:
        reseal(package)
    except InferenceError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    say_ready(package)
