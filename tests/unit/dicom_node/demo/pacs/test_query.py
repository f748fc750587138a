from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from dicom_node.demo.pacs.instance import HeldInstance
from dicom_node.demo.pacs.query import QueryRefused, answer_query

Make = Callable[..., Dataset]


@pytest.fixture
def instances(held: Callable[..., HeldInstance]) -> list[HeldInstance]:
    """Study 1.1 with series 1.1.1 (three CT) and 1.1.2 (one SEG); study 1.2 with one CR."""
    ct = [
        held(study_instance_uid="1.1", series_instance_uid="1.1.1", sop_instance_uid=f"1.1.1.{number}")
        for number in (3, 1, 2)
    ]
    seg = held(
        study_instance_uid="1.1", series_instance_uid="1.1.2", sop_instance_uid="1.1.2.1", modality="SEG"
    )
    cr = held(
        study_instance_uid="1.2", series_instance_uid="1.2.1", sop_instance_uid="1.2.1.1", modality="CR",
        patient_id="P2", study_date="20260201",
    )  # fmt: skip
    return [*ct, cr, seg]


def test_a_study_is_answered_with_its_counts(instances: list[HeldInstance], dataset: Make) -> None:
    identifier = dataset(
        QueryRetrieveLevel="STUDY",
        StudyInstanceUID="1.1",
        PatientID="",
        PatientName="",
        StudyDate="",
        ModalitiesInStudy="",
        NumberOfStudyRelatedSeries=None,
        NumberOfStudyRelatedInstances=None,
    )
    answers = answer_query(identifier, instances)
    assert answers.status == 0xFF00
    [answer] = answers.identifiers
    assert answer.QueryRetrieveLevel == "STUDY"
    assert answer.StudyInstanceUID == "1.1"
    assert (answer.PatientID, str(answer.PatientName), answer.StudyDate) == ("P1", "Müller^Jörg", "20260131")
    assert list(answer.ModalitiesInStudy) == ["CT", "SEG"]
    assert (answer.NumberOfStudyRelatedSeries, answer.NumberOfStudyRelatedInstances) == (2, 4)
    assert answer.SpecificCharacterSet == "ISO_IR 100"


def test_all_studies_are_answered_without_a_key_value(instances: list[HeldInstance], dataset: Make) -> None:
    answers = answer_query(dataset(QueryRetrieveLevel="STUDY", StudyInstanceUID=""), instances)
    assert [one.StudyInstanceUID for one in answers.identifiers] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("key", "value", "studies"),
    [
        ("StudyInstanceUID", ["1.1", "1.2"], ["1.1", "1.2"]),
        ("PatientID", "P2", ["1.2"]),
        ("PatientName", "Müller*", ["1.1", "1.2"]),
        ("StudyDate", "20260201-", ["1.2"]),
        ("ModalitiesInStudy", "SEG", ["1.1"]),
        ("PatientID", "P3", []),
    ],
)
def test_keys_narrow_the_studies(
    instances: list[HeldInstance], dataset: Make, key: str, value: object, studies: list[str]
) -> None:
    identifier = dataset(**{"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": "", key: value})
    answers = answer_query(identifier, instances)
    assert [one.StudyInstanceUID for one in answers.identifiers] == studies


def test_the_series_of_a_study_are_answered_with_their_counts(
    instances: list[HeldInstance], dataset: Make
) -> None:
    identifier = dataset(
        QueryRetrieveLevel="SERIES",
        StudyInstanceUID="1.1",
        SeriesInstanceUID="",
        Modality="",
        NumberOfSeriesRelatedInstances=None,
    )
    answers = answer_query(identifier, instances)
    assert [
        (one.StudyInstanceUID, one.SeriesInstanceUID, one.Modality, one.NumberOfSeriesRelatedInstances)
        for one in answers.identifiers
    ] == [("1.1", "1.1.1", "CT", 3), ("1.1", "1.1.2", "SEG", 1)]


def test_the_instances_of_a_series_are_answered(instances: list[HeldInstance], dataset: Make) -> None:
    identifier = dataset(
        QueryRetrieveLevel="IMAGE",
        StudyInstanceUID="1.1",
        SeriesInstanceUID="1.1.1",
        SOPInstanceUID="",
        SOPClassUID="",
    )
    answers = answer_query(identifier, instances)
    assert [one.SOPInstanceUID for one in answers.identifiers] == ["1.1.1.1", "1.1.1.2", "1.1.1.3"]
    assert {one.SOPClassUID for one in answers.identifiers} == {"1.2.840.10008.5.1.4.1.1.2"}


@pytest.mark.parametrize(
    "key",
    [
        {"AccessionNumber": "7"},
        {"StudyTime": ""},
        {"Modality": "CT"},
        {"RequestAttributesSequence": []},
        {"NumberOfStudyRelatedInstances": 7},
    ],
    ids=lambda key: next(iter(key)),
)
def test_a_key_that_is_not_supported_is_said_to_be_so(
    instances: list[HeldInstance], dataset: Make, key: dict[str, object]
) -> None:
    identifier = dataset(QueryRetrieveLevel="STUDY", StudyInstanceUID="1.2", **key)
    answers = answer_query(identifier, instances)
    assert answers.status == 0xFF01
    assert [one.StudyInstanceUID for one in answers.identifiers] == ["1.2"]


def test_a_private_key_is_not_supported_either(instances: list[HeldInstance], dataset: Make) -> None:
    identifier = dataset(QueryRetrieveLevel="STUDY", StudyInstanceUID="")
    identifier.private_block(0x0009, "SOMEBODY", create=True).add_new(0x01, "LO", "7")
    assert answer_query(identifier, instances).status == 0xFF01


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({}, "Level"),
        ({"QueryRetrieveLevel": "PATIENT"}, "Level"),
        ({"QueryRetrieveLevel": "SERIES"}, "StudyInstanceUID"),
        ({"QueryRetrieveLevel": "SERIES", "StudyInstanceUID": ["1.1", "1.2"]}, "StudyInstanceUID"),
        ({"QueryRetrieveLevel": "IMAGE", "StudyInstanceUID": "1.1"}, "SeriesInstanceUID"),
    ],
)
def test_a_query_outside_the_model_is_refused_with_the_reason(
    instances: list[HeldInstance], dataset: Make, keys: dict[str, object], reason: str
) -> None:
    with pytest.raises(QueryRefused, match=reason):
        answer_query(dataset(**keys), instances)
