from dataclasses import replace

import pytest

from dicom_node.ledger import results
from dicom_node.ledger.schema import delivery, result
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_result,
    an_instance,
    an_order,
    claim,
    enter,
    queue,
    rows,
    succeed,
)


def _analysed(ledger, number, *, at=0.0, **changes):
    """One more analysis of the study, that gave the SEG of the same number."""
    order = replace(an_order(number), **changes)
    queue(ledger, order, now=NOW + at)
    held = claim(ledger, now=NOW + at, models=[(order.model_name, order.model_version)])
    assert succeed(ledger, held, a_result(number), now=NOW + at)
    return held


def _ordered(ledger, number, *, at=0.0, **changes):
    order = replace(an_order(number), **changes)
    queue(ledger, order, now=NOW + at)
    return order.analysis_id


def _replaced(ledger, analysis_id):
    with ledger.snapshot() as tx:
        return [each.sop_instance_uid for each in results.replaced_by(tx, analysis_id)]


@pytest.fixture(autouse=True)
def study(ledger):
    for number in (1, 2, 3):
        enter(ledger, an_instance(number))


def _of(*numbers):
    return {"source_instance_uids": tuple(f"{STUDY}.1.{number}" for number in numbers)}


def test_each_result_is_owed_to_its_own_destinations(ledger):
    queue(ledger, an_order(1))
    held = claim(ledger)
    made = [replace(a_result(1), destinations=("pacs", "backup")), a_result(2)]
    with ledger.transaction() as tx:
        results.enter(tx, made, analysis_id=held.analysis_id, now=NOW)
    assert {each["sop_instance_uid"] for each in rows(ledger, result)} == {"2.25.1", "2.25.2"}
    assert {(each["sop_instance_uid"], each["destination"]) for each in rows(ledger, delivery)} == {
        ("2.25.1", "pacs"),
        ("2.25.1", "backup"),
    }


def test_what_is_known_is_told(ledger):
    _analysed(ledger, 1)
    with ledger.snapshot() as tx:
        assert results.known(tx, ["2.25.1", "2.25.2"]) == {"2.25.1"}
        assert results.known(tx, []) == frozenset()


def test_a_late_instance_makes_a_successor(ledger):
    _analysed(ledger, 1, **_of(1, 2))
    late = _ordered(ledger, 2, at=5, **_of(1, 2, 3))
    assert _replaced(ledger, late) == ["2.25.1"]


def test_it_is_named_whole(ledger):
    first = _analysed(ledger, 1)
    late = _ordered(ledger, 2, at=5, **_of(1, 2))
    with ledger.snapshot() as tx:
        (found,) = results.replaced_by(tx, late)
    assert found == results.Replaced(
        analysis_id=first.analysis_id,
        kind="SEG",
        sop_class_uid=a_result(1).sop_class_uid,
        sop_instance_uid="2.25.1",
        series_instance_uid="2.25.100",
    )


def test_the_newest_is_the_predecessor(ledger):
    _analysed(ledger, 1, **_of(1))
    _analysed(ledger, 2, at=5, **_of(1, 2))
    assert _replaced(ledger, _ordered(ledger, 3, at=9, **_of(1, 2, 3))) == ["2.25.2"]


def test_a_newer_version_follows_an_older_one_and_never_the_other_way(ledger):
    """1.10.0 is newer than 1.2.3, whichever was asked first."""
    _analysed(ledger, 1, at=5)
    assert _replaced(ledger, _ordered(ledger, 2, at=0, model_version="1.10.0")) == ["2.25.1"]
    _analysed(ledger, 3, at=6, model_version="2.0.0")
    assert _replaced(ledger, _ordered(ledger, 4, at=7, model_version="1.10.0", **_of(1, 2))) == ["2.25.1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"model_name": "other"},
        {"series_instance_uid": f"{STUDY}.2"},
        {"source_instance_uids": (f"{STUDY}.1.2",)},
    ],
)
def test_another_model_series_or_instance_is_no_predecessor(ledger, changes):
    _analysed(ledger, 1)
    assert _replaced(ledger, _ordered(ledger, 2, at=5, **changes)) == []


def test_what_gave_nothing_is_no_predecessor(ledger):
    _analysed(ledger, 1)
    _ordered(ledger, 2, at=5, **_of(1, 2))
    assert _replaced(ledger, _ordered(ledger, 3, at=9, **_of(1, 2, 3))) == ["2.25.1"]


def test_what_an_earlier_attempt_left_is_replaced_too(ledger):
    held = _analysed(ledger, 1)
    assert _replaced(ledger, held.analysis_id) == ["2.25.1"]
