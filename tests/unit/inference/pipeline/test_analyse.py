import warnings
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.config import disable_value_validation

from inference.errors import InputUnreadable
from inference.pipeline import Encoding, Predecessor, SeriesRule, Wishes, analyse
from inference.pipeline.stopwatch import STATIONS
from tests.model_package import phantom
from tests.projection_image import projection_image, write
from tests.unit.inference.pipeline.conftest import NOW


def _dice(mask, expected):
    return 2 * np.count_nonzero(mask & expected) / (mask.sum() + expected.sum())


def _mask(result):
    return dcmread(BytesIO(result.content)).pixel_array


def test_the_masks_lie_where_the_phantom_is(run):
    outcome = run(rows=641, columns=523)
    assert (outcome.verdict, outcome.reasons) == ("accepted", ())
    assert [result.kind for result in outcome.results] == ["SEG", "SEG", "SR"]
    dark = _mask(outcome.results[0])
    expected = phantom(641, 523)[1][..., 0]
    assert _dice(dark, expected) > 0.96
    for turned in (dark[::-1], dark[:, ::-1], dark[::-1, ::-1]):
        assert _dice(turned, expected) < 0.75


@pytest.mark.parametrize(
    "attributes",
    [
        {"rows": 523, "columns": 641},
        {"bits_stored": 8},
        {"bits_stored": 16, "signed": True},
        {"modality": "DX", "photometric": "MONOCHROME1"},
        {"RescaleSlope": "2", "RescaleIntercept": "-1000"},
    ],
)
def test_the_kind_of_device_makes_no_difference(run, attributes):
    outcome = run(**attributes)
    expected = phantom(attributes.get("rows", 641), attributes.get("columns", 523))[1][..., 0]
    assert _dice(_mask(outcome.results[0]), expected) > 0.95


def test_confidence_and_areas_are_told(run):
    outcome = run(ImagerPixelSpacing=[0.2, 0.1])
    assert [each.label for each in outcome.confidence] == ["Dark", "Grey"]
    assert 0.9 < outcome.confidence[0].certainty <= 1
    assert outcome.confidence[0].member_agreement is None
    dark = outcome.measured[0]
    assert (dark.segment, dark.kind, dark.unit) == ("Dark", "area", "mm2")
    assert dark.value == pytest.approx(int(_mask(outcome.results[0]).sum()) * 0.02)


def test_wishes_reach_the_results(model, tmp_path):
    replaced = Predecessor(
        kind="SR", sop_class_uid="1.2", sop_instance_uid="2.25.81", series_instance_uid="2.25.82"
    )
    wishes = Wishes(
        encodings=(Encoding(), Encoding(form="LABELMAP")),
        series=SeriesRule(plus=9000, times=0),
        replaces=(replaced,),
    )
    paths = [write(projection_image(), tmp_path / "instance")]
    outcome = analyse(model, paths, now=NOW, wishes=wishes)
    read = [dcmread(BytesIO(result.content)) for result in outcome.results]
    assert {each.get("SegmentationType") for each in read} == {"BINARY", "LABELMAP", None}
    assert {result.encodings for result in outcome.results} == {(each,) for each in wishes.encodings}
    assert {each.SeriesNumber // 100 for each in read} == {90}
    assert sum("PredecessorDocumentsSequence" in each for each in read) == 2


def test_every_station_is_timed(run):
    seconds = run().seconds
    assert tuple(seconds) == STATIONS
    assert all(value > 0 for value in seconds.values())


def test_a_preview_is_drawn(run):
    assert run().preview_png.startswith(b"\x89PNG")


def test_run_twice_it_is_the_same_bytes(run):
    assert run().results == run().results


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"NumberOfFrames": 2}, "2 frames"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, "RGB"),
        ({"rows": 63, "columns": 200}, "smaller than 64 x 64"),
        ({"PixelData": bytes(641 * 523 * 2)}, "blank"),
    ],
)
def test_the_gate_refuses_with_a_reason(run, attributes, reason):
    outcome = run(**attributes)
    assert outcome.verdict == "refused"
    assert len(outcome.reasons) == 1
    assert reason in outcome.reasons[0]
    assert (outcome.preview_png, outcome.measured) == (None, ())
    (report,) = outcome.results
    said = dcmread(BytesIO(report.content)).to_json()
    assert report.kind == "SR"
    assert reason in said and "The model gave no result for these images." in said


def _flagged(run, image):
    pixels = np.round(image * 4095).astype(np.uint16)
    return run(rows=image.shape[0], columns=image.shape[1], PixelData=pixels.tobytes())


def test_what_is_unlike_the_training_images_is_flagged(run):
    image = np.where(phantom(400, 400)[0] == 1, 0.25, phantom(400, 400)[0])
    image[:4] = 1
    outcome = _flagged(run, image)
    assert outcome.verdict == "flagged"
    assert "unlike the training images" in outcome.reasons[0]
    assert "unlike the training images" in dcmread(BytesIO(outcome.results[-1].content)).to_json()


def test_a_missing_segment_is_flagged_and_not_written(run):
    image = np.ones((128, 128))
    image[20:60, 30:90] = 0
    outcome = _flagged(run, image)
    assert (outcome.verdict, outcome.reasons) == ("flagged", ("nothing was found of Grey",))
    assert [result.kind for result in outcome.results] == ["SEG", "SR"]
    assert np.array_equal(_mask(outcome.results[0]), image == 0)


def test_nothing_found_at_all_is_flagged_and_the_report_says_so(run):
    image = np.ones((128, 128))
    image[60:65, 60:65] = 0
    outcome = _flagged(run, image)
    assert outcome.verdict == "flagged"
    assert outcome.reasons[:2] == ("nothing was found of Dark", "nothing was found of Grey")
    assert [result.kind for result in outcome.results] == ["SR"]
    assert "nothing was found" in dcmread(BytesIO(outcome.results[0].content)).to_json().lower()
    assert [each.certainty for each in outcome.confidence] == [0, 0]
    assert outcome.preview_png is not None


def test_a_corrupt_instance_is_unreadable(model, tmp_path):
    path = write(projection_image(), tmp_path / "instance")
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(InputUnreadable, match="cannot be decoded"):
        analyse(model, [path], now=NOW)


@pytest.mark.parametrize("number", [0, 2])
def test_one_instance_at_a_time(model, tmp_path, number):
    with pytest.raises(InputUnreadable, match=f"{number} were given"):
        analyse(model, [tmp_path / "instance"] * number, now=NOW)


def test_nothing_of_the_patient_is_told_to_logs(model, tmp_path, caplog):
    attributes = {"PatientBirthDate": "1970.13.45", "PatientID": "P" * 80, "PatientSex": "Xyz"}
    with disable_value_validation():
        instance = projection_image(PatientName="Müller^Jörg^^^^^^", StudyDate="yesterday", **attributes)
        path = write(instance, tmp_path / "instance")
    caplog.clear()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        analyse(model, [path], now=NOW)
    told = caplog.text + "".join(str(warning.message) for warning in warned)
    assert not {secret for secret in ("1970", "Müller", "PPPP", "Xyz", "yesterday") if secret in told}
