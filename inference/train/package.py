"""Trained networks become a model package: manifest, SavedModels, evaluation, card, envelope, golden case, sums."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras

from inference.package.checksums import seal
from inference.package.manifest import Manifest, read_manifest
from inference.predict import Predictor, load_predictor
from inference.preprocess.field import Field
from inference.train.card import fill_card, write_card
from inference.train.envelope import write_envelope
from inference.train.evaluate.evaluation import Evaluation
from inference.train.export import export
from inference.train.golden import write_golden_case
from inference.train.manifest_text import with_evaluation, with_prediction

Figures = Mapping[str, float | int | str]
Judge = Callable[[Manifest, Predictor], Evaluation]


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What a package is made of, beside the recipe.

    ``predict``: what training adds to ``[predict]``. ``judge`` evaluates the exported model, not what is in memory.
    ``fields``: the training inputs, for the envelope. ``golden``: the input of the golden case. ``notes``: further
    figures for the card.
    """

    networks: tuple[keras.Model, ...]
    predict: Mapping[str, float | int]
    judge: Judge
    fields: Iterable[Field]
    golden: Field
    notes: Figures


@dataclass(frozen=True, kw_only=True)
class Written:
    """The package's folder, its digest (hex), and how good it is."""

    folder: Path
    digest: str
    evaluation: Evaluation


def write_package(out: Path, recipe: Path, trained: Trained) -> Written:
    """Write ``out/<name>-<version>`` from the recipe at ``recipe`` and what lies beside it.

    Nothing is left behind where that fails. Raises FileExistsError where the folder is there: a package is never
    written over; and what is wrong with manifest or card as their errors say.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".packing-") as rough:
        folder = Path(rough) / "package"
        folder.mkdir()
        manifest, evaluation = _fill(folder, recipe, trained)
        digest = seal(folder)
        target = package_folder(out, manifest)
        return Written(folder=folder.rename(target), digest=digest, evaluation=evaluation)


def package_folder(out: Path, manifest: Manifest) -> Path:
    """Where the package of ``manifest`` goes; raises FileExistsError where something is there."""
    target = out / f"{manifest.model.name}-{manifest.model.version}"
    if target.exists():
        raise FileExistsError(f"{target} exists; move it away, or give model.toml another version")
    return target


def _fill(folder: Path, recipe: Path, trained: Trained) -> tuple[Manifest, Evaluation]:
    text = (recipe.parent / "model.toml").read_text(encoding="utf-8")
    text = with_prediction(text, trained.predict)
    _write(folder / "model.toml", text)
    manifest = read_manifest(folder)
    _export(trained.networks, folder / "model", manifest)
    predictor = load_predictor(folder / "model", manifest.io, manifest.predict)
    evaluation = trained.judge(manifest, predictor)
    _write(folder / "model.toml", with_evaluation(text, evaluation.figures))
    shutil.copyfile(recipe, folder / "recipe.toml")
    inputs = write_envelope(folder / "envelope.npz", trained.fields, manifest.preprocess)
    golden = write_golden_case(folder, trained.golden, manifest, predictor)
    manifest = read_manifest(folder)
    draft = recipe.parent / "card.md"
    if draft.is_file():
        fill_card(folder, draft, {**trained.notes, **evaluation.figures}, evaluation.sentences)
    else:
        write_card(folder, manifest, golden, inputs)
    return manifest, evaluation


def _export(networks: Sequence[keras.Model], folder: Path, manifest: Manifest) -> None:
    if len(networks) == 1:
        export(networks[0], folder, manifest.io)
        return
    for number, network in enumerate(networks):
        export(network, folder / str(number), manifest.io)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
