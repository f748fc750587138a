import pytest

from dicom_node.events import Event
from dicom_node.ledger import deliveries
from dicom_node.ledger.deliveries import Parcel
from dicom_node.ledger.schema import delivery
from tests.unit.dicom_node.given import NOW, STUDY, a_claim, a_result, events, parcels, row, rows, succeed


@pytest.fixture
def owed(ledger):
    """One result owed to ``pacs``."""
    assert succeed(ledger, a_claim(ledger), a_result())


def _due(ledger, *, now=NOW) -> list[str]:
    with ledger.snapshot() as tx:
        return deliveries.destinations_due(tx, now=now)


def _postpone(ledger, parcel, *, until=NOW + 4):
    with ledger.transaction() as tx:
        deliveries.postpone(tx, parcel, error="it refused", next_attempt_at=until, now=NOW)


def _deliver(ledger, parcel, *, now=NOW + 1):
    with ledger.transaction() as tx:
        deliveries.mark_delivered(tx, parcel, now=now)


def test_what_is_owed_is_due_at_once(ledger, owed):
    assert _due(ledger) == ["pacs"]
    (parcel,) = parcels(ledger)
    assert parcel == Parcel(
        sop_instance_uid="2.25.1",
        destination="pacs",
        sop_class_uid=a_result().sop_class_uid,
        key=a_result().key,
        study_instance_uid=STUDY,
        attempts=1,
    )
    assert (row(ledger, delivery)["state"], row(ledger, delivery)["lease_until"]) == ("sending", NOW + 60)


def test_what_is_being_sent_is_nobody_elses_until_its_lease_ends(ledger, owed):
    parcels(ledger)
    assert parcels(ledger, now=NOW + 60) == []
    assert _due(ledger, now=NOW + 60) == []
    (again,) = parcels(ledger, now=NOW + 60.1)
    assert again.attempts == 2


def test_each_destination_has_its_own(ledger):
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["pacs", "backup"])
    assert sorted(_due(ledger)) == ["backup", "pacs"]
    assert len(parcels(ledger, "backup")) == 1
    assert _due(ledger) == ["pacs"]
    assert parcels(ledger, "nowhere") == []


def test_segmentations_come_before_the_report_and_only_so_many_at_once(ledger):
    made = [a_result(1, kind="SR"), a_result(2, kind="SEG"), a_result(3, kind="SEG")]
    assert succeed(ledger, a_claim(ledger), *made)
    with ledger.transaction() as tx:
        taken = deliveries.claim(tx, "pacs", now=NOW, lease_seconds=60, at_most=2)
    assert {parcel.sop_instance_uid for parcel in taken} == {"2.25.2", "2.25.3"}
    assert [parcel.sop_instance_uid for parcel in parcels(ledger)] == ["2.25.1"]


def test_what_was_delivered_is_never_due_again(ledger, owed):
    _deliver(ledger, parcels(ledger)[0])
    done = row(ledger, delivery)
    assert (done["state"], done["delivered_at"], done["error"]) == ("delivered", NOW + 1, None)
    assert _due(ledger, now=NOW + 10_000) == []
    assert events(ledger)[-1] == Event.RESULT_DELIVERED


def test_what_was_postponed_is_due_at_its_time(ledger, owed):
    _postpone(ledger, parcels(ledger)[0])
    waiting = row(ledger, delivery)
    assert (waiting["state"], waiting["error"], waiting["attempts"]) == ("owed", "it refused", 1)
    assert _due(ledger, now=NOW + 3.9) == []
    assert _due(ledger, now=NOW + 4) == ["pacs"]
    assert events(ledger)[-1] == Event.DELIVERY_POSTPONED


def test_the_same_trouble_is_told_once(ledger, owed):
    _postpone(ledger, parcels(ledger)[0])
    told = events(ledger)
    _postpone(ledger, parcels(ledger, now=NOW + 4)[0], until=NOW + 8)
    assert events(ledger) == told
    assert row(ledger, delivery)["attempts"] == 2


def test_a_delivery_takes_the_reason_of_an_earlier_attempt_away(ledger, owed):
    _postpone(ledger, parcels(ledger)[0])
    _deliver(ledger, parcels(ledger, now=NOW + 4)[0])
    assert row(ledger, delivery)["error"] is None


def test_what_was_delivered_cannot_be_postponed_nor_delivered_twice(ledger, owed):
    (parcel,) = parcels(ledger)
    _deliver(ledger, parcel)
    told = events(ledger)
    _postpone(ledger, parcel)
    _deliver(ledger, parcel, now=NOW + 9)
    assert (row(ledger, delivery)["state"], row(ledger, delivery)["delivered_at"]) == ("delivered", NOW + 1)
    assert events(ledger) == told


def test_what_nobody_is_sending_cannot_be_delivered(ledger, owed):
    (parcel,) = parcels(ledger)
    _postpone(ledger, parcel)
    _deliver(ledger, parcel)
    assert row(ledger, delivery)["state"] == "owed"


@pytest.mark.parametrize("known", [[], ["backup"]])
def test_a_destination_that_is_in_the_settings_no_more_is_named(ledger, known):
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["pacs", "backup"])
    with ledger.transaction() as tx:
        deliveries.name_unknown_destinations(tx, known)
    why = {each["destination"]: each["error"] for each in rows(ledger, delivery)}
    assert "not in the settings any more" in why["pacs"]
    assert (why["backup"] is None) == ("backup" in known)


def test_what_a_dead_steward_was_sending_is_due_at_once(ledger):
    assert succeed(ledger, a_claim(ledger), *(a_result(number) for number in (1, 2, 3)))
    first, second, _third = parcels(ledger)
    _deliver(ledger, first)
    _postpone(ledger, second, until=NOW + 50)
    with ledger.transaction() as tx:
        deliveries.free_abandoned(tx, now=NOW + 2)
    found = {
        each["sop_instance_uid"]: (each["state"], each["next_attempt_at"]) for each in rows(ledger, delivery)
    }
    assert found["2.25.1"][0] == "delivered"
    assert found["2.25.2"] == ("owed", NOW + 50)
    assert found["2.25.3"] == ("owed", NOW + 2)
    (again,) = parcels(ledger, now=NOW + 2)
    assert (again.sop_instance_uid, again.attempts) == ("2.25.3", 2)
