import itertools

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from inference.errors import GeometryRefused, InputUnreadable
from inference.volume.series import read_volume
from tests.unit.inference.volume.stacks import (
    AXIAL,
    ct_slice,
    enhanced_ct,
    numbered,
    write,
    write_stack,
)

AXES = [tuple(sign * np.eye(3)[axis]) for axis in range(3) for sign in (1, -1)]
ORIENTATIONS = [
    (along_row, along_column)
    for along_row, along_column in itertools.product(AXES, AXES)
    if np.dot(along_row, along_column) == 0
]

# A world of 5 x 6 x 7 points in LPS, steps of 0.5, 0.9 and 2.3 mm: each point its own number.
LATTICE = np.array([0.5, 0.9, 2.3])
COUNTS = np.array([5, 6, 7])
ORIGIN = np.array([-120.0, 33.0, 501.5])


def _number_at(points):
    """What belongs at these points of the patient, from their coordinates alone."""
    indices = np.rint((points - ORIGIN) / LATTICE).astype(int)
    assert np.abs((points - ORIGIN) / LATTICE - indices).max() < 1e-4
    return indices @ (1, 10, 100)


def _points_of(volume):
    index = np.stack(np.meshgrid(*map(np.arange, volume.voxels.shape), indexing="ij"), axis=-1)
    return index @ volume.affine[:3, :3].T + volume.affine[:3, 3]


def _write_world(folder, along_row, along_column):
    """The world cut into slices this way, as a scanner would: first pixel, directions, spacing."""
    directions = np.array([np.cross(along_row, along_column), along_column, along_row])
    axes = np.abs(directions).argmax(axis=1)
    signs = directions[np.arange(3), axes]
    corner = ORIGIN + np.where(directions.sum(axis=0) < 0, (COUNTS - 1) * LATTICE, 0)
    index = np.stack(np.meshgrid(*(np.arange(COUNTS[axis]) for axis in axes), indexing="ij"), axis=-1)
    points = corner + (index * LATTICE[axes]) @ directions
    assert set(signs) <= {1, -1}
    return write_stack(
        folder,
        _number_at(points),
        origin=corner,
        step=directions[0] * LATTICE[axes[0]],
        orientation=(*along_row, *along_column),
        PixelSpacing=[LATTICE[axes[1]], LATTICE[axes[2]]],
    )


def test_there_are_24_orientations():
    assert len(ORIENTATIONS) == 24


@pytest.mark.parametrize(("along_row", "along_column"), ORIENTATIONS)
def test_every_voxel_is_at_its_place_in_the_patient(tmp_path, along_row, along_column):
    volume = read_volume(_write_world(tmp_path, along_row, along_column))
    assert volume.voxels.size == COUNTS.prod()
    wrong = volume.voxels + 1000 != _number_at(_points_of(volume))
    assert np.count_nonzero(wrong) == 0


@pytest.mark.parametrize("degrees", [-17.5, 12.0])
def test_a_tilted_stack_is_read_as_the_sheared_grid_it_is(tmp_path, degrees):
    values, angle = numbered(6, 4, 5), np.deg2rad(degrees)
    orientation = (1, 0, 0, 0, np.cos(angle), np.sin(angle))
    paths = write_stack(tmp_path, values, origin=(1, 2, 3), orientation=orientation, PixelSpacing=[0.5, 0.7])
    volume = read_volume(paths)
    s, r, c = np.indices(values.shape)
    expected = np.stack([1 + 0.7 * c, 2 + 0.5 * r * np.cos(angle), 3 + 2 * s + 0.5 * r * np.sin(angle)], -1)
    assert np.array_equal(volume.voxels, values - 1000)
    assert np.abs(_points_of(volume) - expected).max() < 1e-5
    assert abs(volume.affine[:3, 0] @ volume.affine[:3, 1]) > 0.1


def test_an_oblique_stack_is_read(tmp_path):
    along_row, along_column = np.array([0.8, 0.6, 0]), np.array([0, 0, -1.0])
    step = 3 * np.cross(along_row, along_column)
    paths = write_stack(tmp_path, numbered(4, 3, 3), step=step, orientation=(*along_row, *along_column))
    volume = read_volume(paths)
    assert np.allclose(volume.affine[:3, 0], step, atol=1e-5)
    assert np.allclose(volume.spacing_mm, [3, 0.8, 0.8])


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_files_says_nothing(tmp_path, seed):
    values = numbered(9, 4, 5)
    volume = read_volume(write_stack(tmp_path, values, seed=seed))
    assert np.array_equal(volume.voxels, values - 1000)
    assert [source.SOPInstanceUID for source in volume.sources] == [f"2.25.9{n}" for n in range(1, 10)]
    assert volume.frame_numbers == (1,) * 9


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_native_transfer_syntaxes_give_the_same(tmp_path, syntax):
    values, paths = numbered(3, 4, 5), []
    for index, each in enumerate(values):
        instance = ct_slice(each, position=(0, 0, index), number=index)
        if syntax == ExplicitVRBigEndian:
            instance.PixelData = each.astype(">i2").tobytes()
        paths.append(write(instance, tmp_path / str(index), syntax))
    assert np.array_equal(read_volume(paths).voxels, values - 1000)


def test_an_enhanced_instance_is_read_by_its_functional_groups(tmp_path):
    values = numbered(5, 4, 6)
    places, intercepts = [4.0, 0.0, 8.0, 2.0, 6.0], [-1000, -900, -800, -700, -600]
    instance = enhanced_ct(values, [(1, 2, z) for z in places], intercepts=intercepts, spacing=(0.5, 0.7))
    volume = read_volume([write(instance, tmp_path / "enhanced")])
    assert volume.frame_numbers == (2, 4, 1, 5, 3)
    assert len(volume.sources) == 1
    for place, frame in enumerate(volume.frame_numbers):
        assert np.array_equal(volume.voxels[place], values[frame - 1] + intercepts[frame - 1])
    assert np.allclose(volume.affine[:3], [[0, 0, 0.7, 1], [0, 0.5, 0, 2], [2, 0, 0, 0]])


def test_slope_and_intercept_are_those_of_each_slice(tmp_path):
    paths = [
        write(
            ct_slice(numbered(4, 5), position=(0, 0, z), number=z, RescaleSlope=0.5 + z, RescaleIntercept=z),
            tmp_path / str(z),
        )
        for z in range(3)
    ]
    for z, each in enumerate(read_volume(paths).voxels):
        assert np.array_equal(each, np.float32(numbered(4, 5) * (0.5 + z) + z))


def test_the_first_header_is_whole_and_the_others_tell_slices_apart(tmp_path):
    volume = read_volume(write_stack(tmp_path, numbered(3, 4, 5)))
    assert volume.sources[0].PatientID == "P-1"
    assert [source.ImagePositionPatient[2] for source in volume.sources] == [0, 2, 4]
    assert not any("PixelData" in source for source in volume.sources)
    assert not any("PatientName" in source for source in volume.sources[1:])


def test_differing_frames_of_reference_are_made_one_and_noted(tmp_path):
    paths = [
        write(
            ct_slice(numbered(4, 5), position=(0, 0, z), number=z, FrameOfReferenceUID=f"2.25.7{z}"),
            tmp_path / str(z),
        )
        for z in range(3)
    ]
    volume = read_volume(paths)
    assert {source.FrameOfReferenceUID for source in volume.sources} == {volume.frame_of_reference_uid}
    assert volume.frame_of_reference_uid == "2.25.70"
    assert volume.notes == (
        "The images have 3 different Frames of Reference; since they make one even stack, they were taken as one.",
    )


def test_one_frame_of_reference_needs_no_note(tmp_path):
    volume = read_volume(write_stack(tmp_path, numbered(3, 4, 5)))
    assert (volume.frame_of_reference_uid, volume.notes) == ("2.25.3", ())


def test_a_missing_frame_of_reference_is_derived_from_the_series_and_noted(tmp_path):
    volumes = [
        read_volume(write_stack(tmp_path / name, numbered(3, 4, 5), FrameOfReferenceUID=None))
        for name in "ab"
    ]
    assert volumes[0].frame_of_reference_uid == volumes[1].frame_of_reference_uid
    assert volumes[0].frame_of_reference_uid.startswith("2.25.")
    assert volumes[0].sources[2].FrameOfReferenceUID == volumes[0].frame_of_reference_uid
    assert "no Frame of Reference" in volumes[0].notes[0]


def test_a_missing_slice_is_refused_before_a_pixel_is_read(tmp_path):
    paths = write_stack(tmp_path, numbered(6, 4, 5), PixelData=b"", origin=(0, 0, -5))
    gone = next(path for path in paths if b"2.25.94" in path.read_bytes())
    with pytest.raises(GeometryRefused, match=r"missing between -1\.0 and 3\.0 mm"):
        read_volume([path for path in paths if path != gone])


def test_no_instance_is_said_so():
    with pytest.raises(InputUnreadable, match="no instance"):
        read_volume([])


def test_a_localizer_among_the_slices_is_refused(tmp_path):
    paths = write_stack(tmp_path, numbered(4, 4, 5))
    scout = ct_slice(
        numbered(4, 5),
        orientation=(1, 0, 0, 0, 0, -1),
        number=99,
        ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"],
    )
    with pytest.raises(GeometryRefused, match="1 of 5 instances are localizers"):
        read_volume([*paths, write(scout, tmp_path / "scout")])


def test_one_slice_is_no_volume(tmp_path):
    with pytest.raises(GeometryRefused, match="single slice"):
        read_volume(write_stack(tmp_path, numbered(1, 4, 5), orientation=AXIAL))


def test_no_message_names_the_patient_or_the_file(tmp_path):
    paths = write_stack(tmp_path, numbered(3, 4, 5))
    content = paths[0].read_bytes()
    for length in range(0, len(content), 3):
        paths[0].write_bytes(content[:length])
        with pytest.raises((InputUnreadable, GeometryRefused)) as caught:
            read_volume(paths)
        assert not any(secret in str(caught.value) for secret in ("Jörg", "P-1", str(tmp_path)))


def test_whatever_bytes_are_changed_it_is_read_or_refused(tmp_path):
    paths = write_stack(tmp_path, numbered(3, 4, 5))
    content, chance = paths[1].read_bytes(), np.random.default_rng(3)
    outcomes = set()
    for _ in range(400):
        damaged = bytearray(content)
        for at in chance.integers(132, len(content), 3):
            damaged[at] = chance.integers(256)
        paths[1].write_bytes(damaged)
        try:
            outcomes.add(read_volume(paths).voxels.shape)
        except (InputUnreadable, GeometryRefused) as error:
            outcomes.add(type(error))
    assert outcomes == {(3, 4, 5), InputUnreadable, GeometryRefused}
