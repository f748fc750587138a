"""From a recipe and a folder of labelled data to a model package: the stations, in their order."""

from collections.abc import Sequence
from pathlib import Path

from inference.package.manifest import Manifest, read_manifest
from inference.preprocess.field import Field
from inference.train.agree import require_agreement
from inference.train.calibrate import Answer, fit_temperature
from inference.train.card import require_known_names
from inference.train.case import Case
from inference.train.ensemble import members
from inference.train.envelope_cases import envelope_cases
from inference.train.evaluate.evaluate import evaluate
from inference.train.evaluate.expected import expected_figures
from inference.train.fingerprint import fingerprint
from inference.train.golden_input import golden_input
from inference.train.learn.classification import ClassificationLesson
from inference.train.learn.segmentation import SegmentationLesson
from inference.train.learn.start import require_start
from inference.train.material import Material, material
from inference.train.notes import NOTES, notes_of
from inference.train.package import Trained, Written, package_folder, write_package
from inference.train.recipe.read import Recipe, read_recipe
from inference.train.sources import read_cases
from inference.train.sources.tables import LabelVolumes
from inference.train.split import Split, split
from inference.train.synthesis.material import drawn_material
from inference.train.synthesis.whole import drawn_split
from inference.train.taught import Taught, teach
from inference.train.writable import require_writable


def train(path: Path, data: Path, out: Path) -> Written:
    """Carry out the recipe at ``path`` on the data below ``data``; the package and its checkpoints appear in ``out``.

    A run that was killed goes on where it was when it is begun again. Raises TrainingRefused for recipe, data and
    ``out``, PackageInvalid for the manifest beside the recipe, FileExistsError where the package is there already.
    """
    recipe, beside = read_recipe(path), path.parent
    manifest = read_manifest(beside)
    require_agreement(recipe, manifest)
    require_start(recipe.network.start, beside)
    require_writable(out)
    target = package_folder(out, manifest)
    sides = split(read_cases(recipe.data, data), recipe.split, recipe.recipe.seed)
    shown = _shown(recipe, sides)
    # What the package is made of beside the networks: mistakes in it are told now, and not after hours of learning.
    known = envelope_cases(recipe.envelope, shown, data)
    golden = golden_input(recipe.golden, manifest, shown, beside)
    _require_card(recipe, manifest, beside / "card.md", shown)
    files = fingerprint(recipe.data, data, recipe.network, beside)
    rough = target.with_name(f"{target.name}.training")
    taught = _teach_all(recipe, manifest, beside, sides, rough, files)
    return write_package(out, path, _trained(recipe, manifest, shown, known, golden, taught))


def _require_card(recipe: Recipe, manifest: Manifest, draft: Path, shown: Split) -> None:
    figures = expected_figures([case.facts for case in shown.validation], manifest, recipe.evaluate)
    if draft.is_file():
        require_known_names(draft, {*NOTES, *figures})


def _teach_all(
    recipe: Recipe, manifest: Manifest, beside: Path, sides: Split, rough: Path, files: str
) -> tuple[Taught, ...]:
    """One member after the other; what several of them learn from is read once."""
    taught: list[Taught] = []
    for member in members(recipe, sides):
        is_known = bool(taught) and taught[-1].member.split is member.split
        found = taught[-1].material if is_known else _material(recipe, manifest, member.split)
        taught.append(teach(recipe, manifest, beside, member, found, rough, files=files))
    return tuple(taught)


def _material(recipe: Recipe, manifest: Manifest, sides: Split) -> Material:
    if recipe.synthesis is None and not isinstance(recipe.data, LabelVolumes):
        return material(recipe, manifest, sides)
    return drawn_material(recipe, manifest, sides)


def _trained(
    recipe: Recipe,
    manifest: Manifest,
    shown: Split,
    known: Sequence[Case],
    golden: Field,
    taught: Sequence[Taught],
) -> Trained:
    return Trained(
        networks=tuple(each.lesson.network for each in taught),
        predict=_found(recipe, manifest, taught),
        judge=lambda packed, predictor: evaluate(shown.validation, packed, predictor, recipe.evaluate),
        fields=(case.read().field for case in known),
        golden=golden,
        notes=notes_of(recipe, shown, taught, len(known)),
    )


def _shown(recipe: Recipe, sides: Split) -> Split:
    """What evaluation, envelope and golden case see: the images themselves, or one drawn from each label volume."""
    if recipe.synthesis is None or not isinstance(recipe.data, LabelVolumes):
        return sides
    segments = [segment.labels for segment in recipe.data.segment]
    return drawn_split(sides, segments, recipe.synthesis, recipe.recipe.seed)


def _found(recipe: Recipe, manifest: Manifest, taught: Sequence[Taught]) -> dict[str, float | int]:
    """What training writes into ``[predict]``."""
    found: dict[str, float | int] = {"members": len(taught)} if len(taught) > 1 else {}
    if recipe.calibrate is not None:
        found["temperature"] = fit_temperature(
            [_answer_of(each) for each in taught],
            taught[0].material.validation,
            taught[0].lesson.targets,
            manifest.predict.activation,
            recipe.calibrate.most_values,
        )
    return found


def _answer_of(taught: Taught) -> Answer:
    assert isinstance(taught.lesson, SegmentationLesson | ClassificationLesson)  # others were refused
    return taught.lesson.answer
