import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.sources import read_cases
from inference.train.sources.tables import ImagesAndMasks, MaskFile
from tests.unit.inference.train.sources.given import picture, table
from tests.unit.inference.train.sources.nifti_file import write_nifti

TABLE = ImagesAndMasks(kind="images_and_masks", facts=("sex",), segment=(MaskFile(),))
RECORD = {"image": "a.png", "mask": "m.png", "patient_id": "p", "sex": "f"}


def given(folder, **changes):
    plane = picture(folder / "images/a.png", bright=90)
    picture(folder / "masks/m.png")
    table(folder, RECORD | changes)
    return plane


def test_image_mask_patient_and_facts(tmp_path):
    plane = given(tmp_path)
    (case,) = read_cases(TABLE, tmp_path)
    assert (case.name, case.patient, case.facts) == ("a.png", "p", {"sex": "f"})
    labelled = case.read()
    np.testing.assert_array_equal(labelled.field.values, plane)
    np.testing.assert_array_equal(labelled.truth.segments[..., 0], plane == 90)


def test_segments_keep_the_order_of_the_recipe(tmp_path):
    given(tmp_path, second="n.png")
    other = picture(tmp_path / "masks/n.png", top=1, height=3)
    both = TABLE.model_copy(update={"segment": (MaskFile(mask="second"), MaskFile())})
    segments = read_cases(both, tmp_path)[0].read().truth.segments
    assert segments.shape == (*other.shape, 2)
    np.testing.assert_array_equal(segments[..., 0], other == 255)


def test_rows_without_a_mask_are_left_out(tmp_path):
    given(tmp_path)
    picture(tmp_path / "images/b.png")
    table(tmp_path, RECORD, {"image": "b.png", "patient_id": "q", "sex": "m"})
    assert [case.name for case in read_cases(TABLE, tmp_path)] == ["a.png"]


def test_volumes_from_nifti(tmp_path):
    numbers = np.arange(24).reshape(2, 3, 4)
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    write_nifti(tmp_path / "images/a.nii.gz", numbers)
    write_nifti(tmp_path / "masks/m.nii.gz", numbers > 20)
    table(tmp_path, RECORD | {"image": "a.nii.gz", "mask": "m.nii.gz"})
    ones = TABLE.model_copy(update={"segment": (MaskFile(value=1),)})
    labelled = read_cases(ones, tmp_path)[0].read()
    assert labelled.field.affine is not None
    np.testing.assert_array_equal(labelled.truth.segments[..., 0], labelled.field.values > 20)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"image": "gone.png"}, r"files that are not there: .*gone\.png"),
        ({"mask": "gone.png"}, r"files that are not there: .*gone\.png"),
        ({"patient_id": ""}, "record 1: patient_id is empty"),
        ({"image": None}, "record 1: image is empty"),
    ],
)
def test_what_is_missing_is_named(tmp_path, changes, sentence):
    given(tmp_path, **changes)
    with pytest.raises(TrainingRefused, match=sentence):
        read_cases(TABLE, tmp_path)


def test_a_column_that_is_not_there_is_named(tmp_path):
    given(tmp_path)
    with pytest.raises(TrainingRefused, match=r"no column 'sexx'.*did you mean 'sex'"):
        read_cases(TABLE.model_copy(update={"facts": ("sexx",)}), tmp_path)


def test_an_image_of_two_patients_is_refused_without_naming_them(tmp_path):
    given(tmp_path)
    table(tmp_path, RECORD, RECORD | {"patient_id": "secret"})
    with pytest.raises(TrainingRefused, match=r"a\.png is of two patients") as refusal:
        read_cases(TABLE, tmp_path)
    assert "secret" not in str(refusal.value)


def test_an_image_in_two_rows_or_with_some_masks_only_is_refused(tmp_path):
    given(tmp_path)
    table(tmp_path, RECORD, RECORD)
    with pytest.raises(TrainingRefused, match="needs one row, with a mask for each segment"):
        read_cases(TABLE, tmp_path)
    table(tmp_path, RECORD, {"image": "b.png", "patient_id": "q", "sex": "f", "second": "x"})
    both = TABLE.model_copy(update={"segment": (MaskFile(), MaskFile(mask="second"))})
    with pytest.raises(TrainingRefused, match="needs one row, with a mask for each segment"):
        read_cases(both, tmp_path)


def test_a_mask_that_does_not_match_is_refused_when_it_is_read(tmp_path):
    given(tmp_path)
    picture(tmp_path / "masks/m.png", rows=50, columns=30)
    (case,) = read_cases(TABLE, tmp_path)
    with pytest.raises(TrainingRefused, match="does not match its image"):
        case.read()


def test_a_line_that_was_cut_off_is_told_and_not_left_out(tmp_path):
    given(tmp_path)
    csv = TABLE.model_copy(update={"table": "labels.csv"})
    (tmp_path / "labels.csv").write_text("image,patient_id,sex,mask\na.png,p,f,m.png\nb.png,q,m\n")
    with pytest.raises(TrainingRefused, match="line 3 has fewer fields"):
        read_cases(csv, tmp_path)
    (tmp_path / "labels.csv").write_text("image,patient_id,sex,mask\na.png,p,f,m.png\nb.png,q,m,\n")
    assert [case.name for case in read_cases(csv, tmp_path)] == ["a.png"]


def test_a_mask_that_lies_elsewhere_is_refused_when_it_is_read(tmp_path):
    numbers = np.arange(24).reshape(2, 3, 4)
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    write_nifti(tmp_path / "images/a.nii.gz", numbers)
    write_nifti(tmp_path / "masks/m.nii.gz", numbers > 20, np.diag([-1.0, 1.0, 1.0, 1.0]))
    table(tmp_path, RECORD | {"image": "a.nii.gz", "mask": "m.nii.gz"})
    (case,) = read_cases(TABLE.model_copy(update={"segment": (MaskFile(value=1),)}), tmp_path)
    with pytest.raises(
        TrainingRefused, match=r"lies up to 2 mm away from its image a\.nii\.gz, or is mirrored"
    ):
        case.read()
