"""A package is made ready for a command, or the command ends with the reason why not."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inference.errors import PackageInvalid

if TYPE_CHECKING:
    from inference.pipeline import LoadedModel

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def load_or_exit(package: Path) -> "LoadedModel":
    """The checked model; where it is not READY its reason on standard error, and exit code 1."""
    # TensorFlow and highdicom take seconds to import, which no `--help` should wait for.
    from inference.pipeline import load_model

    try:
        return load_model(package)
    except PackageInvalid as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def say_ready(package: Path) -> None:
    """Check ``package`` as the node does and print READY with its digest, or exit with the reason."""
    began = time.monotonic()
    model = load_or_exit(package)
    name = f"{model.manifest.model.name} {model.manifest.model.version}"
    click.echo(f"READY {name} sha256 {model.digest} in {time.monotonic() - began:.1f} s")
