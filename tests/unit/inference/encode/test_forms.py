from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode import forms
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.forms import encode_forms
from inference.encode.results import encode_results
from tests.unit.inference.encode.given import (
    analysed_classes,
    analysed_volume,
    label_phantom,
    volume_manifest,
)

MAP = Encoding(form="LABELMAP", compression="RLE")
FEW = Encoding(most_frames=3)
MANY = Encoding(most_frames=400)


@pytest.fixture
def asked(monkeypatch):
    """Which encodings results were really written for."""
    asked = []

    def encode(analysed, encoding):
        asked.append(encoding)
        return encode_results(analysed, encoding)

    monkeypatch.setattr(forms, "encode_results", encode)
    return asked


def _for(made, encoding):
    return [result for result in made if encoding in result.encodings]


def test_each_form_is_what_it_would_be_alone(volume):
    made = encode_forms(analysed_volume(volume), [DEFAULT, MAP, FEW])
    for encoding in (DEFAULT, MAP, FEW):
        alone = encode_results(analysed_volume(volume), encoding)
        assert [replace(each, encodings=(DEFAULT,)) for each in _for(made, encoding)] == list(alone)
    assert [result.kind for result in made] == ["SEG", "SR", "SEG", "SR", "SEG", "SEG", "SR"]


def test_no_two_of_them_share_a_uid(volume):
    made = encode_forms(analysed_volume(volume), [DEFAULT, MAP, FEW])
    assert len({each.sop_instance_uid for each in made}) == len(made)
    assert len({each.series_instance_uid for each in made}) == len(made)


def test_a_report_names_the_segmentation_it_goes_with(volume):
    made = encode_forms(analysed_volume(volume), [DEFAULT, MAP])
    for encoding in (DEFAULT, MAP):
        seg, report = _for(made, encoding)
        told = dcmread(BytesIO(report.content)).CurrentRequestedProcedureEvidenceSequence[0]
        assert told.ReferencedSeriesSequence[-1].SeriesInstanceUID == seg.series_instance_uid


def test_a_limit_that_is_kept_anyway_asks_for_nothing(volume, asked):
    made = encode_forms(analysed_volume(volume), [MANY, DEFAULT])
    assert asked == [DEFAULT]
    assert [result.encodings for result in made] == [(MANY, DEFAULT)] * 2


def test_of_two_limits_the_lower_may_need_its_own(volume, asked):
    encode_forms(analysed_volume(volume), [FEW, MANY])
    assert asked == [MANY, FEW]


def test_a_form_asked_for_twice_is_written_once(volume, asked):
    made = encode_forms(analysed_volume(volume), [MAP, MAP])
    assert asked == [MAP]
    assert [result.encodings for result in made] == [(MAP,)] * 2


def test_what_has_no_segmentation_is_one_instance_for_all():
    (report,) = encode_forms(analysed_classes(), [DEFAULT, MAP])
    assert report.encodings == (DEFAULT, MAP)


def test_nothing_found_is_one_report_for_all(volume):
    nothing = np.zeros(volume.voxels.shape, np.uint8)
    made = analysed_volume(volume, nothing, manifest=volume_manifest())
    (report,) = encode_forms(made, [DEFAULT, MAP])
    assert report.encodings == (DEFAULT, MAP)


def test_the_frames_are_counted(volume):
    seg, report = encode_forms(analysed_volume(volume), [DEFAULT])
    labels = label_phantom(*volume.voxels.shape)
    assert seg.frames == sum((labels == k).any(axis=(1, 2)).sum() for k in (1, 2))
    assert report.frames == 0
