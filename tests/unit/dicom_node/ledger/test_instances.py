from dataclasses import replace

import pytest

from dicom_node.events import Event
from dicom_node.ledger import instances, studies
from dicom_node.ledger.schema import instance, study
from tests.unit.dicom_node.given import NOW, STUDY, an_instance, complete_all, enter, events, route, row, rows


def test_the_first_instance_opens_its_study(ledger):
    enter(ledger, an_instance())
    opened = row(ledger, study)
    assert (opened["state"], opened["calling_ae_title"]) == ("receiving", "CR_ROOM_2")
    assert opened["opened_at"] == opened["first_received_at"] == opened["last_received_at"] == NOW
    assert events(ledger) == [Event.STUDY_OPENED]


def test_the_next_keeps_it_open(ledger):
    enter(ledger, an_instance(1))
    enter(ledger, an_instance(2), now=NOW + 5)
    open_ = row(ledger, study)
    assert (open_["opened_at"], open_["last_received_at"]) == (NOW, NOW + 5)
    assert events(ledger) == [Event.STUDY_OPENED]


@pytest.mark.parametrize("state", ["complete", "routed", "finished"])
def test_a_late_one_reopens_it(ledger, state):
    enter(ledger, an_instance(1))
    complete_all(ledger, now=NOW + 10)
    if state != "complete":
        route(ledger, now=NOW + 11)
    if state == "finished":
        with ledger.transaction() as tx:
            assert studies.finish_those_owed_nothing(tx, now=NOW + 12) == [STUDY]
    assert row(ledger, study)["state"] == state
    enter(ledger, an_instance(2), now=NOW + 60)
    again = row(ledger, study)
    assert (again["state"], again["first_received_at"]) == ("receiving", NOW)
    assert again["opened_at"] == again["last_received_at"] == NOW + 60
    assert events(ledger)[-1] == Event.STUDY_REOPENED


def test_an_instance_is_found_as_it_was_entered(ledger):
    entered = enter(ledger, an_instance())
    with ledger.snapshot() as tx:
        assert instances.find(tx, entered.sop_instance_uid) == entered
        assert instances.find(tx, "1.2.3") is None


def test_the_instances_of_a_study_come_by_series_and_by_uid(ledger):
    for series, number in ((2, 1), (1, 2), (1, 1)):
        enter(ledger, an_instance(number, series=series))
    enter(ledger, an_instance(study="1.9"))
    with ledger.snapshot() as tx:
        held = instances.of_study(tx, STUDY)
    assert [each.sop_instance_uid for each in held] == [f"{STUDY}.1.1", f"{STUDY}.1.2", f"{STUDY}.2.1"]


def _is_new(ledger, received, *, now):
    with ledger.transaction() as tx:
        return instances.enter(tx, received, calling_ae_title="ANOTHER", now=now)


def test_no_uid_is_entered_twice(ledger):
    first = enter(ledger, an_instance())
    assert _is_new(ledger, an_instance(size_bytes=7), now=NOW + 5) is False
    with ledger.snapshot() as tx:
        assert instances.find(tx, first.sop_instance_uid) == first
    assert len(rows(ledger, instance)) == 1
    assert events(ledger) == [Event.STUDY_OPENED]


def test_a_known_uid_opens_no_study_and_reopens_none(ledger):
    first = enter(ledger, an_instance())
    complete_all(ledger, now=NOW + 10)
    assert _is_new(ledger, first, now=NOW + 60) is False
    assert _is_new(ledger, replace(first, study_instance_uid="1.9", key="elsewhere"), now=NOW + 61) is False
    only = row(ledger, study)
    assert (only["study_instance_uid"], only["state"]) == (STUDY, "complete")
    assert only["last_received_at"] == NOW


def test_a_known_uid_in_a_study_that_is_receiving_is_not_entered_in_that_one_either(ledger):
    first = enter(ledger, an_instance())
    enter(ledger, an_instance(study="1.9"))
    assert _is_new(ledger, replace(first, study_instance_uid="1.9", key="elsewhere"), now=NOW + 5) is False
    with ledger.snapshot() as tx:
        assert instances.find(tx, first.sop_instance_uid) == first
