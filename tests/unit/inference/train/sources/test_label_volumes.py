import numpy as np
import pytest
from pydantic import ValidationError

from inference.errors import TrainingRefused
from inference.train.sources import read_cases
from inference.train.sources.tables import LabelSegment, LabelVolumes
from tests.unit.inference.train.sources.nifti_file import write_nifti

TABLE = LabelVolumes(kind="label_volumes", segment=(LabelSegment(labels=(2, 41)), LabelSegment(labels=(17,))))


def test_numbers_and_segments_towards_head_back_and_left(tmp_path):
    """The file's first index runs to the left, the second to the head, the third to the front."""
    numbers = np.zeros((3, 4, 5), np.int16)
    numbers[0, 1, 4], numbers[2, 0, 0], numbers[1, 1, 1] = 2, 41, 17
    affine = np.array([[-1.0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    write_nifti(tmp_path / "b.nii.gz", numbers, affine)
    (case,) = read_cases(TABLE, tmp_path)
    assert case.name == case.patient == "b.nii.gz"
    labelled = case.read()
    assert labelled.field.values.shape == (4, 5, 3)
    assert (labelled.field.affine[[2, 1, 0], [0, 1, 2]] > 0).all()
    assert labelled.field.values[1, 0, 0] == 2
    assert labelled.field.values[0, 4, 2] == 41
    np.testing.assert_array_equal(labelled.truth.segments[..., 0], np.isin(labelled.field.values, (2, 41)))
    np.testing.assert_array_equal(labelled.truth.segments[..., 1], labelled.field.values == 17)


def test_cases_come_in_the_order_of_their_names(tmp_path):
    for name in ("c", "a", "b"):
        write_nifti(tmp_path / f"{name}.nii.gz", np.ones((2, 2, 2)))
    assert [case.name for case in read_cases(TABLE, tmp_path)] == ["a.nii.gz", "b.nii.gz", "c.nii.gz"]


def test_values_that_are_no_numbers_of_labels_are_refused(tmp_path):
    write_nifti(tmp_path / "a.nii.gz", np.full((2, 2, 2), 0.5), kind=16, dtype="<f4")
    (case,) = read_cases(TABLE, tmp_path)
    with pytest.raises(TrainingRefused, match="no label numbers"):
        case.read()


def test_an_empty_folder_and_none_are_refused(tmp_path):
    with pytest.raises(TrainingRefused, match="holds nothing with a label"):
        read_cases(TABLE, tmp_path)
    with pytest.raises(TrainingRefused, match="is no folder"):
        read_cases(TABLE, tmp_path / "elsewhere")


def test_a_pattern_that_finds_other_files_is_refused(tmp_path):
    (tmp_path / "a.txt").touch()
    with pytest.raises(TrainingRefused, match="narrower"):
        read_cases(TABLE.model_copy(update={"pattern": "*"}), tmp_path)


@pytest.mark.parametrize("pattern", ["/data/*.nii.gz", "../*.nii.gz", ".", "**.nii.gz"])
def test_a_pattern_that_is_none_below_the_folder_is_refused(pattern):
    with pytest.raises(ValidationError, match="no pattern below the data folder; give one such as"):
        LabelVolumes(kind="label_volumes", pattern=pattern, segment=TABLE.segment)


def test_a_pattern_may_name_folders(tmp_path):
    (tmp_path / "p1/labels").mkdir(parents=True)
    write_nifti(tmp_path / "p1/labels/a.nii.gz", np.ones((2, 2, 2)))
    write_nifti(tmp_path / "p1/b.nii.gz", np.ones((2, 2, 2)))
    table = LabelVolumes(kind="label_volumes", pattern="**/labels/*.nii.gz", segment=TABLE.segment)
    assert [case.name for case in read_cases(table, tmp_path)] == ["a.nii.gz"]


def test_a_label_number_in_two_segments_is_refused():
    segments = (LabelSegment(labels=(2, 41)), LabelSegment(labels=(17, 41)))
    with pytest.raises(ValidationError, match="gives 41 to two segments; a voxel belongs to one"):
        LabelVolumes(kind="label_volumes", segment=segments)
