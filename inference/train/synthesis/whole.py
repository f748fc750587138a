"""A whole image from a label volume, as a scanner would deliver it: for evaluation, envelope and golden case."""

from dataclasses import replace

import numpy as np

from inference.package.steps import MinMax
from inference.preprocess import preprocess
from inference.preprocess.field import Field, moved
from inference.train.case import Case, Labelled, Mask
from inference.train.split import Split
from inference.train.synthesis.anatomy import Anatomy, Segments, read_anatomy
from inference.train.synthesis.contrast import draw_palette
from inference.train.synthesis.paint import paint
from inference.train.synthesis.place import Grid, draw_place
from inference.train.synthesis.read_off import labels_at
from inference.train.synthesis.tables import SynthesisTable
from inference.train.synthesis.tone import bent
from inference.train.synthesis.truth import masks_of, segment_map

WHITE = 1000.0
"""The brightest value; what scanners store are whole numbers."""

_FRESH = 2023
_TO_UNIT = (MinMax(step="min_max"),)


def drawn_split(split: Split, segments: Segments, table: SynthesisTable, seed: int) -> Split:
    """``split`` of label volumes as one of images, one drawn from each: what evaluation, envelope and golden case see.

    ``seed`` is the recipe's; the draws are other ones than those of training and of its validation. Images to
    validate on have their label volume's own voxels; of those learnt from only greys and layout are asked, for
    which voxels twice as long will do.
    """
    learnt, kept = (
        tuple(
            drawn_case(case, segments, table, (seed, _FRESH, side, k), coarser)
            for k, case in enumerate(cases)
        )
        for side, (cases, coarser) in enumerate(((split.training, 2), (split.validation, 1)))
    )
    return Split(training=learnt, validation=kept)


def drawn_case(
    case: Case, segments: Segments, table: SynthesisTable, seed: tuple[int, ...], coarser: int = 1
) -> Case:
    """``case`` of a label volume as one of an image drawn from it, the same for the same ``seed``."""

    def read() -> Labelled:
        return draw_whole(read_anatomy(case, segments), table, np.random.default_rng(seed), coarser)

    return replace(case, read=read)


def draw_whole(
    anatomy: Anatomy, table: SynthesisTable, rng: np.random.Generator, coarser: int = 1
) -> Labelled:
    """An image of the anatomy's whole volume, whole numbers 0..WHITE, and the Mask on it.

    Its voxels are ``coarser`` times as long as the anatomy's.
    """
    before = np.array(anatomy.codes.shape) - 2
    slices, rows, columns = (int(size) for size in -(-before // coarser))
    between_slices, between_rows, between_columns = map(float, anatomy.spacing_mm * coarser)
    grid = Grid(shape=(slices, rows, columns), spacing_mm=(between_slices, between_rows, between_columns))
    place = draw_place(anatomy, grid, table.deformation, (np.array(anatomy.codes.shape) - 1) / 2, rng)
    points = list(labels_at(anatomy, place))
    image = paint(points, draw_palette(anatomy, table.contrast, rng), grid, table, rng)
    unit, _ = preprocess(Field(values=image, affine=None), _TO_UNIT)
    values = np.rint(bent(unit.values, table.tone, rng) * np.float32(WHITE))
    truth = Mask(segments=masks_of(segment_map(points, anatomy), anatomy.segments))
    first = (before - 1) / 2 - coarser * (np.array(grid.shape) - 1) / 2
    return Labelled(
        field=Field(values=values, affine=moved(anatomy.affine, (coarser,) * 3, first)), truth=truth
    )
