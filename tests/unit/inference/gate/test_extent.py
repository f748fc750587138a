import numpy as np
import pytest

from inference.gate.extent import reasons_unlikely, reasons_volume_unlikely
from inference.package.manifest import Gate

GATE = Gate(smallest_fraction=0.05, largest_fraction=0.5)


def _labels(*shares):
    labels = np.zeros((100, 10, len(shares)), np.uint8)
    for k, share in enumerate(shares):
        labels[: int(share * 100), :, k] = 1
    return labels


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_a_likely_share_gives_no_reason(share):
    assert reasons_unlikely(_labels(share), ("Lungs",), GATE) == ()


def test_too_little_and_too_much_are_told_in_percent():
    assert reasons_unlikely(_labels(0.04), ("Lungs",), GATE) == (
        "the result fills 4.0% of the image, expected are 5.0% to 50.0%",
    )
    assert "fills 51.0%" in reasons_unlikely(_labels(0.51), ("Lungs",), GATE)[0]


def test_segments_that_overlap_are_counted_once():
    assert reasons_unlikely(_labels(0.3, 0.3), ("A", "B"), GATE) == ()


def test_an_empty_segment_is_named():
    assert reasons_unlikely(_labels(0.3, 0), ("A", "B"), GATE) == ("nothing was found of B",)


def _map(*shares):
    labels = np.zeros((100, 10, 10), np.uint8)
    start = 0
    for k, share in enumerate(shares, start=1):
        end = start + round(share * 100)
        labels[start:end] = k
        start = end
    return labels


def test_a_label_map_is_judged_the_same():
    assert reasons_volume_unlikely(_map(0.2, 0.1), ("A", "B"), GATE) == ()
    assert reasons_volume_unlikely(_map(0.2, 0), ("A", "B"), GATE) == ("nothing was found of B",)
    assert reasons_volume_unlikely(_map(0.3, 0.3), ("A", "B"), GATE) == (
        "the result fills 60.0% of the volume, expected are 5.0% to 50.0%",
    )
