import logging

from dicom_node.ledger import instances, studies
from dicom_node.ledger.schema import study
from dicom_node.settings import CompletenessSettings
from dicom_node.study.watcher import mark_complete_studies
from tests.unit.dicom_node.given import NOW, STUDY, an_instance, enter, row, rows

SETTINGS = CompletenessSettings(quiet_seconds=10, at_most_seconds=60)


def test_only_the_quiet_become_complete(ledger):
    enter(ledger, an_instance())
    enter(ledger, an_instance(study="1.9"), now=NOW + 5)
    assert mark_complete_studies(ledger, SETTINGS, now=NOW + 9) == 0
    assert mark_complete_studies(ledger, SETTINGS, now=NOW + 10) == 1
    assert mark_complete_studies(ledger, SETTINGS, now=NOW + 10) == 0
    found = {each["study_instance_uid"]: each for each in rows(ledger, study)}
    assert (found[STUDY]["state"], found["1.9"]["state"]) == ("complete", "receiving")
    assert found[STUDY]["complete_because"] == "no instance came for 10 s"


def test_a_study_that_never_rests_is_complete_after_a_while(ledger):
    for second in range(0, 60, 5):
        enter(ledger, an_instance(second), now=NOW + second)
    assert mark_complete_studies(ledger, SETTINGS, now=NOW + 60) == 1
    assert row(ledger, study)["complete_because"] == "it has been open for 60 s"


def test_an_instance_that_comes_between_judging_and_marking_keeps_it_open(ledger, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    enter(ledger, an_instance(1))
    real = studies.mark_complete

    def late(tx, seen, **about):
        instances.enter(tx, an_instance(2), calling_ae_title="CR_ROOM_2", now=NOW + 10)
        return real(tx, seen, **about)

    monkeypatch.setattr(studies, "mark_complete", late)
    assert mark_complete_studies(ledger, SETTINGS, now=NOW + 10) == 0
    assert row(ledger, study)["state"] == "receiving"
    assert "complete" not in caplog.text
