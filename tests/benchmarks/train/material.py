"""Examples for the shipped recipes, drawn by code: nothing but their shapes counts here."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.package.manifest import Manifest, read_manifest
from inference.preprocess.field import Field
from inference.train.batches import Drawing
from inference.train.case import Boxes, Case, Class, Example, Labelled, Mask, Truth
from inference.train.learn.learner import Learner
from inference.train.learn.lessons import lesson_for
from inference.train.networks import channels_of
from inference.train.phantom import COLUMNS, ROWS, chest_phantom
from inference.train.prepare import prepare
from inference.train.recipe.read import Recipe, read_recipe

RECIPES = Path(__file__).parents[3] / "inference" / "train" / "recipes"
NAMES = ("cxr_lungs", "cxr_lung_boxes", "cxr_projection")
"""The recipes that learn from images; mr_brain draws its own."""

EXAMPLES = 12


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One recipe, ready to take steps."""

    learner: Learner
    examples: tuple[Example, ...]
    drawing: Drawing


def bench_of(name: str) -> Bench:
    """The network, the lesson and the draws of the shipped recipe ``name``, with phantoms to learn from."""
    folder = RECIPES / name
    recipe, manifest = read_recipe(folder / "recipe.toml"), read_manifest(folder)
    examples = tuple(
        prepare(_case(manifest, number), manifest.preprocess, recipe.sampling.by)
        for number in range(EXAMPLES)
    )
    lesson = lesson_for(recipe, manifest, examples[0].values.shape, folder)
    return Bench(learner=Learner(lesson, recipe.fit), examples=examples, drawing=_drawing(recipe))


def _drawing(recipe: Recipe) -> Drawing:
    return Drawing(sampling=recipe.sampling, augment=recipe.augment, mix=recipe.mix)


def _case(manifest: Manifest, number: int) -> Case:
    values = chest_phantom().astype(np.float32)
    values += np.random.default_rng(number).normal(0.0, 20.0, values.shape).astype(np.float32)
    labelled = Labelled(field=Field(values=values, affine=None), truth=_truth(manifest, number))
    return Case(name=f"phantom {number}", patient=str(number), facts={}, read=lambda: labelled)


def _truth(manifest: Manifest, number: int) -> Truth:
    """Of the manifest's task: a class in turn, or what is left and right of the middle."""
    if manifest.model.task == "classification":
        count = channels_of(manifest)
        return Class(shares=np.eye(count, dtype=np.float32)[number % count])
    row, column = np.ogrid[:ROWS, :COLUMNS]
    sides = [
        (np.hypot((row / ROWS - 0.5) / 0.35, (column / COLUMNS - middle) / 0.16) <= 1).astype(np.uint8)
        for middle in (0.29, 0.71)
    ]
    if manifest.model.task == "segmentation":
        return Mask(segments=np.maximum(*sides)[..., None])
    corners = [[0.15 * ROWS, (m - 0.16) * COLUMNS, 0.85 * ROWS, (m + 0.16) * COLUMNS] for m in (0.29, 0.71)]
    return Boxes(
        boxes=np.array(corners, np.float32), classes=np.array([0, 1], np.int32), masks=np.stack(sides)
    )
