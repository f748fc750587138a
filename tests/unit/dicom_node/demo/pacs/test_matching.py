import pytest

from dicom_node.demo.pacs.matching import RETURNED_ONLY, is_match


@pytest.mark.parametrize(
    ("keyword", "wanted", "held"),
    [
        ("PatientID", "", "P1"),
        ("PatientID", "P1", "P1"),
        ("PatientID", "*", ""),
        ("PatientID", "P[1]", "P[1]"),
        ("PatientName", "Doe*", "Doe^John"),
        ("PatientName", "D?e^J*n", "Doe^John"),
        ("StudyInstanceUID", "1.2", "1.2"),
        ("StudyInstanceUID", "1.1\\1.2", "1.2"),
        ("ModalitiesInStudy", "SEG", "CR\\SEG\\SR"),
        ("StudyDate", "20260131", "20260131"),
        ("StudyDate", "20260101-20260131", "20260131"),
        ("StudyDate", "20260131-", "20260131"),
        ("StudyDate", "-20260131", "20260131"),
    ],
)
def test_matches(keyword: str, wanted: str, held: str) -> None:
    assert is_match(keyword, wanted, held)


@pytest.mark.parametrize(
    ("keyword", "wanted", "held"),
    [
        ("PatientID", "P1", "P2"),
        ("PatientID", "P1", ""),
        ("PatientID", "p1", "P1"),
        ("PatientID", "P[12]", "P1"),
        ("PatientName", "Doe?", "Doe"),
        ("StudyInstanceUID", "1.2", "1.2.3"),
        ("StudyInstanceUID", "1.*", "1.2"),
        ("ModalitiesInStudy", "S", "CR\\SEG\\SR"),
        ("StudyDate", "20260130", "20260131"),
        ("StudyDate", "20260101-20260130", "20260131"),
        ("StudyDate", "20260201-", "20260131"),
        ("StudyDate", "-20260201", ""),
    ],
)
def test_does_not_match(keyword: str, wanted: str, held: str) -> None:
    assert not is_match(keyword, wanted, held)


@pytest.mark.parametrize("keyword", sorted(RETURNED_ONLY))
def test_a_count_is_not_matched(keyword: str) -> None:
    assert is_match(keyword, "7", "3")
