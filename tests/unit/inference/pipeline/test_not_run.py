from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.errors import InputUnreadable
from inference.pipeline import Encoding, Predecessor, SeriesRule, Wishes, report_not_run
from tests.projection_image import projection_image, write
from tests.unit.inference.encode.given import NOW, PATIENT
from tests.unit.inference.volume.stacks import write_stack

WISHES = Wishes(
    encodings=(Encoding(), Encoding(form="LABELMAP")),
    series=SeriesRule(times=0, plus=500),
    replaces=(
        Predecessor(kind="SR", sop_class_uid="1.2", sop_instance_uid="2.25.8", series_instance_uid="2.25.9"),
    ),
)


@pytest.fixture
def paths(tmp_path):
    return write_stack(tmp_path / "series", np.zeros((5, 16, 24), np.int16), **PATIENT)


def _report(result):
    return dcmread(BytesIO(result.content))


def test_it_names_every_instance_and_the_patient(model, paths):
    report = _report(report_not_run(model, paths, ["out of memory"], now=NOW))
    (series,) = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
    named = [each.ReferencedSOPInstanceUID for each in series.ReferencedSOPSequence]
    assert named == sorted(dcmread(path).SOPInstanceUID for path in paths)
    assert report.PatientBirthDate == PATIENT["PatientBirthDate"]
    assert report.StudyID == PATIENT["StudyID"]
    assert "Out of memory." in report.to_json()


def test_the_order_of_the_files_makes_no_difference(model, paths):
    given = {"reasons": ["gaps"], "now": NOW}
    assert report_not_run(model, paths, **given) == report_not_run(model, paths[::-1], **given)


def test_an_instance_without_pixels_is_reported_on(model, tmp_path):
    path = write(projection_image(PixelData=None), tmp_path / "instance")
    assert "No pixels." in _report(report_not_run(model, [path], ["no pixels"], now=NOW)).to_json()


def test_what_belongs_to_another_series_is_not_named(model, paths, tmp_path):
    stranger = dcmread(paths[-1])
    stranger.SeriesInstanceUID, stranger.SOPInstanceUID = "2.25.99", "2.25.999999"
    stranger.save_as(tmp_path / "stranger")
    report = _report(report_not_run(model, [*paths, tmp_path / "stranger"], ["two series"], now=NOW))
    assert "2.25.999999" not in report.to_json()


def test_wishes_are_heard(model, paths):
    result = report_not_run(model, paths, ["gaps"], now=NOW, wishes=WISHES)
    assert result.encodings == WISHES.encodings
    report = _report(result)
    assert report.SeriesNumber == 591
    assert report.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].SeriesInstanceUID == "2.25.9"


def test_of_what_is_no_instance_nothing_can_be_told(model, tmp_path):
    (tmp_path / "instance").write_bytes(b"nothing of the kind")
    with pytest.raises(InputUnreadable):
        report_not_run(model, [tmp_path / "instance"], ["it is none"], now=NOW)
