import pytest

from dicom_node.ledger.studies import OpenStudy
from dicom_node.settings import CompletenessSettings
from dicom_node.study.completeness import reason_complete

SETTINGS = CompletenessSettings(quiet_seconds=10, at_most_seconds=60)


@pytest.mark.parametrize(
    ("opened_at", "last_received_at", "now", "reason"),
    [
        (0, 0, 0, None),
        (0, 0, 9.99, None),
        (0, 0, 10, "no instance came for 10 s"),
        (0, 5, 14.9, None),
        (0, 5, 15, "no instance came for 10 s"),
        (0, 59.5, 59.9, None),
        (0, 59.5, 60, "it has been open for 60 s"),
        (0, 55, 66, "no instance came for 10 s"),
        (50, 50, 45, None),  # the clock was set back
    ],
)
def test_a_study_is_complete_when_quiet_or_open_too_long(opened_at, last_received_at, now, reason):
    study = OpenStudy(
        study_instance_uid="1.2", opened_at=opened_at, last_received_at=last_received_at, instances=1
    )
    assert reason_complete(study, SETTINGS, now=now) == reason
