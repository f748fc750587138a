import pytest

from dicom_node.events import Event
from dicom_node.ledger import commitments
from dicom_node.ledger.commitments import (
    ASKED_AT_ONCE,
    FORGOTTEN_AFTER_SECONDS,
    GIVEN_UP_AFTER_SECONDS,
    Reference,
    Requester,
)
from dicom_node.ledger.schema import commitment, event
from tests.unit.dicom_node.given import CR_IMAGE, NOW, an_instance, enter, events, row, rows

CT1 = Requester(calling_ae_title="CT1", called_ae_title="OUR_NODE", address="10.0.0.7")
MR2 = Requester(calling_ae_title="MR2", called_ae_title="OUR_NODE", address="10.0.0.8")
ONE = Reference(sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3.1")
TWO = Reference(sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3.2")


def _enter(ledger, *references, transaction_uid="2.25.1", requester=CT1, now=NOW):
    with ledger.transaction() as tx:
        return commitments.enter(
            tx,
            transaction_uid=transaction_uid,
            requester=requester,
            references=references or (ONE, TWO),
            now=now,
            due_at=now + 1,
        )


def _claim(ledger, *, calling_ae_title="CT1", now=NOW + 1, at_most=16):
    with ledger.transaction() as tx:
        return commitments.claim(tx, calling_ae_title, now=now, lease_seconds=60, at_most=at_most)


def _due(ledger, *, now):
    with ledger.snapshot() as tx:
        return commitments.callers_due(tx, now=now)


def _postpone(ledger, owed, error, *, now=NOW + 1):
    with ledger.transaction() as tx:
        return commitments.postpone(tx, owed, error=error, next_attempt_at=now + 5, now=now)


def _reported(ledger, owed, *, now=NOW + 1):
    with ledger.transaction() as tx:
        commitments.mark_reported(tx, owed, detail="2 held", now=now)


def test_a_request_comes_back_as_it_was_entered_when_it_is_due(ledger):
    entered = _enter(ledger)
    assert _due(ledger, now=NOW + 0.9) == []
    assert _due(ledger, now=NOW + 1) == ["CT1"]
    (owed,) = _claim(ledger)
    assert (owed.commitment_id, owed.transaction_uid, owed.requester) == (entered, "2.25.1", CT1)
    assert (owed.references, owed.is_duplicate, owed.requested_at, owed.attempts) == (
        (ONE, TWO),
        False,
        NOW,
        1,
    )


def test_what_is_claimed_is_due_to_nobody_until_its_lease_ends(ledger):
    _enter(ledger)
    assert len(_claim(ledger)) == 1
    assert _claim(ledger, now=NOW + 60) == []
    (again,) = _claim(ledger, now=NOW + 61)
    assert again.attempts == 2


def test_a_claim_is_of_one_caller_the_oldest_first_and_no_more_than_asked_for(ledger):
    for number in (1, 2, 3):
        _enter(ledger, transaction_uid=f"2.25.{number}", now=NOW - number)
    _enter(ledger, transaction_uid="2.25.9", requester=MR2)
    assert [each.transaction_uid for each in _claim(ledger, at_most=2)] == ["2.25.3", "2.25.2"]
    assert _due(ledger, now=NOW + 1) == ["CT1", "MR2"]


def test_what_is_reported_is_owed_no_more_and_an_event_counts_it(ledger):
    _enter(ledger)
    _reported(ledger, _claim(ledger)[0])
    assert _due(ledger, now=NOW + 1e6) == []
    assert row(ledger, commitment)["ended_at"] == NOW + 1
    (seen,) = rows(ledger, event)
    assert (seen["name"], seen["detail"]) == ("commitment.reported", "2 held")
    assert seen["subject"] == "2.25.1 of CT1"


def test_the_same_request_again_is_one_request_and_owed_again(ledger):
    first = _enter(ledger)
    _reported(ledger, _claim(ledger)[0])
    moved = Requester(calling_ae_title="CT1", called_ae_title="NODE", address="10.0.0.9")
    assert _enter(ledger, TWO, ONE, requester=moved, now=NOW + 5) == first
    (owed,) = _claim(ledger, now=NOW + 6)
    assert (owed.requester, owed.is_duplicate, owed.attempts) == (moved, False, 1)
    assert len(rows(ledger, commitment)) == 1


def test_asked_again_while_it_is_being_reported_it_is_reported_again(ledger):
    _enter(ledger)
    (owed,) = _claim(ledger)
    _enter(ledger, now=NOW + 2)
    _reported(ledger, owed)
    assert _due(ledger, now=NOW + 3) == ["CT1"]
    assert events(ledger) == []


@pytest.mark.parametrize(("requester", "references"), [(CT1, (ONE,)), (MR2, (ONE, TWO))])
def test_another_request_under_a_transaction_uid_is_a_duplicate(ledger, requester, references):
    _enter(ledger)
    assert not _claim(ledger)[0].is_duplicate
    _enter(ledger, *references, requester=requester)
    (owed,) = _claim(ledger, calling_ae_title=requester.calling_ae_title)
    assert owed.is_duplicate
    assert owed.references == references


def test_what_a_caller_waits_for_is_counted_until_it_was_told(ledger):
    _enter(ledger)
    _enter(ledger, ONE, transaction_uid="2.25.2")
    _enter(ledger, transaction_uid="2.25.3", requester=MR2)
    with ledger.snapshot() as tx:
        assert commitments.references_owed(tx, "CT1") == 3
        assert commitments.references_owed(tx, "NOBODY") == 0
    _reported(ledger, _claim(ledger)[0])
    with ledger.snapshot() as tx:
        assert commitments.references_owed(tx, "CT1") == 1


def test_a_caller_that_is_away_is_news_once(ledger):
    _enter(ledger)
    (owed,) = _claim(ledger)
    assert _postpone(ledger, owed, "away")
    assert _due(ledger, now=NOW + 5.9) == []
    (owed,) = _claim(ledger, now=NOW + 6)
    assert not _postpone(ledger, owed, "away")
    assert _postpone(ledger, owed, "refuses")
    assert events(ledger) == [Event.COMMITMENT_POSTPONED] * 2
    assert row(ledger, commitment)["error"] == "refuses"


def test_after_a_week_it_is_given_up(ledger):
    _enter(ledger)
    (owed,) = _claim(ledger)
    assert _postpone(ledger, owed, "away", now=NOW + GIVEN_UP_AFTER_SECONDS - 1)
    assert events(ledger) == [Event.COMMITMENT_POSTPONED]
    assert _postpone(ledger, owed, "away", now=NOW + GIVEN_UP_AFTER_SECONDS)
    assert events(ledger)[-1] == Event.COMMITMENT_ABANDONED
    assert _due(ledger, now=NOW * 2) == []


def test_a_door_that_opens_takes_up_what_another_had_claimed(ledger):
    _enter(ledger)
    _enter(ledger, transaction_uid="2.25.2")
    _reported(ledger, _claim(ledger, at_most=1)[0])
    _claim(ledger)
    with ledger.transaction() as tx:
        commitments.free_claimed(tx, now=NOW + 2)
    assert [each.transaction_uid for each in _claim(ledger, now=NOW + 2)] == ["2.25.2"]


def test_what_ended_a_week_ago_is_forgotten_and_what_is_owed_is_not(ledger):
    _enter(ledger)
    _enter(ledger, transaction_uid="2.25.2")
    _reported(ledger, _claim(ledger, at_most=1)[0])
    with ledger.transaction() as tx:
        commitments.forget_ended(tx, now=NOW + 1 + FORGOTTEN_AFTER_SECONDS)
    assert len(rows(ledger, commitment)) == 2
    with ledger.transaction() as tx:
        commitments.forget_ended(tx, now=NOW + 2 + FORGOTTEN_AFTER_SECONDS)
    assert row(ledger, commitment)["transaction_uid"] == "2.25.2"


def test_rows_are_found_for_more_instances_than_one_statement_asks_for(ledger):
    known = [enter(ledger, an_instance(number)) for number in (1, 2)]
    asked = ["1.2.3"] * ASKED_AT_ONCE + [each.sop_instance_uid for each in known]
    with ledger.snapshot() as tx:
        assert commitments.held(tx, asked) == {each.sop_instance_uid: each for each in known}
