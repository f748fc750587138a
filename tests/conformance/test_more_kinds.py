"""Secondary Capture, presentation state and Parametric Map: before dciodvfy, dcmqi and highdicom's reader."""

from dataclasses import replace
from io import BytesIO

import highdicom as hd
import numpy as np
import pytest

from inference.encode.analysed import Analysed
from inference.encode.presentation_state import encode_presentation_state
from inference.encode.probability_map import encode_probability_maps
from inference.encode.summary import encode_summary
from tests.conformance.nrrd import read_nrrd
from tests.conformance.sources import SOURCES, analysed_kind
from tests.conformance.test_volume import KINDS
from tests.unit.inference.encode.given import (
    analysed_boxes,
    analysed_classes,
    analysed_volume,
    read_phantom,
)

pytestmark = pytest.mark.real_neighbours

SHAPE = (7, 16, 24)


def _volume(folder, kind) -> Analysed:
    given = dict(KINDS[kind])
    volume = read_phantom(folder / "series", given.pop("shape", SHAPE), **given)
    maps = np.random.default_rng(5).random((2, *volume.voxels.shape), dtype=np.float32)
    return replace(analysed_volume(volume), probabilities=maps)


@pytest.mark.parametrize("kind", SOURCES)
def test_dciodvfy_finds_no_error_of_an_image(errors_of, kind):
    made = analysed_kind(kind)
    assert errors_of(encode_summary(made).content) == []
    assert errors_of(encode_presentation_state(made).content) == []


@pytest.mark.parametrize("kind", KINDS)
def test_dciodvfy_finds_no_error_of_a_volume(tmp_path, errors_of, kind):
    made = _volume(tmp_path, kind)
    results = [encode_summary(made), encode_presentation_state(made), *encode_probability_maps(made)]
    for result in results:
        assert errors_of(result.content) == []


def test_dciodvfy_finds_no_error_of_boxes_and_classes(errors_of):
    for made in (analysed_boxes(), analysed_classes()):
        assert errors_of(encode_summary(made).content) == []
    assert errors_of(encode_presentation_state(analysed_boxes()).content) == []


@pytest.mark.parametrize("kind", ["axial", "odd size", "sagittal", "oblique", "anisotropic", "enhanced"])
def test_dcmqi_reads_every_probability_in_its_place(tmp_path, judge, kind):
    made = _volume(tmp_path, kind)
    for result, expected in zip(encode_probability_maps(made), made.probabilities, strict=True):
        (tmp_path / "map.dcm").write_bytes(result.content)
        (tmp_path / "out").mkdir(exist_ok=True)
        judge("paramap2itkimage", "--inputDICOM", tmp_path / "map.dcm", "--outputDirectory", tmp_path / "out")
        values, affine = read_nrrd(tmp_path / "out" / "pmap.nrrd")
        assert np.array_equal(_on_our_grid(values, affine, made.source), expected)


def _on_our_grid(values, affine, volume):
    """Each of their voxels put where its place in the patient lies in our volume."""
    theirs = np.argwhere(np.ones(values.shape, bool))
    places = np.c_[theirs, np.ones(len(theirs))] @ affine.T
    ours = np.rint(places @ np.linalg.inv(volume.affine).T)[:, :3].astype(int)
    grid = np.full(volume.voxels.shape, np.nan, np.float32)
    grid[tuple(ours.T)] = values.reshape(-1)
    return grid


@pytest.mark.parametrize("kind", ["axial", "oblique"])
def test_highdicom_reads_every_probability(tmp_path, kind):
    made = _volume(tmp_path, kind)
    for result, expected in zip(encode_probability_maps(made), made.probabilities, strict=True):
        read = hd.imread(BytesIO(result.content)).get_volume(
            dtype=np.float32, apply_real_world_transform=False
        )
        assert np.array_equal(_on_our_grid(read.array, read.affine, made.source), expected)


def test_dcmtk_reads_the_contours(tmp_path, judge):
    """dcmp2pgm would draw them; its parser is what dcmpschk asks."""
    (tmp_path / "state.dcm").write_bytes(encode_presentation_state(analysed_boxes()).content)
    said = judge("dcmpschk", tmp_path / "state.dcm")
    assert "Error" not in said, said
