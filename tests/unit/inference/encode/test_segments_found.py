import numpy as np

from inference.encode.segments_found import segments_found
from tests.unit.inference.encode.given import (
    COLUMNS,
    ROWS,
    analysed_classes,
    analysed_image,
    analysed_volume,
    volume_manifest,
)


def _labels(made):
    return [segment.label for segment in segments_found(made)]


def test_of_an_image(empty_labels):
    assert _labels(analysed_image()) == ["Dark", "Grey"]
    assert _labels(analysed_image(labels=empty_labels)) == []
    only = np.zeros((ROWS, COLUMNS, 2), np.uint8)
    only[3, 4, 1] = 1
    assert _labels(analysed_image(labels=only)) == ["Grey"]


def test_of_a_volume(volume):
    labels = np.zeros(volume.voxels.shape, np.uint8)
    labels[-1, -1, -1] = 3
    made = analysed_volume(volume, labels, manifest=volume_manifest(3))
    assert _labels(made) == ["Spleen 3"]


def test_a_classification_has_none():
    assert _labels(analysed_classes()) == []
