import json

import pytest

from inference.confidence.confidence import Confidence


def test_the_ledger_gets_what_applies():
    confidence = Confidence(label="Liver", certainty=0.93, kind="soft_dice", mean_entropy_bits=0.0)
    note = confidence.as_note()
    assert note == {"label": "Liver", "certainty": 0.93, "kind": "soft_dice", "mean_entropy_bits": 0.0}
    assert json.loads(json.dumps(note)) == note


def test_of_an_ensemble_it_gets_the_agreement():
    confidence = Confidence(label="Liver", certainty=0.93, kind="soft_dice", member_agreement=0.8)
    assert confidence.as_note()["member_agreement"] == 0.8


def test_it_is_frozen():
    with pytest.raises(AttributeError):
        Confidence(label="Liver", certainty=0.9, kind="soft_dice").certainty = 1.0
