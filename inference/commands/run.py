"""``python -m inference run PACKAGE DICOM_FOLDER --out FOLDER``."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inference.commands.loading import FOLDER, load_or_exit
from inference.commands.units import units_in
from inference.errors import InferenceError

if TYPE_CHECKING:
    from inference.pipeline import LoadedModel, Outcome


@click.command()
@click.argument("package", type=FOLDER)
@click.argument("dicom_folder", type=FOLDER)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for results."
)
def run(package: Path, dicom_folder: Path, out: Path) -> None:
    """Take every instance or series in DICOM_FOLDER through PACKAGE; write SEG, SR and PNG files to --out.

    Files are named by the UIDs of the results. Exit code 1 where something could not be analysed; a refusal by
    the gate is an answer.
    """
    model = load_or_exit(package)
    found = units_in(dicom_folder, model.manifest.input.each)
    if not found.units and not found.unread:
        raise click.ClickException("the folder holds no file")
    out.mkdir(parents=True, exist_ok=True)
    for path, reason in found.unread:
        click.echo(f"{path}: not analysed: {reason}", err=True)
    if not (_run_all(model, found.units, out) and not found.unread):
        sys.exit(1)


def _run_all(model: "LoadedModel", units: Sequence[Sequence[Path]], out: Path) -> bool:
    told: list[tuple[bool, list[str]]] = []
    # A bar and lines in one terminal would write over each other: there the lines come at the end.
    is_watched = sys.stderr.isatty()
    with click.progressbar(units, label="analysed", file=sys.stderr, hidden=not is_watched) as waiting:
        for unit in waiting:
            told.append(_run_one(model, unit, out))
            if not is_watched:
                _tell(*told[-1])
    if is_watched:
        for each in told:
            _tell(*each)
    return all(went_well for went_well, _ in told)


def _tell(went_well: bool, lines: Sequence[str]) -> None:
    click.echo("\n".join(lines), err=not went_well)


def _run_one(model: "LoadedModel", unit: Sequence[Path], out: Path) -> tuple[bool, list[str]]:
    from inference.pipeline import analyse

    name = str(unit[0]) if len(unit) == 1 else f"{unit[0].parent} ({len(unit)} instances)"
    try:
        outcome = analyse(model, unit, now=datetime.now(UTC))
    except InferenceError as error:
        return False, [f"{name}: not analysed: {error}"]
    reasons = f" ({'; '.join(outcome.reasons)})" if outcome.reasons else ""
    line = f"{name}: {outcome.verdict}{reasons} in {sum(outcome.seconds.values()):.1f} s"
    return True, [line, *(f"  {path}" for path in _write(outcome, out))]


def _write(outcome: "Outcome", out: Path) -> list[Path]:
    files = {
        out / f"{result.kind}-{result.sop_instance_uid}.dcm": result.content for result in outcome.results
    }
    if outcome.preview_png is not None and outcome.results:
        files[out / f"preview-{outcome.results[0].sop_instance_uid}.png"] = outcome.preview_png
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)
