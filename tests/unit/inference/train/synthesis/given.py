"""A head of a few voxels: background 0, skin 500, a brain of left 2 and right 41, and in it a ventricle 4."""

import numpy as np

from inference.preprocess.field import Field
from inference.train.case import Case, Labelled, Mask
from inference.train.synthesis.anatomy import anatomy_of
from inference.train.synthesis.place import Grid
from inference.train.synthesis.tables import SynthesisTable

SEGMENTS = ((2, 41), (4,))
SHAPE = (20, 24, 28)
GRID = Grid(shape=(16, 16, 16), spacing_mm=(1.0, 1.0, 1.0))

STILL = {"rotation_degrees": 0, "scale": 0, "shear": 0, "elastic_mm": {"least": 0, "most": 0}, "mirror": 0}
CENTRED = {"shift_mm": 0, "anywhere": 0}


def numbers():
    """(slices, rows, columns): the first slice is the lowest, the first column the patient's right."""
    labels = np.zeros(SHAPE, np.float32)
    labels[3:18, 3:21, 3:25] = 500
    labels[6:16, 6:18, 6:22] = 41
    labels[6:16, 6:18, 14:22] = 2
    labels[8:11, 10:14, 12:16] = 4
    return labels


def affine(spacing=(1.0, 1.0, 1.0)):
    """Of slices to the head, rows to the back, columns to the left, as numbers() lies."""
    slices, rows, columns = spacing
    return np.array([[0, 0, columns, -10.0], [0, rows, 0, -20.0], [slices, 0, 0, -30.0], [0, 0, 0, 1.0]])


def head(spacing=(1.0, 1.0, 1.0)):
    return Field(values=numbers(), affine=affine(spacing))


def anatomy(spacing=(1.0, 1.0, 1.0)):
    return anatomy_of(head(spacing), SEGMENTS, "head.nii")


def case(field=None, name="head.nii"):
    labelled = Labelled(field=field or head(), truth=Mask(segments=np.zeros((*SHAPE, 2), np.uint8)))
    return Case(name=name, patient=name, facts={}, read=lambda: labelled)


def plain_table(**tables):
    """Every table that blurs, bends or darkens is off, but for those that are given."""
    off = {
        "deformation": STILL,
        "window": CENTRED,
        "contrast": {"deviation": {"least": 0, "most": 0}, "dark_outside": 0, "bare": 0},
        "bias_field": {"deviation": {"least": 0, "most": 0}},
        "acquisition": {
            "spacing_mm": {"least": 1, "most": 1},
            "thick": 0,
            "noise": {"least": 0, "most": 0},
        },
        "tone": {"gamma": 0, "gain": {"least": 1, "most": 1}},
    }
    return SynthesisTable.model_validate(off | tables)
