"""What a recipe with ``[synthesis]`` learns from: every image is drawn anew from one of the training label volumes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.package.steps import Clip, MinMax, Orient, Resample, Rescale, ZScore
from inference.package.steps import Window as GreyWindow
from inference.train.batches import Batch, Drawing, batches
from inference.train.case import Case, Example, Mask
from inference.train.material import Material
from inference.train.recipe.read import Recipe
from inference.train.sources.tables import LabelVolumes
from inference.train.split import Split
from inference.train.synthesis.anatomy import UPRIGHT, Anatomy, Segments, read_anatomy
from inference.train.synthesis.place import Grid
from inference.train.synthesis.synthesise import synthesise
from inference.train.synthesis.tables import SynthesisTable
from inference.train.truths import require_present

VALIDATION_DRAWS = 2
"""Images of each validation volume, the same in every epoch."""

_NOTHING = np.empty(0, np.float32)


@dataclass(frozen=True, kw_only=True)
class Drawable(Example):
    """An example that becomes another image each time it is drawn; its own ``values`` are empty."""

    anatomy: Anatomy


def drawn_material(recipe: Recipe, manifest: Manifest, split: Split) -> Material:
    """Read the label volumes of both sides. Raises TrainingRefused where the recipe or a volume does not fit."""
    table, data = _require_tables(recipe)
    segments = [segment.labels for segment in data.segment]
    grid, step = grid_of(manifest), normalisation_of(manifest)
    training = [_drawable(case, segments) for case in split.training]
    _require_every_segment(training, data)

    def change(example: Example, rng: np.random.Generator) -> Example:
        assert isinstance(example, Drawable)  # they are made above
        return synthesise(example.anatomy, grid, step, table, rng)

    drawing = Drawing(sampling=recipe.sampling, mix=recipe.mix, change=change)

    def draw(seed: int, epoch: int) -> Iterator[Batch]:
        return batches(training, drawing, seed, epoch)

    validation = _validation(split.validation, segments, grid, step, table, recipe.recipe.seed)
    return Material(draw=draw, validation=validation, shape=grid.shape)


def grid_of(manifest: Manifest) -> Grid:
    """The network's window, at the spacing serving resamples to. Raises TrainingRefused where it is not fixed."""
    orients = [step.to for step in manifest.preprocess if isinstance(step, Orient)]
    if orients != [UPRIGHT]:
        raise TrainingRefused(f'synthesis draws volumes upright; give [[preprocess]] orient to = "{UPRIGHT}"')
    resamples = [step for step in manifest.preprocess if isinstance(step, Resample)]
    if len(resamples) != 1 or manifest.predict.patch is None:
        raise TrainingRefused("synthesis needs one [[preprocess]] resample and [predict] patch in model.toml")
    (step,) = resamples
    spacing = (step.between_slices_mm, step.between_rows_mm, step.between_columns_mm)
    if None in spacing:
        raise TrainingRefused("synthesis needs all three distances in [[preprocess]] resample")
    slices, rows, columns = (float(each) for each in spacing if each is not None)
    return Grid(shape=manifest.predict.patch, spacing_mm=(slices, rows, columns))


def normalisation_of(manifest: Manifest) -> MinMax:
    """The one step of serving that changes greys. Raises TrainingRefused where it is another than min_max, or several.

    What a window looks like after it is known from the whole image, which is never drawn; see ``exposure``.
    """
    greys = [
        step
        for step in manifest.preprocess
        if isinstance(step, GreyWindow | Clip | Rescale | ZScore | MinMax)
    ]
    if len(greys) != 1 or not isinstance(greys[0], MinMax):
        raise TrainingRefused("synthesis needs min_max as the only [[preprocess]] step that changes greys")
    return greys[0]


def _require_tables(recipe: Recipe) -> tuple[SynthesisTable, LabelVolumes]:
    if recipe.synthesis is None or not isinstance(recipe.data, LabelVolumes):
        raise TrainingRefused(
            '[synthesis] and [data] kind = "label_volumes" go together; give both or neither'
        )
    if recipe.augment:
        raise TrainingRefused("[[augment]] changes images, [synthesis] draws new ones; leave one of them out")
    return recipe.synthesis, recipe.data


def _drawable(case: Case, segments: Segments) -> Drawable:
    return Drawable(values=_NOTHING, truth=_no_mask(), anatomy=read_anatomy(case, segments))


def _require_every_segment(training: Sequence[Drawable], data: LabelVolumes) -> None:
    """Asked of the volumes: what is drawn from one is only its window."""
    places = {place for each in training for place in each.anatomy.segment.tolist()}
    require_present({place - 1 for place in places}, data.named)


def _no_mask() -> Mask:
    return Mask(segments=np.empty(0, np.uint8))


def _validation(
    cases: Sequence[Case],
    segments: Segments,
    grid: Grid,
    step: MinMax,
    table: SynthesisTable,
    seed: int,
) -> tuple[Example, ...]:
    return tuple(
        synthesise(anatomy, grid, step, table, np.random.default_rng([seed, number, draw]))
        for number, anatomy in enumerate(read_anatomy(case, segments) for case in cases)
        for draw in range(VALIDATION_DRAWS)
    )
