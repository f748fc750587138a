from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from inference.encode.refusal import encode_refusal
from tests.unit.inference.encode.given import NOW, volume_manifest


@pytest.fixture
def refuse(volume):
    def refuse(*reasons, headers=volume.sources):
        return encode_refusal(
            manifest=volume_manifest(), digest="ab" * 32, now=NOW, headers=headers, reasons=reasons
        )

    return refuse


def test_it_says_why_and_that_silence_is_no_finding(refuse):
    report = dcmread(BytesIO(refuse("slices are missing", "it is an MR").content))
    said = [item.TextValue for item in report.ContentSequence[-1].ContentSequence]
    assert said[2:] == [
        "The model gave no result for these images.",
        "That nothing is reported does not mean that nothing is there.",
        "Slices are missing.",
        "It is an MR.",
    ]
    assert str(report.PatientName) == "Müller^Jörg"


def test_it_names_every_instance(refuse, volume):
    report = dcmread(BytesIO(refuse("blank").content))
    (series,) = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
    assert len(series.ReferencedSOPSequence) == len(volume.sources)


def test_another_reason_is_another_instance(refuse):
    one, same, other = refuse("blank"), refuse("blank"), refuse("gaps")
    assert one == same
    assert other.sop_instance_uid != one.sop_instance_uid


def test_a_header_with_nothing_but_its_uids_is_enough(refuse):
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "2.25.9"
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.1", "2.25.2"
    assert dcmread(BytesIO(refuse("no pixels", headers=[header]).content)).Modality == "SR"


@pytest.mark.parametrize(("reasons", "headers"), [((), None), ((" ",), None), (("x",), ())])
def test_without_a_reason_or_an_instance_it_is_none(refuse, volume, reasons, headers):
    with pytest.raises(ValueError, match="at least one reason"):
        refuse(*reasons, headers=volume.sources if headers is None else headers)
