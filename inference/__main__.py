"""``python -m inference``: check a model package, or run one on a folder of DICOM, without the node."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inference.errors import InferenceError, PackageInvalid

if TYPE_CHECKING:
    from inference.pipeline import LoadedModel

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def main() -> None:
    """Run a model package by hand."""


@main.command()
@click.argument("package", type=_FOLDER)
def check(package: Path) -> None:
    """Check PACKAGE as the node does before it uses it: READY, or the reason why not."""
    from inference.pipeline import load_model

    began = time.monotonic()
    try:
        model = load_model(package)
    except PackageInvalid as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    name = f"{model.manifest.model.name} {model.manifest.model.version}"
    click.echo(f"READY {name} sha256 {model.digest} in {time.monotonic() - began:.1f} s")


@main.command()
@click.argument("package", type=_FOLDER)
@click.argument("dicom_folder", type=_FOLDER)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for results."
)
def run(package: Path, dicom_folder: Path, out: Path) -> None:
    """Take every instance in DICOM_FOLDER through PACKAGE; write SEG, SR and PNG files to the folder given.

    Files are named by the UIDs of the results. Exit code 1 where an instance could not be read.
    """
    from inference.pipeline import load_model

    try:
        model = load_model(package)
    except PackageInvalid as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    out.mkdir(parents=True, exist_ok=True)
    sources = sorted(path for path in dicom_folder.rglob("*") if path.is_file())
    if not sources:
        raise click.ClickException("the folder holds no file")
    unread = [source for source in sources if not _run_one(model, source, out)]
    if unread:
        sys.exit(1)


def _run_one(model: "LoadedModel", source: Path, out: Path) -> bool:
    from inference.pipeline import analyse

    try:
        outcome = analyse(model, [source], now=datetime.now(UTC))
    except InferenceError as error:
        click.echo(f"{source}: not analysed: {error}", err=True)
        return False
    reasons = f" ({'; '.join(outcome.reasons)})" if outcome.reasons else ""
    click.echo(f"{source}: {outcome.verdict}{reasons} in {sum(outcome.seconds.values()):.1f} s")
    for result in outcome.results:
        path = out / f"{result.kind}-{result.sop_instance_uid}.dcm"
        path.write_bytes(result.content)
        click.echo(f"  {path}")
    if outcome.preview_png is not None and outcome.results:
        path = out / f"preview-{outcome.results[0].sop_instance_uid}.png"
        path.write_bytes(outcome.preview_png)
        click.echo(f"  {path}")
    return True


if __name__ == "__main__":
    main(prog_name="python -m inference")
