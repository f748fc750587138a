from dataclasses import replace

from dicom_node.ledger import callers
from dicom_node.ledger.callers import FORGOTTEN_AFTER_SECONDS, RefusedCaller
from tests.unit.dicom_node.given import NOW, a_refused_caller

CT2 = a_refused_caller(last_seen_at=NOW + 1, times=2)


def _record(ledger, *seen: RefusedCaller, now: float = NOW) -> None:
    with ledger.transaction() as tx:
        callers.record(tx, seen, now=now)


def _refused(ledger, **which: float) -> list[RefusedCaller]:
    with ledger.snapshot() as tx:
        return callers.refused(tx, **which)


def test_one_who_comes_again_is_counted_and_shown_with_the_last_reason(ledger):
    _record(ledger, CT2)
    again = replace(
        CT2,
        first_seen_at=NOW + 60,
        last_seen_at=NOW + 61,
        times=3,
        reason="calls from elsewhere",
        remedy="Correct it.",
    )
    _record(ledger, again)
    assert _refused(ledger) == [replace(again, first_seen_at=NOW, times=5)]


def test_callers_differ_by_title_address_and_tls(ledger):
    different = [
        CT2,
        replace(CT2, calling_ae_title="CT3"),
        replace(CT2, called_ae_title="NODE"),
        replace(CT2, address="10.0.0.10"),
        replace(CT2, is_tls=True),
        replace(CT2, calling_ae_title="", called_ae_title=""),
    ]
    _record(ledger, *different)
    _record(ledger, *different)
    assert len(_refused(ledger)) == 6
    assert {each.times for each in _refused(ledger)} == {4}


def test_the_newest_come_first_and_old_ones_may_be_left_out(ledger):
    newer = replace(CT2, address="10.0.0.10", last_seen_at=NOW + 100)
    _record(ledger, newer, CT2)
    assert _refused(ledger) == [newer, CT2]
    assert _refused(ledger, since=NOW + 1) == [newer]
    assert _refused(ledger, at_most=1) == [newer]


def test_who_is_not_seen_for_a_month_is_forgotten(ledger):
    _record(ledger, CT2)
    _record(ledger, now=CT2.last_seen_at + FORGOTTEN_AFTER_SECONDS)
    assert _refused(ledger) == [CT2]
    _record(ledger, now=CT2.last_seen_at + FORGOTTEN_AFTER_SECONDS + 1)
    assert _refused(ledger) == []


def test_of_very_many_the_newest_are_kept(ledger, monkeypatch):
    monkeypatch.setattr(callers, "KEPT_AT_MOST", 3)
    many = [replace(CT2, calling_ae_title=f"X{n}", last_seen_at=NOW + n) for n in range(9)]
    _record(ledger, *many)
    assert [each.calling_ae_title for each in _refused(ledger)] == ["X8", "X7", "X6"]


def test_one_is_forgotten_when_asked(ledger):
    other = replace(CT2, is_tls=True)
    _record(ledger, CT2, other)
    with ledger.transaction() as tx:
        callers.forget(tx, CT2)
    assert _refused(ledger) == [other]


def test_for_people_a_caller_has_a_name_and_a_place():
    assert CT2.who == "CT2 from 10.0.0.9"
    assert replace(CT2, calling_ae_title="").who == "a caller from 10.0.0.9"
