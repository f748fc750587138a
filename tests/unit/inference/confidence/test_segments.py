import numpy as np
import pytest

from inference.confidence.confidence import Confidence
from inference.confidence.segments import SegmentConfidence

MAPS = np.array([[[[0.9, 0.1], [0.5, 0.0]]]], np.float32)
LABELS = np.array([[[1, 1]]], np.uint8)


def test_every_segment_has_its_confidence_in_order():
    gathered = SegmentConfidence({"Liver": 0, "Spleen": 1})
    gathered.add(MAPS, LABELS)
    liver, spleen = gathered.confidences()
    assert (liver.label, liver.kind, liver.member_agreement) == ("Liver", "soft_dice", None)
    assert liver.certainty == pytest.approx(2 * 1.4 / (1.4 + 2))
    assert liver.mean_entropy_bits == pytest.approx((0.468996 + 1) / 2, abs=1e-5)
    assert spleen == Confidence(label="Spleen", certainty=0.0, kind="soft_dice")


def test_of_an_ensemble_it_has_the_agreement():
    gathered = SegmentConfidence({"Liver": 0}, members=2)
    gathered.add(MAPS, LABELS)
    gathered.add_members([LABELS, LABELS // np.array([1, 2], np.uint8)])
    assert gathered.confidences()[0].member_agreement == pytest.approx(2 / 3)
