"""Through the whole chain, with a network drawn by hand: what is dark is lung."""

from types import SimpleNamespace

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.preprocess.field import Field
from inference.train.case import Boxes, Case, Class, Labelled, Mask
from inference.train.evaluate.evaluate import evaluate
from inference.train.evaluate.tables import EvaluateTable

TABLE = EvaluateTable(resamples=200)

MODEL = """
[model]
name = "tried"
version = "1.0.0"
task = "{task}"
research_only = true
intended_use = "none"
licence = "none"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "a test"

[input]
each = "instance"

[[preprocess]]
step = "resize"
rows = 32
columns = 32

[io]
input = "image"
input_rank = 4
{rest}
"""
SEGMENTATION = """
output = "probabilities"
output_rank = 4

[[postprocess]]
step = "threshold"

[[output.segment]]
label = "Lungs"
channel = 0
category = "SCT.AnatomicalStructure"
type = "SCT.Lung"
colour_rgb = [0, 0, 0]
"""
CLASSIFICATION = """
output = "probabilities"
output_rank = 2

[[output.finding]]
label = "Dark"
channel = 0
concept = "SCT.Lung"
threshold = 0.5
positive = "dark"
"""
DETECTION = """
[io.detection]
boxes = "boxes"
scores = "scores"
classes = "classes"

[[output.box]]
label = "Lung"
class_id = 0
concept = "SCT.Lung"
colour_rgb = [0, 0, 0]
score_at_least = 0.5
"""


@pytest.fixture
def manifest(tmp_path):
    def manifest(task, rest):
        (tmp_path / "model.toml").write_text(MODEL.format(task=task, rest=rest))
        return read_manifest(tmp_path)

    return manifest


def case(patient, values, truth, **facts):
    labelled = Labelled(field=Field(values=values.astype(np.float32), affine=None), truth=truth)
    return Case(name=f"{patient}.png", patient=patient, facts=facts, read=lambda: labelled)


def lung(width):
    """Bright, with a dark band of so many columns of 96, on a grid that is not the network's."""
    values = np.ones((64, 96), np.float32)
    values[:, :width] = 0
    return values


def dark(image):
    return (image < 0.5).astype(np.float32)[..., None]


SEGMENTS = SimpleNamespace(
    members=1, each_member=lambda image: (dark(image),), combine=lambda members: members[0]
)


def test_dice_is_measured_at_the_size_of_the_source_and_told_by_group(manifest):
    def mask(width):
        return Mask(segments=(lung(width) == 0).astype(np.uint8)[..., None])

    cases = [
        case("a", lung(48), mask(48), projection="ap"),
        case("a", lung(48), mask(48), projection="ap"),
        case("b", lung(48), mask(24), projection="pa"),
    ]
    found = evaluate(cases, manifest("segmentation", SEGMENTATION), SEGMENTS, TABLE)
    figures = found.figures
    assert (figures["validation_patients"], figures["validation_images"]) == (2, 3)
    assert (figures["projection_ap_images"], figures["projection_pa_images"]) == (2, 1)
    assert figures["projection_ap_dice_mean"] == 1.0
    assert figures["projection_pa_dice_mean"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["dice_mean"] == pytest.approx((2 + 2 / 3) / 3, abs=1e-4)
    assert (figures["dice_mean_low"], figures["dice_mean_high"]) == (pytest.approx(2 / 3, abs=1e-4), 1.0)
    # No case has a device, so nothing is told by it.
    assert not any(name.startswith("device") for name in figures)
    assert any("0.889 (0.667 to 1.000)" in sentence for sentence in found.sentences)
    assert not any("a.png" in sentence for sentence in found.sentences)


def test_classes_are_judged_by_their_order(manifest):
    network = SimpleNamespace(classify=lambda image: np.array([1 - image.mean()], np.float32))
    cases = [
        case(str(k), lung(width), Class(shares=np.array([width > 40], np.float32)))
        for k, width in enumerate((12, 24, 44, 72))
    ]
    figures = evaluate(cases, manifest("classification", CLASSIFICATION), network, TABLE).figures
    assert (figures["dark_auroc"], figures["dark_sensitivity"], figures["dark_specificity"]) == (
        1.0,
        0.5,
        1.0,
    )


def test_boxes_are_judged_on_the_sources_grid(manifest):
    def detect(image):
        columns = float((image < 0.5).all(axis=0).sum())
        boxes = np.array([[0, 0, 32, columns]], np.float32)
        return {"boxes": boxes, "scores": np.ones(1, np.float32), "classes": np.zeros(1, np.int64)}

    def box(width):
        return Boxes(boxes=np.array([[0, 0, 64, width]], np.float32), classes=np.zeros(1, np.int32))

    cases = [case("a", lung(48), box(48)), case("b", lung(48), box(96)), case("c", lung(48), box(20))]
    figures = evaluate(cases, manifest("detection", DETECTION), SimpleNamespace(detect=detect), TABLE).figures
    assert figures["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["overlap_mean"] == pytest.approx(0.75, abs=1e-3)


def test_a_label_of_another_task_is_refused_with_the_case(manifest):
    wrong = case("a", lung(48), Class(shares=np.ones(1, np.float32)))
    with pytest.raises(TrainingRefused, match=r"a\.png: its label is of another task"):
        evaluate([wrong], manifest("segmentation", SEGMENTATION), SEGMENTS, TABLE)


def test_nothing_to_evaluate_on_is_refused(manifest):
    with pytest.raises(TrainingRefused, match="keep some patients for validation"):
        evaluate([], manifest("segmentation", SEGMENTATION), SEGMENTS, TABLE)
