from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import highdicom as hd
import pytest
from pydicom import dcmread
from pydicom.uid import ComprehensiveSRStorage

from inference.encode.structured_report import encode_structured_report
from inference.volume.spacing import NO_SPACING, SENTENCES


def _read(analysed):
    return dcmread(BytesIO(encode_structured_report(analysed).content))


def _named(items, meaning):
    return [item for item in items if item.ConceptNameCodeSequence[0].CodeMeaning == meaning]


def _comments(report):
    (remarks,) = _named(report.ContentSequence, "Qualitative Evaluations")
    return [item.TextValue for item in remarks.ContentSequence]


def test_it_is_a_measurement_report(analysed):
    result = encode_structured_report(analysed())
    report = _read(analysed())
    assert (result.kind, result.sop_class_uid) == ("SR", ComprehensiveSRStorage)
    assert report.SOPInstanceUID == result.sop_instance_uid
    assert report.ConceptNameCodeSequence[0].CodeValue == "126000"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert (report.SeriesNumber, report.SeriesDescription) == (391, "shades 1.2.3 SR")
    assert (report.CompletionFlag, report.VerificationFlag) == ("COMPLETE", "UNVERIFIED")


def test_every_group_has_a_line_and_a_tracking_uid_of_its_own(analysed):
    report = hd.sr.ComprehensiveSR.from_dataset(_read(analysed()))
    groups = report.content.get_planar_roi_measurement_groups()
    assert len(groups) == 2
    assert len({group.tracking_uid for group in groups}) == 2
    for group in groups:
        assert group.roi.graphic_type == hd.sr.GraphicTypeValues.POLYLINE
    assert report.content.get_volumetric_roi_measurement_groups() == []
    assert report.content.get_image_measurement_groups() == []


def test_the_source_is_the_evidence(analysed):
    study = _read(analysed()).CurrentRequestedProcedureEvidenceSequence[0]
    reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert (study.StudyInstanceUID, reference.ReferencedSOPInstanceUID) == ("2.25.1", "2.25.3")


def test_the_observer_is_the_model(analysed):
    items = {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in _read(analysed()).ContentSequence}
    assert items["Observer Type"].ConceptCodeSequence[0].CodeMeaning == "Device"
    assert items["Device Observer Name"].TextValue == "shades 1.2.3"
    assert items["Device Observer Serial Number"].TextValue == "ab" * 32


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [({}, NO_SPACING), ({"ImagerPixelSpacing": [0.1, 0.1]}, SENTENCES["detector"])],
)
def test_what_a_reader_must_know_is_said(analysed, attributes, sentence):
    comments = _comments(_read(analysed(remarks=("the result fills 90.0% of the image",), **attributes)))
    assert comments[0].startswith("For research only")
    assert "without human review" in comments[1]
    assert comments[2] == sentence
    assert comments[3].startswith("Dark: area ")
    assert comments[3].endswith("; certainty 98.7 %.")
    assert comments[5:] == ["the result fills 90.0% of the image"]


def test_made_twice_it_is_the_same_bytes(analysed):
    assert encode_structured_report(analysed()).content == encode_structured_report(analysed()).content


def test_another_time_changes_dates_and_times_only(analysed):
    made = analysed()
    early, late = _read(made), _read(replace(made, now=made.now + timedelta(days=40, hours=3)))
    changed = {element.keyword for element in early if element != late[element.tag]}
    times = {
        f"{what}{part}" for what in ("InstanceCreation", "Series", "Content") for part in ("Date", "Time")
    }
    assert changed == times | {"ContributingEquipmentSequence"}


def test_a_report_without_a_region_is_not_written(analysed, empty_labels):
    with pytest.raises(ValueError, match="at least"):
        encode_structured_report(analysed(labels=empty_labels))
