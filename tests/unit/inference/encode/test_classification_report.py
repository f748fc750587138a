from dataclasses import replace
from io import BytesIO

import pytest
from pydicom import dcmread

from inference.encode.classification_report import encode_classification
from tests.unit.inference.encode.given import analysed_classes, analysed_image


def _report(*probabilities):
    report = dcmread(BytesIO(encode_classification(analysed_classes(probabilities)).content))
    measurements, said = report.ContentSequence[-2:]
    return measurements.ContentSequence, [item.TextValue for item in said.ContentSequence]


def _items(group):
    return {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in group.ContentSequence}


def test_each_class_is_coded_with_its_probability():
    groups, _ = _report(0.123, 0.876)
    told = [_items(group) for group in groups]
    assert [each["Finding"].ConceptCodeSequence[0].CodeMeaning for each in told] == [
        "Pneumothorax",
        "Pleural effusion",
    ]
    percents = [float(each["Certainty of Finding"].MeasuredValueSequence[0].NumericValue) for each in told]
    assert percents == [87.6, 12.3]
    assert [
        each["Source of Measurement"].ReferencedSOPSequence[0].ReferencedSOPInstanceUID for each in told
    ] == ["2.25.3"] * 2


def test_what_is_found_is_coded_present_and_nothing_is_coded_absent():
    groups, said = _report(0.123, 0.876)
    present = [_items(group).get("Presence of property") for group in groups]
    assert present[0].ConceptCodeSequence[0].CodeMeaning == "Present"
    assert present[1] is None
    assert said[2:] == [
        "Signs of a pneumothorax (probability 87.6 %, threshold 50.0 %).",
        "Effusion was not found (probability 12.3 %, threshold 50.0 %).",
    ]


def test_no_probability_is_over_a_hundred_percent():
    groups, _ = _report(-0.001, 1.0001)
    percents = [
        float(_items(group)["Certainty of Finding"].MeasuredValueSequence[0].NumericValue) for group in groups
    ]
    assert percents == [100, 0]


def test_a_volume_is_classified_too(volume):
    made = replace(analysed_classes(), source=volume)
    report = dcmread(BytesIO(encode_classification(made).content))
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert len(evidence.ReferencedSOPSequence) == 5


def test_a_channel_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="not among the 1"):
        encode_classification(analysed_classes((0.5,)))


def test_segments_are_no_classes():
    with pytest.raises(ValueError, match="of a classification"):
        encode_classification(analysed_image())
