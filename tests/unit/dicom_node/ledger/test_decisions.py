from dataclasses import replace

from dicom_node.ledger import decisions
from dicom_node.ledger.decisions import Decision
from dicom_node.ledger.schema import decision
from tests.unit.dicom_node.given import NOW, STUDY, an_instance, enter, rows

NO = Decision(
    series_instance_uid=f"{STUDY}.1",
    sop_instance_uid=None,
    model_name="shades",
    model_version="1.2.3",
    reason_to_decline="Modality is MR",
)


def _write(ledger, study, made, *, now=NOW):
    with ledger.transaction() as tx:
        decisions.replace_all(tx, study, made, now=now)


def test_a_new_routing_takes_the_place_of_the_last_for_its_study_alone(ledger):
    enter(ledger, an_instance())
    enter(ledger, an_instance(study="1.9"))
    _write(ledger, STUDY, [NO, replace(NO, model_name="other")])
    _write(ledger, "1.9", [NO])
    _write(ledger, STUDY, [replace(NO, reason_to_decline=None)], now=NOW + 9)
    kept = {
        (each["study_instance_uid"], each["reason_to_decline"], each["decided_at"])
        for each in rows(ledger, decision)
    }
    assert kept == {(STUDY, None, NOW + 9), ("1.9", "Modality is MR", NOW)}


def test_a_study_nobody_wants_has_no_decisions(ledger):
    enter(ledger, an_instance())
    _write(ledger, STUDY, [NO])
    _write(ledger, STUDY, [])
    assert rows(ledger, decision) == []
