"""Every patient judged by a network that has seen none of their images: a recipe carried out once for each fold.

For few patients, where one split says little. Nothing is chosen by those who judge: the weights are those of the
last step, not those of the best epoch. What comes of it are figures; a package comes of ``run.train``.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from inference.package.manifest import Manifest
from inference.predict import load_predictor
from inference.train.batches import Batch, Drawing, batches
from inference.train.case import Case, Example
from inference.train.ensemble import Member
from inference.train.evaluate.observe import observe
from inference.train.evaluate.observed import Observed
from inference.train.export import export
from inference.train.material import Material
from inference.train.networks import input_shape
from inference.train.prepare import prepare_all
from inference.train.recipe.read import Recipe
from inference.train.split import Split, folds
from inference.train.taught import teach

Examples = Mapping[int, Example]
"""The prepared example of each case, by the case's ``id``."""


def cross_validate(
    recipe: Recipe, manifest: Manifest, cases: Sequence[Case], *, count: int, seed: int, beside: Path
) -> tuple[Observed, ...]:
    """All ``cases`` as the networks of ``count`` folds see them, through the whole chain; for ``summary.summarise``.

    The folds follow from ``[recipe] seed``, and ``seed`` decides starts and draws: two recipes, or two seeds, are
    compared on the same folds. Files that the recipe names lie ``beside`` it. Raises TrainingRefused.
    """
    prepared = prepare_all(cases, manifest.preprocess, recipe.sampling.by)
    examples = {id(case): example for case, example in zip(cases, prepared, strict=True)}
    once = _without_choice(recipe)
    seen: list[Observed] = []
    for number, part in enumerate(folds(cases, count, recipe.split, recipe.recipe.seed)):
        member = Member(number=number, seed=seed, split=part)
        seen += _judged(once, manifest, member, _material(once, manifest, part, examples), beside)
    return tuple(seen)


def _without_choice(recipe: Recipe) -> Recipe:
    """All steps as one epoch: of one epoch none is the best."""
    steps = recipe.fit.epochs * recipe.fit.steps
    return recipe.model_copy(update={"fit": recipe.fit.model_copy(update={"epochs": 1, "steps": steps})})


def _material(recipe: Recipe, manifest: Manifest, part: Split, examples: Examples) -> Material:
    training, validation = (
        tuple(examples[id(case)] for case in side) for side in (part.training, part.validation)
    )
    drawing = Drawing(
        sampling=recipe.sampling, augment=recipe.augment, mix=recipe.mix, names=recipe.data.named
    )

    def draw(seed: int, epoch: int) -> Iterator[Batch]:
        return batches(training, drawing, seed, epoch)

    shape = input_shape(manifest, training[0].values.shape)
    return Material(draw=draw, validation=validation, shape=shape)


def _judged(
    recipe: Recipe, manifest: Manifest, member: Member, found: Material, beside: Path
) -> list[Observed]:
    """What is packed is judged: the network as a SavedModel, not the one in memory."""
    with tempfile.TemporaryDirectory() as rough:
        taught = teach(recipe, manifest, beside, member, found, Path(rough))
        export(taught.lesson.network, Path(rough) / "model", manifest.io)
        predictor = load_predictor(Path(rough) / "model", manifest.io, manifest.predict)
        return [observe(case, manifest, predictor, recipe.evaluate) for case in member.split.validation]
