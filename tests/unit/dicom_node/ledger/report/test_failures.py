from dicom_node.ledger import analyses, report
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_claim,
)
from tests.unit.dicom_node.ledger.report.asked import ask


def test_failures_are_told_with_their_model_and_reason(ledger):
    held = a_claim(ledger)
    with ledger.transaction() as tx:
        analyses.fail(tx, held, reason="no pixels", now=NOW + 5)
    (failure,) = ask(ledger, report.latest_failures, since=NOW)
    assert (failure.study_instance_uid, failure.model, failure.error) == (STUDY, "shades", "no pixels")
    assert ask(ledger, report.latest_failures, since=NOW + 5) == []
