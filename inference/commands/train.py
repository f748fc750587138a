"""``python -m inference train RECIPE.toml --data FOLDER --out FOLDER``."""

import os
import sys
from pathlib import Path

import click

from inference.commands.loading import say_ready
from inference.errors import InferenceError


@click.command()
@click.argument("recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="the folder you are in",
    help="Folder with the labelled data, as [data] of the recipe describes it.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("packages"),
    show_default=True,
    help="Where the package's folder goes, and beside it the checkpoints and curves.",
)
def train(recipe: Path, data: Path, out: Path) -> None:
    """Learn what RECIPE says from labelled data, and pack what was learnt as a model package.

    model.toml lies beside the recipe, and card.md where there is one. A run that was killed goes on where it was when
    the same command is given again.
    """
    # TensorFlow reads this when it is imported. Its own lines below "error" are advice to its builders.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from inference.train.run import train as train_package

    try:
        written = train_package(recipe, data, out)
    except (InferenceError, FileExistsError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo("\n".join(written.evaluation.sentences))
    click.echo(f"{written.folder} written")
    say_ready(written.folder)
