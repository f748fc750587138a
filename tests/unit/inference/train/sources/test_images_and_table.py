import numpy as np
import pytest
from pydantic import ValidationError

from inference.errors import TrainingRefused
from inference.train.sources import read_cases
from inference.train.sources.tables import BoxColumns, ImagesAndTable, MaskFile
from tests.unit.inference.train.sources.given import picture, table

CLASSED = ImagesAndTable(kind="images_and_table", label="view", classes=("ap", "pa"))
BOXED = ImagesAndTable(kind="images_and_table", boxes=BoxColumns(), classes=("bright",))
BOX = {"label": "bright", "bbox": [6, 10, 9, 12]}


def record(name, patient="p", **values):
    return {"image": name, "patient_id": patient, **values}


@pytest.fixture
def folder(tmp_path):
    for name in ("a.png", "b.png", "c.png"):
        picture(tmp_path / "images" / name)
    return tmp_path


def test_classes_and_rows_without_one(folder):
    table(folder, record("a.png", view="pa"), record("b.png", "q", view="ap"), record("c.png"))
    first, second = read_cases(CLASSED, folder)
    np.testing.assert_array_equal(first.read().truth.shares, [0, 1])
    np.testing.assert_array_equal(second.read().truth.shares, [1, 0])
    assert (first.patient, second.patient) == ("p", "q")


def test_boxes_lie_on_what_is_bright(folder):
    table(folder, record("a.png", boxes=[BOX]), record("b.png", boxes=[]), record("c.png"))
    boxed, empty = (case.read() for case in read_cases(BOXED, folder))
    (row, column, last_row, last_column) = boxed.truth.boxes[0].astype(int)
    assert boxed.field.values[row:last_row, column:last_column].min() == 255
    assert boxed.field.values.sum() == 255 * 12 * 9
    assert empty.truth.boxes.shape == (0, 4)


def test_boxes_of_csv_have_a_row_each(folder):
    (folder / "labels.csv").write_text(
        "image,patient_id,label,x,y,width,height\na.png,p,bright,6,10,9,12\na.png,p,bright,0,0,4,4\nb.png,q,,,,,\n"
    )
    two, none = (
        case.read().truth for case in read_cases(BOXED.model_copy(update={"table": "labels.csv"}), folder)
    )
    np.testing.assert_array_equal(two.boxes, [[10, 6, 22, 15], [0, 0, 4, 4]])
    assert none.boxes.shape == (0, 4)


def test_boxes_with_masks(folder):
    picture(folder / "masks/m.png", height=10)
    table(folder, record("a.png", boxes=[BOX], mask="m.png"), record("b.png", boxes=[BOX]))
    masked = BOXED.model_copy(update={"boxes": BoxColumns(masks=MaskFile())})
    (case,) = read_cases(masked, folder)
    truth = case.read().truth
    assert truth.masks.shape == (1, 40, 30)
    assert truth.masks.sum() == 10 * 9


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([record("a.png", view="lateral")], "labelled 'lateral'"),
        ([record("a.png", view="ap")], "no case of pa"),
        ([record("a.png", view="ap"), record("gone.png", "q", view="pa")], r"not there: .*gone\.png"),
        ([record("a.png", view="ap"), record("a.png", view="pa")], "names a.png in 2 records"),
        ([record("a.png")], "no column 'view'"),
        ([record("a.png", view="ap"), record("a.png", "q", view="pa")], "of two patients"),
        ([record("a.png", view="")], "holds nothing with a label"),
    ],
)
def test_bad_tables_are_refused(folder, given, sentence):
    table(folder, *given)
    with pytest.raises(TrainingRefused, match=sentence):
        read_cases(CLASSED, folder)


def test_a_box_beyond_its_image_is_refused_when_it_is_read(folder):
    table(folder, record("a.png", boxes=[{"label": "bright", "bbox": [6, 10, 90, 12]}]))
    (case,) = read_cases(BOXED, folder)
    with pytest.raises(TrainingRefused, match="leaves the image of 40 x 30"):
        case.read()


def test_one_kind_of_truth_is_asked_for():
    with pytest.raises(ValidationError, match="either label"):
        ImagesAndTable(kind="images_and_table", classes=("a",))
    with pytest.raises(ValidationError, match="names a class twice"):
        ImagesAndTable(kind="images_and_table", label="x", classes=("a", "a"))
