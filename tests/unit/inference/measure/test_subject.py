import numpy as np


def test_values_and_the_largest_part_are_the_segments(subject):
    source = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    mask = np.zeros(source.shape)
    mask[0, 0, 0] = mask[1, 1, 1:3] = 1
    measured = subject(mask, source=source)
    assert measured.values.tolist() == [0, 17, 18]
    assert measured.largest_part.flat.tolist() == [17, 18]
    assert len(measured.parts.voxels) == 2


def test_nothing_has_an_empty_largest_part(subject):
    assert subject(np.zeros((2, 3, 4))).largest_part.voxels == 0
