import numpy as np

from inference.postprocess.detections import Detections


def test_only_keeps_everything_that_belongs_together():
    found = Detections(
        boxes=np.arange(12, dtype=np.float32).reshape(3, 4),
        scores=np.array([0.1, 0.2, 0.3], np.float32),
        classes=np.array([7, 8, 9]),
        masks=np.arange(3, dtype=np.float32).reshape(3, 1, 1),
    )
    some = found.only(np.array([2, 0]))
    assert some.boxes[:, 0].tolist() == [8, 0]
    assert some.classes.tolist() == [9, 7]
    assert some.masks is not None
    assert some.masks.ravel().tolist() == [2, 0]
    assert np.allclose(some.scores, [0.3, 0.1])


def test_without_masks_there_are_none():
    nothing = np.zeros((0,), np.float32)
    found = Detections(boxes=np.zeros((0, 4), np.float32), scores=nothing, classes=nothing.astype(np.int64))
    assert found.only(np.zeros(0, np.int64)).masks is None
