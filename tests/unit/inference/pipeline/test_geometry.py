"""A labelled phantom through the whole pipeline: every voxel of the SEG lies on the source voxel that is labelled.

In all 24 orientations of the axes, with two tilts, with three different spacings, the files in no order.
"""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import permutations, product

import numpy as np
import pytest
from pydicom import dcmread

from inference.pipeline import analyse, load_model
from tests.labels_package import HIGH, LOW, build_labels_package, labels_phantom
from tests.unit.inference.volume.stacks import write_stack

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ORIENTATIONS = [
    (tuple(s * np.eye(3)[a]), tuple(t * np.eye(3)[b]))
    for (a, b) in permutations(range(3), 2)
    for s, t in product((1, -1), repeat=2)
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load_model(build_labels_package(tmp_path_factory.mktemp("labels")))


def _marked(results, sources):
    """The label map that the SEGs of ``results`` say, on the slices of ``sources`` by their UIDs."""
    labels = np.zeros(labels_phantom().shape, np.uint8)
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
    expected = np.select([labels_phantom() == LOW, labels_phantom() == HIGH], [1, 2]).astype(np.uint8)
    assert np.count_nonzero(_marked(outcome.results, sources) != expected) == 0
    return outcome


@pytest.mark.parametrize(("along_row", "along_column"), ORIENTATIONS)
def test_no_voxel_is_wrong_in_any_orientation(model, tmp_path, along_row, along_column):
    step = 2.5 * np.cross(along_row, along_column)
    paths = write_stack(
        tmp_path,
        labels_phantom() + 1000,
        origin=(10, -20, 30),
        step=step,
        orientation=(*along_row, *along_column),
        PixelSpacing=[0.7, 1.1],
    )
    outcome = _check(model, paths)
    low = next(each for each in outcome.measured if each.segment == "Low")
    assert low.value == pytest.approx(np.count_nonzero(labels_phantom() == LOW) * 0.7 * 1.1 * 2.5, rel=1e-4)


@pytest.mark.parametrize("degrees", [-17.5, 12.0])
def test_no_voxel_is_wrong_where_the_gantry_was_tilted(model, tmp_path, degrees):
    angle = np.deg2rad(degrees)
    orientation = (1, 0, 0, 0, np.cos(angle), np.sin(angle))
    _check(
        model,
        write_stack(tmp_path, labels_phantom() + 1000, orientation=orientation, PixelSpacing=[0.5, 0.9]),
    )


def test_what_the_package_asks_for_beside_is_written_too(model, tmp_path):
    results = model.manifest.results.model_copy(
        update={"also": ["summary", "presentation_state", "probability_map"]}
    )
    asking = replace(model, manifest=model.manifest.model_copy(update={"results": results}))
    outcome = analyse(asking, write_stack(tmp_path, labels_phantom() + 1000), now=NOW)
    assert [result.kind for result in outcome.results] == ["SEG", "SR", "SC", "PR", "PM", "PM"]
    for result, value in zip(outcome.results[-2:], (LOW, HIGH), strict=True):
        probable = dcmread(BytesIO(result.content)).pixel_array
        assert np.array_equal(probable >= 0.5, labels_phantom() == value)
        assert 0 <= probable.min() < probable.max() <= 1


@pytest.mark.parametrize("keyword", ["ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"])
def test_a_series_without_geometry_is_refused_and_reported(model, tmp_path, keyword):
    paths = write_stack(tmp_path, labels_phantom() + 1000)
    for path in paths:
        instance = dcmread(path)
        del instance[keyword]
        instance.save_as(path)
    outcome = analyse(model, paths, now=NOW)
    assert outcome.verdict == "refused"
    (report,) = outcome.results
    assert "The model gave no result" in dcmread(BytesIO(report.content)).to_json()


def test_a_series_with_a_gap_is_refused_and_the_sentence_says_where(model, tmp_path):
    paths = write_stack(tmp_path, labels_phantom() + 1000)
    outcome = analyse(model, paths[:5] + paths[6:], now=NOW)
    (report,) = outcome.results
    assert (outcome.verdict, report.kind) == ("refused", "SR")
    named = dcmread(BytesIO(report.content)).CurrentRequestedProcedureEvidenceSequence[0]
    assert len(named.ReferencedSeriesSequence[0].ReferencedSOPSequence) == len(paths) - 1
    assert "mm" in outcome.reasons[0]


def test_a_series_of_another_modality_is_refused(model, tmp_path):
    paths = write_stack(tmp_path, labels_phantom() + 1000, Modality="MR")
    outcome = analyse(model, paths, now=NOW)
    assert outcome.verdict == "refused"
    assert "Modality is MR" in outcome.reasons[0]
