"""One example of random contrast and quality from a label volume: the network's window, and the truth on it.

Billot et al., "SynthSeg: segmentation of brain MRI scans of any contrast and resolution without retraining", Medical
Image Analysis 86 (2023) 102789: what never looks the same twice teaches the network to look at shapes.
"""

import numpy as np

from inference.package.steps import MinMax
from inference.train.case import Example, Mask
from inference.train.synthesis.anatomy import Anatomy
from inference.train.synthesis.contrast import draw_palette
from inference.train.synthesis.exposure import expose
from inference.train.synthesis.paint import paint
from inference.train.synthesis.place import Grid, draw_place, window_centre
from inference.train.synthesis.read_off import labels_at
from inference.train.synthesis.tables import SynthesisTable
from inference.train.synthesis.tone import bent, exposed
from inference.train.synthesis.truth import masks_of, segment_map


def synthesise(
    anatomy: Anatomy,
    grid: Grid,
    step: MinMax,
    table: SynthesisTable,
    rng: np.random.Generator,
) -> Example:
    """Draw an example on ``grid``: values (slices, rows, columns) float32, 0..1, and the Mask of all segments.

    ``step`` is how serving normalises. The same state of ``rng`` gives the same example.
    """
    centre = window_centre(anatomy, table.window, rng)
    place = draw_place(anatomy, grid, table.deformation, centre, rng)
    points = list(labels_at(anatomy, place))
    palette = draw_palette(anatomy, table.contrast, rng)
    image = expose(paint(points, palette, grid, table, rng), anatomy, palette, step, rng)
    values = exposed(bent(image, table.tone, rng), table.tone, rng)
    return Example(
        values=values, truth=Mask(segments=masks_of(segment_map(points, anatomy), anatomy.segments))
    )
