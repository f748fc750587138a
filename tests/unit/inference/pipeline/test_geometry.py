"""A labelled phantom through the whole pipeline: every voxel of the SEG lies on the source voxel that is labelled.

In all 24 orientations of the axes, with two tilts, with three different spacings, the files in no order.
"""

from datetime import UTC, datetime
from io import BytesIO
from itertools import permutations, product

import numpy as np
import pytest
import tensorflow as tf
from pydicom import dcmread

from inference.pipeline import analyse, load_model
from inference.train.pack import Sources, pack_package
from tests.unit.inference.volume.stacks import write_stack

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
AIR, LOW, HIGH = -1000, 200, 600
DRAFT = """
[model]
name = "labels"
version = "1.0.0"
task = "segmentation"
research_only = true
intended_use = "Tests of this software"
licence = "Apache-2.0"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "a formula"

[input]
each = "series"
Modality = ["CT"]

[[preprocess]]
step = "orient"
to = "LPS"

[[preprocess]]
step = "window"
centre = 0
width = 2000

[predict]
patch = [8, 16, 16]
overlap = 0.5

[[postprocess]]
step = "threshold"
at_least = 0.5

[[output.segment]]
label = "Low"
channel = 0
category = "SCT.AnatomicalStructure"
type = "SCT.Liver"
colour_rgb = [66, 165, 245]

[[output.segment]]
label = "High"
channel = 1
category = "SCT.AnatomicalStructure"
type = "SCT.Spleen"
colour_rgb = [255, 167, 38]

[[output.measurement]]
kind = "volume"
code = "SCT.Volume"
unit = "mm3"
"""
ORIENTATIONS = [
    (tuple(s * np.eye(3)[a]), tuple(t * np.eye(3)[b]))
    for (a, b) in permutations(range(3), 2)
    for s, t in product((1, -1), repeat=2)
]


def _network(folder):
    """0.6 of the window is Low, 0.8 is High: voxel by voxel."""

    def serve(image):
        low, high = (tf.exp(-tf.square((image - middle) * 20.0)) for middle in (0.6, 0.8))
        return {"probabilities": tf.concat([low, high], axis=-1)}

    module = tf.Module()
    module.serve = tf.function(
        serve, input_signature=[tf.TensorSpec((None, 8, 16, 16, 1), tf.float32, name="image")]
    )
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
    return folder


def _phantom():
    """No two of its mirror images or turned copies are the same."""
    values = np.full((11, 23, 19), AIR, np.int16)
    values[2:9, 3:17, 4:9] = LOW
    values[4:6, 5:8, 4:15] = HIGH
    values[8, 18:21, 12] = HIGH
    return values


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels")
    (folder / "draft.toml").write_text(DRAFT, encoding="utf-8")
    write_stack(folder / "series", _phantom() + 1000)
    sources = Sources(
        draft=folder / "draft.toml", networks=(_network(folder / "network"),), example=folder / "series"
    )
    return load_model(pack_package(sources, folder / "out"))


def _marked(results, sources):
    """The label map that the SEGs of ``results`` say, on the slices of ``sources`` by their UIDs."""
    labels = np.zeros(_phantom().shape, np.uint8)
    for result in results:
        if result.kind == "SEG":
            seg = dcmread(BytesIO(result.content))
            names = {item.SegmentNumber: item.SegmentLabel for item in seg.SegmentSequence}
            frames = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
            for frame, groups in zip(frames, seg.PerFrameFunctionalGroupsSequence, strict=True):
                number = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
                source = groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
                assert not (labels[sources[source]] & frame).any()
                labels[sources[source]][frame > 0] = {"Low": 1, "High": 2}[names[number]]
    return labels


def _check(model, paths):
    sources = {f"2.25.9{index + 1}": index for index in range(len(paths))}
    outcome = analyse(model, paths, now=NOW)
    assert outcome.verdict in ("accepted", "flagged"), outcome.reasons
    expected = np.select([_phantom() == LOW, _phantom() == HIGH], [1, 2]).astype(np.uint8)
    assert np.count_nonzero(_marked(outcome.results, sources) != expected) == 0
    return outcome


@pytest.mark.parametrize(("along_row", "along_column"), ORIENTATIONS)
def test_no_voxel_is_wrong_in_any_orientation(model, tmp_path, along_row, along_column):
    step = 2.5 * np.cross(along_row, along_column)
    paths = write_stack(
        tmp_path,
        _phantom() + 1000,
        origin=(10, -20, 30),
        step=step,
        orientation=(*along_row, *along_column),
        PixelSpacing=[0.7, 1.1],
    )
    outcome = _check(model, paths)
    low = next(each for each in outcome.measured if each.segment == "Low")
    assert low.value == pytest.approx(np.count_nonzero(_phantom() == LOW) * 0.7 * 1.1 * 2.5, rel=1e-4)


@pytest.mark.parametrize("degrees", [-17.5, 12.0])
def test_no_voxel_is_wrong_where_the_gantry_was_tilted(model, tmp_path, degrees):
    angle = np.deg2rad(degrees)
    orientation = (1, 0, 0, 0, np.cos(angle), np.sin(angle))
    _check(model, write_stack(tmp_path, _phantom() + 1000, orientation=orientation, PixelSpacing=[0.5, 0.9]))


def test_a_series_with_a_gap_is_refused_and_the_sentence_says_where(model, tmp_path):
    paths = write_stack(tmp_path, _phantom() + 1000)
    outcome = analyse(model, paths[:5] + paths[6:], now=NOW)
    assert (outcome.verdict, outcome.results) == ("refused", ())
    assert "mm" in outcome.reasons[0]


def test_a_series_of_another_modality_is_refused(model, tmp_path):
    paths = write_stack(tmp_path, _phantom() + 1000, Modality="MR")
    outcome = analyse(model, paths, now=NOW)
    assert outcome.verdict == "refused"
    assert "Modality is MR" in outcome.reasons[0]
