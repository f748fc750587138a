import numpy as np

from inference.encode.analysed import Classification, Projection, Segmentation
from inference.pipeline.judge_found import judge_found
from inference.volume.spacing import spacing_of
from tests.model_package import MANIFEST, phantom
from tests.projection_image import projection_image
from tests.unit.inference.encode.given import CLASSES, manifest_of

ROWS, COLUMNS = 121, 83


def _source() -> Projection:
    header = projection_image(rows=ROWS, columns=COLUMNS)
    return Projection(header=header, pixels=phantom(ROWS, COLUMNS)[0], spacing=spacing_of(header))


def test_classes_have_neither_rules_nor_measurements():
    found = Classification(probabilities=np.array([0.1, 0.9], np.float32))
    judged = judge_found(found, _source(), manifest_of(CLASSES))
    assert (judged.found, judged.firings, judged.measured, judged.flags) == (found, (), (), ())


def test_each_segment_of_an_image_is_measured_as_the_manifest_says():
    labels = phantom(ROWS, COLUMNS)[1]
    judged = judge_found(Segmentation(labels=labels), _source(), manifest_of(MANIFEST))
    assert [(each.segment, each.value) for each in judged.measured] == [
        (name, labels[..., k].sum()) for k, name in enumerate(("Dark", "Grey"))
    ]
    assert judged.flags == ()


def test_a_segment_of_everything_is_flagged_and_kept():
    labels = np.ones((ROWS, COLUMNS, 2), np.uint8)
    judged = judge_found(Segmentation(labels=labels), _source(), manifest_of(MANIFEST))
    assert judged.flags
    assert np.array_equal(judged.found.labels, labels)
