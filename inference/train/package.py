"""A trained network becomes a model package: manifest, SavedModel, envelope, card, golden case, checksums."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

import keras
import numpy as np

from inference.package.checksums import seal
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.preprocess.field import Field
from inference.train.data import Split
from inference.train.envelope import write_envelope
from inference.train.evaluate import evaluate, figures
from inference.train.export import export
from inference.train.golden import write_golden_case
from inference.train.load import read_pixels
from inference.train.phantom import chest_phantom

Figures = Mapping[str, float | int]


def write_package(
    folder: Path,
    recipe: Path,
    network: keras.Model,
    split: Split,
    notes: Figures,
) -> str:
    """Write the package ``folder`` and return its digest (hex).

    ``recipe`` holds model.toml and card.md with their figures left open; ``notes`` are further figures for
    the card. What is evaluated is the exported model, not the network in memory. Raises FileExistsError
    where ``folder`` exists.
    """
    folder.mkdir(parents=True)
    manifest = read_manifest(recipe)
    export(network, folder / "model", manifest.io)
    found = figures(evaluate(split.validation, manifest, load_predictor(folder / "model", manifest.io)))
    found |= {"training_images": len(split.training), "training_patients": _patients(split)}
    _write_manifest(folder, recipe, found)
    _write_card(folder, recipe, {**found, **notes})
    pictures = (Field(values=read_pixels(example), affine=None) for example in split.training)
    write_envelope(folder / "envelope.npz", pictures, manifest.preprocess)
    return reseal(folder)


def reseal(folder: Path) -> str:
    """Write the golden case anew from the package's own model, then SHA256SUMS; return the digest (hex)."""
    manifest = read_manifest(folder)
    predictor = load_predictor(folder / "model", manifest.io, manifest.predict)
    phantom = Field(values=chest_phantom().astype(np.float32), affine=None)
    write_golden_case(folder, phantom, manifest, predictor)
    return seal(folder)


def _patients(split: Split) -> int:
    return len({example.patient_id for example in split.training})


def _write_manifest(folder: Path, recipe: Path, found: Figures) -> None:
    text = (recipe / "model.toml").read_text(encoding="utf-8")
    lines = [f"{name} = {value}" for name, value in found.items()]
    table = "\n# Dice through the whole chain, at the source's size, on patients kept out of training.\n"
    table += "[model.evaluation]\n" + "\n".join(lines) + "\n"
    (folder / "model.toml").write_text(text + table, encoding="utf-8", newline="\n")


def _write_card(folder: Path, recipe: Path, found: Figures) -> None:
    text = Template((recipe / "card.md").read_text(encoding="utf-8"))
    shown = {
        name: f"{value:.3f}" if isinstance(value, float) else str(value) for name, value in found.items()
    }
    (folder / "card.md").write_text(text.substitute(shown), encoding="utf-8", newline="\n")
