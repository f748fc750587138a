import numpy as np
import pytest

from inference.package.declared import Range
from inference.package.description import describe, limits
from inference.package.envelope import Envelope
from inference.package.gate import Gate
from inference.package.output import Box, Finding

ONE = np.ones(1, np.float32)
ENVELOPE = Envelope(
    percentiles=ONE, lowest=ONE, highest=ONE, thumbnails=np.ones((14, 8, 8), np.float32), least_alike=0.1
)


def test_a_package_is_told_in_the_order_of_the_way_through_it(manifest):
    lines = describe(manifest, None)
    assert lines[0] == "shades 1.2.3: segmentation, for research only"
    headings = [line for line in lines[1:] if not line.startswith("  ")]
    assert headings == ["reads", "does", "gives", "refuses", "flags for a human to look"]
    for line in (
        "  Modality CR or DX",
        "  before the network: pad (to square, value 1.0)",
        "  after the network: components (keep_largest 2, smallest_fraction 0.002)",
        "  a SEG of 'Grey' (SCT.Heart)",
        "  area in mm2 (SCT.Area)",
        "  images smaller than 64 x 64",
        "  results that fill more than 80%",
        "  nothing by its greys: the package has no envelope",
    ):
        assert line in lines


def test_the_envelope_is_told(manifest):
    lines = describe(manifest, ENVELOPE)
    assert "  layouts unlike those of 14 training images, or more like them upside down" in lines


def test_a_series_and_its_limits_are_told(manifest):
    wanted = manifest.input.model_copy(update={"each": "series"})
    gate = Gate(slices=Range(at_least=10), slice_spacing_mm=Range(at_most=5), planes=["axial"])
    lines = describe(manifest.model_copy(update={"input": wanted, "gate": gate}), None)
    assert "  one series as a volume" in lines
    assert "  numbers of slices that are not at least 10" in lines
    assert "  distances between slices in mm that are not at most 5" in lines
    assert "  slices that are not axial" in lines


@pytest.mark.parametrize(
    ("kind", "table", "line"),
    [
        (
            "finding",
            Finding(label="A", channel=0, concept="SCT.Pneumothorax", threshold=0.4, positive="It is there."),
            "  from a probability of 0.4: 'It is there.' (SCT.Pneumothorax)",
        ),
        (
            "box",
            Box(label="N", class_id=1, concept="SCT.Nodule", colour_rgb=(1, 2, 3), score_at_least=0.5),
            "  boxes of 'N' (SCT.Nodule) from a score of 0.5",
        ),
    ],
)
def test_findings_and_boxes_are_told(manifest, kind, table, line):
    output = manifest.output.model_copy(update={kind: [table]})
    assert line in describe(manifest.model_copy(update={"output": output}), None)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Range(at_least=1, at_most=2.5), "1 to 2.5"),
        (Range(at_least=1), "at least 1"),
        (Range(at_most=2), "at most 2"),
    ],
)
def test_limits_in_words(rule, words):
    assert limits(rule) == words
