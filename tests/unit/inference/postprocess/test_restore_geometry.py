from dataclasses import dataclass

import numpy as np
import pytest

from inference.postprocess.restore_geometry import restore_boxes, restore_labels, restore_maps


@dataclass(frozen=True)
class Plus:
    by: int
    times: int = 1

    def maps(self, maps):
        return maps * self.times + self.by

    labels = boxes = maps


@pytest.mark.parametrize("restore", [restore_maps, restore_labels, restore_boxes])
def test_the_last_step_is_undone_first(restore):
    assert restore(np.ones((1, 1)), [Plus(0, times=2), Plus(3)]).item() == 8


@pytest.mark.parametrize("restore", [restore_maps, restore_labels, restore_boxes])
def test_without_steps_all_stays(restore):
    given = np.ones((2, 2))
    assert restore(given, []) is given


def test_each_takes_its_own_way():
    class Ways:
        def maps(self, maps):
            return "maps"

        def labels(self, labels):
            return "labels"

        def boxes(self, boxes):
            return "boxes"

    ways = [restore(np.ones(1), [Ways()]) for restore in (restore_maps, restore_labels, restore_boxes)]
    assert ways == ["maps", "labels", "boxes"]
