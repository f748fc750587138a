import pytest

from dicom_node.events import Event
from dicom_node.ledger import analyses, deliveries, studies
from dicom_node.ledger.schema import study
from dicom_node.ledger.studies import OpenStudy
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_claim,
    a_result,
    an_instance,
    an_order,
    complete_all,
    enter,
    events,
    parcels,
    queue,
    route,
    row,
    rows,
    succeed,
)


def _receiving(ledger) -> list[OpenStudy]:
    with ledger.snapshot() as tx:
        return studies.receiving(tx)


def _finish(ledger, *, now=NOW) -> list[str]:
    with ledger.transaction() as tx:
        foretold = studies.any_owed_nothing(tx)
        finished = studies.finish_those_owed_nothing(tx, now=now)
    assert foretold == bool(finished)
    return finished


def test_what_is_known_of_a_study_that_receives(ledger):
    enter(ledger, an_instance(1))
    enter(ledger, an_instance(2), now=NOW + 3)
    seen = OpenStudy(study_instance_uid=STUDY, opened_at=NOW, last_received_at=NOW + 3, instances=2)
    assert _receiving(ledger) == [seen]


def test_a_study_is_marked_complete_with_its_reason_once(ledger):
    enter(ledger, an_instance())
    (seen,) = _receiving(ledger)
    with ledger.transaction() as tx:
        assert studies.mark_complete(tx, seen, because="quiet", now=NOW + 10)
        assert not studies.mark_complete(tx, seen, because="quiet", now=NOW + 11)
    complete = row(ledger, study)
    assert (complete["state"], complete["complete_because"]) == ("complete", "quiet")
    assert complete["complete_at"] == NOW + 10
    assert events(ledger) == [Event.STUDY_OPENED, Event.STUDY_COMPLETE]
    assert _receiving(ledger) == []


def test_it_is_not_marked_complete_when_an_instance_came_since(ledger):
    enter(ledger, an_instance(1))
    (seen,) = _receiving(ledger)
    enter(ledger, an_instance(2), now=NOW + 9.9)
    with ledger.transaction() as tx:
        assert not studies.mark_complete(tx, seen, because="quiet", now=NOW + 10)
    assert row(ledger, study)["state"] == "receiving"
    assert Event.STUDY_COMPLETE not in events(ledger)


def test_those_complete_wait_in_the_order_they_became_so(ledger):
    for name, at in (("1.3", 3.0), ("1.1", 1.0), ("1.2", 2.0)):
        enter(ledger, an_instance(study=name))
        complete_all(ledger, now=NOW + at)
    with ledger.snapshot() as tx:
        assert studies.complete(tx) == ["1.1", "1.2", "1.3"]


def test_only_a_complete_study_is_routed(ledger):
    enter(ledger, an_instance())
    with ledger.transaction() as tx:
        assert not studies.mark_routed(tx, STUDY, detail="", now=NOW)
    complete_all(ledger)
    route(ledger, now=NOW + 1)
    assert (row(ledger, study)["state"], row(ledger, study)["routed_at"]) == ("routed", NOW + 1)
    with ledger.transaction() as tx:
        assert not studies.mark_routed(tx, STUDY, detail="", now=NOW + 2)
    assert events(ledger).count(Event.STUDY_ROUTED) == 1


def test_a_study_nobody_reads_is_finished_when_it_is_routed(ledger):
    enter(ledger, an_instance())
    assert _finish(ledger) == []
    complete_all(ledger)
    assert _finish(ledger) == []
    route(ledger)
    assert _finish(ledger, now=NOW + 5) == [STUDY]
    assert (row(ledger, study)["state"], row(ledger, study)["finished_at"]) == ("finished", NOW + 5)
    assert events(ledger)[-1] == Event.STUDY_FINISHED
    assert _finish(ledger) == []


def test_it_is_not_finished_while_an_analysis_is_under_way(ledger):
    held = a_claim(ledger)
    queue(ledger, an_order(2))
    complete_all(ledger)
    route(ledger)
    assert _finish(ledger) == []  # one runs, one is queued
    with ledger.transaction() as tx:
        analyses.refuse(tx, held, reason="blank", notes={}, now=NOW)
    assert _finish(ledger) == []  # one is queued


def test_it_is_not_finished_while_a_result_is_undelivered(ledger):
    held = a_claim(ledger)
    complete_all(ledger)
    route(ledger)
    assert succeed(ledger, held, a_result(), destinations=["pacs", "backup"])
    assert _finish(ledger) == []
    for destination in ("pacs", "backup"):
        assert _finish(ledger) == []
        for parcel in parcels(ledger, destination):
            assert _finish(ledger) == []
            with ledger.transaction() as tx:
                deliveries.mark_delivered(tx, parcel, now=NOW)
    assert _finish(ledger) == [STUDY]


def test_a_finished_study_is_owed_something_again_when_an_analysis_of_it_is_retried(ledger):
    held = a_claim(ledger)
    complete_all(ledger)
    route(ledger)
    with ledger.transaction() as tx:
        analyses.fail(tx, held, reason="no memory", now=NOW)
    assert _finish(ledger) == [STUDY]
    with ledger.transaction() as tx:
        assert analyses.retry_failed(tx, STUDY, now=NOW + 60) == 1
    again = row(ledger, study)
    assert (again["state"], again["finished_at"]) == ("routed", None)
    assert _finish(ledger) == []


@pytest.mark.parametrize("state", ["receiving", "complete"])
def test_a_study_on_its_way_stays_where_it_is_when_an_analysis_of_it_is_retried(ledger, state):
    enter(ledger, an_instance())
    if state == "complete":
        complete_all(ledger)
    with ledger.transaction() as tx:
        studies.owe_again(tx, STUDY)
    assert row(ledger, study)["state"] == state


def test_what_one_study_is_owed_keeps_no_other_open(ledger):
    a_claim(ledger)
    enter(ledger, an_instance(study="1.9"))
    complete_all(ledger)
    route(ledger)
    route(ledger, "1.9")
    assert _finish(ledger) == ["1.9"]
    assert {each["study_instance_uid"]: each["state"] for each in rows(ledger, study)} == {
        STUDY: "routed",
        "1.9": "finished",
    }
