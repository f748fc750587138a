import pytest
from pydicom.dataset import Dataset

from inference.errors import GeometryRefused, InputUnreadable
from inference.volume.slices import slices_of
from inference.volume.stored_instance import open_instance
from tests.unit.inference.volume.stacks import ct_slice, enhanced_ct, numbered, write, write_stack

PLACES = [(0, 0, 5), (0, 0, 1), (0, 0, 3)]


def _slices(*paths):
    return slices_of([open_instance(path) for path in paths])


def _enhanced(tmp_path, **attributes):
    return write(enhanced_ct(numbered(3, 4, 5), PLACES, **attributes), tmp_path / "enhanced")


def test_single_frames_are_slices(tmp_path):
    paths = write_stack(tmp_path, numbered(3, 4, 5))
    found = _slices(*paths)
    assert [each.instance.path for each in found] == paths
    assert [each.frame_number for each in found] == [1, 1, 1]
    assert {each.plane.position[2] for each in found} == {0, 2, 4}
    assert {each.modality_lut.intercept for each in found} == {-1000}


def test_frames_of_an_enhanced_instance_are_slices(tmp_path):
    found = _slices(_enhanced(tmp_path, intercepts=[1, 2, 3], spacing=(0.5, 0.7)))
    assert [each.frame_number for each in found] == [1, 2, 3]
    assert [each.plane.position for each in found] == PLACES
    assert [each.modality_lut.intercept for each in found] == [1, 2, 3]
    assert {(each.plane.between_rows_mm, each.plane.between_columns_mm) for each in found} == {(0.5, 0.7)}


def test_a_frames_own_group_goes_before_the_shared_one(tmp_path):
    instance = enhanced_ct(numbered(3, 4, 5), PLACES)
    own = Dataset()
    own.PixelSpacing = [0.2, 0.3]
    instance.PerFrameFunctionalGroupsSequence[1].PixelMeasuresSequence = [own]
    found = _slices(write(instance, tmp_path / "enhanced"))
    assert [each.plane.between_columns_mm for each in found] == [0.8, 0.3, 0.8]


def test_an_enhanced_instance_of_one_frame_is_read_by_its_groups(tmp_path):
    instance = enhanced_ct(numbered(1, 4, 5), PLACES[:1])
    (found,) = _slices(write(instance, tmp_path / "enhanced"))
    assert found.plane.position == (0, 0, 5)


def test_frames_without_groups_are_refused(tmp_path):
    path = write(ct_slice(numbered(3, 4, 5), NumberOfFrames=3), tmp_path / "cine")
    with pytest.raises(GeometryRefused, match="3 frames but no functional groups"):
        _slices(path)


def test_several_multi_frame_instances_are_refused(tmp_path):
    paths = write_stack(tmp_path, numbered(2, 4, 5))
    with pytest.raises(GeometryRefused, match="holds 3 instances, 1 of them multi-frame"):
        _slices(*paths, _enhanced(tmp_path))


@pytest.mark.parametrize("frames", [2, 4, 2**31 - 1])
def test_a_number_of_frames_that_lies_is_unreadable(tmp_path, frames):
    with pytest.raises(InputUnreadable, match=f"says {frames} frames, its functional groups 3"):
        _slices(_enhanced(tmp_path, NumberOfFrames=frames))


def test_a_frame_without_its_place_is_refused(tmp_path):
    instance = enhanced_ct(numbered(3, 4, 5), PLACES)
    del instance.PerFrameFunctionalGroupsSequence[2].PlanePositionSequence
    with pytest.raises(GeometryRefused, match="ImagePositionPatient"):
        _slices(write(instance, tmp_path / "enhanced"))
