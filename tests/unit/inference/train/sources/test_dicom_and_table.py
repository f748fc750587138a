import numpy as np
import pytest
from pydantic import ValidationError

from inference.errors import TrainingRefused
from inference.train.sources import read_cases
from inference.train.sources.tables import BoxColumns, DicomAndTable, MaskFile
from inference.volume.pixels import read_pixels
from tests.projection_image import projection_image, write
from tests.unit.inference.encode.given import read_phantom
from tests.unit.inference.train.sources.given import picture

CLASSED = DicomAndTable(
    kind="dicom_and_table", each="instance", label="view", classes=("ap", "pa"), facts=("sex",)
)
HEADING = "SOPInstanceUID,view\n"


@pytest.fixture
def folder(tmp_path):
    for number in (3, 4):
        instance = projection_image(
            rows=40, columns=30, SOPInstanceUID=f"2.25.{number}", PatientID=f"P-{number}", PatientSex="F"
        )
        write(instance, tmp_path / f"{number}.dcm")
    return tmp_path


def test_classes_by_instance(folder):
    (folder / "labels.csv").write_text(HEADING + "2.25.4,pa\n2.25.3,ap\n")
    first, second = read_cases(CLASSED, folder)
    assert (first.patient, second.patient, first.facts) == ("P-4", "P-3", {"sex": "F"})
    np.testing.assert_array_equal(first.read().truth.shares, [0, 1])
    image = projection_image(rows=40, columns=30)
    np.testing.assert_array_equal(first.read().field.values, read_pixels(image))


def test_classes_by_series(tmp_path):
    volume = read_phantom(tmp_path / "series", (4, 8, 10))
    (tmp_path / "labels.csv").write_text("SeriesInstanceUID,view\n2.25.2,ap\n")
    table = DicomAndTable(
        kind="dicom_and_table", each="series", uid="SeriesInstanceUID", label="view", classes=("ap",)
    )
    (case,) = read_cases(table, tmp_path)
    np.testing.assert_array_equal(case.read().field.values, volume.voxels)


def test_boxes_and_their_masks(folder):
    picture(folder / "masks/m.png", rows=40, columns=30)
    (folder / "labels.csv").write_text(
        "SOPInstanceUID,label,x,y,width,height,mask\n2.25.3,bright,6,10,9,12,m.png\n2.25.3,bright,0,0,3,3,m.png\n"
    )
    boxed = DicomAndTable(
        kind="dicom_and_table",
        each="instance",
        boxes=BoxColumns(masks=MaskFile()),
        classes=("bright",),
    )
    truth = read_cases(boxed, folder)[0].read().truth
    np.testing.assert_array_equal(truth.boxes, [[10, 6, 22, 15], [0, 0, 3, 3]])
    assert [mask.sum() for mask in truth.masks] == [12 * 9, 0]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("2.25.3,ap\n2.25.99,pa\n", "1 of 2 SOPInstanceUID .* the first is 2.25.99"),
        ("2.25.3,ap\n2.25.4,ap\n", "no case of pa"),
        ("2.25.3,ap\n2.25.3,pa\n", "in 2 records"),
        (",ap\n", "record 1: SOPInstanceUID is empty"),
        ("2.25.3,lateral\n", "labelled 'lateral'"),
    ],
)
def test_bad_tables_are_refused(folder, rows, sentence):
    (folder / "labels.csv").write_text(HEADING + rows)
    with pytest.raises(TrainingRefused, match=sentence):
        read_cases(CLASSED, folder)


def test_a_damaged_instance_is_refused(folder):
    whole = (folder / "3.dcm").read_bytes()
    (folder / "3.dcm").write_bytes(whole[:-1000])
    (folder / "labels.csv").write_text(HEADING + "2.25.3,ap\n2.25.4,pa\n")
    with pytest.raises(TrainingRefused, match=r"2\.25\.3|unreadable"):
        for case in read_cases(CLASSED, folder):
            case.read()


def test_the_uid_must_name_what_is_learnt_from():
    with pytest.raises(ValidationError, match="does not name what is learnt from"):
        DicomAndTable(kind="dicom_and_table", each="series", label="x", classes=("a",))
    with pytest.raises(ValidationError, match='give each = "instance"'):
        DicomAndTable(
            kind="dicom_and_table", each="series", uid="SeriesInstanceUID", boxes=BoxColumns(), classes=("a",)
        )
