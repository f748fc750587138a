from dataclasses import replace

import pytest

from dicom_node.events import Event
from dicom_node.ledger import instances, studies
from dicom_node.ledger.instances import Arrival
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


# --- together -------------------------------------------------------------------------------------------


def _arrivals(*received, now=NOW):
    return [Arrival(instance=each, calling_ae_title="CR_ROOM_2", received_at=now) for each in received]


def _enter_all(ledger, arrivals):
    with ledger.transaction() as tx:
        return instances.enter_all(tx, arrivals)


def test_instances_of_several_studies_are_entered_together_each_study_opened_once(ledger):
    received = [an_instance(number, study=study) for number in (1, 2, 3) for study in (STUDY, "1.9")]
    assert _enter_all(ledger, _arrivals(*received)) == 6
    with ledger.snapshot() as tx:
        for each in received:
            assert instances.find(tx, each.sop_instance_uid) == each
    assert events(ledger) == [Event.STUDY_OPENED] * 2
    assert {each["calling_ae_title"] for each in rows(ledger, study)} == {"CR_ROOM_2"}


def test_each_keeps_the_moment_it_came_and_the_study_that_of_the_last(ledger):
    first, second = _arrivals(an_instance(1), now=NOW + 5) + _arrivals(an_instance(2), now=NOW + 3)
    assert _enter_all(ledger, [first, second]) == 2
    assert {row["received_at"] for row in rows(ledger, instance)} == {NOW + 5, NOW + 3}
    assert row(ledger, study)["last_received_at"] == NOW + 5


def test_of_those_entered_together_only_the_new_ones_count(ledger):
    enter(ledger, an_instance(1))
    assert _enter_all(ledger, _arrivals(an_instance(1), an_instance(2), an_instance(3))) == 2
    assert _enter_all(ledger, _arrivals(an_instance(1), an_instance(2))) == 0
    assert _enter_all(ledger, []) == 0
    assert len(rows(ledger, instance)) == 3


def test_one_uid_twice_in_one_group_is_one_row(ledger):
    twice = [an_instance(1), an_instance(1, size_bytes=7)]
    assert _enter_all(ledger, _arrivals(*twice)) == 1
    elsewhere = replace(an_instance(2), study_instance_uid="1.9", key="elsewhere")
    assert _enter_all(ledger, _arrivals(an_instance(2), elsewhere)) == 1
    assert [each["study_instance_uid"] for each in rows(ledger, study)] == [STUDY]
    assert {each["key"] for each in rows(ledger, instance)} == {an_instance(n).key for n in (1, 2)}


def test_known_ones_among_new_ones_reopen_a_study_once(ledger):
    enter(ledger, an_instance(1))
    complete_all(ledger, now=NOW + 10)
    assert _enter_all(ledger, _arrivals(an_instance(1), an_instance(2), now=NOW + 60)) == 1
    assert events(ledger).count(Event.STUDY_REOPENED) == 1
    assert row(ledger, study)["state"] == "receiving"


def test_one_that_is_entered_late_does_not_make_a_study_look_quiet(ledger):
    """As after a kill: it came before those that were entered meanwhile, and they say when the last came."""
    enter(ledger, an_instance(1), now=NOW + 100)
    enter(ledger, an_instance(2), now=NOW)
    assert row(ledger, study)["last_received_at"] == NOW + 100
    enter(ledger, an_instance(3), now=NOW + 101)
    assert row(ledger, study)["last_received_at"] == NOW + 101
