from dicom_node.ledger import processes
from dicom_node.ledger.processes import Process
from dicom_node.ledger.schema import process
from tests.unit.dicom_node.given import NOW, rows


def _beat(ledger, name: str, kind: str = "work", *, state: str = "idle", now: float = NOW) -> None:
    with ledger.transaction() as tx:
        processes.beat(tx, process_name=name, kind=kind, state=state, started_at=NOW - 60, now=now)


def _alive(ledger, *, now: float = NOW) -> list[Process]:
    with ledger.snapshot() as tx:
        return processes.alive(tx, now=now, within_seconds=10)


def test_a_process_is_alive_while_it_is_heard_of(ledger):
    _beat(ledger, "h:1")
    _beat(ledger, "h:1", state="ready", now=NOW + 2)
    known = Process(process="h:1", kind="work", state="ready", started_at=NOW - 60, seen_at=NOW + 2)
    assert _alive(ledger, now=NOW + 12) == [known]
    assert _alive(ledger, now=NOW + 12.1) == []


def test_they_come_by_kind_and_name(ledger):
    for name, kind in (("h:2", "work"), ("h:1", "work"), ("h:3", "receive")):
        _beat(ledger, name, kind)
    assert [each.process for each in _alive(ledger)] == ["h:3", "h:1", "h:2"]


def test_one_that_ended_in_order_is_gone_at_once(ledger):
    _beat(ledger, "h:1")
    _beat(ledger, "h:2")
    with ledger.transaction() as tx:
        processes.leave(tx, "h:1")
    assert [each.process for each in _alive(ledger)] == ["h:2"]


def test_one_silent_for_an_hour_is_forgotten(ledger):
    _beat(ledger, "h:1")
    _beat(ledger, "h:2", now=NOW + 3600)
    assert len(rows(ledger, process)) == 2
    _beat(ledger, "h:2", now=NOW + 3601)
    assert [each["process"] for each in rows(ledger, process)] == ["h:2"]


def test_for_people_a_process_is_its_host_and_pid():
    known = Process(process="node1:7@8811", kind="work", state="ready", started_at=1.0, seen_at=2.0)
    assert known.place == "node1:7"
