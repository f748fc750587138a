"""``python -m inference pack DRAFT --model NETWORK --input IMAGE --out FOLDER``."""

import os
import sys
from pathlib import Path

import click

from inference.commands.loading import say_ready
from inference.errors import InferenceError

_THERE = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("draft", type=_THERE)
@click.option(
    "--model",
    "networks",
    required=True,
    multiple=True,
    type=_THERE,
    help="A .keras file or a SavedModel folder; once for each member of an ensemble.",
)
@click.option(
    "--input",
    "example",
    required=True,
    type=_THERE,
    help="For the golden case: a DICOM file, a folder with one series, or .npz with pixels (and affine).",
)
@click.option(
    "--training",
    type=_THERE,
    help="Folder of inputs the network learnt from, for the envelope; without it from --input alone.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the package's folder goes.",
)
def pack(draft: Path, networks: tuple[Path, ...], example: Path, training: Path | None, out: Path) -> None:
    """Build a model package from DRAFT (a model.toml, or a folder with one and perhaps a card.md).

    Pins the signature, makes the golden case, writes envelope, card and sums, and checks what came of it.
    """
    # TensorFlow reads this when it is imported. Its own lines below "error" are advice to its builders.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from inference.train.pack import Sources, pack_package

    sources = Sources(draft=draft, networks=networks, example=example, training=training)
    try:
        folder = pack_package(sources, out)
    except (InferenceError, FileExistsError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{folder} written")
    say_ready(folder)
