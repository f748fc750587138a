from pathlib import Path

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Boxes
from inference.train.sources.classes import class_of, require_every_class


def test_a_class_has_all_of_one_share():
    np.testing.assert_array_equal(class_of("pa", ("ap", "pa"), "a.png").shares, [0.0, 1.0])


def test_an_unknown_class_is_told_with_what_is_close():
    with pytest.raises(TrainingRefused, match=r"a\.png is labelled 'lateral'.*did you mean 'Lateral'"):
        class_of("lateral", ("AP", "PA", "Lateral"), "a.png")


def test_a_class_without_a_case_is_refused():
    truths = [class_of("ap", ("ap", "pa"), "a.png")]
    with pytest.raises(TrainingRefused, match="has no case of pa"):
        require_every_class(truths, ("ap", "pa"), Path("labels.csv"))
    require_every_class([*truths, class_of("pa", ("ap", "pa"), "b.png")], ("ap", "pa"), Path("labels.csv"))


def test_classes_of_boxes_count():
    box = Boxes(boxes=np.ones((1, 4), np.float32), classes=np.array([1], np.int32))
    with pytest.raises(TrainingRefused, match="has no case of left"):
        require_every_class([box], ("left", "right"), Path("labels.csv"))
