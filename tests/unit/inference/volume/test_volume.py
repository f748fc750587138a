import dataclasses

import numpy as np
import pytest
from pydicom.dataset import Dataset

from inference.volume.volume import Volume

AFFINE = np.array([[0, 0, 0.7, 1], [0.6, 0.5, 0, 2], [0.8, 0, 0, 3], [0, 0, 0, 1.0]])


def _volume():
    return Volume(
        voxels=np.zeros((2, 3, 4), np.float32),
        affine=AFFINE,
        sources=(Dataset(),),
        frame_numbers=(1, 2),
        frame_of_reference_uid="2.25.3",
        notes=(),
    )


def test_spacing_is_the_length_of_each_step():
    assert np.allclose(_volume().spacing_mm, [1, 0.5, 0.7])


def test_it_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        _volume().notes = ("other",)
